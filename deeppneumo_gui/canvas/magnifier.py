"""A glass under the cursor that shows the radiograph larger, with its heatmap as it is shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from deeppneumo_gui.canvas.images import grey_pixmap
from deeppneumo_gui.canvas.stage import RadiographStage
from deeppneumo_gui.theme import CANVAS

MAGNIFICATION: Final = 2.5
_RADIUS: Final = 130
_RIM: Final = QColor(232, 236, 241)


class MagnifyingStage(RadiographStage):
    """A stage with a magnifier, and the knowledge where the cursor is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport().setMouseTracking(True)
        self._magnifying = False
        self._cursor: QPointF | None = None

    @property
    def cursor_point(self) -> QPointF:
        """The cursor's place in the viewport, or the middle while it is elsewhere."""
        return self._cursor or QPointF(self.viewport().rect().center())

    @property
    def hovered(self) -> bool:
        """Whether the cursor is over the view."""
        return self._cursor is not None

    @property
    def magnifying(self) -> bool:
        """Whether the magnifier is in the reader's hand."""
        return self._magnifying

    def set_magnifying(self, magnifying: bool) -> None:
        """Take up or put down the magnifier."""
        self._magnifying = magnifying
        self.viewport().update()

    def follow(self, position: QPointF | None) -> None:
        """Move the magnifier with the cursor; None when it has left."""
        self._cursor = position
        if self._magnifying:
            self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Watch the cursor before a drag has its say."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self.follow(event.position())
        elif event.type() == QEvent.Type.Leave:
            self.follow(None)
        return super().viewportEvent(event)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802
        """Draw the magnifier above everything else."""
        super().drawForeground(painter, rect)
        if self._magnifying and self._cursor is not None and self._display is not None:
            painter.save()
            painter.resetTransform()
            self._draw_magnifier(painter, self._cursor)
            painter.restore()

    def _draw_magnifier(self, painter: QPainter, at: QPointF) -> None:
        radius = min(_RADIUS, self.viewport().width() // 3, self.viewport().height() // 3)
        rim = QPainterPath()
        rim.addEllipse(at, radius, radius)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.save()
        painter.setClipPath(rim)
        painter.fillRect(rim.boundingRect(), QColor(CANVAS))
        painter.translate(at)
        painter.scale(MAGNIFICATION, MAGNIFICATION)
        painter.translate(-at)
        painter.setTransform(self.viewportTransform(), True)
        reach = radius / MAGNIFICATION
        self._draw_detail(painter, QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach))
        painter.restore()
        painter.setPen(QPen(_RIM, 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(rim)

    def _draw_detail(self, painter: QPainter, seen: QRectF) -> None:
        """Draw the part of the viewport in `seen` from all pixels of the radiograph, not from the screen."""
        assert self._display is not None
        height, width = self._display.radiograph.shape
        back, _ = self.viewportTransform().inverted()
        piece = back.mapRect(seen).toAlignedRect().adjusted(-1, -1, 1, 1)
        piece = piece.intersected(QRect(0, 0, width, height))
        if piece.isEmpty():
            return
        left, top = piece.left(), piece.top()
        part = (slice(top, top + piece.height()), slice(left, left + piece.width()))
        painter.drawPixmap(QPointF(left, top), grey_pixmap(self._display.rendering(1, part)))
        if self.overlay_shown:
            painter.setOpacity(self._overlay.opacity())
            painter.setTransform(self._overlay.transform(), True)
            painter.drawPixmap(QPointF(), self._overlay.pixmap())
