"""The radiograph on the projector and its copy before the teacher, with pointer, spotlight and regions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from core.teaching.lesson import Point, Region
from deeppneumo_gui.canvas.view import RadiographView
from deeppneumo_gui.teaching.outlines import outline
from deeppneumo_gui.theme import CANVAS, DARK

_LASER: Final = QColor("#ff4d3d")
_RIM: Final = QColor(255, 255, 255, 235)
_DARKNESS: Final = 190
"""Of what lies outside the spotlight, from 0 to 255."""
_RADII: Final = (0.04, 0.06, 0.09, 0.13, 0.19, 0.28)
_LARGEST_BEAM: Final = len(_RADII) - 1


@dataclass(frozen=True, slots=True)
class Beam:
    """Pointer and spotlight.

    Attributes
    ----------
    point : Point or None
        Where, in shares of the radiograph's width and height; None while the hand is elsewhere.
    laser, spotlight : bool
    size : int
        Of the spotlight, from 0.
    """

    point: Point | None = None
    laser: bool = False
    spotlight: bool = False
    size: int = 3

    @property
    def radius(self) -> float:
        """The spotlight's radius as a share of the radiograph's longer side."""
        return _RADII[min(max(self.size, 0), _LARGEST_BEAM)]

    @property
    def resized(self) -> tuple[int, int]:
        """The next smaller and the next larger size."""
        return max(self.size - 1, 0), min(self.size + 1, _LARGEST_BEAM)


class PointedView(RadiographView):
    """A view that knows where on the radiograph the cursor is, and on which a beam can be shown."""

    pointed = Signal(object)
    """The `Point` under the cursor, None when it has left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._beam = Beam()
        self._regions: tuple[Region, ...] = ()
        self._private = False
        self._points: float | None = None
        self.set_corner_text(False)

    @property
    def beam(self) -> Beam:
        """What points at the radiograph now."""
        return self._beam

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions that are drawn."""
        return self._regions

    def set_type(self, points: float) -> None:
        """Write what stands on the radiograph in this size; a style sheet would take a font of the widget's away."""
        self._points = points
        self.viewport().update()

    def set_beam(self, beam: Beam) -> None:
        """Point, or point no longer."""
        if beam != self._beam:
            self._beam = beam
            self.viewport().update()

    def set_regions(self, regions: tuple[Region, ...], *, private: bool = False) -> None:
        """Draw the teacher's regions; dashed where only the teacher sees them."""
        if (regions, private) != (self._regions, self._private):
            self._regions, self._private = regions, private
            self.viewport().update()

    def follow(self, position: QPointF | None) -> None:
        """Tell where on the radiograph the cursor is."""
        super().follow(position)
        self.pointed.emit(None if position is None else self._place_of(position))

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802
        """Draw regions, spotlight and pointer above the radiograph; the caption of the heatmap above them."""
        extent = self._size_of_radiograph
        if extent is not None:
            painter.save()
            painter.resetTransform()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_regions(painter, extent)
            self._draw_beam(painter, extent)
            painter.restore()
        if self._points is not None:
            font = painter.font()
            font.setPointSizeF(self._points)
            painter.setFont(font)
        super().drawForeground(painter, rect)

    @property
    def _size_of_radiograph(self) -> QSize | None:
        if self.display is None:
            return None
        height, width = self.display.radiograph.shape
        return QSize(width, height)

    @property
    def _unit(self) -> float:
        """The thickness of a line that is seen from the last row."""
        return max(self.viewport().height() / 480.0, 1.2)

    def _place_of(self, position: QPointF) -> Point | None:
        extent = self._size_of_radiograph
        if extent is None:
            return None
        back, _ = self.viewportTransform().inverted()
        place = back.map(position)
        return place.x() / extent.width(), place.y() / extent.height()

    def _draw_regions(self, painter: QPainter, extent: QSize) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.DashLine if self._private else Qt.PenStyle.SolidLine
        for region in self._regions:
            path = self.viewportTransform().map(outline(region.shape, region.points, extent))
            # A dark line below the bright one, so that it is seen on white and on black.
            for colour, width, line in (
                (CANVAS, 3.0, Qt.PenStyle.SolidLine),
                (DARK.notice, 1.5, style),
            ):
                painter.setPen(QPen(QColor(colour), width * self._unit, line))
                painter.drawPath(path)

    def _draw_beam(self, painter: QPainter, extent: QSize) -> None:
        beam = self._beam
        if beam.point is None:
            return
        x, y = beam.point
        at = self.viewportTransform().map(QPointF(x * extent.width(), y * extent.height()))
        if beam.spotlight:
            scale = self.viewportTransform().map(QPointF(1, 0)) - self.viewportTransform().map(QPointF())
            radius = (
                beam.radius * max(extent.width(), extent.height()) * (scale.x() ** 2 + scale.y() ** 2) ** 0.5
            )
            dark = QPainterPath()
            dark.addRect(QRectF(self.viewport().rect()))
            dark.addEllipse(at, radius, radius)
            painter.fillPath(dark, QColor(0, 0, 0, _DARKNESS))
        if beam.laser:
            painter.setPen(QPen(_RIM, self._unit))
            painter.setBrush(_LASER)
            painter.drawEllipse(at, 4.5 * self._unit, 4.5 * self._unit)


def mirror(view: PointedView, other: PointedView) -> None:
    """Let another view follow window/level, zoom and pan."""

    def follow_framing() -> None:
        framing = view.framing
        if framing is not None and other.display is view.display:
            other.adopt(framing)

    def follow_display(quick: bool) -> None:
        if other.display is view.display:
            other.refresh(quick)

    view.framing_changed.connect(follow_framing)
    view.display_changed.connect(follow_display)
