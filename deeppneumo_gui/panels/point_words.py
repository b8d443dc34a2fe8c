"""What the operating point was worth, in short until more is asked for."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from deeppneumo_gui.panels.widgets import label, named
from deeppneumo_gui.reading_aid import ScoreReading


class PointWords(QWidget):
    """Sensitivity and specificity at the operating point; with More their intervals, and what is hatched."""

    def __init__(self) -> None:
        super().__init__()
        self._reading: ScoreReading | None = None
        self.words = label("", "detail", wrap=True)
        self.button = named(QPushButton(), "quiet")
        self.button.setCheckable(True)
        self.button.setToolTip("How well sensitivity and specificity are known, and what is hatched")
        self.button.toggled.connect(self._refresh)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        self._refresh()

    @property
    def unfolded(self) -> bool:
        """Whether the reader asked for all of it."""
        return self.button.isChecked()

    def set_reading(self, reading: ScoreReading | None) -> None:
        """Show another score's operating point; hidden where there is none."""
        self._reading = reading
        self.setVisible(reading is not None)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self.button.setText("Less" if self.unfolded else "More")
        self.button.setAccessibleName(f"{self.button.text()} about the operating point")
        self.words.setText("" if self._reading is None else _words(self._reading, self.unfolded))


def _words(reading: ScoreReading, whole: bool) -> str:
    if whole:
        return f"{reading.point_words} {reading.band_words}"
    # A doubt about this very score is never folded away.
    return f"{reading.point_summary} {reading.doubt}".rstrip()
