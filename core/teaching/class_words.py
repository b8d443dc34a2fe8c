"""Several runs of one lesson in words: a row for each learner, a row for each case, and how far they agree."""

from __future__ import annotations

from typing import Final

from core.metrics.calls import CallMeasures
from core.report.words import PERCENT
from core.score_words import score_text
from core.teaching.agreement import Agreement, CaseAcross
from core.teaching.answer import Answer, LearnerCall
from core.teaching.case_review import CaseReview
from core.teaching.debrief import Debrief
from core.teaching.debrief_words import ARROW, DASH, whole_percent

LEARNER_COLUMNS: Final = (
    "Learner",
    "Cases read",
    "Accuracy",
    "Sensitivity",
    "Specificity",
    "Rescued",
    "Led astray",
    "Resisted rightly",
    "Resisted wrongly",
    "Marks in region",
    "Minutes",
)
CASE_COLUMNS: Final = ("Case", "Truth", "Machine", "Right before", "Right after")
"""Before the columns of the learners."""
RIGHT: Final = "\N{CHECK MARK}"
WRONG: Final = "\N{BALLOT X}"
LEGEND: Final = (
    f"N normal, P pneumonia, with how sure the learner was (1 to 5); the arrow shows a call that was changed having "
    f"seen the machine; {RIGHT} right and {WRONG} wrong in the end."
)
LEARNERS_LEGEND: Final = "The arrow leads from the blind calls to those after the machine."

_LETTERS: Final[dict[LearnerCall, str]] = {"normal": "N", "pneumonia": "P"}


def learner_cells(label: str, debrief: Debrief) -> tuple[str, ...]:
    """Return what `LEARNER_COLUMNS` say of a run."""
    marks = debrief.marks
    placed = marks.hits + marks.misses
    return (
        label,
        f"{len(debrief.cases)} of {debrief.planned}",
        *(
            _change(debrief.before, debrief.after, name)
            for name in ("accuracy", "sensitivity", "specificity")
        ),
        str(debrief.count("rescued")),
        str(debrief.count("led astray")),
        str(debrief.count("rightly resisted")),
        str(debrief.count("wrongly resisted")),
        f"{marks.hits} of {placed}" if placed else DASH,
        f"{debrief.times.total / 60:.1f}",
    )


def case_cells(case: CaseAcross) -> tuple[str, ...]:
    """Return what `CASE_COLUMNS`, and behind them the learners' columns, say of a case."""
    answered = case.answered
    machine = next((review.machine for review in case.reviews if review and review.machine), None)
    return (
        str(case.index + 1),
        case.item.truth.word,
        DASH
        if machine is None
        else f"{_LETTERS[machine.call]} {score_text(machine.score, machine.threshold)}",
        f"{case.right_before} of {answered}" if answered else DASH,
        f"{case.right_after} of {answered}" if answered else DASH,
        *(review_cell(review) for review in case.reviews),
    )


def review_cell(review: CaseReview | None) -> str:
    """Return what one learner made of a case; empty where the learner has not come to it."""
    if review is None:
        return ""
    before, after = review.before, review.after
    if before.call is None:
        return "no call"
    changed = "" if after.call in (before.call, None) else f"{ARROW}{_answer(after)}"
    return f"{_answer(before)}{changed} {RIGHT if review.right_after else WRONG}"


def agreement_words(before: Agreement, after: Agreement) -> str:
    """Return how far learners agree before and after the machine, and what that means, in a few sentences."""
    if before.kappa.value is None:
        why = before.kappa.reason or ""
        return f"Fleiss' kappa of the blind calls cannot be told: {why}."
    told = f"Fleiss' kappa: {_agreement(before)} before the machine"
    if after.kappa.value is None:
        told += f"; after it, it cannot be told: {after.kappa.reason or ''}"
    else:
        told += f", {_agreement(after)} after it"
    cases = "1 case" if before.cases == 1 else f"{before.cases} cases"
    return (
        f"{told}. From {before.learners} finished runs and the {cases} that all of them called. 1 is full agreement, "
        "0 no more than chance; it says nothing of who is right."
    )


def _agreement(agreement: Agreement) -> str:
    kappa = agreement.kappa
    value = _signed(kappa.value or 0.0)
    if kappa.low is not None and kappa.high is not None:
        value += f" (95{PERCENT} interval {_signed(kappa.low)} to {_signed(kappa.high)})"
    return value


def _signed(value: float) -> str:
    """Write a figure with two digits and a minus sign as long as a digit; nothing is less than 0.00 by rounding."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "\N{MINUS SIGN}")


def _answer(answer: Answer) -> str:
    sure = "" if answer.confidence is None else f" {answer.confidence}"
    return f"{'' if answer.call is None else _LETTERS[answer.call]}{sure}"


def _change(before: CallMeasures | None, after: CallMeasures | None, name: str) -> str:
    first, second = (None if calls is None else calls.measures[name].value for calls in (before, after))
    if first is None:
        return DASH
    if second is None:
        return whole_percent(first)
    return f"{whole_percent(first).removesuffix(PERCENT)}{ARROW}{whole_percent(second)}"
