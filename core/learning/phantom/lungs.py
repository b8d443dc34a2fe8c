"""Lungs as what the rib cage holds besides heart, great vessels, spine and diaphragms.

Along one beam the lung is a few intervals of depth with exact ends, so silhouettes (and their loss, when
the lung beside the heart fills with fluid) come out as they do in a child.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.learning.phantom.anatomy import Anatomy, through
from core.learning.phantom.finding import Field
from core.learning.phantom.frame import Frame, single, smooth_field

Interval = tuple[Field, Field]


@dataclass(frozen=True, slots=True, eq=False)
class Lungs:
    """Where the lungs are along each beam.

    Attributes
    ----------
    intervals : list of (Field, Field)
        Depths between which there is lung; empty where the second is not above the first.
    """

    intervals: list[Interval]

    def path(self) -> Field:
        """Return the path length in lung."""
        total = np.zeros_like(self.intervals[0][0])
        for low, high in self.intervals:
            total += np.clip(high - low, 0, None)
        return total

    def overlap(self, low: Field, high: Field) -> Field:
        """Return the path length in lung between the depths `low` and `high`."""
        total = np.zeros_like(self.intervals[0][0])
        for first, last in self.intervals:
            total += np.clip(np.minimum(last, high) - np.maximum(first, low), 0, None)
        return total


def _borders(anatomy: Anatomy, y: Field, rng: np.random.Generator) -> tuple[Field, Field, Field, Field]:
    """Return right and left border of the mediastinum, its thickness, and the part of it that its outer tenth has."""
    height = anatomy.dome
    width = 2 * anatomy.heart * anatomy.half_width
    share = float(np.clip(rng.normal(0.32, 0.035), 0.25, 0.39))
    right, left = width * share, width * (1 - share)
    wave = rng.normal(0, 0.14, 6)
    knots = [k * height for k in (-0.1, 0.08, 0.22, 0.36, 0.5, 0.62, 0.78, 0.93, 1.08, 1.4)]
    right_values = [
        1.2, 1.25, 1.45 + wave[0], 1.5 + wave[1], 0.78 * right, 0.92 * right, right, 0.93 * right,
        0.78 * right, 0.6 * right,
    ]  # fmt: skip
    left_values = [
        1.2, 1.35, 1.65 + wave[2], 1.85 + wave[3], 0.5 * left + 0.15 + wave[4], 0.68 * left,
        0.92 * left + 0.5 * wave[5], left, 0.9 * left, 0.4 * left,
    ]  # fmt: skip
    levels = np.linspace(-3, 20, 500)
    thymus = through([k * height for k in (0.02, 0.2, 0.4, 0.55)], [0.0, 1.0, 0.95, 0.0], levels)
    border_right = through(knots, right_values, levels) + 0.85 * anatomy.thymus[0] * thymus
    border_left = through(knots, left_values, levels) + 0.85 * anatomy.thymus[1] * thymus
    thick = through([k * height for k in (0, 0.2, 0.45, 0.8, 1.1)], [2.6, 3.4, 5.4, 6.6, 6.4], levels)
    narrow = through([k * height for k in (0.1, 0.3, 0.6)], [1.0, 0.72, 1.0], levels)
    as_field = [
        np.interp(y, levels, v).astype(np.float32) for v in (border_right, border_left, thick, narrow)
    ]
    return as_field[0], as_field[1], as_field[2], as_field[3]


def domes(frame: Frame, anatomy: Anatomy, rng: np.random.Generator) -> Field:
    """Return the level of the diaphragm's upper surface for every pixel's x."""
    x = frame.x
    sides = []
    for side, top in ((-1, anatomy.dome), (1, anatomy.dome_left)):
        peak = side * anatomy.half_width * float(rng.uniform(0.40, 0.5))
        lateral_drop = float(rng.uniform(2.3, 3.2)) * (1 - 0.45 * anatomy.flatness)
        medial_drop = float(rng.uniform(0.35, 0.8)) * (1 - 0.5 * anatomy.flatness)
        outer = np.clip((x - peak) * side / (anatomy.half_width * 1.03 - abs(peak)), 0, 1.6)
        inner = np.clip((peak - x) * side / abs(peak), 0, 1.2)
        wave = 0.05 * np.sin(x * rng.uniform(0.8, 1.4) + rng.uniform(0, 6)) * (1 + 2 * anatomy.flatness)
        sides.append(top + lateral_drop * outer**2.2 + medial_drop * inner**1.8 + wave)
    # The two leaves meet under the heart.
    blend = np.clip(x / 1.6 + 0.5, 0, 1)
    return single(sides[0] * (1 - blend) + sides[1] * blend)


def build_lungs(frame: Frame, anatomy: Anatomy, rng: np.random.Generator) -> Lungs:
    """Return the lungs of a child."""
    levels = np.linspace(-3, 22, 600)
    half_width = np.interp(frame.y, levels, anatomy.chest_half_width(np.maximum(levels, 0)))
    half_depth = np.interp(frame.y, levels, anatomy.chest_half_depth(np.maximum(levels, 0)))
    centre = np.interp(frame.y, levels, anatomy.chest_centre(np.maximum(levels, 0)))
    across = np.abs(frame.x) / np.maximum(half_width - 0.12, 0.02)
    bulge = np.clip(1 - across**2.7, 0, None) ** np.float32(1 / 2.5)
    bulge = np.where(frame.y > 0, bulge, 0).astype(np.float32)
    front = (centre - half_depth * bulge).astype(np.float32)
    back = (centre + half_depth * bulge).astype(np.float32)
    dome = domes(frame, anatomy, rng)
    below = np.clip(frame.y - dome, 0, None)
    # Over the vault's top the diaphragm is nearly level for a stretch, so its edge is sharp.
    steep = (0.030 * (1 - 0.3 * anatomy.flatness), 0.055)
    behind = (-0.6 + np.cbrt(below / np.float32(steep[0]))).astype(np.float32)
    before = (-0.6 - np.cbrt(below / np.float32(steep[1]))).astype(np.float32)
    behind = np.where(below > 0, behind, -0.6).astype(np.float32)
    before = np.where(below > 0, before, -0.6).astype(np.float32)
    middle_low, middle_high = _mediastinum(frame, anatomy, rng)
    pieces = [
        (front, np.minimum(middle_low, back)),
        (np.maximum(middle_high, front), _spine_front(frame, back)),
    ]
    intervals = []
    for low, high in pieces:
        intervals.append((low, np.minimum(high, before)))
        intervals.append((np.maximum(low, behind), high))
    return Lungs(intervals)


def _mediastinum(frame: Frame, anatomy: Anatomy, rng: np.random.Generator) -> tuple[Field, Field]:
    """Return front and back of the heart and great vessels; equal where there are none."""
    right, left, thick, narrow = _borders(anatomy, frame.y, rng)
    x = frame.x_at(-1.2) + np.float32(0.05) * smooth_field(frame, rng, 1.6)
    middle, half = (left - right) / 2, (left + right) / 2
    across = np.abs(x - middle) / half
    profile = np.sqrt(np.clip(1 - across**2.4, 0, None))
    thick = thick * profile * (narrow + (1 - narrow) * (across < 0.9))
    centre = np.float32(-1.1)
    low = np.where(across < 1, centre - thick * np.float32(0.58), centre)
    high = np.where(across < 1, centre + thick * np.float32(0.42), centre)
    return low.astype(np.float32), high.astype(np.float32)


def _spine_front(frame: Frame, back: Field) -> Field:
    """Return the depth where lung ends before the spine, the oesophagus and the muscles beside them."""
    across = np.abs(frame.x_at(3.0))
    depth = np.float32(4.6) * np.clip(1 - (across / 2.5) ** 2, 0, None) ** 2
    return (back - depth).astype(np.float32)
