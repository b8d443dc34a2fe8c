"""Workbook, report and contact sheet in the File menu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import Case
from deeppneumo_gui.export.dialogs import ask_document_file
from deeppneumo_gui.export.inputs import check_file
from deeppneumo_gui.export.report_dialog import ask_report
from deeppneumo_gui.export.results import unique_names
from deeppneumo_gui.export.review import report_work, review_cases, sheet_work, workbook_work
from deeppneumo_gui.services import Services

if TYPE_CHECKING:
    from core.review.cases import ReviewCase
    from deeppneumo_gui.export.controller import ExportController
    from deeppneumo_gui.window import MainWindow

ACTIONS: Final = (ActionId.SAVE_WORKBOOK, ActionId.SAVE_REPORT, ActionId.SAVE_CONTACT_SHEET)


class ReviewExports(QObject):
    """Asks what goes into them and where they go; the export controller lets them be written."""

    def __init__(self, window: MainWindow, services: Services, exports: ExportController) -> None:
        super().__init__(exports)
        self._window = window
        self._services = services
        self._exports = exports
        slots = (self._on_save_workbook, self._on_save_report, self._on_save_contact_sheet)
        for name, slot in zip(ACTIONS, slots, strict=True):
            window.actions_by_id[name].triggered.connect(slot)

    @Slot()
    def _on_save_workbook(self) -> None:
        session = self._window.session
        if not self._exports.free():
            return
        path = ask_document_file(self._window, "Save all results as a workbook", "deeppneumo-results", "xlsx")
        if path is not None:
            cases = session.worklist.cases()
            told = review_cases(cases, unique_names(cases, session.identities), session.failure)
            self._exports.start(
                "Saving the workbook", path, check_file, workbook_work(path, told, session.card)
            )

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

    def _told(self, cases: Sequence[Case]) -> list[ReviewCase]:
        """Return cases by number, or where the reader asked for it by name."""
        session = self._window.session
        named = self._exports.named and not session.identities.hidden
        names = (
            unique_names(cases, session.identities) if named else [f"Case {case.number}" for case in cases]
        )
        return review_cases(cases, names, session.failure)
