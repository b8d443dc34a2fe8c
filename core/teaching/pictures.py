"""What an export needs to see of a case, one case at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.engine.prediction import Prediction
from core.overlay import heatmap_rgba
from core.review.page import Style

_MAP_SIDE = 224


@dataclass(frozen=True, slots=True, eq=False)
class LessonPicture:
    """The radiograph of an item and what the model says of it.

    Attributes
    ----------
    rendering : ndarray of uint8, shape (H, W)
        The file's default rendering; bright means dense.
    prediction : Prediction or None
        None where no model has scored it.
    refusal : str or None
        Why not, in one sentence, where that is known.
    """

    rendering: NDArray[np.uint8]
    prediction: Prediction | None
    refusal: str | None = None


Pictures: TypeAlias = Callable[[int], LessonPicture]
"""From the place of an item in its lesson, counted from 0, to its picture. Called when the picture is needed, and no
picture is kept, so that memory holds one at a time. Raises `ReadError` for what cannot be read, which the export then
says in its place; anything else that it raises ends the writing."""


def shrink(pixels: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """Return a picture of shape (H, W) or (H, W, 4) no larger than `width` x `height`, its proportions kept."""
    factor = min(width / pixels.shape[1], height / pixels.shape[0])
    if factor >= 1:
        return pixels
    size = max(1, round(pixels.shape[1] * factor)), max(1, round(pixels.shape[0] * factor))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def heat_of(prediction: Prediction, style: Style) -> NDArray[np.uint8]:
    """Return the Grad-CAM of pneumonia as a small transparent picture, to be stretched over its radiograph.

    Returns
    -------
    ndarray of uint8, shape (224, 224, 4)
        RGBA, not premultiplied.
    """
    heat = heatmap_rgba(
        prediction.activation_map(), (_MAP_SIDE, _MAP_SIDE), style.colormap, style.threshold
    ).copy()
    heat[..., 3] = np.rint(heat[..., 3] * style.opacity)
    return heat
