"""The filters of a review: how far the reader is, who differs, and on request the truth."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from deeppneumo_gui.icons import icon
from deeppneumo_gui.judging.agreement import Difference, Reading
from deeppneumo_gui.judging.filters import Cell, ReviewFilter
from deeppneumo_gui.panels.widgets import roomy

_TRUTHS: Final = {
    "Any truth": None,
    "Truth: pneumonia": "pneumonia",
    "Truth: normal": "normal",
    "Truth not known": "unknown",
}
_SHORTEST: Final = 96


class ReviewFields(QWidget):
    """Three choices, and what a table of calls was clicked for; the truth is told only while it is shown."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.reading = _choice("Filter by your reading")
        self.reading.addItem("Any reading", None)
        for reading in Reading:
            self.reading.addItem(reading.value, reading)
        self.difference = _choice("Filter by who differs")
        self.truth = _choice("Filter by truth")
        for words, label in _TRUTHS.items():
            self.truth.addItem(words, label)
        self.cell_button = QPushButton()
        self.cell_button.setIcon(icon("cancel"))
        self.cell_button.setToolTip("List the others too")
        self.cell_button.setAccessibleName("List the others too")
        self._cell: Cell | None = None
        choices = QHBoxLayout()
        choices.setSpacing(6)
        choices.addWidget(self.reading, 1)
        choices.addWidget(self.truth, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(choices)
        column.addWidget(self.difference)  # its words are too long for half a row
        self.cell_button.hide()
        self.offer_truth(False)
        for field in (self.reading, self.difference, self.truth):
            field.currentIndexChanged.connect(self.changed)
        self.cell_button.clicked.connect(self._on_cell_dropped)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return self.reading, self.truth, self.difference, self.cell_button

    @property
    def wanted(self) -> ReviewFilter:
        """What the fields say."""
        return ReviewFilter(
            self.reading.currentData(), self.difference.currentData(), self.truth.currentData(), self._cell
        )

    def set_wanted(self, wanted: ReviewFilter) -> None:
        """Say this."""
        values = {self.reading: wanted.reading, self.difference: wanted.difference, self.truth: wanted.truth}
        for field, value in values.items():
            field.setCurrentIndex(max(field.findData(value), 0))
        self.set_cell(wanted.cell)

    def set_cell(self, cell: Cell | None) -> None:
        """List only the cases of one cell of a table of calls, or with None no longer."""
        before, self._cell = self._cell, cell
        self.cell_button.setText("" if cell is None else f"{cell.caller.value.capitalize()}: {cell.meaning}")
        self.cell_button.setAccessibleName(
            "List the others too" if cell is None else f"Only {cell.words}; press to list the others"
        )
        self.cell_button.setVisible(cell is not None)
        if cell != before:
            self.changed.emit()

    def offer_truth(self, offered: bool) -> None:
        """Offer what would tell the truth, or no longer."""
        before = self.wanted
        with QSignalBlocker(self.difference):
            self.difference.clear()
            self.difference.addItem("Any agreement", None)
            for difference in Difference:
                if offered or not difference.needs_truth:
                    self.difference.addItem(difference.value, difference)
            self.difference.setCurrentIndex(max(self.difference.findData(before.difference), 0))
        with QSignalBlocker(self.truth):
            if not offered:
                self.truth.setCurrentIndex(0)
            self.truth.setVisible(offered)
        if not offered:
            self._cell = None
            self.cell_button.hide()
        if self.wanted != before:
            self.changed.emit()

    @Slot()
    def _on_cell_dropped(self) -> None:
        self.set_cell(None)


def _choice(name: str) -> QComboBox:
    result = roomy(QComboBox())
    result.setAccessibleName(name)
    result.setToolTip(name)
    result.setMinimumWidth(_SHORTEST)
    return result
