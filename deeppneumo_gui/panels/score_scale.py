"""The model score on a scale from 0 to 1."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from deeppneumo_gui.reading_aid import ScoreReading
from deeppneumo_gui.theme import colours, numerals

_TRACK_TOP: Final = 16.0
_TRACK_HEIGHT: Final = 10.0
_INSET: Final = 7.0
_HEIGHT: Final = 58


class ScoreScale(QWidget):
    """A track with the score's marker above it, the operating point below it, the uncertain band hatched.

    One hue throughout: where the marker lies says all, and no colour passes a verdict.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reading: ScoreReading | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Model score on a scale from 0 to 1")

    def set_reading(self, reading: ScoreReading | None) -> None:
        """Show a score, or an empty scale."""
        self._reading = reading
        self.setAccessibleDescription("" if reading is None else reading.call_words)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height that track, marker and labels take."""
        return QSize(200, _HEIGHT)

    def position(self, value: float) -> float:
        """Return the horizontal position of a score in [0, 1]."""
        return _INSET + value * (self.width() - 2 * _INSET)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the scale."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(_INSET, _TRACK_TOP, self.width() - 2 * _INSET, _TRACK_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().track))
        painter.drawRoundedRect(track, 3, 3)
        if self._reading is not None:
            self._draw_band(painter, track, self._reading)
            self._draw_marker(painter, track, self._reading)
        self._draw_labels(painter, track, self._reading)
        painter.end()

    def _draw_band(self, painter: QPainter, track: QRectF, reading: ScoreReading) -> None:
        low, high = (self.position(value) for value in (reading.band.low, reading.band.high))
        band = QRectF(low, track.top(), max(high - low, 2.0), track.height())
        painter.fillRect(band, QColor(colours().raised))
        painter.fillRect(band, QBrush(QColor(colours().notice), Qt.BrushStyle.BDiagPattern))

    def _draw_marker(self, painter: QPainter, track: QRectF, reading: ScoreReading) -> None:
        x = self.position(reading.score)
        painter.setPen(QPen(QColor(colours().panel), 1.5))
        painter.setBrush(QColor(colours().accent))
        tip = track.top() + 3
        painter.drawPolygon(QPolygonF([QPointF(x, tip), QPointF(x - 7, tip - 13), QPointF(x + 7, tip - 13)]))
        painter.drawRoundedRect(QRectF(x - 2, track.top() - 1, 4, track.height() + 2), 1.5, 1.5)

    def _draw_labels(self, painter: QPainter, track: QRectF, reading: ScoreReading | None) -> None:
        painter.setFont(numerals(self.font(), scale=0.9))
        metrics = painter.fontMetrics()
        baseline = track.bottom() + 8 + metrics.ascent()
        painter.setPen(QColor(colours().muted))
        taken = QRectF()
        if reading is not None:
            x = self.position(reading.point.threshold)
            painter.setPen(QPen(QColor(colours().text), 1.5))
            painter.drawLine(QPointF(x, track.top() - 2), QPointF(x, track.bottom() + 5))
            text = f"operating point {reading.point_text}"
            width = metrics.horizontalAdvance(text)
            left = min(max(x - width / 2, 0.0), self.width() - width)
            taken = QRectF(left - 6, baseline - metrics.ascent(), width + 12, metrics.height())
            painter.drawText(QPointF(left, baseline), text)
            painter.setPen(QColor(colours().muted))
        for text, left in (("0", _INSET), ("1", self.width() - _INSET - metrics.horizontalAdvance("1"))):
            spot = QRectF(
                left, baseline - metrics.ascent(), metrics.horizontalAdvance(text), metrics.height()
            )
            if not spot.intersects(taken):
                painter.drawText(QPointF(left, baseline), text)
