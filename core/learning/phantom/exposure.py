"""From path lengths to grey values: Beer-Lambert, scatter, quantum noise, the detector, its processing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from core.learning.phantom.finding import Field, Mask
from core.learning.phantom.frame import Frame, blur, soft_step

SOFT_PER_CM = 0.200
"""Linear attenuation of water near 65 kVp after the beam has hardened, per cm."""
BONE_PER_CM = 0.95
"""Attenuation of a child's cortical bone beyond the water it displaces, per cm."""


@dataclass(frozen=True, slots=True)
class Technique:
    """How one exposure was made and processed.

    Attributes
    ----------
    photons : float
        Quanta behind air on one square body unit.
    scatter : float
        Scattered over primary quanta behind the body.
    dark, bright : float
        Grey (0..1) given to the lucent and the dense end of the chest.
    squeeze : float
        Part of the large-scale contrast that the processing takes away.
    edge : float
        Strength of the edge enhancement.
    unsharp : float
        Blur of the focal spot and of movement, in body units.
    veil : float
        Grey of what lies outside the child.
    borders : tuple of float
        Width of the collimated border (left, top, right, bottom) as parts of the image.
    """

    photons: float
    scatter: float
    dark: float
    bright: float
    squeeze: float
    edge: float
    unsharp: float
    veil: float
    borders: tuple[float, float, float, float]


def draw_technique(rng: np.random.Generator) -> Technique:
    """Draw an exposure."""
    borders = [0.0, 0.0, 0.0, 0.0]
    if rng.random() < 0.35:
        for edge in range(4):
            if rng.random() < 0.5:
                borders[edge] = float(rng.uniform(0.008, 0.045))
    return Technique(
        photons=float(rng.uniform(8e6, 3e7)),
        scatter=float(rng.uniform(0.18, 0.5)),
        dark=float(np.clip(rng.normal(0.365, 0.035), 0.27, 0.45)),
        bright=float(np.clip(rng.normal(0.72, 0.025), 0.66, 0.79)),
        squeeze=float(rng.uniform(0.12, 0.34)),
        edge=float(rng.uniform(0.35, 1.0)),
        unsharp=float(rng.uniform(0.012, 0.026)),
        veil=float(max(rng.uniform(-0.07, 0.08), 0.0)),
        borders=(borders[0], borders[1], borders[2], borders[3]),
    )


def expose(
    frame: Frame,
    water_cm: Field,
    bone_cm: Field,
    technique: Technique,
    noise: np.random.Generator,
) -> Field:
    """Return the negative logarithm of what the detector counts (dense is high)."""
    primary = np.exp(-(SOFT_PER_CM * water_cm + BONE_PER_CM * bone_cm))
    primary = blur(primary, technique.unsharp / frame.pitch)
    spread = blur(primary.astype(np.float32), 1.5 / frame.pitch)
    # Behind air the direct beam drowns scatter; behind the body scatter follows the mean of the surroundings.
    behind = np.clip(water_cm / 6.0, 0, 1) * (0.7 + 4.0 * np.clip((water_cm - 5.0) / 7.0, 0, 1))
    behind = blur(behind.astype(np.float32), 0.5 / frame.pitch)
    signal = primary + technique.scatter * np.minimum(spread, 0.35) * behind + 2e-3
    quanta = technique.photons * frame.pitch**2 * signal
    counted = quanta + np.sqrt(quanta) * noise.standard_normal(frame.shape).astype(np.float32)
    counted = np.maximum(counted / (technique.photons * frame.pitch**2), 1e-3)
    # The scintillator spreads the light a little further; finer noise than this would look electronic.
    counted = blur(counted.astype(np.float32), min(0.016 / frame.pitch, 0.9))
    return (-np.log(counted)).astype(np.float32)


def reference_levels(healthy: Field, chest: Mask) -> tuple[float, float]:
    """Return the lucent and the dense end of a chest from its attenuation without disease.

    Parameters
    ----------
    chest : ndarray of bool, shape (H, W)
        Pixels that belong to the rib cage and what lies just below.
    """
    step = max(healthy.shape[0] // 128, 1)
    values = healthy[::step, ::step][chest[::step, ::step]]
    low, high = np.percentile(values, [20.0, 80.0])
    return float(low), float(high)


def develop(frame: Frame, log_signal: Field, levels: tuple[float, float], technique: Technique) -> Field:
    """Return grey values in 0..1 the way a digital system presents a chest."""
    low, high = levels
    middle, span = (low + high) / 2, high - low
    wide = blur(np.clip(log_signal, low - 0.9 * span, None), 1.9 / frame.pitch)
    fine = blur(log_signal, 0.11 / frame.pitch)
    value = log_signal - technique.squeeze * (wide - middle) + technique.edge * (log_signal - fine)
    position = (value - middle) / (span * (1 - 0.6 * technique.squeeze))
    centre, contrast = (technique.dark + technique.bright) / 2, technique.bright - technique.dark
    grey = centre + contrast * position
    # A toe that lets air fall to black and a shoulder that keeps dense parts from clipping.
    toe = np.where(grey < 0.32, 0.32 * np.exp((grey - 0.32) / 0.42), grey)
    shoulder = np.where(toe > 0.67, 0.67 + 0.25 * np.tanh((toe - 0.67) / 0.36), toe)
    air = soft_step(np.float32(0.20) - log_signal, 0.34)
    result: Field = np.clip(technique.veil + (1 - technique.veil) * shoulder * (1 - air), 0, 1).astype(
        np.float32
    )
    return result


def collimate(grey: Field, technique: Technique) -> Field:
    """Return the image with the shadows of the collimator's blades along some edges."""
    if not any(technique.borders):
        return grey
    height, width = grey.shape
    left, top, right, bottom = technique.borders
    columns, rows = np.arange(width), np.arange(height)
    across = np.minimum(columns - left * width, (1 - right) * width - 1 - columns)
    down = np.minimum(rows - top * height, (1 - bottom) * height - 1 - rows)
    sharp = max(width / 300, 0.7)
    open_x = np.clip(across / sharp + 1, 0, 1) if left or right else np.ones(width)
    open_y = np.clip(down / sharp + 1, 0, 1) if top or bottom else np.ones(height)
    window = ndimage.gaussian_filter(np.minimum.outer(open_y, open_x), sharp / 2, mode="nearest")
    return (grey * (0.03 + 0.97 * window)).astype(np.float32)
