"""What the dock of the lesson holds."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.teaching.lesson import Lesson
from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.panels.widgets import label, named
from deeppneumo_gui.teaching.document import LessonDocument
from deeppneumo_gui.teaching.lesson_buttons import ActionButton, tool_button
from deeppneumo_gui.teaching.lesson_head import HeadEditor
from deeppneumo_gui.teaching.lesson_item import ItemEditor
from deeppneumo_gui.teaching.lesson_list import LessonList
from deeppneumo_gui.teaching.lesson_rows import LessonRows, summary

ADDING: Final = (ActionId.ADD_SELECTED, ActionId.ADD_KEY_IMAGES, ActionId.ADD_ERRORS, ActionId.ADD_RANDOM)
_WIDTH: Final = 300
_WHAT: Final = (
    "A lesson is a list of cases whose truth is known. Learners read them blind, commit, and only then see the model "
    "and the truth."
)


class LessonView(QWidget):
    """The list above, what is said of one case or of the whole lesson below."""

    chosen = Signal(int)
    """The place of the case that was clicked."""

    def __init__(self, document: LessonDocument, rows: LessonRows, actions: Actions) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(_WIDTH)
        self._document = document
        self._actions = actions
        self.title = label("", "dialogTitle", wrap=True)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.summary = label("", "detail", wrap=True)
        self.missing = label("", "callWords", wrap=True)
        self.look = ActionButton("Look in a folder...", actions[ActionId.FIND_MISSING], "quiet")
        self.list = LessonList(rows)
        self.item = ItemEditor(actions)
        self.head = HeadEditor()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(_scrolled(self.item), "&Case")
        self.tabs.addTab(_scrolled(self.head), "&Whole lesson")
        self.add = _adding_button(actions)
        self.remove = tool_button(actions[ActionId.TAKE_OUT], "Remove")
        self.up = tool_button(actions[ActionId.ITEM_UP], "Up")
        self.down = tool_button(actions[ActionId.ITEM_DOWN], "Down")
        self.read = ActionButton("Read", actions[ActionId.READ_LESSON], "primary")
        self.present = ActionButton("Present", actions[ActionId.PRESENT_LESSON])
        self.begin = ActionButton("New lesson...", actions[ActionId.NEW_LESSON], "primary")
        self.open = ActionButton("Open lesson...", actions[ActionId.OPEN_LESSON])
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty_page())
        self._stack.addWidget(self._lesson_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return (
            self.begin,
            self.open,
            self.look,
            self.list,
            self.add,
            self.remove,
            self.up,
            self.down,
            self.tabs.tabBar(),
            *self.item.controls,
            *self.head.controls,
            self.read,
            self.present,
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a width at which no line is crowded."""
        return QSize(320, 600)

    def show_lesson(self, lesson: Lesson | None, missing: int, *, unsaved: bool) -> None:
        """Show what is said above the list, and the lesson as a whole."""
        self._stack.setCurrentIndex(0 if lesson is None else 1)
        self.head.show_lesson(lesson)
        if lesson is None:
            return
        self.title.setText(lesson.title or "Untitled lesson")
        self.summary.setText(f"{summary(lesson.items)}{' · not saved' if unsaved else ''}")
        self.missing.setText(_missing_words(missing))
        self.missing.setVisible(missing > 0)
        self.look.setVisible(missing > 0)

    def show_place(self, place: int, *, on_screen: bool) -> None:
        """Show a case as the one in hand."""
        items = self._document.items
        item = items[place] if 0 <= place < len(items) else None
        model = self.list.model()
        index = model.index(place, 0)
        if self.list.currentIndex().row() != place and index.isValid():
            with QSignalBlocker(self):
                flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
                self.list.selectionModel().setCurrentIndex(index, flags)
                self.list.scrollTo(index)
        heading = f"Case {place + 1}: {index.data()}" if item is not None else ""
        self.item.show_item(item, heading, on_screen=on_screen)

    def enter_title(self) -> None:
        """Let the teacher type the title."""
        self.tabs.setCurrentIndex(1)
        self.head.title.setFocus()

    def _empty_page(self) -> QWidget:
        page = _painted()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        column.addWidget(label("No lesson", "dialogTitle"))
        column.addWidget(label(_WHAT, "detail", wrap=True))
        column.addWidget(self.begin)
        column.addWidget(self.open)
        column.addStretch(1)
        return page

    def _lesson_page(self) -> QWidget:
        upper = _painted()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 10, 0, 6)
        column.setSpacing(6)
        top = QVBoxLayout()
        top.setContentsMargins(14, 0, 14, 0)
        top.setSpacing(2)
        for widget in (self.title, self.summary, self.missing, self.look):
            top.addWidget(widget)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(4)
        for button in (self.add, self.remove, self.up, self.down):
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(upper)
        splitter.addWidget(self.tabs)
        splitter.setSizes([300, 380])
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 8, 14, 10)
        foot.setSpacing(8)
        foot.addWidget(self.read, 1)
        foot.addWidget(self.present, 1)
        page = _painted()
        outer = QVBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(splitter, 1)
        outer.addLayout(foot)
        return page

    @Slot()
    def _on_current_changed(self) -> None:
        row = self.list.currentIndex().row()
        if row >= 0:
            self.chosen.emit(row)


def _missing_words(missing: int) -> str:
    if missing == 1:
        return "One radiograph is not on this computer."
    return f"{missing:,} radiographs are not on this computer."


def _adding_button(actions: Actions) -> QToolButton:
    button = QToolButton()
    button.setText("Add")
    button.setAccessibleName("Add cases")
    button.setToolTip("Add cases from the worklist")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    menu.setToolTipsVisible(True)
    for name in ADDING:
        menu.addAction(actions[name])
    button.setMenu(menu)
    return button


def _painted() -> QWidget:
    page = named(QWidget(), "panel")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    return page


def _scrolled(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area
