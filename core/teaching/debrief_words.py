"""A debrief in words: figures without more digits than a few cases bear, and what became of each case."""

from __future__ import annotations

from typing import Final, NamedTuple

from core.metrics.calls import CallMeasures
from core.metrics.result import Measure
from core.report.words import PERCENT
from core.teaching.case_review import CaseReview, Outcome
from core.teaching.debrief import Debrief, Places, Roc

DASH: Final = "\N{EN DASH}"
ARROW: Final = " \N{RIGHTWARDS ARROW} "
VERY_FEW: Final = 10
FEW: Final = 30

OUTCOME_TITLES: Final[dict[Outcome, str]] = {
    "rescued": "Rightly rescued",
    "led astray": "Wrongly led astray",
    "rightly resisted": "Rightly resisted",
    "wrongly resisted": "Wrongly resisted",
    "turned right": "Left a wrong call that both made",
    "turned wrong": "Left a right call that both made",
    "right together": "Right together",
    "wrong together": "Wrong together",
    "no score": "Without a model score",
    "unanswered": "Not called in time",
}
OUTCOME_MEANINGS: Final[dict[Outcome, str]] = {
    "rescued": "wrong before, right after: the machine was right",
    "led astray": "right before, wrong after: the machine was wrong",
    "rightly resisted": "stayed right although the machine was wrong",
    "wrongly resisted": "stayed wrong although the machine was right",
    "turned right": "both were wrong, then the learner changed the call",
    "turned wrong": "both were right, then the learner changed the call",
    "right together": "learner and machine were right",
    "wrong together": "learner and machine were wrong",
    "no score": "no model could score the radiograph",
    "unanswered": "time ran out before there was a call",
}


class Figure(NamedTuple):
    """A figure and, smaller, what it is made of and how far chance may have moved it."""

    value: str
    detail: str


def whole_percent(value: float) -> str:
    """Write a share in whole per cent; 100 and 0 only when they are exact."""
    shown = round(100 * value)
    if shown == 100 and value < 1:
        shown = 99
    elif shown == 0 and value > 0:
        shown = 1
    return f"{shown}{PERCENT}"


def share_figure(measure: Measure, hits: int, total: int, missing: str = "") -> Figure:
    """Return a share with its counts and its interval; `missing` says why there may be none."""
    if measure.value is None:
        return Figure(DASH, missing)
    counts = f"{hits} of {total}"
    if measure.low is None or measure.high is None:
        return Figure(whole_percent(measure.value), counts)
    low, high = whole_percent(measure.low).removesuffix(PERCENT), whole_percent(measure.high)
    return Figure(whole_percent(measure.value), f"{counts} ({low}{DASH}{high})")


def call_figures(calls: CallMeasures | None) -> dict[str, Figure]:
    """Return accuracy, sensitivity and specificity of calls."""
    if calls is None:
        return dict.fromkeys(("accuracy", "sensitivity", "specificity"), Figure(DASH, "nothing called"))
    tp, fn, tn, fp = calls.true_positive, calls.false_negative, calls.true_negative, calls.false_positive
    measures = calls.measures
    return {
        "accuracy": share_figure(measures["accuracy"], tp + tn, calls.images),
        "sensitivity": share_figure(measures["sensitivity"], tp, tp + fn, "no pneumonia"),
        "specificity": share_figure(measures["specificity"], tn, tn + fp, "no normal case"),
    }


def roc_figure(roc: Roc) -> Figure:
    """Return an AUROC with its interval."""
    auroc = roc.auroc
    if auroc.value is None:
        return Figure(DASH, "nothing rated" if not roc.cases else "needs both classes")
    cases = "1 case" if roc.cases == 1 else f"{roc.cases} cases"
    if auroc.low is None or auroc.high is None:
        return Figure(f"{auroc.value:.2f}", f"{cases}, no interval")
    return Figure(f"{auroc.value:.2f}", f"{cases} ({auroc.low:.2f}{DASH}{auroc.high:.2f})")


def places_figure(places: Places, of: str) -> Figure:
    """Return how often a mark lay within a region; `of` is what is missing where there is none."""
    none = f", {places.none} without {of}" if places.none else ""
    if places.share.value is None:
        return Figure(DASH, none.removeprefix(", ") or "no region drawn")
    figure = share_figure(places.share, places.hits, places.hits + places.misses)
    return Figure(figure.value, f"{figure.detail}{none}")


def cautions(debrief: Debrief) -> tuple[str, ...]:
    """Return what keeps figures from meaning much, in sentences."""
    calls = debrief.before
    if calls is None:
        return ("No case was called yet.",)
    count = calls.images
    told = []
    if not calls.true_positive + calls.false_negative:
        told.append("There is no pneumonia among the cases: sensitivity and ROC cannot be told.")
    elif not calls.true_negative + calls.false_positive:
        told.append("There is no normal case among the cases: specificity and ROC cannot be told.")
    if count < VERY_FEW:
        cases = "One case is" if count == 1 else f"{count} cases are"
        told.append(f"{cases} too few for a judgement: look at the cases, not at the figures.")
    elif count < FEW:
        told.append(f"{count} cases are few: the intervals tell how far chance may have moved a figure.")
    return tuple(told)


def balance_words(debrief: Debrief) -> str:
    """Return what the machine changed, in one sentence."""
    if debrief.before is None or debrief.after is None:
        return ""
    gained = sum(case.right_after is True and case.right_before is False for case in debrief.cases)
    lost = sum(case.right_after is False and case.right_before is True for case in debrief.cases)
    if not gained and not lost:
        return "Seeing the machine changed no call from wrong to right or back."
    return f"Having seen the machine, {_cases(gained)} turned from wrong to right and {lost} from right to wrong."


def case_words(case: CaseReview) -> str:
    """Return who said what of a case, and what it is, in two lines."""
    before, after = case.before, case.after
    call = before.call or "no call"
    sure = "" if before.confidence is None else f" ({before.confidence} of 5)"
    changed = "" if after.call in (before.call, None) else f"{ARROW}{after.call}"
    machine = "no score" if case.machine is None else f"machine {case.machine.call}"
    return f"{call}{sure}{changed}\n{machine}, truth {case.item.truth.label}"


def mark_words(case: CaseReview) -> str:
    """Return where the learner's mark and Grad-CAM's peak lie, in sentences; empty where nothing can be said."""
    said = {
        "hit": "The mark lies within the teacher's region.",
        "miss": "The mark lies outside the teacher's region.",
        "none": "No mark was placed.",
    }
    peak = {
        "hit": "Grad-CAM is strongest within it." if case.mark_place != "none" else "",
        "miss": "Grad-CAM is strongest elsewhere.",
    }
    if case.mark_place == "none" and case.peak_place == "hit":
        peak["hit"] = "Grad-CAM is strongest within the teacher's region."
    words = [said.get(case.mark_place or "", ""), peak.get(case.peak_place or "", "")]
    return " ".join(word for word in words if word)


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
