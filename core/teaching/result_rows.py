"""A learner's result as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.teaching.answer import Answer
from core.teaching.case_review import CaseReview
from core.teaching.debrief import Debrief
from core.teaching.lesson import Point

COLUMNS: Final = (
    "code",
    "position",
    "case",
    "truth",
    "truth_kind",
    "call_before",
    "kind_before",
    "confidence_before",
    "rating_before",
    "mark_x",
    "mark_y",
    "mark",
    "model_score",
    "model_threshold",
    "model_call",
    "heatmap_peak",
    "call_after",
    "kind_after",
    "confidence_after",
    "rating_after",
    "outcome",
    "seconds",
    "timed_out",
    "model",
)


def result_rows(debriefs: Sequence[Debrief]) -> list[tuple[str, ...]]:
    """Return a row of `COLUMNS` for each case of each run, in the order they were read; empty for no value.

    Positions and cases (the lesson's numbers) are counted from 1; marks are shares of width and height.
    """
    return [_row(debrief.code, case) for debrief in debriefs for case in debrief.cases]


def _row(code: str, case: CaseReview) -> tuple[str, ...]:
    machine, truth = case.machine, case.item.truth
    return (
        code,
        str(case.position + 1),
        str(case.index + 1),
        truth.label,
        truth.kind or "",
        *_answer(case.before),
        *_point(case.before.mark),
        case.mark_place or "",
        "" if machine is None else f"{machine.score:.6f}",
        "" if machine is None else f"{machine.threshold:.6f}",
        "" if machine is None else machine.call,
        case.peak_place or "",
        *_answer(case.after),
        case.outcome,
        f"{case.step.seconds:.1f}",
        "yes" if case.step.timed_out else "no",
        "" if machine is None else machine.model,
    )


def _answer(answer: Answer) -> tuple[str, str, str, str]:
    return answer.call or "", answer.kind or "", _whole(answer.confidence), _whole(answer.rating)


def _point(point: Point | None) -> tuple[str, str]:
    return ("", "") if point is None else (f"{point[0]:.4f}", f"{point[1]:.4f}")


def _whole(number: int | None) -> str:
    return "" if number is None else str(number)
