"""How many images of each group are refused, by whom and why: the table of an examination."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.engine.engine import Engine
from core.engine.suitability import find_objection
from core.errors import ReadError
from core.metrics.calls import wilson
from core.preprocess import preprocess
from core.reading import read_radiograph
from core.reading.radiograph import Radiograph, Window
from core.refusal import find_refusal

_BATCH = 8

Image = Path | Radiograph | NDArray[np.uint8]
"""A file, what was read from one, or a rendering (H, W) with bright meaning dense."""


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """What became of a group of images.

    Attributes
    ----------
    group : str
    images : int
        Those that could be read.
    refused : int
        Those that the program would not score unasked, for whatever reason.
    low, high : float
        95 % interval of the share refused (Wilson), taking images as independent; 0 and 1 without images.
    reasons : tuple of (str, int)
        Sentences and how often each was given, the most frequent first.
    unreadable : int
    """

    group: str
    images: int
    refused: int
    low: float
    high: float
    reasons: tuple[tuple[str, int], ...]
    unreadable: int

    @property
    def share(self) -> float:
        """Share refused, in [0, 1]; NaN for a group without images."""
        return self.refused / self.images if self.images else math.nan

    @property
    def accepted(self) -> float:
        """Share accepted, in [0, 1]; NaN for a group without images."""
        return 1.0 - self.share


def refusal_table(engine: Engine, groups: Mapping[str, Sequence[Image]]) -> list[RefusalRow]:
    """Let a model judge groups of images as the program does, by the gates and by familiarity.

    Parameters
    ----------
    engine : Engine
        One without familiarity refuses by the gates alone.
    groups : mapping
        Name of each group and its images, see `Image`.

    Returns
    -------
    list of RefusalRow
        In the order of `groups`.
    """
    return [_row(engine, name, images) for name, images in groups.items()]


def find_reasons(engine: Engine, images: Iterable[Image]) -> list[str | None]:
    """Say of each image why it would be refused; None where it would be scored.

    Raises
    ------
    ReadError
        For a file that cannot be read.
    """
    reasons: list[str | None] = []
    waiting: list[NDArray[np.float32]] = []
    places: list[int] = []

    def judge() -> None:
        for place, prediction in zip(places, engine.predict(np.stack(waiting)), strict=True):
            reasons[place] = find_refusal(None, prediction)
        waiting.clear()
        places.clear()

    for image in images:
        radiograph = _opened(image)
        reasons.append(find_objection(radiograph))
        if reasons[-1] is None:
            places.append(len(reasons) - 1)
            waiting.append(preprocess(radiograph.rendering, engine.input_size))
            if len(waiting) == _BATCH:
                judge()
    if waiting:
        judge()
    return reasons


def _row(engine: Engine, group: str, images: Sequence[Image]) -> RefusalRow:
    unreadable = 0

    def readable() -> Iterator[Radiograph]:  # one at a time: a group of native radiographs fills the memory
        nonlocal unreadable
        for image in images:
            try:
                yield _opened(image)
            except ReadError:
                unreadable += 1

    reasons = find_reasons(engine, readable())
    given = Counter(reason for reason in reasons if reason is not None)
    refused = given.total()
    low, high = wilson(refused, len(reasons)) or (0.0, 1.0)
    return RefusalRow(group, len(reasons), refused, low, high, tuple(given.most_common()), unreadable)


def _opened(image: Image) -> Radiograph:
    if isinstance(image, Radiograph):
        return image
    if isinstance(image, np.ndarray):
        return Radiograph(image, image, Window(127.5, 256.0))
    return read_radiograph(image)
