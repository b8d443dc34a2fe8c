"""The show of hands while a lesson is presented: keys, buttons and numbers lead to one tally."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from core.teaching.hands import Choice
from core.teaching.lesson import Item
from deeppneumo_gui.teaching.presenter_actions import create_digit_actions, create_hand_actions
from deeppneumo_gui.teaching.presenter_hands import HandsEntry
from deeppneumo_gui.teaching.presenter_state import Course
from deeppneumo_gui.teaching.presenter_tally import Moment, Tally


class Counting(QObject):
    """Counts for the case and the moment that the presentation is at.

    Parameters
    ----------
    items : sequence of Item
        Of the lesson.
    entry : HandsEntry
        Where hands are clicked and typed.
    course : callable
        Tells where the presentation is.
    parent : QObject
    """

    changed = Signal()

    def __init__(
        self, items: Sequence[Item], entry: HandsEntry, course: Callable[[], Course], parent: QObject
    ) -> None:
        super().__init__(parent)
        self.tally = Tally(items)
        self._entry = entry
        self._course = course
        hands, digits = create_hand_actions(self), create_digit_actions(self)
        self.actions: list[QAction] = [*hands, *digits]
        for action in hands:
            action.triggered.connect(self._on_hand)
        for action in digits:
            action.triggered.connect(self._on_digit)
        entry.added.connect(self._on_added)
        entry.typed.connect(self._on_typed)

    def _add(self, choice: Choice, step: int) -> None:
        course = self._course()
        self.tally.add(course.position, course.counting, choice, step)
        self.changed.emit()

    @Slot(str)
    def _on_added(self, choice: str) -> None:
        self._add(cast(Choice, choice), 1)

    @Slot(str, str, int)
    def _on_typed(self, moment: str, choice: str, count: int) -> None:
        self.tally.set(self._course().position, cast(Moment, moment), cast(Choice, choice), count)
        self.changed.emit()

    @Slot()
    def _on_hand(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            choice, step = action.data()
            if choice in self._entry.choices:
                self._add(choice, step)

    @Slot()
    def _on_digit(self) -> None:
        action = self.sender()
        if isinstance(action, QAction):
            self.tally.type_digit(action.data())
