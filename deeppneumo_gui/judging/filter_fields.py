"""The filters of a review: how far the reader is, who differs, and on request the truth."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from deeppneumo_gui.judging.agreement import Difference, Reading
from deeppneumo_gui.judging.filters import ReviewFilter
from deeppneumo_gui.panels.widgets import roomy

_TRUTHS: Final = {
    "Any truth": None,
    "Truth: pneumonia": "pneumonia",
    "Truth: normal": "normal",
    "Truth not known": "unknown",
}
_SHORTEST: Final = 96


class ReviewFields(QWidget):
    """Three choices; those that would tell the truth are offered only while it is shown."""

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
        choices = QHBoxLayout()
        choices.setSpacing(6)
        choices.addWidget(self.reading, 1)
        choices.addWidget(self.difference, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(choices)
        column.addWidget(self.truth)
        self.offer_truth(False)
        for field in self.controls:
            field.currentIndexChanged.connect(self.changed)

    @property
    def controls(self) -> tuple[QComboBox, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return self.reading, self.difference, self.truth

    @property
    def wanted(self) -> ReviewFilter:
        """What the fields say."""
        return ReviewFilter(
            self.reading.currentData(), self.difference.currentData(), self.truth.currentData()
        )

    def set_wanted(self, wanted: ReviewFilter) -> None:
        """Say this."""
        pairs = zip(self.controls, (wanted.reading, wanted.difference, wanted.truth), strict=True)
        for field, value in pairs:
            field.setCurrentIndex(max(field.findData(value), 0))

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
        if self.wanted != before:
            self.changed.emit()


def _choice(name: str) -> QComboBox:
    result = roomy(QComboBox())
    result.setAccessibleName(name)
    result.setMinimumWidth(_SHORTEST)
    return result
