"""Pneumonia: what replaces air in the lung, and the small effusion beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.learning.phantom.anatomy import Anatomy
from core.learning.phantom.finding import Field, Mask, Pattern
from core.learning.phantom.frame import Frame, blur, single, smooth_field, soft_step
from core.learning.phantom.lungs import Lungs
from core.learning.phantom.splat import spray
from core.learning.phantom.trees import grow, hilum

LUNG_DENSITY = 0.22
"""Density of inflated lung relative to water."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesion:
    """Disease as extra water on each beam's path, in body units."""

    excess: Field
    effusion: bool


@dataclass(frozen=True, slots=True)
class _Lobe:
    """A lobe by its side, the range of levels (as parts of the lung's height) and its place in depth."""

    side: int
    top: float
    bottom: float
    posterior: bool


_LOBES = (
    _Lobe(-1, -0.1, 0.46, posterior=False),
    _Lobe(-1, 0.46, 1.3, posterior=False),
    _Lobe(-1, 0.25, 1.6, posterior=True),
    _Lobe(1, -0.1, 0.55, posterior=False),
    _Lobe(1, 0.5, 1.3, posterior=False),
    _Lobe(1, 0.25, 1.6, posterior=True),
)


def make_lesion(
    frame: Frame,
    anatomy: Anatomy,
    lungs: Lungs,
    pattern: Pattern,
    rng: np.random.Generator,
    grain: np.random.Generator,
) -> Lesion:
    """Return the disease of one pattern; nothing for `Pattern.NONE`."""
    if pattern is Pattern.NONE:
        return Lesion(np.zeros(frame.shape, np.float32), effusion=False)
    if pattern is Pattern.INTERSTITIAL:
        return Lesion(_interstitial(frame, anatomy, lungs, rng, grain), effusion=False)
    if pattern is Pattern.ROUND:
        return Lesion(_round(frame, anatomy, lungs, rng), effusion=False)
    if pattern is Pattern.PATCHY:
        excess = _patchy(frame, anatomy, lungs, rng)
        return Lesion(excess, effusion=False)
    lobe = _LOBES[int(rng.integers(len(_LOBES)))]
    excess = _lobar(frame, anatomy, lungs, lobe, rng, grain, whole=pattern is Pattern.LOBAR)
    effusion = pattern is Pattern.LOBAR and float(rng.random()) < 0.35
    if effusion:
        excess = excess + _effusion(frame, anatomy, lungs, lobe.side, rng) * (1 - LUNG_DENSITY)
        ceiling = lungs.path() * np.float32(1 - LUNG_DENSITY)
        excess = np.minimum(excess, ceiling)
    return Lesion(excess.astype(np.float32), effusion)


def _fissure(frame: Frame, anatomy: Anatomy) -> Field:
    """Return the depth of the oblique fissure, high at the back and low in front."""
    return (3.6 - 7.6 * (frame.y / np.float32(anatomy.dome) - 0.2) / 0.9).astype(np.float32)


