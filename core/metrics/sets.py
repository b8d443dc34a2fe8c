"""How often prediction sets hold the truth, and how much they leave open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.conformal import class_indices
from core.metrics.binomial import clopper_pearson
from core.metrics.threshold import Flags, Floats, ratio


@dataclass(frozen=True, slots=True)
class ClassCoverage:
    """How often the sets hold one class when it is the truth.

    Attributes
    ----------
    name : str
    images, covered : int
        Images of the class, and those whose set holds it.
    low, high : float
        Clopper-Pearson interval of their share, which takes images as independent.
    """

    name: str
    images: int
    covered: int
    low: float
    high: float

    def agrees_with(self, level: float) -> bool:
        """Whether the promised coverage lies in the interval."""
        return self.low <= level <= self.high


@dataclass(frozen=True, slots=True)
class SetCoverage:
    """Prediction sets against the truth.

    Attributes
    ----------
    level : float
        The promised coverage of every class.
    classes : tuple of ClassCoverage
        Those that occur among the images.
    sizes : tuple of int, length K + 1
        Number of images whose set holds 0, 1, ... K classes.
    """

    level: float
    classes: tuple[ClassCoverage, ...]
    sizes: tuple[int, ...]


class Sets:
    """The arrays behind the measures of prediction sets.

    Parameters
    ----------
    members : ndarray of bool, shape (N, K)
        Which classes are in the set of each image, normal first.
    labels : sequence of str, length N
    class_names : tuple of str, length K
    """

    def __init__(self, members: Flags, labels: Sequence[str], class_names: tuple[str, ...]) -> None:
        truth = class_indices(labels, class_names)
        known = truth >= 0
        self._names = class_names
        self._members = members
        self._own: Flags = known[:, None] & (truth[:, None] == np.arange(len(class_names)))
        self._covered: Flags = self._own & members
        self._size = members.sum(axis=1).astype(np.float64)
        self._open: Flags = is_open(members)

    def measure(self, weights: Floats) -> dict[str, Floats]:
        """Compute the measures for weights of shape (..., N)."""
        total = weights.sum(axis=-1)
        figures = {
            "set_size": ratio(weights @ self._size, total),
            "set_open": ratio(weights @ self._open.astype(np.float64), total),
        }
        for place, name in enumerate(self._names):
            if self._own[:, place].any():
                covered, own = (part[:, place].astype(np.float64) for part in (self._covered, self._own))
                figures[f"set_coverage_{name}"] = ratio(weights @ covered, weights @ own)
        return figures

    def coverage(self, level: float, confidence: float) -> SetCoverage:
        """Count, every image once."""
        classes = []
        for place, name in enumerate(self._names):
            images, covered = int(self._own[:, place].sum()), int(self._covered[:, place].sum())
            if images:
                ends = clopper_pearson(covered, images, confidence)
                classes.append(ClassCoverage(name, images, covered, *ends))
        sizes = np.bincount(self._members.sum(axis=1), minlength=len(self._names) + 1)
        return SetCoverage(level, tuple(classes), tuple(sizes.tolist()))


def is_open(members: Flags) -> Flags:
    """Whether sets leave open if it is pneumonia: both normal and a pneumonia in them, or nothing.

    Shape (..., K) to (...), normal first.
    """
    open_: Flags = members[..., 0] == members[..., 1:].any(axis=-1)
    return open_
