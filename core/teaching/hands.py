"""A show of hands: how many of a class say what of a case, before they see the model's score and after."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from core.engine.prediction import Prediction
from core.files import atomic_write
from core.notice import NOTICE
from core.table import neutralise
from core.truth.truth import Truth

Choice = Literal["normal", "pneumonia", "bacterial", "viral"]
CHOICES: Final[tuple[Choice, ...]] = ("normal", "pneumonia", "bacterial", "viral")
MAX_HANDS: Final = 9999

COLUMNS: Final = (
    "case",
    "truth",
    "kind",
    "model_score",
    "model_call",
    *(f"{when}_{choice}" for when in ("before", "after") for choice in CHOICES),
    "notice",
)


@dataclass(frozen=True, slots=True)
class Hands:
    """Hands counted at one moment.

    Attributes
    ----------
    normal, pneumonia : int
        From 0 to `MAX_HANDS`.
    bacterial, viral : int
        Asked of those who say pneumonia, where the teacher asks for it.

    Raises
    ------
    ValueError
        For a number out of range.
    """

    normal: int = 0
    pneumonia: int = 0
    bacterial: int = 0
    viral: int = 0

    def __post_init__(self) -> None:
        if not all(0 <= self.of(choice) <= MAX_HANDS for choice in CHOICES):
            raise ValueError(f"hands are from 0 to {MAX_HANDS}")

    def of(self, choice: Choice) -> int:
        """Return how many hands there are for a choice."""
        count: int = getattr(self, choice)
        return count

    def counted(self, choice: Choice, count: int) -> Hands:
        """Return the hands with another number for a choice, kept within its range."""
        return replace(self, **{choice: min(max(count, 0), MAX_HANDS)})

    @property
    def total(self) -> int:
        """How many said normal or pneumonia."""
        return self.normal + self.pneumonia

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been counted."""
        return self == Hands()

    def right(self, truth: Truth) -> int:
        """Return how many of `total` said what is true."""
        return self.normal if truth.label == "normal" else self.pneumonia


@dataclass(frozen=True, slots=True)
class CaseHands:
    """Hands of one case before the class has seen the model's score, and after."""

    before: Hands = Hands()
    after: Hands = Hands()

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been counted."""
        return self.before.is_empty and self.after.is_empty


@dataclass(frozen=True, slots=True)
class ClassTotals:
    """Hands of several cases together.

    Attributes
    ----------
    cases : int
        With hands before or after.
    before, after : tuple of two ints
        How many hands were right, of how many.
    """

    cases: int
    before: tuple[int, int]
    after: tuple[int, int]


def class_totals(counted: Sequence[tuple[CaseHands, Truth]]) -> ClassTotals:
    """Add up the hands of cases whose truth is known."""
    before = [(hands.before.right(truth), hands.before.total) for hands, truth in counted]
    after = [(hands.after.right(truth), hands.after.total) for hands, truth in counted]
    return ClassTotals(
        sum(not hands.is_empty for hands, _ in counted),
        (sum(right for right, _ in before), sum(total for _, total in before)),
        (sum(right for right, _ in after), sum(total for _, total in after)),
    )


def class_rows(
    hands: Sequence[CaseHands], truths: Sequence[Truth], predictions: Sequence[Prediction | None]
) -> list[list[str]]:
    """Return a row of `COLUMNS` for each case; cases where nobody was counted have empty cells for hands."""
    rows = []
    for number, (case, truth, prediction) in enumerate(zip(hands, truths, predictions, strict=True), 1):
        score = "" if prediction is None else f"{prediction.score:.6f}"
        call = "" if prediction is None else prediction.call
        counts = [
            "" if moment.is_empty else str(moment.of(choice))
            for moment in (case.before, case.after)
            for choice in CHOICES
        ]
        cells = [str(number), truth.label, truth.kind or "", score, call, *counts]
        rows.append([*(neutralise(cell) for cell in cells), NOTICE])
    return rows


def write_class_results(path: str | os.PathLike[str], rows: Sequence[Sequence[str]]) -> None:
    """Write the rows of `class_rows` as CSV, atomically: UTF-8, commas, a header line.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    with atomic_write(path) as stream:
        stream.write(text.getvalue().encode())