def _lobar(
    frame: Frame,
    anatomy: Anatomy,
    lungs: Lungs,
    lobe: _Lobe,
    rng: np.random.Generator,
    grain: np.random.Generator,
    *,
    whole: bool,
) -> Field:
    """Fill a lobe or a segment of it, bounded by the fissures, with air left in its bronchi."""
    height = anatomy.dome
    # Lobes differ in how far they reach; a lung that is full of fluid also swells.
    fissure = _fissure(frame, anatomy) + float(rng.uniform(0.3, 2.4)) * (-1 if lobe.posterior else 1)
    # The minor fissure is the right lung's; elsewhere nothing keeps the edge sharp. It is seldom quite level.
    slope, vault = float(rng.normal(0.0, 0.10)), float(rng.uniform(0.0, 0.035))
    outward = frame.x * lobe.side - 3.5
    wave = 0.16 * smooth_field(frame, rng, 3.0) + slope * outward - vault * outward**2
    beyond = np.full(frame.shape, 20, np.float32)
    low, high = (fissure, beyond) if lobe.posterior else (-beyond, fissure)
    crisp = 0.22 if lobe.side < 0 and not lobe.posterior else 1.3
    gate = soft_step((frame.y - lobe.top * height + wave).astype(np.float32), crisp)
    gate = gate * soft_step((lobe.bottom * height - frame.y - wave).astype(np.float32), crisp)
    gate = gate * (frame.x * lobe.side > 0)
    coarse, fine = smooth_field(frame, rng, 1.3), smooth_field(frame, rng, 0.45)
    centre_x = lobe.side * anatomy.half_width * float(rng.uniform(0.4, 0.68))
    middle = 0.5 * (max(lobe.top, 0.0) + min(lobe.bottom, 1.05))
    centre_y = height * float(np.clip(middle + rng.uniform(-0.12, 0.12), 0.18, 0.9))
    size = float(rng.uniform(4.6, 7.0) if whole else rng.uniform(1.9, 2.8))
    reach = np.hypot((frame.x - centre_x) / 1.05, (frame.y - centre_y) / 0.9) / size
    spread = soft_step((1 - reach + 0.13 * coarse + 0.04 * fine).astype(np.float32), 0.55 if whole else 0.7)
    solid = float(rng.uniform(0.84, 1.0))
    fill = np.clip(solid + 0.07 * coarse + 0.03 * fine, 0, 1) * gate * spread
    path = lungs.overlap(low, high)
    replaced = path * fill
    tree = grow(anatomy, lobe.side, 60, 0.055, rng)
    air = np.zeros(frame.shape, np.float64)
    spray(frame, grain, air, tree.starts, tree.ends, tree.radii)
    bronchi = np.minimum(air.astype(np.float32) * fill * (path / (lungs.path() + 0.3)) * 1.2, 0.6 * replaced)
    return ((replaced - bronchi) * np.float32(1 - LUNG_DENSITY)).astype(np.float32)


def _round(frame: Frame, anatomy: Anatomy, lungs: Lungs, rng: np.random.Generator) -> Field:
    """Return one nearly spherical consolidation with a slightly uneven edge."""
    side = -1 if rng.random() < 0.55 else 1
    radius = float(rng.uniform(1.25, 2.1))
    x = side * float(rng.uniform(0.45, 0.68)) * anatomy.half_width
    y = anatomy.dome * float(rng.uniform(0.34, 0.78))
    depth = float(rng.uniform(0.3, 1.6))
    ragged = 1 + 0.08 * smooth_field(frame, rng, 1.3) + 0.02 * smooth_field(frame, rng, 0.5)
    part = np.hypot(frame.x - x, (frame.y - y) * float(rng.uniform(0.92, 1.12))) / radius * ragged
    chord = 2 * radius * np.sqrt(np.clip(1 - part**2, 0, None)) ** 0.85
    halo = 0.5 * radius * np.exp(-(np.clip(part - 0.9, 0, None) ** 2) / 0.06) * (part < 2)
    path = lungs.overlap((depth - chord / 2).astype(np.float32), (depth + chord / 2).astype(np.float32))
    glow = np.minimum(halo * 0.35, 0.3 * lungs.path())
    ceiling = lungs.path()
    excess = single(np.minimum(0.95 * path + glow, ceiling) * (1 - LUNG_DENSITY))
    return blur(excess, 0.12 / frame.pitch)


def _patchy(frame: Frame, anatomy: Anatomy, lungs: Lungs, rng: np.random.Generator) -> Field:
    """Return many ill-defined patches, mostly in the lower zones of one or both lungs."""
    both = rng.random() < 0.6
    main = -1 if rng.random() < 0.5 else 1
    coarse, fine = smooth_field(frame, rng, 1.2), smooth_field(frame, rng, 0.5)
    cover = np.zeros(frame.shape, np.float32)
    for _ in range(int(rng.integers(8, 15))):
        side = main if (not both or rng.random() < 0.65) else -main
        x = side * anatomy.half_width * float(rng.uniform(0.26, 0.78))
        y = anatomy.dome * float(np.clip(rng.normal(0.68, 0.18), 0.2, 1.0))
        size = float(rng.uniform(0.8, 1.9))
        distance = np.hypot(frame.x - x, (frame.y - y) * float(rng.uniform(0.8, 1.2))) / size
        blob = np.clip(0.5 * (1.5 - distance + 0.22 * coarse + 0.07 * fine), 0, 1) * float(
            rng.uniform(0.3, 0.65)
        )
        cover = (1 - (1 - cover) * (1 - blob)).astype(np.float32)
    path = lungs.path()
    return (path * cover * np.float32(1 - LUNG_DENSITY)).astype(np.float32)


