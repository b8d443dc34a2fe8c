"""The colour bar beside the heatmap's controls."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.overlay import WEAK_STRENGTH, colormap_table
from deeppneumo_gui.canvas.heatmap import HeatmapStyle
from deeppneumo_gui.canvas.images import indexed_image
from deeppneumo_gui.theme import colours, numerals

_BAR: Final = 12
_HEIGHT: Final = 34
_RAMP: Final = np.arange(256, dtype=np.uint8)[np.newaxis]


class ColourBar(QWidget):
    """The colours of the map over mid-grey, with the unnormalised value of both ends.

    Drawn with the threshold but not with the opacity: the bar explains colours, not how strongly they lie
    on the radiograph.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = HeatmapStyle()
        self._top: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Colour bar of the heatmap")

    def set_style(self, style: HeatmapStyle) -> None:
        """Show another colour map or threshold."""
        self._style = style
        self.update()

    def set_strength(self, strength: float | None) -> None:
        """Label the bar for a map of this strength, or not at all."""
        self._top = None if strength is None else max(strength, WEAK_STRENGTH)
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of bar and labels."""
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the bar."""
        painter = QPainter(self)
        bar = QRectF(0, 0, self.width(), _BAR)
        painter.fillRect(bar, QColor(96, 96, 96))
        painter.drawImage(
            bar, indexed_image(_RAMP, colormap_table(self._style.colormap, self._style.threshold))
        )
        painter.setFont(numerals(self.font(), scale=0.9))
        painter.setPen(QColor(colours().muted if self._top is not None else colours().faint))
        metrics = painter.fontMetrics()
        baseline = _BAR + 5 + metrics.ascent()
        right = "strong" if self._top is None else f"{self._top:.2f}"
        painter.drawText(QPointF(0, baseline), "weak" if self._top is None else "0")
        painter.drawText(QPointF(self.width() - metrics.horizontalAdvance(right), baseline), right)
        if self._top is not None:
            unit = QRectF(0, _BAR + 5, self.width(), metrics.height())
            painter.drawText(unit, Qt.AlignmentFlag.AlignCenter, "logits per cell")
        painter.end()
