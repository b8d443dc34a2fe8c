"""Which cases are listed by what reader, model and truth say of them."""

from __future__ import annotations

from dataclasses import dataclass

from deeppneumo_gui.cases import Case
from deeppneumo_gui.judging.agreement import Difference, Reading


def mentions(case: Case, text: str) -> bool:
    """Whether the note or a tag of a case has a casefolded text in it."""
    judgement = case.judgement
    return any(text in words.casefold() for words in (judgement.note, *judgement.tags) if words)


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
    """

    reading: Reading | None = None
    difference: Difference | None = None
    truth: str | None = None

    def accepts(self, case: Case) -> bool:
        """Whether a case passes."""
        if self.reading is not None and not self.reading.holds(case):
            return False
        if self.difference is not None and not self.difference.holds(case):
            return False
        return self.truth is None or self.truth == ("unknown" if case.truth is None else case.truth.label)


ANY_REVIEW = ReviewFilter()
"""Lets every case pass."""
