"""One sentence above the canvas: of a success for a while, of anything else until it is closed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QToolButton, QWidget

from deeppneumo_gui.icons import icon
from deeppneumo_gui.panels.widgets import label

_PASSING_MS: Final = 6000
"""Long enough to read a sentence twice."""


class MessageBar(QWidget):
    """Says what went wrong without a dialog in the way."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("messageBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = label(wrap=True)
        close = QToolButton()
        close.setIcon(icon("cancel"))
        close.setAccessibleName("Close this message")
        close.setToolTip("Close this message")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.addWidget(self.words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.passing = QTimer(self)
        self.passing.setSingleShot(True)
        self.passing.setInterval(_PASSING_MS)
        self.passing.timeout.connect(self.hide)
        self.hide()

    @property
    def buttons(self) -> tuple[QWidget, ...]:
        """Its buttons from left to right."""
        row = self.layout()
        assert row is not None
        return tuple(sorted(self.findChildren(QAbstractButton), key=row.indexOf))

    def say(self, sentence: str, *, passing: bool = False) -> None:
        """Show a sentence in place of the last one; a `passing` one needs nobody to close it."""
        self.words.setText(sentence)
        self.passing.stop()
        if passing:
            self.passing.start()
        self.show()
