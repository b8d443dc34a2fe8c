"""The hands of a class, while they are being counted and until they are saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, Literal, cast

from core.engine.prediction import Prediction
from core.teaching.hands import CaseHands, Choice, Hands, class_rows, write_class_results
from core.teaching.lesson import Item

_MOST_DIGITS: Final = 4
Moment = Literal["before", "after"]


class Tally:
    """Counts one by one, or as many as have been typed before."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = tuple(items)
        self.hands = (CaseHands(),) * len(self._items)
        self._saved = self.hands
        self._digits = ""

    @property
    def unsaved(self) -> bool:
        """Whether hands have been counted that are in no file."""
        return self.hands != self._saved

    def of(self, position: int) -> CaseHands:
        """Return the hands of a case; of a slide without a case none."""
        return self.hands[position] if 0 <= position < len(self.hands) else CaseHands()

    def type_digit(self, digit: int) -> None:
        """Take a digit of the number that the next choice will have."""
        self._digits = (self._digits + str(digit))[-_MOST_DIGITS:]

    def forget_digits(self) -> None:
        """Take what was typed for no number of hands."""
        self._digits = ""

    def add(self, position: int, moment: Moment, choice: Choice, step: int) -> None:
        """Count one hand more or less, or as many as were typed."""
        before = cast(Hands, getattr(self.of(position), moment)).of(choice)
        count = int(self._digits) if self._digits and step > 0 else before + step
        self.set(position, moment, choice, count)

    def set(self, position: int, moment: Moment, choice: Choice, count: int) -> None:
        """Take down a number of hands."""
        self.forget_digits()
        if not 0 <= position < len(self.hands):
            return
        hands = cast(Hands, getattr(self.hands[position], moment)).counted(choice, count)
        case = replace(self.hands[position], **{moment: hands})
        self.hands = (*self.hands[:position], case, *self.hands[position + 1 :])

    def save(self, path: Path, predictions: Sequence[Prediction | None]) -> None:
        """Write the results of the class; raises `OSError`."""
        write_class_results(path, class_rows(self.hands, [item.truth for item in self._items], predictions))
        self._saved = self.hands
