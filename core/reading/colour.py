"""Grey from colour, and whether a picture is truly coloured."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.reading.radiograph import Grey8

COLOUR_NOTE: Final = "Colour picture, shown in grey; a radiograph has no colours."

_CHROMA: Final = 16  # difference between channels beyond what lossy compression leaves in grey
_SHARE: Final = 0.01  # of the pixels; less is a coloured marker or a label
_SAMPLES: Final = 512  # rows and columns looked at


def is_coloured(rgb: NDArray[np.uint8]) -> bool:
    """Tell a coloured picture from a grey one stored in three channels.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)
    """
    sample = thinned(rgb).astype(np.int16)
    chroma = sample.max(axis=2) - sample.min(axis=2)
    return bool((chroma > _CHROMA).mean() > _SHARE)


def thinned(image: NDArray[Any]) -> NDArray[Any]:
    """Leave out rows and columns of a large image, where a sample of its pixels is enough."""
    rows, columns = (max(1, length // _SAMPLES) for length in image.shape[:2])
    return image[::rows, ::columns]


def rgb_from_ybr(ybr: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """YBR_FULL to RGB (DICOM PS3.3 C.7.6.3.1.2, the inverse of ITU-R BT.601 in full range).

    Parameters
    ----------
    ybr : ndarray of uint8, shape (H, W, 3)
    """
    luma, blue, red = (ybr[..., channel].astype(np.float32) for channel in range(3))
    blue -= 128.0
    red -= 128.0
    rgb = np.stack([luma + 1.402 * red, luma - 0.344136 * blue - 0.714136 * red, luma + 1.772 * blue], -1)
    rounded: NDArray[np.uint8] = np.clip(np.rint(rgb), 0, 255).astype(np.uint8)
    return rounded


def luminance(rgb: NDArray[np.uint8]) -> Grey8:
    """ITU-R BT.601 luma of RGB, as Pillow computes it.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (H, W, 3)

    Returns
    -------
    ndarray of uint8, shape (H, W)
    """
    red, green, blue = (rgb[..., channel].astype(np.uint32) for channel in range(3))
    weighted = red * 19595 + green * 38470 + blue * 7471 + 0x8000
    grey: Grey8 = (weighted >> 16).astype(np.uint8)
    return grey
