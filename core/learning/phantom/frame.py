"""The detector's pixel grid in body coordinates, and smooth random fields on it.

Body coordinates are in units of a centimetre of a three-year-old: x to the image's right (the
child's left), y down from the lung apices, z from front to back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.learning.phantom.finding import Field


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Where each pixel looks.

    Attributes
    ----------
    x, y : ndarray of float32, shape (H, W)
        Body coordinates of the pixel centres.
    pitch : float
        Distance of pixel centres in body units.
    left, top : float
        Body coordinates of the first pixel's centre before the tilt.
    tilt : float
        In-plane rotation of the child on the table, in radians.
    twist : float
        Rotation of the child about the long axis, in radians; moves x by z times its sine.
    """

    x: Field
    y: Field
    pitch: float
    left: float
    top: float
    tilt: float
    twist: float

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.x.shape[0], self.x.shape[1]

    def x_at(self, depth: float) -> Field:
        """Return the x coordinate that each pixel sees at a depth `depth` (twist taken off)."""
        return self.x - np.float32(depth * np.sin(self.twist))

    def project(self, points: NDArray[np.float64]) -> tuple[Field, Field]:
        """Return column and row (fractional pixels) of points (N, 3) in body coordinates.

        The tube stands 100 units before the middle plane, so what lies in front is a little larger.
        """
        x, y, z = points[:, 0], points[:, 1], points[:, 2]
        enlarge = 1.0 - z * (0.2 / 100.0)
        x = (x + z * np.sin(self.twist)) * enlarge
        y = 5.0 + (y - 5.0) * enlarge
        cosine, sine = np.cos(self.tilt), np.sin(self.tilt)
        u = cosine * x - sine * (y - 5.0)
        v = sine * x + cosine * (y - 5.0) + 5.0
        column = (u - self.left) / self.pitch
        row = (v - self.top) / self.pitch
        return column.astype(np.float32), row.astype(np.float32)


def make_frame(
    width: int, height: int, span: float, centre: tuple[float, float], tilt: float, twist: float
) -> Frame:
    """Return the frame of an image `width` pixels and `span` body units wide around `centre`."""
    pitch = span / width
    left = centre[0] - pitch * (width - 1) / 2
    top = centre[1] - pitch * (height - 1) / 2
    u = (left + pitch * np.arange(width, dtype=np.float32))[None, :]
    v = (top + pitch * np.arange(height, dtype=np.float32))[:, None] - 5.0
    cosine, sine = np.cos(tilt), np.sin(tilt)
    x = (cosine * u + sine * v).astype(np.float32)
    y = (-sine * u + cosine * v + 5.0).astype(np.float32)
    return Frame(x, y, pitch, left, top, tilt, twist)


def single(values: NDArray[Any]) -> Field:
    """Return `values` in single precision."""
    return values.astype(np.float32, copy=False)


def smooth_field(frame: Frame, rng: np.random.Generator, cell: float) -> Field:
    """Return a smooth random field of mean 0 and deviation about 1 with grains of `cell` units.

    It is anchored in the body, so the same generator state gives the same field at any image size.
    """
    count = int(np.ceil(64.0 / cell)) + 4
    grid = rng.standard_normal((min(count, 700), min(count, 700))).astype(np.float32)
    size = grid.shape[0]
    # Beyond 700 cells a side the field repeats; the eye does not find a period of 30 units and more.
    rows = (frame.y + 24.0) / cell % (size - 1)
    columns = (frame.x + 32.0) / cell % (size - 1)
    order: Literal[1, 3] = 3 if cell > 2.5 * frame.pitch else 1
    field = ndimage.map_coordinates(grid, np.stack([rows, columns]), order=order, mode="grid-wrap")
    return single(field * np.float32(1.45))


def soft_step(distance: Field, width: float) -> Field:
    """Return 0 where `distance` is far below 0, 1 far above, with an edge about `width` units wide."""
    return single(np.clip(distance / np.float32(width) + np.float32(0.5), 0, 1))


def blur(image: Field, sigma: float) -> Field:
    """Return a Gaussian blur by `sigma` pixels; wide ones work on a smaller copy."""
    if sigma <= 0.15:
        return image
    step = int(sigma // 6)
    if step < 2:
        narrow: Field = ndimage.gaussian_filter(image, sigma, mode="nearest", truncate=3.0)
        return narrow
    height, width = image.shape
    padded = np.pad(image, ((0, -height % step), (0, -width % step)), mode="edge")
    rows, columns = padded.shape[0] // step, padded.shape[1] // step
    small = padded.reshape(rows, step, columns, step).mean(axis=(1, 3))
    small = ndimage.gaussian_filter(small, sigma / step, mode="nearest", truncate=3.0)
    at_rows = (np.arange(height) + 0.5) / step - 0.5
    at_columns = (np.arange(width) + 0.5) / step - 0.5
    grown = _interpolate(small, at_rows, 0)
    return _interpolate(grown, at_columns, 1).astype(np.float32)


def _interpolate(image: Field, at: NDArray[np.float64], axis: int) -> Field:
    """Resample one axis linearly at the fractional positions `at`, clamped at the ends."""
    at = np.clip(at, 0, image.shape[axis] - 1)
    low = np.minimum(at.astype(np.intp), max(image.shape[axis] - 2, 0))
    high = np.minimum(low + 1, image.shape[axis] - 1)
    part = (at - low).astype(np.float32)
    part = part[:, None] if axis == 0 else part[None, :]
    first, second = np.take(image, low, axis), np.take(image, high, axis)
    return single(first + (second - first) * part)