def _interstitial(
    frame: Frame, anatomy: Anatomy, lungs: Lungs, rng: np.random.Generator, grain: np.random.Generator
) -> Field:
    """Return thick bronchial walls, streaks and haze around both hila, and a fine network."""
    strength = float(rng.uniform(1.0, 1.6))
    haze = np.zeros(frame.shape, np.float32)
    walls = np.zeros(frame.shape, np.float64)
    lumen = np.zeros(frame.shape, np.float64)
    coarse, middle = smooth_field(frame, rng, 1.2), smooth_field(frame, rng, 0.55)
    lines = np.exp(-((smooth_field(frame, rng, 0.38) / 0.22) ** 2))
    lines += 0.7 * np.exp(-((smooth_field(frame, rng, 0.22) / 0.22) ** 2))
    for side in (-1, 1):
        gate = hilum(anatomy, side)
        across = (frame.x - gate[0] - side * 0.7) / 2.5
        along = (frame.y - gate[1] - 0.9) / 3.1
        haze += np.exp(-(across**2 + along**2)) * float(rng.uniform(0.75, 1.25))
        tree = grow(anatomy, side, 110, 0.04, rng)
        centre = (tree.starts + tree.ends) / 2
        away = np.linalg.norm(centre - gate, axis=1)
        fade = 1.35 * np.exp(-away / 3.2) * (1 - np.exp(-away / 0.9))
        spray(frame, grain, walls, tree.starts, tree.ends, tree.radii + 0.075, fade)
        spray(frame, grain, lumen, tree.starts, tree.ends, tree.radii * 0.85, fade)
    cuffs = np.clip(walls - 1.1 * lumen, -0.1, 0.7).astype(np.float32)
    path = lungs.path()
    inside = np.clip(path / 2.0, 0, 1)
    cloudy = path * haze * np.clip(0.105 + 0.05 * coarse + 0.03 * middle, 0, None)
    network = path * (0.35 * haze + 0.12) * (lines.astype(np.float32) - 0.45) * 0.07
    excess = strength * (1.5 * cuffs * inside + cloudy + network)
    return single(np.clip(excess, 0, 0.8 * path))


def _effusion(frame: Frame, anatomy: Anatomy, lungs: Lungs, side: int, rng: np.random.Generator) -> Field:
    """Return a small effusion: fluid in the costophrenic angle that climbs the chest wall."""
    height = float(rng.uniform(1.0, 2.6))
    width = anatomy.chest_half_width(frame.y).astype(np.float32)
    wall = width - frame.x * np.float32(side)
    floor = np.float32(anatomy.dome + 2.0)
    meniscus = floor - height * np.exp(-np.clip(wall, 0, None) / 1.1)
    fluid = soft_step((frame.y - meniscus + 0.4).astype(np.float32), 0.7)
    sheet = soft_step(np.float32(0.28) - wall, 0.3) * soft_step(
        frame.y - floor + 2.2 * np.float32(height), 2.5
    )
    return single(lungs.path() * np.maximum(fluid, sheet) * (wall < 8))


def lesion_mask(frame: Frame, excess: Field, lung: Mask) -> Mask:
    """Return where disease is dense enough to be seen, as a boolean field inside `lung`."""
    smooth = blur(excess, 0.25 / frame.pitch)
    peak = float(smooth.max())
    if peak <= 0:
        return np.zeros(frame.shape, np.bool_)
    return (smooth > max(0.22, 0.22 * peak)) & lung
