"""What a teacher takes along from a lesson: slides, pages, a learner's result, and results as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from core.review.page import Style
from core.teaching.lesson import Lesson
from deeppneumo_gui.export.background import Work
from deeppneumo_gui.export.controller import BUSY
from deeppneumo_gui.export.dialogs import ask_document_file
from deeppneumo_gui.export.inputs import check_file
from deeppneumo_gui.services import Services
from deeppneumo_gui.teaching.handout_work import (
    deck_work,
    pages_work,
    result_work,
    results_work,
    runs_work,
)
from deeppneumo_gui.teaching.sources import LessonRadiographs

if TYPE_CHECKING:
    from core.store.runs import KeptRun
    from core.teaching.debrief import Debrief
    from deeppneumo_gui.window import MainWindow


class Handouts(QObject):
    """Asks where they go and lets them be written beside the window, by its exports.

    Parameters
    ----------
    window : MainWindow
        Whose exports are used: one thing is written at a time.
    services : Services
    model : callable
        Asked for the bundle that scores, None for the model that ships.
    """

    said = Signal(str)
    """A sentence about a handout, which the window says too: what was written, or why not."""

    def __init__(self, window: MainWindow, services: Services, model: Callable[[], Path | None]) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._model = model
        self._under_way = False
        window.exports.background.ended.connect(self._on_ended)

    def deck(self, lesson: Lesson, radiographs: LessonRadiographs, parent: QWidget | None = None) -> None:
        """Write a lesson as a PowerPoint deck; dialogs belong to `parent`, or to the main window."""
        if not self._free():
            return
        notes = (
            _ask_notes(parent or self._window) if any(item.note.strip() for item in lesson.items) else False
        )
        if notes is None:
            return
        path = self._ask("Save the lesson as slides", "deeppneumo-lesson", "pptx", parent)
        if path is not None:
            inputs = (lesson, radiographs, self._services, self._model(), self._style())
            self._start("Saving the slides", path, deck_work(path, *inputs, notes=notes))

    def pages(self, lesson: Lesson, radiographs: LessonRadiographs, parent: QWidget | None = None) -> None:
        """Write the same as PDF."""
        if not self._free():
            return
        path = self._ask("Save the lesson as PDF", "deeppneumo-lesson", "pdf", parent)
        if path is not None:
            inputs = (lesson, radiographs, self._services, self._model(), self._style())
            self._start("Saving the pages", path, pages_work(path, *inputs))

    def result(
        self,
        lesson: Lesson,
        debrief: Debrief,
        radiographs: LessonRadiographs,
        parent: QWidget | None = None,
    ) -> None:
        """Write a learner's result as PDF; `lesson` is the one that the debrief was held against."""
        if not self._free():
            return
        path = self._ask("Save the result as PDF", f"deeppneumo-result-{debrief.code}", "pdf", parent)
        if path is not None:
            inputs = (lesson, debrief, radiographs, self._services, self._model(), self._style())
            self._start("Saving the result", path, result_work(path, *inputs))

    def table(self, lesson: Lesson, debriefs: Sequence[Debrief], parent: QWidget | None = None) -> None:
        """Write the results of runs of a lesson as CSV."""
        if not self._free():
            return
        path = self._ask("Save the results as a table", "deeppneumo-learners", "csv", parent)
        if path is not None:
            self._start("Saving the results", path, results_work(path, lesson, debriefs))

    def runs(self, runs: Sequence[KeptRun], parent: QWidget | None = None) -> None:
        """Write learners' runs for another computer."""
        if not self._free():
            return
        stem = f"deeppneumo-run-{runs[0].run.code}" if len(runs) == 1 else "deeppneumo-runs"
        path = self._ask("Save learners' runs", stem, "deeprun", parent)
        if path is not None:
            self._start("Saving the runs", path, runs_work(path, runs))

    def _free(self) -> bool:
        if self._window.exports.free():
            return True
        self.said.emit(BUSY)
        return False

    def _ask(self, title: str, stem: str, suffix: str, parent: QWidget | None) -> Path | None:
        return ask_document_file(parent or self._window, title, stem, suffix)

    def _style(self) -> Style:
        style = self._window.heatmap.heatmap_style
        return Style(style.opacity, style.colormap, style.threshold)

    def _start(self, what: str, path: Path, work: Work) -> None:
        self._under_way = True
        self._window.exports.start(what, path, check_file, work)

    @Slot(str)
    def _on_ended(self, sentence: str) -> None:
        if self._under_way:
            self._under_way = False
            self.said.emit(sentence)


def _ask_notes(parent: QWidget) -> bool | None:
    """Ask whether the teacher's own notes go along; None when the teacher thinks better of all of it."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setText("Put your own notes into the deck?")
    box.setInformativeText(
        "They would stand in the speaker notes of the answers, for all who get the file to read."
    )
    along = box.addButton("With notes", QMessageBox.ButtonRole.AcceptRole)
    without = box.addButton("Without notes", QMessageBox.ButtonRole.AcceptRole)
    box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(without)
    box.exec()
    clicked = box.clickedButton()
    box.deleteLater()
    return clicked is along if clicked in (along, without) else None
