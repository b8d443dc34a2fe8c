"""What betrays the label without a look at the lungs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from core.examination.images import Grey, Images
from core.metrics.threshold import Floats

BLACK: Final = 8
"""Grey values up to this are black."""

CLUES: Final[Mapping[str, str]] = {
    "sharpness": "Sharpness (deviation of the Laplacian)",
    "black": "Share of black pixels in the outer tenth",
    "brightness": "Mean grey",
    "bytes": "Bytes of the file per pixel",
}


def sharpness(grey: Grey) -> float:
    """Return the standard deviation of the four-neighbour Laplacian over the inner pixels."""
    v = grey.astype(np.float64)
    laplacian = v[:-2, 1:-1] + v[2:, 1:-1] + v[1:-1, :-2] + v[1:-1, 2:] - 4 * v[1:-1, 1:-1]
    return float(laplacian.std())


def black_border(grey: Grey) -> float:
    """Return the share of black pixels in a frame of a tenth of the side."""
    width = max(1, round(0.1 * grey.shape[0]))
    frame = np.ones(grey.shape, dtype=np.bool_)
    frame[width:-width, width:-width] = False
    return float((grey[frame] <= BLACK).mean())


def measure_clues(images: Images) -> dict[str, Floats]:
    """Measure every clue of `CLUES` for every image, shape (N,) each; the size of the file as it lies there."""
    sizes = [item.path.stat().st_size for item in images.items]
    pixels = images.grey.shape[1] * images.grey.shape[2]
    return {
        "sharpness": np.array([sharpness(grey) for grey in images.grey]),
        "black": np.array([black_border(grey) for grey in images.grey]),
        "brightness": images.grey.reshape(len(images), -1).mean(axis=1),
        "bytes": np.array(sizes, dtype=np.float64) / pixels,
    }
