"""Results with the reader's calls and notes and the truth behind them, as CSV."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Final

from core.review.cases import ReviewCase
from core.table import neutralise, write_csv

READER_COLUMNS: Final = (
    "truth",
    "truth_kind",
    "truth_source",
    "reader_call",
    "reader_kind",
    "model_errs",
    "reader_errs",
    "reader_differs",
    "key_image",
    "note",
    "tags",
)
"""What the table and the workbook call the same things."""

REVIEWED_AT: Final = "reviewed_at"


def reader_cells(case: ReviewCase) -> tuple[str, ...]:
    """Return the cells of `READER_COLUMNS`, empty for what is not known or not said."""
    judgement, truth = case.judgement, case.truth
    label = None if truth is None else truth.label
    model = None if case.vouched is None else case.vouched.call
    return (
        label or "",
        "" if truth is None else truth.kind or "",
        "" if truth is None else truth.source,
        judgement.call or "",
        judgement.kind or "",
        _differ(model, label),
        _differ(judgement.call, label),
        _differ(judgement.call, model),
        "yes" if judgement.key_image else "",
        judgement.note,
        ", ".join(judgement.tags),
    )


def _differ(one: str | None, other: str | None) -> str:
    """Say whether two that have made up their minds differ; empty where one of them has not."""
    if None in (one, other) or "unsure" in (one, other):
        return ""
    return "no" if one == other else "yes"


def write_review_csv(
    path: str | os.PathLike[str],
    cases: Sequence[ReviewCase],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Write a table atomically: the columns of `deeppneumo predict` first, those of reader and truth behind them.

    Parameters
    ----------
    path : path
    cases : sequence of ReviewCase
    progress : callable
        Told how many of how many are done; what it raises ends the writing.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left then.
    """

    def more(place: int) -> list[str]:
        progress(place, len(cases))
        at = cases[place].judgement.reviewed_at
        # With its time zone, for whoever compares readers in several places.
        moment = "" if at is None else at.isoformat(timespec="seconds")
        return [*(neutralise(cell) for cell in reader_cells(cases[place])), moment]

    rows = (case.row for case in cases)
    write_csv(path, rows, columns=(*READER_COLUMNS, REVIEWED_AT), cells=more)
    progress(len(cases), len(cases))
