"""One sentence above the canvas, until it is closed or no longer true."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QToolButton, QWidget

from deeppneumo_gui.icons import icon
from deeppneumo_gui.panels.widgets import label


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
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 8, 6)
        row.addWidget(self.words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    @property
    def buttons(self) -> tuple[QWidget, ...]:
        """Its buttons from left to right."""
        row = self.layout()
        assert row is not None
        return tuple(sorted(self.findChildren(QAbstractButton), key=row.indexOf))

    def say(self, sentence: str) -> None:
        """Show a sentence in place of the last one."""
        self.words.setText(sentence)
        self.show()
