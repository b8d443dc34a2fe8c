"""Before the first case and after the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from core.teaching.lesson import Lesson
from core.teaching.run import Run
from deeppneumo_gui.panels.widgets import label, named

_WIDTH: Final = 560
_MOST_OFFERED: Final = 4
_HOW: Final = (
    "You read each radiograph blind: call it (N or P), say how sure you are (1 to 5), mark what you see (M), and "
    "commit with Enter.",
    "Then the model's score and its heatmap appear. You may keep your call or change it.",
    "Only then, with Space, you see the truth and what there is to learn.",
)


class StartPage(QWidget):
    """What the lesson is, how it goes, and runs that can be gone on with."""

    begun = Signal()
    resumed = Signal(object)
    """The `Run` to go on with."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.begin_button = _button("Begin", "primary")
        self.begin_button.clicked.connect(self.begun)
        self.offers: list[QPushButton] = []
        self._row = QHBoxLayout()
        self._row.setSpacing(8)
        self._row.addWidget(self.begin_button)
        self._row.addStretch(1)
        title = label(lesson.title or "Lesson", "invitationTitle", wrap=True)
        introduction = label(lesson.introduction, wrap=True)
        widgets: list[QWidget] = [title, label(facts(lesson), "detail", wrap=True)]
        widgets += [introduction] if lesson.introduction else []
        widgets += [label(words, "detail", wrap=True) for words in _HOW]
        _centred(self, widgets, self._row)

    def offer(self, runs: Sequence[Run]) -> None:
        """Offer to go on with runs that were broken off, the newest first."""
        for run in list(reversed(runs))[:_MOST_OFFERED]:
            button = _button(f"Go on with {run.code}, case {run.position + 1} of {len(run.order)}", "")
            button.clicked.connect(lambda _=False, chosen=run: self.resumed.emit(chosen))
            self._row.insertWidget(self._row.count() - 1, button)
            self.offers.append(button)


class EndPage(QWidget):
    """Says under which code the run is kept, and leads to its debrief."""

    closed = Signal()
    debrief_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.title = label("", "invitationTitle", wrap=True)
        self.words = label("", wrap=True)
        self.debrief_button = _button("See the debrief", "primary")
        self.debrief_button.clicked.connect(self.debrief_wanted)
        self.close_button = _button("Close", "")
        self.close_button.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.debrief_button)
        row.addWidget(self.close_button)
        row.addStretch(1)
        _centred(self, [self.title, self.words], row)

    def show_run(self, run: Run) -> None:
        """Tell of a run that has come to its end."""
        count = len(run.order)
        self.title.setText("The case is read" if count == 1 else f"All {count} cases are read")
        self.words.setText(
            f"Your code is {run.code}. It stands for you in the results; your name is not kept."
        )


def facts(lesson: Lesson) -> str:
    """Return how long a lesson is, in words."""
    count = len(lesson.items)
    words = ["1 case" if count == 1 else f"{count} cases"]
    if lesson.shuffled:
        words.append("in random order")
    if lesson.seconds is not None:
        words.append(f"{lesson.seconds} seconds for each")
    if lesson.ask_kind:
        words.append("bacterial or viral (B or V) where you see pneumonia")
    author = f" By {lesson.author}." if lesson.author else ""
    return f"{', '.join(words)}.{author}"


def _centred(page: QWidget, widgets: Sequence[QWidget], row: QHBoxLayout) -> None:
    column = QVBoxLayout()
    column.setSpacing(14)
    column.addStretch(2)
    for widget in widgets:
        column.addWidget(widget)
    column.addSpacing(8)
    column.addLayout(row)
    column.addStretch(3)
    content = QWidget()
    content.setMaximumWidth(_WIDTH + 64)
    content.setLayout(column)
    column.setContentsMargins(32, 16, 32, 16)
    across = QWidget()
    sides = QHBoxLayout(across)
    sides.addStretch(1)
    sides.addWidget(content, 20)
    sides.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(across)
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(area)


def _button(text: str, name: str) -> QPushButton:
    button = named(QPushButton(text), name)
    button.setAccessibleName(text)
    # Enter presses the button that has the focus.
    button.setAutoDefault(True)
    return button
