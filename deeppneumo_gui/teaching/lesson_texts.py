"""Fields for texts of a lesson, whose letters are taken back by the window's Undo."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from core.teaching.text import one_line, plain_text
from deeppneumo_gui.panels.widgets import roomy

_PADDING = 16


def _is_undo(event: QEvent) -> bool:
    keys = QKeySequence.StandardKey
    return (
        isinstance(event, QKeyEvent)
        and event.type() == QEvent.Type.ShortcutOverride
        and (event.matches(keys.Undo) or event.matches(keys.Redo))
    )


class LineField(QLineEdit):
    """One line."""

    def __init__(self, name: str, placeholder: str = "", most: int = 300) -> None:
        super().__init__(placeholderText=placeholder, maxLength=most)
        self.setAccessibleName(name)
        roomy(self)

    def event(self, event: QEvent) -> bool:
        """Leave undoing to the window."""
        if _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def show_text(self, text: str) -> None:
        """Show another text; written only where it differs, for the cursor would jump while somebody types."""
        if one_line(self.text()) != text:
            self.setText(text)


class TextField(QPlainTextEdit):
    """Some lines."""

    def __init__(self, name: str, placeholder: str = "", lines: int = 2) -> None:
        super().__init__(placeholderText=placeholder)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + _PADDING + 4)

    def event(self, event: QEvent) -> bool:
        """Leave undoing to the window."""
        if _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def show_text(self, text: str) -> None:
        """Show another text, as above."""
        if plain_text(self.toPlainText()) != text:
            with QSignalBlocker(self):
                self.setPlainText(text)

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Show one text on each line."""
        if self.lines != lines:
            with QSignalBlocker(self):
                self.setPlainText("\n".join(line.replace("\n", " ") for line in lines))

    @property
    def lines(self) -> tuple[str, ...]:
        """One text for each line that is not empty."""
        return tuple(line.strip() for line in plain_text(self.toPlainText()).split("\n") if line.strip())
