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


def rgb_array(image: QImage) -> NDArray[np.uint8]:
    """Return an image's colours as an array of its own memory, shape (H, W, 3)."""
    converted = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(converted.constBits(), np.uint8).reshape(
        converted.height(), converted.bytesPerLine()
    )
    return rows[:, : 3 * converted.width()].reshape(converted.height(), converted.width(), 3).copy()


def rgb_image(colours: NDArray[np.uint8]) -> QImage:
    """Return a colour image of its own memory from an array of shape (H, W, 3)."""
    height, width, _ = colours.shape
    contiguous = np.ascontiguousarray(colours)
    return QImage(contiguous.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
