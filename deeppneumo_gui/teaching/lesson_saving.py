"""A lesson goes into its file, and what is in none yet into a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QDialog, QMessageBox

from core.teaching.lesson import Lesson
from core.teaching.lesson_file import LessonFile, write_lesson
from deeppneumo_gui.export.background import Control
from deeppneumo_gui.export.dialogs import ask_document_file
from deeppneumo_gui.export.inputs import check_file
from deeppneumo_gui.teaching.document import LessonDocument
from deeppneumo_gui.teaching.lesson_desk import LessonDesk
from deeppneumo_gui.teaching.lesson_dialogs import SavingDialog, ask_unsaved
from deeppneumo_gui.teaching.lesson_drafts import Drafts
from deeppneumo_gui.teaching.places import Places

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow

_PAUSE_MS: Final = 700
"""So long nothing is typed before a draft is kept."""
_MOST_LETTERS: Final = 60


class LessonSaving(QObject):
    """Saves beside the window, and asks before anything would be lost."""

    saved = Signal(Path)
    """Where a lesson was saved."""
    _written = Signal(object)

    def __init__(
        self, window: MainWindow, document: LessonDocument, places: Places, desk: LessonDesk, drafts: Drafts
    ) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._places = places
        self._desk = desk
        self._drafts = drafts
        self._then: Callable[[], object] | None = None
        self._good = False
        self._under_way = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.keep_draft)
        self._written.connect(self._on_written)
        window.exports.background.ended.connect(self._on_ended)
        document.changed.connect(self._on_changed)

    # Saving

    @Slot()
    def save(self) -> None:
        """Save where the lesson was saved last, or ask where."""
        document = self._document
        if document.lesson is None:
            return
        if document.path is None:
            self.save_as()
        elif self._window.exports.free():
            include = document.file is not None and bool(document.file.included)
            self._write(document.path, document.lesson, include)

    @Slot()
    def save_as(self) -> None:
        """Ask whether the radiographs go along, and where."""
        lesson = self._document.lesson
        if lesson is None or not self._window.exports.free():
            return
        include = self._ask_including(lesson)
        lesson = self._document.lesson
        if include is None or lesson is None:
            self._then = None
            return
        path = ask_document_file(self._window, "Save the lesson", _file_stem(lesson.title), "deeplesson")
        if path is None:
            self._then = None
        else:
            self._write(path, lesson, include)

    def leave(self, then: Callable[[], object]) -> None:
        """Do something after which the lesson in hand would be gone: at once, once it is saved, or not at all."""
        lesson = self._document.lesson
        if lesson is None or not self._document.unsaved:
            then()
            return
        answer = ask_unsaved(self._window, lesson.title)
        if answer is QMessageBox.StandardButton.Save:
            self._then = then
            self.save()
            if not self._under_way:
                self._then = None
        elif answer is QMessageBox.StandardButton.Discard:
            self.discard()
            then()

    def discard(self) -> None:
        """Let go of the lesson in hand, changes and all."""
        lesson = self._document.lesson
        self._document.close()
        if lesson is not None:
            self._desk.ask(partial(self._drafts.drop, lesson.lesson_id), _ignore)

    def _ask_including(self, lesson: Lesson) -> bool | None:
        """Ask whether the radiographs go along, and take note of their licence."""
        file, contents = self._document.file, {item.content for item in lesson.items}
        included = frozenset() if file is None else file.included & contents
        own = self._places.paths.keys() & contents
        available = len({item.picture for item in lesson.items if item.content in own | included})
        dialog = SavingDialog(
            self._window, lesson, include=bool(included), available=available, lost=len(included - own)
        )
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        include, licence = dialog.include.isChecked(), dialog.licence.text().strip()
        dialog.deleteLater()
        if not accepted:
            return None
        if include:
            self._document.edit(replace(lesson, licence=licence), "licence")
        return include

    def _write(self, path: Path, lesson: Lesson, include: bool) -> None:
        radiographs = dict(self._places.paths) if include else None
        earlier = self._document.file if include else None

        def work(control: Control) -> str:
            file = write_lesson(
                path, lesson, radiographs, earlier=earlier, report=control.report, check=control.check
            )
            control.finish()
            self._written.emit(file)
            return f"The lesson was saved: {path.name}."

        self._under_way = True
        self._good = False
        self._window.exports.start("Saving the lesson", path, check_file, work)

    @Slot(object)
    def _on_written(self, file: LessonFile) -> None:
        self._good = True
        self._document.note_saved(file)
        self.saved.emit(file.path)
        if not self._document.unsaved:
            self._pause.stop()
            self._desk.ask(partial(self._drafts.drop, file.lesson.lesson_id), _ignore)

    @Slot()
    def _on_ended(self) -> None:
        if self._under_way:
            self._under_way = False
            then, self._then = self._then, None
            if self._good and then is not None:
                # Typed while it was being saved: that would be lost.
                self.leave(then)

    # Drafts

    @Slot()
    def _on_changed(self) -> None:
        if self._drafts.lasting and self._document.unsaved:
            self._pause.start()

    @Slot()
    def keep_draft(self) -> None:
        """Keep what is in no file."""
        lesson = self._document.lesson
        if lesson is not None and self._document.unsaved:
            self._desk.ask(partial(self._drafts.keep, lesson), _ignore)


def _file_stem(title: str) -> str:
    """Return a file name of a title that every system takes."""
    letters = "".join(letter if letter.isalnum() or letter in " -_" else " " for letter in title)
    return " ".join(letters.split())[:_MOST_LETTERS].strip() or "lesson"


def _ignore(answer: object) -> None:
    """Nobody waits for it."""
