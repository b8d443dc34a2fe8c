"""The dock of the lesson, beside the result: made when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.teaching.lesson import Item, Lesson
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.focus_order import order_focus
from deeppneumo_gui.teaching.document import LessonDocument
from deeppneumo_gui.teaching.lesson_cursor import LessonCursor
from deeppneumo_gui.teaching.places import Places

if TYPE_CHECKING:
    from deeppneumo_gui.teaching.lesson_opening import LessonOpening
    from deeppneumo_gui.teaching.lesson_view import LessonView
    from deeppneumo_gui.window import MainWindow


class LessonPanel(QObject):
    """Shows the lesson in hand, and takes down what the teacher changes of it."""

    seen = Signal(bool)
    """Whether the lesson is in sight."""

    def __init__(
        self,
        window: MainWindow,
        document: LessonDocument,
        places: Places,
        cursor: LessonCursor,
        opening: LessonOpening,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._places = places
        self._cursor = cursor
        self._opening = opening
        self.view: LessonView | None = None
        self.dock = window.lesson_dock
        self._toggle = window.actions_by_id[ActionId.LESSON_PANEL]
        self._toggle.triggered.connect(self._on_toggled)
        self.dock.visibilityChanged.connect(self._on_visibility_changed)
        for signal in (document.changed, document.located, document.saved_changed):
            signal.connect(self._show_lesson)
        cursor.moved.connect(self._show_place)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return () if self.view is None else self.view.controls

    def show(self) -> None:
        """Bring the lesson in front of the result."""
        self.dock.show()
        self.dock.raise_()

    def _make_view(self) -> LessonView:
        from deeppneumo_gui.teaching.lesson_rows import LessonRows
        from deeppneumo_gui.teaching.lesson_view import LessonView

        actions = self._window.actions_by_id
        view = LessonView(
            self._document, LessonRows(self._document, self._places, self._window.session), actions
        )
        view.chosen.connect(self._cursor.go)
        view.list.moved.connect(self._document.move)
        view.list.removal_wanted.connect(actions[ActionId.TAKE_OUT].trigger)
        view.item.edited.connect(self._on_item_edited)
        view.head.edited.connect(self._on_head_edited)
        for name in (ActionId.ITEM_UP, ActionId.ITEM_DOWN):
            view.list.addAction(actions[name])
        self.dock.setWidget(view)
        for child in view.findChildren(QWidget):
            # As in the rest of the window: a text field would take a dropped file for itself.
            child.setAcceptDrops(False)
        return view

    @Slot(bool)
    def _on_toggled(self, shown: bool) -> None:
        if shown:
            self.show()
        else:
            self.dock.hide()

    @Slot(bool)
    def _on_visibility_changed(self, visible: bool) -> None:
        self._toggle.setChecked(not self.dock.isHidden())
        if visible and self.view is None:
            self.view = self._make_view()
            order_focus(self._window)
            self._show_lesson()
            self._show_place()
        self.seen.emit(visible)

    @Slot()
    def _show_lesson(self) -> None:
        if self.view is not None:
            document, gone = self._document, self._opening.missing
            missing = sum(item.content in gone for item in document.items)
            self.view.show_lesson(document.lesson, missing, unsaved=document.unsaved)

    @Slot()
    def _show_place(self) -> None:
        if self.view is not None:
            self.view.show_place(self._cursor.place, on_screen=self._cursor.on_screen)

    @Slot(object, str)
    def _on_item_edited(self, item: Item, words: str) -> None:
        texts = words in ("question", "learning points", "teacher's note")
        self._document.edit_item(self._cursor.place, item, words, joins=words if texts else "")

    @Slot(object, str)
    def _on_head_edited(self, lesson: Lesson, words: str) -> None:
        texts = words in ("title", "author", "introduction", "licence")
        self._document.edit(lesson, words, joins=words if texts else "")
