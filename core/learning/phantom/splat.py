"""Path lengths of curved solids by projecting many weighted points (bones, vessels, airways).

A solid is filled with jittered points, each standing for a little volume; the sum of the volumes that
fall on a pixel over the pixel's area is the length of the beam in the solid. That is exact for any
shape and any angle, also where a rib turns along the beam and its two cortices light up.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.learning.phantom.frame import Frame

Points = NDArray[np.float64]


def deposit(frame: Frame, points: Points, weights: NDArray[np.float64], onto: NDArray[np.float64]) -> None:
    """Add `weights` (volume times density) at `points` (N, 3) to the path-length image `onto`."""
    height, width = frame.shape
    column, row = frame.project(points)
    inside = (column >= 0) & (row >= 0) & (column < width - 1) & (row < height - 1)
    if not inside.any():
        return
    column, row = column[inside], row[inside]
    mass = weights[inside] / frame.pitch**2
    first_column, first_row = column.astype(np.intp), row.astype(np.intp)
    right, down = column - first_column, row - first_row
    top, bottom = int(first_row.min()), int(first_row.max()) + 2
    index = (first_row - top) * width + first_column
    length = (bottom - top) * width
    part = np.bincount(index, mass * (1 - right) * (1 - down), length)
    part += np.bincount(index + 1, mass * right * (1 - down), length)
    part += np.bincount(index + width, mass * (1 - right) * down, length)
    part += np.bincount(index + width + 1, mass * right * down, length)
    onto[top:bottom] += part.reshape(bottom - top, width)


def resample(curve: Points, step: float) -> tuple[Points, NDArray[np.float64]]:
    """Return points (N, 3) every `step` units along a polyline, and their parameter in 0..1."""
    lengths = np.linalg.norm(np.diff(curve, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    count = max(int(np.ceil(along[-1] / step)), 4)
    at = (np.arange(count) + 0.5) / count * along[-1]
    points = np.stack([np.interp(at, along, curve[:, k]) for k in range(3)], axis=1)
    return points, at / along[-1]


def sweep(
    frame: Frame,
    rng: np.random.Generator,
    onto: NDArray[np.float64],
    curve: Points,
    normals: Points,
    half_height: NDArray[np.float64],
    half_thickness: NDArray[np.float64],
    cortex: float,
    densities: tuple[float, float],
) -> None:
    """Add a bone of oval cross-section along a curve.

    Parameters
    ----------
    curve, normals : ndarray, shape (N, 3)
        Centre line and the direction of the section's thickness (its height is at right angles).
    half_height, half_thickness : ndarray, shape (N,)
        Half axes of the section.
    cortex : float
        Thickness of the dense shell: 1.4 times this at the edges, 0.7 times over the flats.
    densities : (float, float)
        Density of the shell and of what it holds.
    """
    step = max(min(frame.pitch * 0.8, 0.15), 0.012)
    centres, at = resample(curve, step)
    knots = np.linspace(0, 1, len(curve))
    normal = np.stack([np.interp(at, knots, normals[:, k]) for k in range(3)], axis=1)
    tangent = np.gradient(centres, axis=0)
    spacing = np.linalg.norm(tangent, axis=1)
    tangent /= spacing[:, None]
    normal -= tangent * np.sum(normal * tangent, axis=1, keepdims=True)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    upright = np.cross(tangent, normal)
    tall = np.interp(at, knots, half_height)
    thick = np.interp(at, knots, half_thickness)
    rows = int(np.clip(np.ceil(2 * tall.max() / (frame.pitch * 0.8)), 6, 40))
    layers = int(np.clip(np.ceil(2 * thick.max() / min(frame.pitch, cortex * 0.6)), 5, 16))
    shape = (len(centres), rows, layers)
    u = (np.arange(rows)[None, :, None] + rng.random(shape)) / rows * 2 - 1
    v = (np.arange(layers)[None, None, :] + rng.random(shape)) / layers * 2 - 1
    tall_, thick_ = tall[:, None, None], thick[:, None, None]
    outside = np.abs(u) ** 2.6 + np.abs(v) ** 2.6
    inner = np.abs(u / np.maximum(1 - 1.4 * cortex / tall_, 0.05)) ** 2.6
    inner = inner + np.abs(v / np.maximum(1 - 0.7 * cortex / thick_, 0.05)) ** 2.6
    density = np.where(inner > 1, densities[0], densities[1]) * (outside <= 1)
    volume = density * (4 * tall_ * thick_ / (rows * layers)) * spacing[:, None, None]
    shift = (rng.random(shape[:2]) - 0.5)[:, :, None] * spacing[:, None, None]
    keep = volume > 0
    first = np.broadcast_to(np.arange(len(centres))[:, None, None], shape)[keep]
    points = centres[first] + upright[first] * (u * tall_)[keep][:, None]
    points += normal[first] * (v * thick_)[keep][:, None]
    points += tangent[first] * np.broadcast_to(shift, shape)[keep][:, None]
    deposit(frame, points, volume[keep], onto)


def spray(
    frame: Frame,
    rng: np.random.Generator,
    onto: NDArray[np.float64],
    starts: Points,
    ends: Points,
    radii: NDArray[np.float64],
    weight: NDArray[np.float64] | float = 1.0,
) -> None:
    """Add solid round tubes from `starts` to `ends` (N, 3) with radii (N, 2) at both ends."""
    lengths = np.linalg.norm(ends - starts, axis=1)
    step = max(frame.pitch * 0.5, 0.01)
    counts = np.maximum(np.ceil(lengths / step), 1).astype(np.intp)
    rays = 12
    which = np.repeat(np.arange(len(starts)), counts * rays)
    part = rng.random(len(which))
    radius = radii[which, 0] + (radii[which, 1] - radii[which, 0]) * part
    offset = rng.standard_normal((len(which), 3))
    offset *= (rng.random(len(which)) ** (1 / 2.5) / np.linalg.norm(offset, axis=1))[:, None]
    points = starts[which] + (ends - starts)[which] * part[:, None] + offset * radius[:, None]
    mass = np.pi * radius**2 * (lengths / (counts * rays))[which]
    factor = weight[which] if isinstance(weight, np.ndarray) else weight
    deposit(frame, points, mass * factor, onto)
