"""The one way from a radiograph to the network's input, for training, evaluation and the viewer alike.

The network sees the file's default rendering, squashed to a square and standardised. It never sees the
window, level or inversion that a user chose on screen.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

INPUT_SIZE: Final = 224
"""Side of the network's square input in pixels."""

MEAN: Final = 0.449
"""Grey mean that inputs are centred on: the mean of the three ImageNet channel means."""

STD: Final = 0.226
"""Grey standard deviation that inputs are divided by: the mean of ImageNet's three."""


def resize_grey(rendering: NDArray[np.uint8], size: int = INPUT_SIZE) -> NDArray[np.uint8]:
    """Squash a rendering to a square, with antialiasing.

    The aspect ratio is not kept, as in the copies of the public set that the model is trained on; the
    training augmentation varies it, so that it carries no information.

    Parameters
    ----------
    rendering : ndarray of uint8, shape (H, W)
        Default rendering, bright means dense.
    size : int
        Side of the result in pixels.

    Returns
    -------
    ndarray of uint8, shape (size, size)

    Raises
    ------
    ValueError
        If `rendering` is not a two-dimensional uint8 array or is empty.
    """
    if rendering.ndim != 2 or rendering.dtype != np.uint8 or rendering.size == 0:
        raise ValueError(f"expected a non-empty uint8 image (H, W), got {rendering.dtype} {rendering.shape}")
    if rendering.shape == (size, size):
        return rendering.copy()
    image = Image.fromarray(rendering)
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR))


def standardise(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Map grey values 0..255 to (grey / 255 - MEAN) / STD as float32, keeping the shape."""
    scale = np.float32(1.0 / (255.0 * STD))
    offset = np.float32(MEAN / STD)
    return grey.astype(np.float32) * scale - offset


def preprocess(rendering: NDArray[np.uint8], size: int = INPUT_SIZE) -> NDArray[np.float32]:
    """Turn a default rendering into one network input.

    Parameters
    ----------
    rendering : ndarray of uint8, shape (H, W)
        Default rendering, bright means dense.
    size : int
        Side of the network's input in pixels.

    Returns
    -------
    ndarray of float32, shape (1, size, size)
        Standardised grey values; one channel.

    Raises
    ------
    ValueError
        If `rendering` is not a two-dimensional uint8 array or is empty.
    """
    return standardise(resize_grey(rendering, size))[np.newaxis]
