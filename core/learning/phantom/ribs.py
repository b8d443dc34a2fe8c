"""Twelve pairs of ribs that follow the chest's surface, back to front."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.learning.phantom.anatomy import Anatomy, through
from core.learning.phantom.frame import Frame
from core.learning.phantom.splat import Points, sweep

_ENDS = (118, 132, 138, 141, 142, 142, 141, 138, 130, 120, 88, 62)
_KNOTS = [0.0, 9.0, 27.0, 48.0, 66.0, 90.0, 112.0, 130.0, 147.0]
_FALL = [-0.05, -0.05, -0.13, 0.10, 0.55, 1.45, 2.30, 2.85, 3.20]


def rib_curve(anatomy: Anatomy, index: int, side: int, wobble: NDArray[np.float64]) -> tuple[Points, Points]:
    """Return centre line and outward normals (N, 3) of rib `index` (1..12) on `side` (-1 or 1).

    `wobble` holds three small random numbers: level, length and slant.
    """
    end = _ENDS[index - 1] + 2.5 * wobble[1]
    angle = np.linspace(4.5, end, 160)
    fall = through(_KNOTS, _FALL, angle)
    # The first ribs lie flatter and the last ones run more steeply down.
    steep = anatomy.slant * np.interp(index, [1, 2, 4, 8, 12], [0.72, 0.85, 1.0, 1.15, 1.35])
    start = anatomy.vertebra(np.array(float(index))) - 0.28
    y = start + anatomy.spacing * (steep * (1 + 0.05 * wobble[2]) * fall + 0.06 * wobble[0])
    radians = np.radians(angle)
    level = np.maximum(y, 0.25)
    out = anatomy.chest_half_width(level) + 0.10
    deep = anatomy.chest_half_depth(level) + 0.10
    lateral = np.sin(radians) ** 0.80
    x = side * out * lateral + anatomy.spine_shift(y) * np.clip(1 - angle / 60, 0, 1)
    z = anatomy.chest_centre(level) + deep * np.sign(np.cos(radians)) * np.abs(np.cos(radians)) ** 0.95
    normals = np.stack([side * np.sin(radians) / out, -0.04 + 0 * x, np.cos(radians) / deep], axis=1)
    return np.stack([x, y, z], axis=1), normals / np.linalg.norm(normals, axis=1, keepdims=True)


def draw_ribs(
    frame: Frame, anatomy: Anatomy, rng: np.random.Generator, grain: np.random.Generator
) -> NDArray[np.float64]:
    """Return the path length in rib bone, weighted by its density."""
    onto = np.zeros(frame.shape, np.float64)
    bold = float(rng.uniform(0.92, 1.08))
    for side in (-1, 1):
        for index in range(1, 13):
            wobble = rng.normal(0, 0.8, 3)
            curve, normals = rib_curve(anatomy, index, side, wobble)
            at = np.linspace(0, 1, len(curve))
            size = np.interp(index, [1, 3, 7, 10, 12], [1.10, 1.0, 1.06, 1.0, 0.74]) * bold
            tall = size * np.interp(at, [0, 0.1, 0.3, 0.55, 0.9, 1.0], [0.12, 0.23, 0.285, 0.26, 0.30, 0.34])
            thick = size * np.interp(at, [0, 0.1, 0.5, 0.93, 1.0], [0.10, 0.15, 0.118, 0.125, 0.04])
            fade = 0.75 if index == 1 else 0.95
            sweep(frame, grain, onto, curve, normals, tall, thick, 0.055, (1.1 * fade, 0.30 * fade))
    return onto
