"""Lung masks: for measuring only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.dataset import Item
from core.metrics.threshold import Flags

DILATION: Final = 16
"""Pixels at 224; automatic masks often leave consolidated lung out."""

_REFERENCE: Final = 224
_BRIGHT: Final = 127


def read_masks(folder: Path, items: Sequence[Item], size: int) -> list[Flags | None]:
    """Read the mask of each radiograph: a PNG of the same name, bright inside the lungs.

    Parameters
    ----------
    folder : Path
    items : sequence of Item
    size : int
        Side of the result in pixels.

    Returns
    -------
    list of (ndarray of bool, shape (size, size)) or None
        None where there is no readable mask, or an empty one.
    """
    return [_read(folder / f"{item.path.stem}.png", size) for item in items]


def _read(path: Path, size: int) -> Flags | None:
    try:
        with Image.open(path, formats=["PNG"]) as image:
            # Nearest, or a mask of class numbers would gain numbers in between.
            grey = image.convert("L").resize((size, size), Image.Resampling.NEAREST)
    except OSError:
        return None
    mask: Flags = np.asarray(grey) > _BRIGHT
    return mask if mask.any() else None


def dilate(mask: Flags, radius: int) -> Flags:
    """Grow a mask by a disc of the given radius in pixels."""
    width = mask.shape[1]
    grown = np.zeros_like(mask)
    for shift, reach in _chords(radius):
        # How many mask pixels lie within reach to the left and right, from running sums along each row.
        sums = np.cumsum(np.pad(mask, ((0, 0), (reach + 1, reach))), axis=1, dtype=np.int32)
        near = sums[:, 2 * reach + 1 :] > sums[:, :width]
        for step in {shift, -shift}:
            if step >= 0:
                grown[step:] |= near[: len(near) - step]
            else:
                grown[:step] |= near[-step:]
    return grown


@lru_cache
def _chords(radius: int) -> tuple[tuple[int, int], ...]:
    """Half the width of a disc's chord at each distance from its centre."""
    return tuple((shift, int((radius**2 - shift**2) ** 0.5)) for shift in range(radius + 1))


def dilate_lungs(mask: Flags) -> Flags:
    """Dilate a lung mask by `DILATION`, scaled to the mask's size."""
    return dilate(mask, round(DILATION * mask.shape[0] / _REFERENCE))


def bounding_box(mask: NDArray[np.bool_]) -> Flags:
    """Fill the smallest upright rectangle around a mask."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = np.zeros_like(mask)
    if len(rows):
        box[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = True
    return box
