"""Outlines of a lesson's regions over a radiograph; they zoom, turn and mirror with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsRectItem, QGraphicsScene

from core.teaching.lesson import Point, Region, Shape
from deeppneumo_gui.theme import CANVAS, DARK

_ABOVE: Final = 1.0
"""The heatmap lies at 0."""
_HANDLE: Final = 9


def outline(shape: Shape, points: Sequence[Point], extent: QSize) -> QPainterPath:
    """Return an outline in the pixels of a radiograph.

    Parameters
    ----------
    shape : {"ellipse", "rectangle", "polygon"}
    points : sequence of Point
        As those of a `Region`, or fewer while it is being drawn.
    extent : QSize
        Width and height of the radiograph.
    """
    path = QPainterPath()
    corners = [in_pixels(point, extent) for point in points]
    if shape == "polygon":
        path.addPolygon(QPolygonF(corners))
        if len(corners) > 2:
            path.closeSubpath()
    elif len(corners) == 2:
        box = QRectF(*corners).normalized()
        if shape == "ellipse":
            path.addEllipse(box)
        else:
            path.addRect(box)
    return path


def in_pixels(point: Point, extent: QSize) -> QPointF:
    """Return where a point of a region lies in the scene of a view."""
    x, y = point
    return QPointF(x * extent.width(), y * extent.height())


def grips(region: Region) -> tuple[Point, ...]:
    """Return the points by which a region is reshaped: corners of a polygon, or all four of a box."""
    if region.shape == "polygon":
        return region.points
    (left, top), (right, bottom) = region.points
    return (left, top), (right, top), (right, bottom), (left, bottom)


def reshaped(region: Region, grip: int, to: Point) -> tuple[Point, ...]:
    """Return the points of a region whose grip was taken somewhere else."""
    if region.shape == "polygon":
        return (*region.points[:grip], to, *region.points[grip + 1 :])
    # The corner opposite the one in the hand stays where it is.
    return grips(region)[(grip + 2) % 4], to


def shifted(region: Region, across: float, down: float) -> tuple[Point, ...]:
    """Return the points of a region that was moved, as far as it stays within the radiograph."""
    left, top, right, bottom = region.box
    across = min(max(across, -left), 1.0 - right)
    down = min(max(down, -top), 1.0 - bottom)
    return tuple((_within(x + across), _within(y + down)) for x, y in region.points)


def _within(value: float) -> float:
    return min(max(value, 0.0), 1.0)


class Outlines:
    """Draws regions into the scene of a view; each line lies on a darker one, and is seen on white and black."""

    def __init__(self, scene: QGraphicsScene) -> None:
        self._scene = scene
        self._items: list[QGraphicsItem] = []

    def clear(self) -> None:
        """Draw nothing."""
        for item in self._items:
            self._scene.removeItem(item)
        self._items = []

    def draw(self, regions: Sequence[Region], extent: QSize, *, chosen: int | None = None) -> None:
        """Draw regions, and grips on the chosen one."""
        self.clear()
        for place, region in enumerate(regions):
            self.add(outline(region.shape, region.points, extent), dashed=place == chosen)
        if chosen is not None:
            for grip in grips(regions[chosen]):
                self._add_grip(in_pixels(grip, extent))

    def add(self, path: QPainterPath, *, dashed: bool = False) -> None:
        """Draw one more line."""
        for colour, width in ((CANVAS, 4.0), (DARK.notice, 2.0)):
            pen = QPen(QColor(colour), width)
            # So thick on the screen however large the radiograph is shown.
            pen.setCosmetic(True)
            if dashed and colour != CANVAS:
                pen.setStyle(Qt.PenStyle.DashLine)
            item = QGraphicsPathItem(path)
            item.setPen(pen)
            self._take(item)

    def _add_grip(self, at: QPointF) -> None:
        grip = QGraphicsRectItem(-_HANDLE / 2, -_HANDLE / 2, _HANDLE, _HANDLE)
        grip.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        grip.setPos(at)
        grip.setPen(QPen(QColor(CANVAS), 1))
        grip.setBrush(QColor(DARK.notice))
        self._take(grip)

    def _take(self, item: QGraphicsItem) -> None:
        item.setZValue(_ABOVE)
        # The hand belongs to the view.
        item.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._scene.addItem(item)
        self._items.append(item)
