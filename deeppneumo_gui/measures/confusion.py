"""Calls against the truth as four buttons; each lists its images."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.metrics.calls import CallMeasures
from deeppneumo_gui.judging.filters import Caller, Cell
from deeppneumo_gui.panels.widgets import label, named
from deeppneumo_gui.theme import numerals

CLASSES: Final = ("pneumonia", "normal")
_PADDING: Final = 14
"""Around the words in a cell, with the frame of the button."""
_NO_COUNT: Final = "\N{EN DASH}"


class ConfusionGrid(QWidget):
    """Rows are the truth, columns the calls of the model or of the reader."""

    chosen = Signal(object)
    """The `Cell` whose images are wanted, None where they no longer are."""

    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self.caller = caller
        self.calls: CallMeasures | None = None
        self.head = QHBoxLayout()
        """Where the heading stands, with room for buttons behind it."""
        self.buttons = {
            Cell(caller, truth, call): self._button(Cell(caller, truth, call))
            for truth in CLASSES
            for call in CLASSES
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(3)
        for place, name in enumerate(CLASSES):
            above = label(name, "caption")
            above.setAlignment(Qt.AlignmentFlag.AlignCenter)
            grid.addWidget(above, 0, place + 1)
            beside = label(f"truth\n{name}", "caption")
            grid.addWidget(beside, place + 1, 0)
        for number, button in enumerate(self.buttons.values()):
            grid.addWidget(button, 1 + number // 2, 1 + number % 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        self.head.setSpacing(2)
        self.head.addWidget(label(caller.title, "heading"))
        self.head.addStretch(1)
        column.addLayout(self.head)
        column.addLayout(grid, 1)

    def show_calls(self, calls: CallMeasures | None) -> None:
        """Show other counts, or dashes where nothing was called."""
        self.calls = calls
        for cell, button in self.buttons.items():
            count = None if calls is None else _count(calls, cell)
            button.setText(f"{_NO_COUNT if count is None else f'{count:,}'}\n{cell.meaning}")
            button.setEnabled(count is not None)
            button.setAccessibleName(f"{self.caller.title}, {cell.meaning}: {count or 0:,} images")
            button.setToolTip(f"List the {count:,} images: {cell.words}" if count is not None else "")

    def show_chosen(self, chosen: Cell | None) -> None:
        """Mark the cell whose images are listed."""
        for cell, button in self.buttons.items():
            button.setChecked(cell == chosen)

    def _button(self, cell: Cell) -> QPushButton:
        button = named(QPushButton(), "cell")
        button.setCheckable(True)
        font = numerals(self.font())
        button.setFont(font)
        button.setMinimumWidth(QFontMetrics(font).horizontalAdvance(cell.meaning) + _PADDING)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        button.clicked.connect(lambda checked: self.chosen.emit(cell if checked else None))
        return button


def _count(calls: CallMeasures, cell: Cell) -> int:
    return {
        ("pneumonia", "pneumonia"): calls.true_positive,
        ("pneumonia", "normal"): calls.false_negative,
        ("normal", "pneumonia"): calls.false_positive,
        ("normal", "normal"): calls.true_negative,
    }[cell.truth, cell.call]
