"""The first page of a learner's result: how the calls did alone, with the model, and against it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from core.metrics.calls import CallMeasures
from core.metrics.result import Measure
from core.report.style import LIGHT, unit_axes
from core.report.words import PERCENT, with_interval
from core.review.page import BOTTOM, HEIGHT, MARGIN, WIDTH
from core.review.text import line_height, put, put_lines, wrap
from core.teaching.case_review import CaseReview, Outcome
from core.teaching.debrief import Debrief, Places, Roc
from core.teaching.drawing import add_axes
from core.teaching.flow import Box

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROOM: Final = WIDTH - 2 * MARGIN
_COLUMNS: Final = (MARGIN, MARGIN + 2.05, MARGIN + 3.75, MARGIN + 5.45)
_MEASURES: Final = (
    ("accuracy", "Accuracy"),
    ("sensitivity", "Sensitivity"),
    ("specificity", "Specificity"),
    ("ppv", "Positive predictive value"),
    ("npv", "Negative predictive value"),
)
_COUNTED: Final[tuple[tuple[Outcome, str, str], ...]] = (
    ("rescued", "Rescued", "first wrong, then right with the model"),
    ("led astray", "Led astray", "first right, then wrong with the model"),
    ("rightly resisted", "Rightly resisted", "stayed right against a wrong model"),
    ("wrongly resisted", "Wrongly resisted", "stayed wrong against a right model"),
)
_DOTS: Final = (0, (2, 3))
_NO_CASES: Final = "No case of this run has been read to its end."
_LEAST_CHART: Final = 2.2


def draw_result(page: Figure, debrief: Debrief, made_on: str) -> None:
    """Draw the page."""
    put(page, MARGIN, MARGIN, f"Result of learner {debrief.code}", 18, weight="bold", color=LIGHT.ink)
    top = MARGIN + 0.42
    for lines in _facts(debrief, made_on):
        top = put_lines(page, MARGIN, top, lines, 9.5, color=LIGHT.ink)
    if not debrief.cases:
        put_lines(page, MARGIN, top + 0.12, [_NO_CASES], 9.5, color=LIGHT.muted)
        return
    top = _draw_measures(page, debrief, top + 0.18)
    top = _draw_counts(page, debrief, top + 0.16)
    top = _draw_places(page, debrief, top + 0.1)
    _draw_curves(page, debrief, top + 0.12)


def duration(seconds: float) -> str:
    """Return a time in minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02} min" if whole >= 60 else f"{whole} s"


def _facts(debrief: Debrief, made_on: str) -> list[list[str]]:
    times = debrief.times
    read = f"{len(debrief.cases)} of {debrief.planned} cases read"
    spent = (
        f": {duration(times.total)} in all, median {duration(times.median)} a case, "
        f"{duration(times.longest)} for the slowest"
        if debrief.cases
        else ""
    )
    return [
        wrap(debrief.lesson.title or "A lesson without a title", _ROOM, 9.5, 2),
        wrap(f"{read}{spent}. Made on {made_on}.", _ROOM, 9.5),
        *(wrap(note, _ROOM, 9.5) for note in debrief.notes),
    ]


def _draw_measures(page: Figure, debrief: Debrief, top: float) -> float:
    size = 9.0
    columns = (debrief.before, debrief.after, debrief.model)
    heads = ("Read blind", "With the model", "The model alone")
    for left, head, calls in zip(_COLUMNS[1:], heads, columns, strict=True):
        put(page, left, top, head, size, weight="bold", color=LIGHT.ink)
        put(page, left, top + line_height(size), _cases(calls), 7.5, color=LIGHT.muted)
    top += 2 * line_height(size) + 0.03
    for key, title in _MEASURES:
        put(page, MARGIN, top, title, size, color=LIGHT.ink)
        for left, calls in zip(_COLUMNS[1:], columns, strict=True):
            said = "\N{EN DASH}" if calls is None else _share(calls.measures[key])
            put(page, left, top, said, size, color=LIGHT.ink)
        top += line_height(size)
    put(page, MARGIN, top, "Area under the ROC curve", size, color=LIGHT.ink)
    for left, roc in zip(_COLUMNS[1:], _rocs(debrief), strict=True):
        put(page, left, top, with_interval("auroc", roc.auroc), size, color=LIGHT.ink)
    top += line_height(size) + 0.04
    note = (
        f"In brackets 95{PERCENT} intervals: Wilson's, and for the area from resampled cases. A few cases say little: "
        "look at how wide they are. Predictive values hold only where pneumonia is as common as in this lesson."
    )
    return put_lines(page, MARGIN, top, wrap(note, _ROOM, 7.5), 7.5, color=LIGHT.muted)


