"""Where reader, model and truth differ, free of Qt."""

from __future__ import annotations

from enum import Enum

from deeppneumo_gui.cases import Case, CaseState

_NOWHERE = 2.0
"""Beyond every distance between a score and a call."""


def reader_differs(case: Case) -> bool:
    """Whether reader and model have both made up their minds, and differently."""
    call = case.judgement.call
    return call not in (None, "unsure") and case.vouched_call not in (None, call)


def model_errs(case: Case) -> bool:
    """Whether the model's call is not the truth."""
    return case.truth is not None and case.vouched_call not in (None, case.truth.label)


def reader_errs(case: Case) -> bool:
    """Whether the reader's call is not the truth; unsure is no error."""
    call = case.judgement.call
    return case.truth is not None and call not in (None, "unsure") and call != case.truth.label


def can_be_judged(case: Case) -> bool:
    """Whether there is an image to judge."""
    return case.state is not CaseState.UNREADABLE


class Difference(Enum):
    """Two that may differ; the value is shown to the reader."""

    READER_MODEL = "You and model differ"
    MODEL_TRUTH = "Model errs"
    READER_TRUTH = "You err"

    @property
    def needs_truth(self) -> bool:
        """Whether it tells something of the truth."""
        return self is not Difference.READER_MODEL

    def holds(self, case: Case) -> bool:
        """Whether the two differ on a case."""
        match self:
            case Difference.READER_MODEL:
                return reader_differs(case)
            case Difference.MODEL_TRUTH:
                return model_errs(case)
            case Difference.READER_TRUTH:
                return reader_errs(case)


class Reading(Enum):
    """How far a reader is with a case; the value is shown to the reader."""

    UNREVIEWED = "Not reviewed"
    REVIEWED = "Reviewed"
    PNEUMONIA = "You: pneumonia"
    NORMAL = "You: normal"
    UNSURE = "You: unsure"
    KEY_IMAGE = "Key images"
    NOTED = "With note or tag"

    def holds(self, case: Case) -> bool:
        """Whether it is so with a case."""
        judgement = case.judgement
        match self:
            case Reading.UNREVIEWED:
                return judgement.call is None and can_be_judged(case)
            case Reading.REVIEWED:
                return judgement.call is not None
            case Reading.KEY_IMAGE:
                return judgement.key_image
            case Reading.NOTED:
                return bool(judgement.note or judgement.tags)
            case Reading.PNEUMONIA | Reading.NORMAL | Reading.UNSURE:
                return judgement.call == self.name.lower()


def distance_from(case: Case, call: str | None) -> float:
    """Return how far the score lies from a call, 0 to 1; `_NOWHERE` where one of them is missing."""
    score = case.score
    if score is None or call not in ("normal", "pneumonia"):
        return _NOWHERE
    return score if call == "normal" else 1 - score


def difference_order(case: Case) -> tuple[bool, float]:
    """Order cases by how strongly the model contradicts the reader, those where they agree last."""
    distance = distance_from(case, case.judgement.call)
    return not reader_differs(case), distance if distance == _NOWHERE else -distance


def error_order(case: Case) -> tuple[bool, float]:
    """Order cases by how wrong the model is, those where it is right after them, and the unlabelled last."""
    distance = distance_from(case, None if case.truth is None else case.truth.label)
    return not model_errs(case), distance if distance == _NOWHERE else -distance


def mistake_order(case: Case) -> int:
    """Order cases by how the reader met the truth: not, unsure, met; those without a call or truth last."""
    call = case.judgement.call
    if call is None or case.truth is None:
        return 3
    return 1 if call == "unsure" else 0 if reader_errs(case) else 2


def reader_order(case: Case) -> tuple[int, bool]:
    """Order cases by the reader's call: pneumonia, unsure, normal, not reviewed; errors first in each."""
    order = {"pneumonia": 0, "unsure": 1, "normal": 2}
    return order.get(case.judgement.call or "", 3), not reader_differs(case)
