"""Progress of the background scoring, with cancel and resume."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QVBoxLayout, QWidget

from deeppneumo_gui.panels.widgets import label
from deeppneumo_gui.tally import Progress

NO_BREAK: Final = "\N{NO-BREAK SPACE}"


class ProgressPanel(QWidget):
    """Hidden while there is nothing to wait for and nothing to resume."""

    def __init__(self, cancel: QAction, resume: QAction) -> None:
        super().__init__()
        self.setObjectName("progressPanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Background scoring")
        # Wrapped, so that a long remaining time does not push the whole dock wider.
        self.words = label("", "detail", wrap=True)
        # What a tool button shows; the menu has room for the whole name.
        cancel.setIconText("Cancel")
        self.buttons = tuple(_button(action) for action in (cancel, resume))
        row = QHBoxLayout()
        row.addWidget(self.words, 1)
        for button in self.buttons:
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addWidget(self.bar)
        column.addLayout(row)
        self.hide()

    def show_progress(self, progress: Progress, unscored: int) -> None:
        """Show how far the scoring is, or how much a cancel left behind."""
        cancel, resume = self.buttons
        # The words first: a bar that is seen paints what is around it at once with its new value.
        if progress.running:
            self.words.setText(progress_words(progress))
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
        else:
            self.words.setText(f"{unscored:,} not scored")
        self.bar.setVisible(progress.running)
        cancel.setVisible(progress.running)
        resume.setVisible(not progress.running and unscored > 0)
        self.setVisible(progress.running or unscored > 0)


def progress_words(progress: Progress) -> str:
    """Return how many of how many, and the time left once that can be told."""
    words = f"{progress.done:,} of {progress.total:,}"
    left = progress.seconds_left
    if left is None:
        return words
    return f"{words}, {progress.rate:.1f}/s, {_duration(left)}{NO_BREAK}left"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(max(1, round(seconds)), 60)
    words = f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
    if minutes >= 60:
        words = f"{minutes // 60} h {minutes % 60:02d} min"
    # Where the line is too long, the time left stands on the next one as a whole.
    return words.replace(" ", NO_BREAK)


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return button
