"""Which part of a picture is seen, and how large: fit, zoom, pan, turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from deeppneumo_gui.canvas.orientation import Orientation

_ZOOM_RANGE: Final = (0.02, 32.0)


@dataclass(frozen=True, slots=True)
class Framing:
    """What is seen, in terms that also hold for a picture of another size.

    Attributes
    ----------
    magnification : float
        Scale, in units of the scale at which the whole picture fits.
    centre : tuple of float
        What lies in the middle, as fractions of the picture's width and height.
    """

    fitted: bool
    magnification: float
    centre: tuple[float, float]


class FramedView(QGraphicsView):
    """A view whose scene is one picture with its top left corner at the origin."""

    framing_changed = Signal()
    """Zoomed, panned or fitted by the reader."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        # What the reader has enlarged stays in the middle when a second pane or full screen comes.
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self._extent: QSize | None = None
        self._orientation = Orientation()
        self._scale = 1.0
        self._fitted = True

    @property
    def zoom(self) -> float:
        """Device pixels per pixel of the radiograph."""
        return self._scale * self.devicePixelRatioF()

    @property
    def framing(self) -> Framing | None:
        """What is seen, None while there is no picture."""
        if self._extent is None:
            return None
        centre = self.mapToScene(self.viewport().rect().center())
        fractions = (centre.x() / self._extent.width(), centre.y() / self._extent.height())
        return Framing(self._fitted, self._scale / self._fitting_scale(), fractions)

    def adopt(self, framing: Framing) -> None:
        """Show what another view shows."""
        if self._extent is None:
            return
        blocked = self.blockSignals(True)
        if framing.fitted:
            self.fit()
        else:
            self._fitted = False
            self._set_scale(self._fitting_scale() * framing.magnification)
            x, y = framing.centre
            self.centerOn(x * self._extent.width(), y * self._extent.height())
            self._frame_changed()
        self.blockSignals(blocked)

    def fit(self) -> None:
        """Show the whole radiograph, and keep it whole when the window changes size."""
        self._fitted = True
        if self._extent is None:
            return
        self._set_scale(self._fitting_scale())
        self.centerOn(self._extent.width() / 2, self._extent.height() / 2)
        self._frame_changed()

    def actual_size(self) -> None:
        """Show one pixel of the radiograph as one pixel of the screen."""
        if self._extent is not None:
            self.zoom_at(QPointF(self.viewport().rect().center()), 1.0 / self.zoom)

    def pan(self, step: QPoint) -> None:
        """Move the image by a step in screen pixels."""
        self._fitted = False
        for bar, distance in ((self.horizontalScrollBar(), step.x()), (self.verticalScrollBar(), step.y())):
            bar.setValue(bar.value() - distance)
        self._frame_changed()

    def zoom_at(self, position: QPointF, factor: float) -> None:
        """Scale so that the point under `position` (viewport) stays there."""
        fixed = self.mapToScene(position.toPoint())
        self._set_scale(self._scale * factor)
        moved = self.mapFromScene(fixed) - position.toPoint()
        self.pan(-moved)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep a fitted image fitted."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def _set_extent(self, extent: QSize | None) -> None:
        self._extent = extent
        if extent is not None:
            width, height = extent.width(), extent.height()
            # Room to pan an enlarged image to the edge, and no more.
            self.scene().setSceneRect(QRectF(-width, -height, 3 * width, 3 * height))

    def _turn(self, orientation: Orientation) -> None:
        """Lay the picture otherwise, around the middle of the view."""
        if orientation == self._orientation:
            return
        centre = self.mapToScene(self.viewport().rect().center())
        self._orientation = orientation
        if self._fitted:
            self.fit()
        else:
            self._set_scale(self._scale)
            self.centerOn(centre)
            self._frame_changed()

    def _fitting_scale(self) -> float:
        assert self._extent is not None
        size = self.viewport().size()
        width, height = self._extent.width(), self._extent.height()
        if self._orientation.sideways:
            width, height = height, width
        return max(min(size.width() / width, size.height() / height), _ZOOM_RANGE[0])

    def _set_scale(self, scale: float) -> None:
        low, high = _ZOOM_RANGE
        self._scale = min(max(scale, low), high)
        transform = QTransform()
        transform.rotate(90.0 * self._orientation.turns)
        side = -self._scale if self._orientation.mirrored else self._scale
        self.setTransform(transform.scale(side, self._scale))

    def _frame_changed(self) -> None:
        self.framing_changed.emit()
