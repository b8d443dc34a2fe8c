"""The offer to go on with a batch that was broken off."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from deeppneumo_gui.panels.message_bar import MessageBar
from deeppneumo_gui.panels.widgets import named

OFFER: Final = "The last batch was broken off before its end. What was scored and judged has been kept."


class GoOnOffer(MessageBar):
    """One sentence and a button, above the canvas and in nobody's way."""

    accepted = Signal(object)
    """`list[Path]` to be opened again."""

    def __init__(self, paths: list[Path]) -> None:
        super().__init__()
        self._paths = paths
        self.go_on = named(QPushButton("Go on"), "quiet")
        self.go_on.setToolTip("Open the same files again and score the rest")
        self.go_on.clicked.connect(self._on_clicked)
        row = self.layout()
        assert isinstance(row, QHBoxLayout)
        row.insertWidget(1, self.go_on)
        self.say(OFFER)

    @Slot()
    def _on_clicked(self) -> None:
        self.hide()
        self.accepted.emit(self._paths)
