"""The page on which a case is read: the radiograph, the answer beside it, and the way on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from deeppneumo_gui.panels.widgets import label, named
from deeppneumo_gui.teaching.answer_panel import WIDTH, AnswerPanel
from deeppneumo_gui.teaching.view import LessonView


class CasePage(QWidget):
    """Lays out; what is shown is told to its parts.

    Attributes
    ----------
    view : LessonView
    panel : AnswerPanel
    message : QLabel
        A sentence for the learner.
    go_button : QPushButton
        Commits, reveals and goes on.
    """

    def __init__(self) -> None:
        super().__init__()
        self.view = LessonView()
        self.panel = AnswerPanel()
        self.message = label("", "callWords", wrap=True)
        self.message.hide()
        self.go_button = named(QPushButton(), "primary")
        self.go_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        side = named(QWidget(), "panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(8)
        column.addWidget(self.panel, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.setSpacing(8)
        foot.addWidget(self.message)
        foot.addWidget(self.go_button)
        column.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.view, 1)
        row.addWidget(side)

    @Slot(str)
    def say(self, sentence: str) -> None:
        """Say a sentence; an empty one takes the last one back."""
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))

    def set_go(self, words: str, *, possible: bool) -> None:
        """Say what comes next."""
        self.go_button.setEnabled(possible)
        self.go_button.setText(words)
        self.go_button.setAccessibleName(words)
