"""Heatmaps averaged over many patients: they show where scores come from without showing anybody's radiograph."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from core.dataset import LABELS, Item
from core.engine.prediction import Prediction
from core.metrics.threshold import Floats
from core.preprocess import resize_grey
from core.reading.radiograph import Radiograph

LEAST_PATIENTS: Final = 50
"""Fewer are not shown: a mean of few radiographs still looks like one of them."""

SIDE: Final = 64
"""Pixels of the mean radiograph's side, too few for anybody's detail."""


@dataclass(frozen=True, slots=True, eq=False)
class AverageHeatmap:
    """The mean over all patients of one label whose images were called rightly.

    Attributes
    ----------
    label : str
        One of `core.dataset.LABELS`.
    images, patients : int
        How many are in the mean; every patient weighs the same.
    radiograph : ndarray, shape (SIDE, SIDE)
        Mean grey value, 0 to 255.
    activation_map : ndarray, shape (h, w)
        Mean Grad-CAM of pneumonia in logits per cell, not negative.
    """

    label: str
    images: int
    patients: int
    radiograph: Floats
    activation_map: Floats


@dataclass(slots=True)
class _Sum:
    images: int = 0
    radiograph: Floats | float = 0.0
    activation_map: Floats | float = 0.0


@dataclass(slots=True)
class Averaging:
    """Gathers what `core.pipeline.score_files` has scored, from several threads at once.

    Parameters
    ----------
    items : sequence of Item
        In the order of the files that are scored.
    """

    items: Sequence[Item]
    _sums: dict[tuple[str, str], _Sum] = field(default_factory=lambda: defaultdict(_Sum))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, index: int, radiograph: Radiograph, prediction: Prediction) -> None:
        """Take in one image; one that is called wrongly is left out."""
        item = self.items[index]
        if (prediction.call == "pneumonia") != item.is_pneumonia:
            return
        grey = resize_grey(radiograph.rendering, SIDE).astype(np.float64)
        found = prediction.activation_map().astype(np.float64)
        with self._lock:
            part = self._sums[item.label, item.patient]
            part.images += 1
            part.radiograph = part.radiograph + grey
            part.activation_map = part.activation_map + found

    def averages(self, least: int = LEAST_PATIENTS) -> tuple[AverageHeatmap, ...]:
        """Return the mean of every label that has at least so many patients."""
        means = []
        for label in LABELS:
            parts = [part for (name, _), part in self._sums.items() if name == label]
            if len(parts) >= least:
                grey = np.array([part.radiograph / part.images for part in parts]).mean(axis=0)
                found = np.array([part.activation_map / part.images for part in parts]).mean(axis=0)
                images = sum(part.images for part in parts)
                means.append(AverageHeatmap(label, images, len(parts), grey, found))
        return tuple(means)
