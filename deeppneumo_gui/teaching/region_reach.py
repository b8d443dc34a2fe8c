"""What of a radiograph and its regions lies under the hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainterPathStroker

from core.teaching.lesson import Point, Region
from deeppneumo_gui.canvas.view import RadiographView
from deeppneumo_gui.teaching.outlines import grips, in_pixels, outline

_REACH: Final = 7.0
"""Screen pixels by which a hand may miss a line."""


class RegionReach:
    """Translates between places in a view and points of its radiograph."""

    def __init__(self, view: RadiographView) -> None:
        self._view = view

    @property
    def extent(self) -> QSize | None:
        """Of the radiograph in pixels, None without one."""
        display = self._view.display
        if display is None:
            return None
        height, width = display.radiograph.shape
        return QSize(width, height)

    def point(self, position: QPointF) -> Point:
        """Return where a place lies on the radiograph; beyond its edge, the nearest point in it."""
        extent = self.extent
        assert extent is not None
        back, _ = self._view.viewportTransform().inverted()
        seen = back.map(position)
        x, y = seen.x() / extent.width(), seen.y() / extent.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    def distance(self, position: QPointF, point: Point) -> float:
        """Return how far a place is from a point of the radiograph, in screen pixels across or down."""
        extent = self.extent
        assert extent is not None
        between = self._view.viewportTransform().map(in_pixels(point, extent)) - position
        return max(abs(between.x()), abs(between.y()))

    def grip_at(self, position: QPointF, region: Region) -> int | None:
        """Return which grip of a region lies at a place."""
        for number, grip in enumerate(grips(region)):
            if self.distance(position, grip) <= _REACH:
                return number
        return None

    def region_at(self, position: QPointF, regions: Sequence[Region]) -> int | None:
        """Return the last region, which lies above the others, whose line is at a place."""
        extent = self.extent
        assert extent is not None
        stroker = QPainterPathStroker()
        stroker.setWidth(2 * _REACH)
        for number, region in reversed(list(enumerate(regions))):
            line = self._view.viewportTransform().map(outline(region.shape, region.points, extent))
            if stroker.createStroke(line).contains(position):
                return number
        return None
