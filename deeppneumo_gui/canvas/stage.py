"""The canvas without hands: a radiograph, its heatmap, zoom and pan."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QResizeEvent, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget

from core.overlay import CAPTION
from core.reading.radiograph import Radiograph
from deeppneumo_gui.canvas.display import Display, fitting_reduction
from deeppneumo_gui.canvas.foreground import CanvasText, draw_foreground
from deeppneumo_gui.canvas.images import grey_pixmap
from deeppneumo_gui.theme import CANVAS

_ZOOM_RANGE: Final = (0.02, 32.0)
_BUSY_AFTER_MS: Final = 150
"""Most files are on screen sooner; a word that flashes past only disturbs."""


class RadiographStage(QGraphicsView):
    """Shows one radiograph and, above it, the heatmap."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        scene = QGraphicsScene(self)
        self._picture = QGraphicsPixmapItem()
        self._overlay = QGraphicsPixmapItem()
        for item in (self._picture, self._overlay):
            item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
            scene.addItem(item)
        self.setScene(scene)
        self.setBackgroundBrush(QColor(CANVAS))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        # The corner text does not move with the scene, so parts of the viewport cannot be scrolled.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        # Drops belong to the window.
        self.setAcceptDrops(False)
        self._display: Display | None = None
        self._text = CanvasText()
        self._fitted = True
        self._reduction = 1
        self._busy = QTimer(self)
        self._busy.setSingleShot(True)
        self._busy.setInterval(_BUSY_AFTER_MS)
        self._busy.timeout.connect(self._on_busy)

    @property
    def display(self) -> Display | None:
        """The radiograph on screen, None while there is none."""
        return self._display

    @property
    def zoom(self) -> float:
        """Device pixels per pixel of the radiograph."""
        return self.transform().m11() * self.devicePixelRatioF()

    @property
    def settled(self) -> bool:
        """Whether an image, or the sentence why there is none, is on screen."""
        return self._display is not None or bool(self._text.title)

    @property
    def overlay_shown(self) -> bool:
        """Whether a heatmap lies on the radiograph."""
        return self._overlay.isVisible() and not self._overlay.pixmap().isNull()

    @property
    def corner_text(self) -> bool:
        """Whether the corners carry text."""
        return self._text.corners

    def show_radiograph(self, radiograph: Radiograph) -> None:
        """Put a radiograph on screen, fitted."""
        self._busy.stop()
        self._text.clear()
        self._display = Display(radiograph)
        height, width = radiograph.shape
        # Room to pan an enlarged image to the edge, and no more.
        self.scene().setSceneRect(QRectF(-width, -height, 3 * width, 3 * height))
        # Rendered by `fit`, in the size that fits.
        self._reduction = 0
        self.fit()

    def show_nothing(self, title: str = "", sentence: str = "", *, busy: str = "") -> None:
        """Take everything off the screen; say why, or that a file is being read if that takes long."""
        self._display = None
        self._picture.setPixmap(QPixmap())
        self.set_heatmap(None)
        self._text.say(title, sentence)
        self._text.busy = busy
        if busy:
            self._busy.start()
        else:
            self._busy.stop()
        self.viewport().update()

    def set_heatmap(self, image: QImage | None) -> None:
        """Lay a heatmap over the radiograph, stretched to its rectangle; None removes it."""
        if image is None or self._display is None:
            self._overlay.setPixmap(QPixmap())
            return
        height, width = self._display.radiograph.shape
        self._overlay.setPixmap(QPixmap.fromImage(image))
        self._overlay.setTransform(QTransform.fromScale(width / image.width(), height / image.height()))

    def set_heatmap_visible(self, visible: bool) -> None:
        """Show or hide the heatmap."""
        self._overlay.setVisible(visible)

    def set_heatmap_opacity(self, opacity: float) -> None:
        """Set the heatmap's opacity in [0, 1]; costs one repaint."""
        self._overlay.setOpacity(opacity)

    def set_corner_text(self, shown: bool) -> None:
        """Show or hide the text in the corners."""
        self._text.corners = shown
        self.viewport().update()

    def fit(self) -> None:
        """Show the whole radiograph, and keep it whole when the window changes size."""
        self._fitted = True
        if self._display is None:
            return
        height, width = self._display.radiograph.shape
        size = self.viewport().size()
        self._set_scale(min(size.width() / width, size.height() / height))
        self.centerOn(width / 2, height / 2)

    def actual_size(self) -> None:
        """Show one pixel of the radiograph as one pixel of the screen."""
        if self._display is not None:
            centre = self.viewport().rect().center()
            self.zoom_at(QPointF(centre), 1.0 / self.zoom)

    def invert(self) -> None:
        """Swap black and white."""
        if self._display is not None:
            self._display.invert()
            self._render()

    def reset(self) -> None:
        """Undo window, level, inversion, zoom and pan."""
        if self._display is not None:
            self._display.reset()
            self._render()
            self.fit()

    def window_level(self, right: float, down: float) -> None:
        """Window/level by a movement in screen pixels."""
        if self._display is not None:
            self._display.drag(right, down)
            self._render()

    def pan(self, step: QPoint) -> None:
        """Move the image by a step in screen pixels."""
        self._fitted = False
        for bar, distance in ((self.horizontalScrollBar(), step.x()), (self.verticalScrollBar(), step.y())):
            bar.setValue(bar.value() - distance)

    def zoom_at(self, position: QPointF, factor: float) -> None:
        """Scale so that the point under `position` (viewport) stays there."""
        fixed = self.mapToScene(position.toPoint())
        self._set_scale(self.transform().m11() * factor)
        moved = self.mapFromScene(fixed) - position.toPoint()
        self.pan(-moved)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size that leaves the panels beside it their width."""
        return QSize(640, 640)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802
        """Draw the text that does not move with the image."""
        painter.save()
        painter.resetTransform()
        # The heatmap is never seen without it.
        self._text.caption = f"{CAPTION}." if self.overlay_shown else ""
        draw_foreground(painter, self.viewport().rect(), self._text, self._display, self.zoom)
        painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep a fitted image fitted."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def _render(self) -> None:
        if self._display is not None:
            self._reduction = fitting_reduction(self.zoom)
            self._picture.setPixmap(grey_pixmap(self._display.rendering(self._reduction)))
            self._picture.setScale(self._reduction)

    def _set_scale(self, scale: float) -> None:
        low, high = _ZOOM_RANGE
        scale = min(max(scale, low), high)
        self.setTransform(QTransform.fromScale(scale, scale))
        if fitting_reduction(self.zoom) != self._reduction:
            self._render()

    @Slot()
    def _on_busy(self) -> None:
        self._text.say("", self._text.busy)
        self.viewport().update()
