"""The figures on a model's card, as they are shown. Free of Qt.

What stands on a card is free JSON, made by whoever made the bundle; anything unexpected is left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from core.engine.card import Card
from core.metrics import KINDS
from core.report.words import PERCENT, percent

_DIGITS: Final = 3
_MOST_DIGITS: Final = 6
DASH: Final = "\N{EN DASH}"
PART_WORDS: Final = {"test": "test set", "validation": "validation set"}
"""In this order: the test set says more, for the threshold was chosen on the other."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure in words; `interval` is empty where there is none."""

    key: str
    title: str
    value: str
    interval: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured on one part of the data."""

    part: str
    images: int | None
    patients: int | None
    confidence: float | None
    figures: tuple[Figure, ...]

    @property
    def words(self) -> str:
        """What the part is called."""
        return PART_WORDS.get(self.part, self.part)

    @property
    def size(self) -> str:
        """How many images of how many patients, empty where the card does not say."""
        counts = ((self.images, "image"), (self.patients, "patient"))
        return " of ".join(
            f"{count:,} {unit}{'s' * (count != 1)}" for count, unit in counts if count is not None
        )

    def figure(self, key: str) -> Figure | None:
        """Return one figure."""
        return next((figure for figure in self.figures if figure.key == key), None)


def measured_parts(card: Card) -> list[Measured]:
    """Return everything that was measured, the test set first."""
    names = [*(name for name in PART_WORDS if name in card.metrics), *card.metrics]
    parts = [_measured(name, card.metrics[name]) for name in dict.fromkeys(names)]
    return [part for part in parts if part is not None and part.figures]


def best_part(card: Card) -> Measured | None:
    """Return the part that says most about new images and has sensitivity and specificity."""
    for part in measured_parts(card):
        if part.part in PART_WORDS and part.figure("sensitivity") and part.figure("specificity"):
            return part
    return None


def _measured(name: str, content: object) -> Measured | None:
    if not isinstance(content, Mapping) or not isinstance(content.get("measures"), Mapping):
        return None
    figures = [_figure(str(key), measure) for key, measure in content["measures"].items()]
    return Measured(
        name,
        _count(content.get("images")),
        _count(content.get("patients")),
        _number(content.get("confidence")),
        tuple(figure for figure in figures if figure is not None),
    )


def _figure(key: str, measure: object) -> Figure | None:
    if not isinstance(measure, Mapping):
        return None
    kind = KINDS.get(key)
    title = measure.get("title")
    if not isinstance(title, str):
        title = kind.title if kind is not None else key
    as_percent = kind is not None and kind.percent
    meaning = kind.meaning if kind is not None else ""
    value = _number(measure.get("value"))
    if value is None:
        reason = measure.get("reason")
        return Figure(key, title, DASH, reason if isinstance(reason, str) else "", meaning)
    ends = measure.get("interval")
    low, high = map(_number, ends) if isinstance(ends, list | tuple) and len(ends) == 2 else (None, None)
    if low is None or high is None:
        return Figure(key, title, _texts([value], as_percent)[0], "", meaning)
    shown, first, last = _texts([value, low, high], as_percent)
    return Figure(key, title, shown, f"{first.removesuffix(PERCENT)}{DASH}{last}", meaning)


def _texts(values: list[float], as_percent: bool) -> list[str]:
    """Return numbers in words, with as many digits as keep what is almost 1 from looking like 1."""
    if as_percent:
        return [percent(value) for value in values]
    digits = _DIGITS
    while digits < _MOST_DIGITS and any(value < 1 and round(value, digits) >= 1 for value in values):
        digits += 1
    return [f"{value:.{digits}f}" for value in values]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e12 and math.isfinite(value) else None


def _count(value: object) -> int | None:
    number = _number(value)
    return None if number is None or number < 0 else round(number)
