"""The lesson in the teacher's hands: what it is now, what was saved of it, and how it is changed undoably."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand

from core.teaching.lesson import Item, Lesson
from deeppneumo_gui.history import History

if TYPE_CHECKING:
    from core.teaching.lesson_file import LessonFile

_JOINED: Final = 3
"""Distinct from the numbers that other commands join by."""


class LessonDocument(QObject):
    """Holds one lesson or none."""

    switched = Signal()
    """Another lesson, or none."""
    changed = Signal()
    """The lesson is no longer what it was; also after `switched`."""
    touched = Signal(int)
    """The place of the item that was just changed, done again or taken back."""
    located = Signal()
    """Where radiographs of the lesson lie has become known."""
    saved_changed = Signal()
    """Whether there is anything to save, or where it is saved to."""

    def __init__(self, history: History) -> None:
        super().__init__(history)
        self._history = history
        self.lesson: Lesson | None = None
        self.file: LessonFile | None = None
        """Which the lesson was opened from; holds radiographs where they were included."""
        self.path: Path | None = None
        """Where it was opened from or saved to last."""
        self._saved: Lesson | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """The items of the lesson, none without one."""
        return () if self.lesson is None else self.lesson.items

    @property
    def unsaved(self) -> bool:
        """Whether closing it now would lose anything."""
        if self.lesson is None or self.lesson == self._saved:
            return False
        return bool(self.lesson.items) or self._saved is not None

    def begin(self, lesson: Lesson) -> None:
        """Take up a lesson that has no file yet."""
        self._switch(lesson, None, None, None)

    def open(self, lesson: Lesson, path: Path | None, file: LessonFile | None, *, saved: bool = True) -> None:
        """Take up a lesson from its file, or with `saved` off one whose last changes are in none."""
        self._switch(lesson, path, file, lesson if saved else None)

    def close(self) -> None:
        """Put the lesson away."""
        self._switch(None, None, None, None)

    def note_saved(self, file: LessonFile) -> None:
        """Take note that a lesson is in a file as it was then."""
        if self.lesson is not None and file.lesson.lesson_id == self.lesson.lesson_id:
            self._saved, self.path, self.file = file.lesson, file.path, file
            self.saved_changed.emit()

    def edit(self, after: Lesson, words: str, *, place: int = -1, joins: str = "") -> None:
        """Change the lesson undoably.

        Parameters
        ----------
        after : Lesson
            As it is to be.
        words : str
            What Undo would take back.
        place : int
            Of the item that is changed, -1 where no single one is.
        joins : str
            Changes with the same of these one after the other are one step: the letters of one text.
        """
        if self.lesson is not None and after != self.lesson:
            self._history.push(_Change(self, self.lesson, after, words, place, joins))

    def edit_item(self, place: int, after: Item, words: str, *, joins: str = "") -> None:
        """Change one item undoably."""
        if self.lesson is not None:
            joined = f"{place} {joins}" if joins else ""
            self.edit(self.lesson.with_item(place, after), words, place=place, joins=joined)

    def take_out(self, places: Iterable[int]) -> None:
        """Take items out undoably."""
        gone = sorted(set(places))
        if self.lesson is not None and gone:
            self.edit(self.lesson.without(*gone), "removal from the lesson", place=gone[0])

    def move(self, place: int, to: int) -> None:
        """Move an item to another place undoably."""
        if self.lesson is not None and place != to and 0 <= to < len(self.items):
            self.edit(self.lesson.moved(place, to), "moving a case", place=to)

    def put(self, lesson: Lesson, place: int) -> None:
        """Put a changed lesson in place of the one before; for the history."""
        self.lesson = lesson
        self.changed.emit()
        self.saved_changed.emit()
        if place >= 0 and self.items:
            self.touched.emit(min(place, len(self.items) - 1))

    def _switch(
        self, lesson: Lesson | None, path: Path | None, file: LessonFile | None, saved: Lesson | None
    ) -> None:
        # One step back would lead into another lesson.
        self._history.forget(_Change)
        self.lesson, self.path, self.file, self._saved = lesson, path, file, saved
        self.switched.emit()
        self.changed.emit()
        self.saved_changed.emit()


def with_text(item: Item, name: str, text: str | tuple[str, ...]) -> Item:
    """Return an item with another question, note or learning points."""
    changes: dict[str, object] = {name: text}
    return replace(item, **changes)  # type: ignore[arg-type]


class _Change(QUndoCommand):
    def __init__(
        self, document: LessonDocument, before: Lesson, after: Lesson, words: str, place: int, joins: str
    ) -> None:
        super().__init__(words)
        self._document = document
        self._before, self._after = before, after
        self._place, self._joins = place, joins

    def redo(self) -> None:
        """Change the lesson."""
        self._document.put(self._after, self._place)

    def undo(self) -> None:
        """Give back the lesson before."""
        self._document.put(self._before, self._place)

    def id(self) -> int:
        """Return the same number for steps that may be joined."""
        return _JOINED if self._joins else -1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        """Join the next letter of the same text."""
        if not isinstance(other, _Change) or other._joins != self._joins:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True
