"""A heatmap as the canvas wants it: levels once, colours as often as the reader likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtGui import QImage

from core.overlay import (
    DEFAULT_COLORMAP,
    DEFAULT_OPACITY,
    DEFAULT_THRESHOLD,
    colormap_table,
    map_levels,
    strength,
)
from deeppneumo_gui.canvas.images import indexed_image

_SIDE: Final = 224
"""Enlarged here from 7 x 7 levels and then by Qt: Qt would blend colours where levels are meant."""

PNEUMONIA: Final = "pneumonia"


@dataclass(frozen=True, slots=True)
class HeatmapStyle:
    """How the heatmap looks; nothing here asks the model for anything."""

    visible: bool = False
    opacity: float = DEFAULT_OPACITY
    threshold: float = DEFAULT_THRESHOLD
    colormap: str = DEFAULT_COLORMAP
    target: str = PNEUMONIA
    smooth: bool = True

    @property
    def colours(self) -> tuple[str, float, bool]:
        """What decides on the colours of a map; opacity and visibility are the view's affair."""
        return self.colormap, self.threshold, self.smooth


class Heatmap:
    """One activation map, enlarged once, smoothly and cell by cell."""

    def __init__(self, activation_map: NDArray[np.float32]) -> None:
        self.strength = strength(activation_map)
        picture = Image.fromarray(map_levels(activation_map))
        size = (_SIDE, _SIDE)
        self._smooth = np.asarray(picture.resize(size, Image.Resampling.BILINEAR))
        self._cells = np.asarray(picture.resize(size, Image.Resampling.NEAREST))

    def image(self, style: HeatmapStyle) -> QImage:
        """Return the map in the colours and above the threshold of `style`."""
        levels = self._smooth if style.smooth else self._cells
        return indexed_image(levels, colormap_table(style.colormap, style.threshold))

    def peak(self, style: HeatmapStyle) -> float:
        """Return how opaque the map's strongest place is in [0, 1]; 0 where all is below the threshold."""
        levels = self._smooth if style.smooth else self._cells
        return float(colormap_table(style.colormap, style.threshold)[levels.max(), 3]) / 255.0
