"""The radiograph of a lesson, with the learner's mark and, once it may be seen, the teacher's regions on it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QWidget

from core.teaching.lesson import Point, Region
from deeppneumo_gui.canvas.view import RadiographView
from deeppneumo_gui.teaching.outlines import Outlines, in_pixels
from deeppneumo_gui.theme import CANVAS, DARK

_RADIUS: Final = 12.0
_GAP: Final = 4.0
_HALO: Final = QColor(0, 0, 0, 170)
_HALO_WIDTH: Final = 4.0
REGION_NAME: Final = "Teacher's region"
_LOWEST: Final = 0.93
"""A region that ends below has its name above it, or it would lie beside the radiograph."""
_NAME_LEVEL: Final = 2.0
"""Above the regions."""
_STEPS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_STEP: Final = 0.02
_SMALL_STEP: Final = 0.005


class LessonView(RadiographView):
    """Besides what every view can: a mark that a click or the arrow keys place, and regions."""

    mark_placed = Signal(object)
    """The `Point` where the learner sees something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._marking = False
        self._swallowed = False
        self._moving = False
        self._mark: Point | None = None
        self._drawn_mark: list[QGraphicsItem] = []
        self._outlines = Outlines(self.scene())
        self._names: list[QGraphicsItem] = []
        self.content_changed.connect(self._on_content_changed)

    @property
    def marking(self) -> bool:
        """Whether the next click places the mark."""
        return self._marking

    @property
    def moving(self) -> bool:
        """Whether the arrow keys have placed the mark, and may go on doing so."""
        return self._moving

    def set_marking(self, marking: bool) -> None:
        """Take up or put down the mark."""
        self._marking = marking
        if marking:
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.viewport().unsetCursor()

    def show_mark(self, mark: Point | None) -> None:
        """Draw the learner's mark, or none."""
        if mark == self._mark and bool(self._drawn_mark) == (mark is not None):
            return
        self._take_off(self._drawn_mark)
        self._mark = mark
        if mark is None or self.display is None:
            return
        for colour, width in ((_HALO, 5.0), (QColor(DARK.accent), 2.0)):
            item = QGraphicsPathItem(_crosshair())
            item.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
            item.setPos(in_pixels(mark, self._size))
            self._put_on(item, self._drawn_mark)

    def show_regions(self, regions: tuple[Region, ...]) -> None:
        """Draw the teacher's regions, or none."""
        self._outlines.clear()
        self._take_off(self._names)
        if self.display is not None and regions:
            self._outlines.draw(regions, self._size)
            self._name_regions(regions[0])

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Place the mark where that was asked for; else begin a drag."""
        self._swallowed = self._marking and event.button() == Qt.MouseButton.LeftButton
        if not self._swallowed:
            super().mousePressEvent(event)
            return
        point = self._fractions(self.mapToScene(event.position().toPoint()))
        if point is not None:
            self._moving = False
            self.mark_placed.emit(point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End what the press began."""
        if not self._swallowed:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take the second of two quick clicks that place a mark for no wish for full screen."""
        if not self._swallowed:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move the mark with the arrow keys while it is in the hand; with Shift by less."""
        step = _STEPS.get(Qt.Key(event.key()))
        if not self._marking or step is None or self.display is None:
            super().keyPressEvent(event)
            return
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        reach = _SMALL_STEP if shift else _STEP
        x, y = self._mark or (0.5, 0.5)
        place = (x + step[0] * reach, y + step[1] * reach)
        moved = place if self._mark is not None else (0.5, 0.5)
        self._moving = True
        self.mark_placed.emit((min(max(moved[0], 0.0), 1.0), min(max(moved[1], 0.0), 1.0)))

    @Slot()
    def _on_content_changed(self) -> None:
        """Let nothing of one radiograph lie on the next."""
        self.show_mark(None)
        self.show_regions(())

    def _name_regions(self, first: Region) -> None:
        """Write below the first region what it is; in a halo, so that it is read on white and on black."""
        left, top, _, bottom = first.box
        below = bottom < _LOWEST
        for pen, brush in (
            (QPen(QColor(CANVAS), _HALO_WIDTH, j=Qt.PenJoinStyle.RoundJoin), QColor(CANVAS)),
            (QPen(Qt.PenStyle.NoPen), QColor(DARK.notice)),
        ):
            words = QGraphicsPathItem(_words(REGION_NAME, self.font(), below=below))
            words.setPen(pen)
            words.setBrush(brush)
            words.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
            words.setPos(in_pixels((left, bottom if below else top), self._size))
            words.setZValue(_NAME_LEVEL)
            self._put_on(words, self._names)

    def _put_on(self, item: QGraphicsItem, drawn: list[QGraphicsItem]) -> None:
        self.scene().addItem(item)
        drawn.append(item)

    def _take_off(self, drawn: list[QGraphicsItem]) -> None:
        for item in drawn:
            self.scene().removeItem(item)
        drawn.clear()

    @property
    def _size(self) -> QSize:
        assert self.display is not None
        height, width = self.display.radiograph.shape
        return QSize(width, height)

    def _fractions(self, place: QPointF) -> Point | None:
        """Return a place of the scene as a point of the radiograph, None beside it."""
        if self.display is None:
            return None
        height, width = self.display.radiograph.shape
        x, y = place.x() / width, place.y() / height
        return (x, y) if 0.0 <= x <= 1.0 and 0.0 <= y <= 1.0 else None


def _words(text: str, font: QFont, *, below: bool) -> QPainterPath:
    """Return the outlines of a text that begins just below or above a place."""
    bold = QFont(font)
    bold.setBold(True)
    metrics = QFontMetricsF(bold)
    path = QPainterPath()
    path.addText(QPointF(_GAP, metrics.ascent() + _GAP if below else -metrics.descent() - _GAP), bold, text)
    # Letters that overlap are one area, without holes.
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def _crosshair() -> QPainterPath:
    """Return a ring with four strokes that leave its middle free."""
    path = QPainterPath()
    path.addEllipse(QPointF(), _RADIUS, _RADIUS)
    for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        path.moveTo(x * _GAP, y * _GAP)
        path.lineTo(x * (_RADIUS + _GAP), y * (_RADIUS + _GAP))
    return path
