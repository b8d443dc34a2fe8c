"""Which cases the reader wants to see."""

from __future__ import annotations

from dataclasses import dataclass

from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.certainty import Certainty
from deeppneumo_gui.judging.filters import ANY_REVIEW, ReviewFilter, mentions


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """What a case must be to be listed; None and the empty text ask for nothing.

    Attributes
    ----------
    text : str
        Part of the name that is shown, or of the note or a tag, in any case of letters.
    call : str or None
        ``"normal"`` or ``"pneumonia"``.
    state : CaseState or None
    scores : tuple of two floats
        Lowest and highest score, both included. A range narrower than 0 to 1 leaves out cases without a score.
    certainty : Certainty or None
    review : ReviewFilter
        What reader, model and truth must say of it.
    """

    text: str = ""
    call: str | None = None
    state: CaseState | None = None
    scores: tuple[float, float] = (0.0, 1.0)
    review: ReviewFilter = ANY_REVIEW
    certainty: Certainty | None = None

    @property
    def is_empty(self) -> bool:
        """Whether every case passes."""
        return self == CaseFilter()

    def accepts(self, case: Case, folded_name: str) -> bool:
        """Whether a case passes; its shown name comes casefolded, for thousands are asked at every key."""
        if self.text and self.text not in folded_name and not mentions(case, self.text):
            return False
        if self.state is not None and case.state is not self.state:
            return False
        if self.call is not None and case.call != self.call:
            return False
        if self.certainty is not None and not self.certainty.holds(case):
            return False
        if not self.review.accepts(case):
            return False
        if not self._asks_for_scores:
            return True
        low, high = self.scores
        score = case.score
        # Half a step of the two digits shown: a score that reads 0.90 belongs to the scores up to 0.90.
        return score is not None and low - 0.005 <= score < high + 0.005

    @property
    def _asks_for_scores(self) -> bool:
        return self.scores != (0.0, 1.0)
