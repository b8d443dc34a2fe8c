"""The offer to take up a lesson that was not saved."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from core.teaching.lesson_file import LessonFile
from deeppneumo_gui.panels.message_bar import MessageBar
from deeppneumo_gui.panels.widgets import named

_OFFER: Final = "was not saved before the program ended."


class DraftOffer(MessageBar):
    """One sentence and two buttons; closed without either, it comes again with the next start."""

    accepted = Signal(object)
    """The `LessonFile` of the draft."""
    declined = Signal(object)

    def __init__(self, draft: LessonFile) -> None:
        super().__init__()
        self._draft = draft
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.take_up = named(QPushButton("Open it"), "quiet")
        self.discard = named(QPushButton("Discard it"), "quiet")
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        for place, button in enumerate((self.take_up, self.discard), 1):
            row.insertWidget(place, button)
            button.clicked.connect(self._on_clicked)
        title = draft.lesson.title
        self.say(f"The lesson “{title}” {_OFFER}" if title else f"A lesson {_OFFER}")

    @Slot()
    def _on_clicked(self) -> None:
        taken = self.sender() is self.take_up
        self.hide()
        (self.accepted if taken else self.declined).emit(self._draft)
