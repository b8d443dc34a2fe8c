"""numpy to Qt images, the only place that does it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPixmap


def grey_image(grey: NDArray[np.uint8]) -> QImage:
    """Return a grey-scale image of its own memory from an array of shape (H, W)."""
    height, width = grey.shape
    contiguous = np.ascontiguousarray(grey)
    return QImage(contiguous.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def grey_pixmap(grey: NDArray[np.uint8]) -> QPixmap:
    """Return a pixmap from an array of shape (H, W)."""
    return QPixmap.fromImage(grey_image(grey))


def indexed_image(indices: NDArray[np.uint8], table: NDArray[np.uint8]) -> QImage:
    """Return a palette image.

    Parameters
    ----------
    indices : ndarray of uint8, shape (H, W)
    table : ndarray of uint8, shape (256, 4)
        Red, green, blue, alpha; not premultiplied.
    """
    height, width = indices.shape
    contiguous = np.ascontiguousarray(indices)
    image = QImage(contiguous.data, width, height, width, QImage.Format.Format_Indexed8).copy()
    image.setColorTable(argb_table(table))
    return image


def argb_table(table: NDArray[np.uint8]) -> list[int]:
    """Return Qt's colour words 0xAARRGGBB for RGBA rows of shape (N, 4)."""
    red, green, blue, alpha = table.astype(np.uint32).T
    words: list[int] = ((alpha << 24) | (red << 16) | (green << 8) | blue).tolist()
    return words
