"""The teacher's window: the cases, a copy of what the audience sees, and what only the teacher may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.teaching.lesson import Lesson
from deeppneumo_gui.first_size import open_at
from deeppneumo_gui.notice_strip import add_notice
from deeppneumo_gui.panels.message_bar import MessageBar
from deeppneumo_gui.panels.widgets import heading, label, named
from deeppneumo_gui.teaching.ahead import Ready
from deeppneumo_gui.teaching.audience_content import truth_words
from deeppneumo_gui.teaching.audience_view import PointedView
from deeppneumo_gui.teaching.presenter_actions import Key
from deeppneumo_gui.teaching.presenter_panel import TeacherPanel
from deeppneumo_gui.teaching.presenter_state import Course, Stage, step_words

_LIST_WIDTH: Final = 230
_PANEL_WIDTH: Final = 330
_TOGGLES: Final = (Key.HEATMAP, Key.BARS, Key.BLACK, Key.LASER, Key.SPOTLIGHT)
_RARELY: Final = (Key.FULL_SCREEN, Key.SAVE, Key.KEYS)
_SEEN: Final = {
    Stage.QUESTION: "the question",
    Stage.HANDS: "the question, hands are asked for",
    Stage.MACHINE: "the model score",
    Stage.TRUTH: "the truth",
}


class TeacherWindow(QMainWindow):
    """Shows; what happens is decided by whoever presents."""

    chosen = Signal(int)
    """A case that the teacher wants to go to."""
    closed = Signal()

    def __init__(self, lesson: Lesson, actions: Mapping[Key, QAction], may_close: Callable[[], bool]) -> None:
        super().__init__()
        self.setWindowTitle("DeepPneumo: teacher")
        self._may_close = may_close
        self._lesson = lesson
        self.cases = QListWidget()
        self.cases.setAccessibleName("Cases")
        self.cases.setToolTip("Double click to go to a case")
        for number, item in enumerate(lesson.items, 1):
            self.cases.addItem(QListWidgetItem(f"{number}  {truth_words(item.truth)}"))
        self.cases.itemActivated.connect(self._on_activated)
        self.message = MessageBar()
        self.seen = label("", "detail", wrap=True)
        self.view = PointedView()
        self.view.setAccessibleName("Your copy of the radiograph")
        self.view.set_heatmap_visible(True)
        self.back = _button("Back", actions[Key.BACK])
        self.forward = named(_button("", actions[Key.FORWARD]), "primary")
        self.panel = TeacherPanel(lesson)
        self._lay_out(actions)
        add_notice(self.statusBar())
        self.setMinimumSize(1000, 600)
        open_at(self, 1360, 760)

    def show_course(self, course: Course, ready: Ready) -> None:
        """Show where the presentation is."""
        self.forward.setText(step_words(course))
        self.forward.setEnabled(course.black or course.position < course.count)
        self.seen.setText(f"The audience sees {_seen_words(course)}.")
        self.panel.show_item(course.position, ready)
        self.cases.setCurrentRow(course.position if course.on_case else -1)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """End the presentation, unless the teacher thinks better of it."""
        if not self._may_close():
            event.ignore()
            return
        event.accept()
        self.closed.emit()

    def _lay_out(self, actions: Mapping[Key, QAction]) -> None:
        left = named(QWidget(), "panel")
        left.setFixedWidth(_LIST_WIDTH)
        cases = QVBoxLayout(left)
        cases.setContentsMargins(12, 12, 8, 8)
        cases.addWidget(heading("Cases"))
        cases.addWidget(self.cases, 1)
        for key in _RARELY:
            cases.addWidget(_tool(actions[key]))
        right = QScrollArea()
        right.setFrameShape(QFrame.Shape.NoFrame)
        right.setWidgetResizable(True)
        right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right.setWidget(self.panel)
        right.setFixedWidth(_PANEL_WIDTH)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left)
        row.addWidget(self._centre([actions[key] for key in _TOGGLES]), 1)
        row.addWidget(right)
        self.setCentralWidget(whole)

    def _centre(self, toggles: Sequence[QAction]) -> QWidget:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.message)
        self.seen.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self.seen)
        column.addWidget(self.view, 1)
        tools = QHBoxLayout()
        tools.setContentsMargins(8, 6, 8, 0)
        for action in toggles:
            tools.addWidget(_tool(action))
        tools.addStretch(1)
        column.addLayout(tools)
        steps = QHBoxLayout()
        steps.setContentsMargins(8, 6, 8, 8)
        steps.setSpacing(6)
        steps.addWidget(self.back)
        steps.addWidget(self.forward, 1)
        column.addLayout(steps)
        return centre

    @Slot(QListWidgetItem)
    def _on_activated(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self.cases.row(item))


def _seen_words(course: Course) -> str:
    if course.black:
        return "a black screen"
    if course.stage is None:
        return "the title" if course.position < 0 else "the end of the lesson"
    return f"case {course.position + 1}: {_SEEN[course.stage]}"


def _tool(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    # Words that lack room would be cut.
    button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
    return button


def _button(text: str, action: QAction) -> QPushButton:
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setToolTip(action.toolTip())
    button.clicked.connect(action.trigger)
    return button
