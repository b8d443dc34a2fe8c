"""Which cases are listed by what reader, model and truth say of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from deeppneumo_gui.cases import Case
from deeppneumo_gui.judging.agreement import Difference, Reading


def mentions(case: Case, text: str) -> bool:
    """Whether the note or a tag of a case has a casefolded text in it."""
    judgement = case.judgement
    return any(text in words.casefold() for words in (judgement.note, *judgement.tags) if words)


class Caller(Enum):
    """Who called; the value begins the sentence about a call."""

    MODEL = "model"
    READER = "you"

    @property
    def title(self) -> str:
        """What calls of this kind are headed by."""
        return "Model's calls" if self is Caller.MODEL else "Your calls"

    def call_on(self, case: Case) -> str | None:
        """Return what was called; a score on request is no call of the model's."""
        return case.vouched_call if self is Caller.MODEL else case.judgement.call


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table of calls against the truth."""

    caller: Caller
    truth: str
    call: str

    @property
    def meaning(self) -> str:
        """What images in it are."""
        if self.truth == "pneumonia":
            return "found" if self.call == "pneumonia" else "missed"
        return "false alarms" if self.call == "pneumonia" else "rightly normal"

    @property
    def words(self) -> str:
        """Truth and call."""
        return f"truth {self.truth}, {self.caller.value}: {self.call}"

    def holds(self, case: Case) -> bool:
        """Whether a case belongs into it."""
        return (
            case.truth is not None
            and case.truth.label == self.truth
            and self.caller.call_on(case) == self.call
        )


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """What a case must be to be listed; None asks for nothing.

    Attributes
    ----------
    reading : Reading or None
        How far the reader is with it.
    difference : Difference or None
        Who must differ.
    truth : str or None
        ``"normal"`` or ``"pneumonia"``, or ``"unknown"`` for cases without truth.
    cell : Cell or None
        The cell of a table of calls that it must belong into.
    """

    reading: Reading | None = None
    difference: Difference | None = None
    truth: str | None = None
    cell: Cell | None = None

    def accepts(self, case: Case) -> bool:
        """Whether a case passes."""
        if self.reading is not None and not self.reading.holds(case):
            return False
        if self.difference is not None and not self.difference.holds(case):
            return False
        if self.cell is not None and not self.cell.holds(case):
            return False
        return self.truth is None or self.truth == ("unknown" if case.truth is None else case.truth.label)


ANY_REVIEW = ReviewFilter()
"""Lets every case pass."""
