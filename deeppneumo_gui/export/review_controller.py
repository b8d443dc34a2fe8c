"""Workbook, report and contact sheet in the File menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QObject, Slot

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import Case
from deeppneumo_gui.export.dialogs import ask_document_file
from deeppneumo_gui.export.inputs import check_file
from deeppneumo_gui.export.report_dialog import ask_report
from deeppneumo_gui.export.results import unique_names
from deeppneumo_gui.export.review import (
    report_work,
    review_cases,
    review_table_work,
    sheet_work,
    workbook_work,
)
from deeppneumo_gui.services import Services

if TYPE_CHECKING:
    from core.review.cases import ReviewCase
    from deeppneumo_gui.export.controller import ExportController
    from deeppneumo_gui.window import MainWindow

ACTIONS: Final = (
    ActionId.SAVE_REVIEW_TABLE,
    ActionId.SAVE_WORKBOOK,
    ActionId.SAVE_REPORT,
    ActionId.SAVE_CONTACT_SHEET,
)


class ReviewExports(QObject):
    """Asks what goes into them and where they go; the export controller lets them be written."""

    def __init__(self, window: MainWindow, services: Services, exports: ExportController) -> None:
        super().__init__(exports)
        self._window = window
        self._services = services
        self._exports = exports
        slots = (
            self._on_save_table,
            self._on_save_workbook,
            self._on_save_report,
            self._on_save_contact_sheet,
        )
        for name, slot in zip(ACTIONS, slots, strict=True):
            window.actions_by_id[name].triggered.connect(slot)
        self._of_review = window.actions_by_id[ActionId.SAVE_REVIEW_TABLE]
        self._of_review.setEnabled(False)
        worklist = window.session.worklist
        worklist.replaced.connect(self._on_replaced)
        worklist.rowsInserted.connect(self._on_rows_inserted)
        worklist.modelReset.connect(self._on_reset)

    @Slot(object)
    def _on_replaced(self, rows: list[int]) -> None:
        """Offer the reader's columns as soon as there is something to write into them."""
        if not self._of_review.isEnabled():
            worklist = self._window.session.worklist
            self._of_review.setEnabled(any(_is_reviewed(worklist.case_at(row)) for row in rows))

    @Slot(QModelIndex, int, int)
    def _on_rows_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        self._on_replaced([*range(first, last + 1)])

    @Slot()
    def _on_reset(self) -> None:
        cases = self._window.session.worklist.cases()
        self._of_review.setEnabled(any(_is_reviewed(case) for case in cases))

    @Slot()
    def _on_save_table(self) -> None:
        if not self._exports.free():
            return
        path = ask_document_file(self._window, "Save the review as a table", "deeppneumo-review", "csv")
        if path is not None:
            work = review_table_work(path, self._by_name())
            self._exports.start("Saving the review", path, check_file, work)

    @Slot()
    def _on_save_workbook(self) -> None:
        session = self._window.session
        if not self._exports.free():
            return
        path = ask_document_file(self._window, "Save all results as a workbook", "deeppneumo-results", "xlsx")
        if path is not None:
            work = workbook_work(path, self._by_name(), session.card)
            self._exports.start("Saving the workbook", path, check_file, work)

    @Slot()
    def _on_save_report(self) -> None:
        window = self._window
        if not self._exports.free():
            return
        listed = window.worklist.proxy.cases()
        choice = ask_report(window, listed, window.worklist.selected_cases())
        if choice is None:
            return
        path = ask_document_file(window, "Save the report", "deeppneumo-report", "pdf")
        if path is not None:
            cases, shown = self._told(listed), self._told(choice.cases)
            style, card = window.heatmap.heatmap_style, window.session.card
            work = report_work(path, cases, shown, card, self._services.read, choice.per_page, style)
            self._exports.start("Saving the report", path, check_file, work)

    @Slot()
    def _on_save_contact_sheet(self) -> None:
        window = self._window
        if not self._exports.free():
            return
        selected = window.worklist.selected_cases()
        cases = selected if len(selected) > 1 else window.worklist.proxy.cases()
        if not cases:
            window.message.say("No images are listed to make a contact sheet of.")
            return
        path = ask_document_file(window, "Save a contact sheet", "deeppneumo-contact-sheet", "pdf")
        if path is not None:
            work = sheet_work(path, self._told(cases), window.session.card, self._services.read)
            self._exports.start("Saving the contact sheet", path, check_file, work)

    def _by_name(self) -> list[ReviewCase]:
        """Return all cases, called as in the list."""
        session = self._window.session
        cases = session.worklist.cases()
        return review_cases(cases, unique_names(cases, session.identities), session.failure)

    def _told(self, cases: Sequence[Case]) -> list[ReviewCase]:
        """Return cases by number, or where the reader asked for it by name."""
        session = self._window.session
        named = self._exports.named and not session.identities.hidden
        names = (
            unique_names(cases, session.identities) if named else [f"Case {case.number}" for case in cases]
        )
        return review_cases(cases, names, session.failure)


def _is_reviewed(case: Case) -> bool:
    return case.truth is not None or not case.judgement.is_empty