def _draw_counts(page: Figure, debrief: Debrief, top: float) -> float:
    """Say how often the model helped and harmed, and in which cases."""
    size = 9.0
    put(page, MARGIN, top, "You and the model", 10, weight="bold", color=LIGHT.ink)
    top += line_height(10) + 0.03
    for outcome, title, meaning in _COUNTED:
        cases = debrief.cases_with(outcome)
        put(page, MARGIN, top, str(len(cases)), size, weight="bold", color=LIGHT.ink)
        put(page, MARGIN + 0.35, top, title, size, color=LIGHT.ink)
        told = f"{meaning}{_numbers(cases)}"
        lines = wrap(told, WIDTH - MARGIN - _COLUMNS[1], size, 2)
        top = put_lines(page, _COLUMNS[1], top, lines, size, color=LIGHT.muted)
    return top


def _draw_places(page: Figure, debrief: Debrief, top: float) -> float:
    told = [
        words
        for words in (
            _place_words("Your marks", debrief.marks, "without a mark"),
            _place_words("The strongest cell of Grad-CAM", debrief.peaks, "without a heatmap"),
        )
        if words
    ]
    if debrief.kinds is not None:
        told.append(f"Bacterial or viral: {_share(debrief.kinds)} rightly told apart.")
    for words in told:
        top = put_lines(page, MARGIN, top, wrap(words, _ROOM, 9), 9, color=LIGHT.ink)
    return top


def _place_words(what: str, places: Places, without: str) -> str:
    made = places.hits + places.misses
    if not made and not places.none:
        return ""
    share = f" ({_share(places.share)})" if made else ""
    none = f"; {places.none} {without}" if places.none else ""
    return f"{what}: {places.hits} of {made} within the teacher's region{share}{none}."


def _draw_curves(page: Figure, debrief: Debrief, top: float) -> None:
    """Draw the ROC curves of what the learner was sure of, before and after, and of the model's scores."""
    side = min(3.9, HEIGHT - BOTTOM - top - 0.85)
    if side < _LEAST_CHART or all(roc.curve is None for roc in _rocs(debrief)):
        return
    put(page, MARGIN, top, "ROC curves", 10, weight="bold", color=LIGHT.ink)
    axes = add_axes(page, Box(MARGIN + 0.6, top + 0.3, side, side))
    unit_axes(axes, "False positive rate (1 \N{MINUS SIGN} specificity)", "Sensitivity")
    axes.plot([0, 1], [0, 1], color=LIGHT.muted, lw=0.9, ls=_DOTS, label="chance", zorder=1)
    looks = (
        ("read blind", LIGHT.normal, "--", "o"),
        ("with the model", LIGHT.normal, "-", "s"),
        ("the model alone", LIGHT.pneumonia, "-", ""),
    )
    for roc, (name, colour, line, marker) in zip(_rocs(debrief), looks, strict=True):
        if roc.curve is not None:
            x, y = roc.curve.false_positive_rate, roc.curve.true_positive_rate
            axes.plot(x, y, color=colour, ls=line, lw=1.6, marker=marker, ms=3.5, label=name)
    axes.legend(loc="lower right")
    left = MARGIN + 0.6 + side + 0.3
    note = (
        "Your curves come from your calls and how sure you were of them, from surely normal to surely pneumonia. "
        "The closer a curve comes to the upper left corner, the better normal and pneumonia were told apart."
    )
    put_lines(page, left, top + 0.4, wrap(note, WIDTH - MARGIN - left, 8.5), 8.5, color=LIGHT.muted)


def _rocs(debrief: Debrief) -> Sequence[Roc]:
    return debrief.roc_before, debrief.roc_after, debrief.roc_model


def _share(measure: Measure) -> str:
    """Write any share with its interval as the accuracy is written."""
    return with_interval("accuracy", measure)


def _cases(calls: CallMeasures | None) -> str:
    if calls is None:
        return "no cases"
    return "1 case" if calls.images == 1 else f"{calls.images} cases"


def _numbers(cases: Sequence[CaseReview]) -> str:
    if not cases:
        return ""
    numbers = ", ".join(str(number) for number in sorted(case.index + 1 for case in cases))
    return f": case{'' if len(cases) == 1 else 's'} {numbers}"
