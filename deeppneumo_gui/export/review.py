"""Workbooks, reports and contact sheets of cases."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from core.engine.card import Card
from core.errors import ReadError
from core.reading.radiograph import Radiograph
from core.review.cases import ReviewCase
from core.review.gathering import patient_mark_of
from core.review.page import Style
from core.table import Status
from deeppneumo_gui.canvas.heatmap import HeatmapStyle
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.export.background import Control, Work
from deeppneumo_gui.services import Reader

_STATUSES: Final[dict[CaseState, Status]] = {
    CaseState.SCORED: "ok",
    CaseState.REFUSED: "refused",
    CaseState.UNREADABLE: "unreadable",
}


def review_cases(cases: Sequence[Case], names: Sequence[str], failure: str | None) -> list[ReviewCase]:
    """Return what is told of cases; `failure` says why there is no model, where there is none."""
    return [_review_case(case, name, failure) for case, name in zip(cases, names, strict=True)]


def _review_case(case: Case, name: str, failure: str | None) -> ReviewCase:
    status = _STATUSES.get(case.state, "not scored" if case.prediction is None else "ok")
    waiting = failure or "The image had not been scored yet."
    return ReviewCase(
        name,
        case.path,
        case.frame,
        status,
        (case.reason or "") if case.state in _STATUSES else waiting,
        case.prediction,
        case.notes,
        case.judgement,
        case.truth,
        patient_mark_of(case.path),
    )


def workbook_work(path: Path, cases: Sequence[ReviewCase], card: Card | None) -> Work:
    """Return the work of writing a workbook."""

    def work(control: Control) -> str:
        from core.review.workbook import write_workbook

        write_workbook(path, cases, card, _today(), _progress(control))
        control.finish()
        return f"The workbook was saved with {_count(len(cases), 'row')}."

    return work


def review_table_work(path: Path, cases: Sequence[ReviewCase]) -> Work:
    """Return the work of writing a table with the reader's columns."""

    def work(control: Control) -> str:
        from core.review.table import write_review_csv

        write_review_csv(path, cases, _progress(control))
        control.finish()
        return f"The review was saved with {_count(len(cases), 'row')}."

    return work


def report_work(
    path: Path,
    cases: Sequence[ReviewCase],
    shown: Sequence[ReviewCase],
    card: Card | None,
    read: Reader,
    per_page: int,
    style: HeatmapStyle,
) -> Work:
    """Return the work of writing a report on cases, of which some are shown."""
    look = Style(style.opacity, style.colormap, style.threshold)

    def work(control: Control) -> str:
        from core.review.document import write_report

        reading = _Reading(read, control)
        write_report(
            path,
            cases,
            shown,
            card,
            _today(),
            reading.read,
            per_page=per_page,
            style=look,
            progress=_progress(control),
        )
        return reading.sentence(f"The report on {_count(len(cases), 'image')} was saved")

    return work


def sheet_work(path: Path, cases: Sequence[ReviewCase], card: Card | None, read: Reader) -> Work:
    """Return the work of writing a contact sheet."""

    def work(control: Control) -> str:
        from core.review.document import write_contact_sheet

        reading = _Reading(read, control)
        write_contact_sheet(path, cases, card, _today(), reading.read, progress=_progress(control))
        return reading.sentence(f"The contact sheet of {_count(len(cases), 'image')} was saved")

    return work


class _Reading:
    """Reads for a document, and counts what can no longer be read."""

    def __init__(self, read: Reader, control: Control) -> None:
        self._read = read
        self._control = control
        self._unread = 0

    def read(self, path: Path, frame: int) -> Radiograph:
        """Read one radiograph, unless nobody wants the document any more."""
        self._control.check()
        try:
            return self._read(path, frame)
        except ReadError:
            self._unread += 1
            raise

    def sentence(self, said: str) -> str:
        """Return what to say in the end."""
        if not self._unread:
            self._control.finish()
            return f"{said}."
        return f"{said}; {_count(self._unread, 'file')} in it can no longer be read."


def _progress(control: Control) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        control.check()
        control.report(done, total)

    return progress


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _today() -> str:
    return datetime.datetime.now().astimezone().date().isoformat()
