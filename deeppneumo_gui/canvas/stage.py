"""The canvas without hands: a radiograph, its heatmap, and what is said about them."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsView, QWidget

from core.reading.radiograph import Radiograph
from deeppneumo_gui.canvas.display import WHOLE, Display, Part, fitting_reduction
from deeppneumo_gui.canvas.foreground import CanvasText, draw_foreground
from deeppneumo_gui.canvas.framing import FramedView
from deeppneumo_gui.canvas.images import grey_pixmap
from deeppneumo_gui.canvas.presets import Preset
from deeppneumo_gui.theme import CANVAS

_BUSY_AFTER_MS: Final = 150
"""Most files are on screen sooner; a word that flashes past only disturbs."""
_QUICK_PIXELS: Final = 1_300_000
"""So many pixels are windowed and drawn well within a frame; more wait until the hand rests."""
_REST_MS: Final = 60


class RadiographStage(FramedView):
    """Shows one radiograph and, above it, the heatmap."""

    content_changed = Signal()
    """Another radiograph, or none."""
    display_changed = Signal(bool)
    """The same radiograph with another window, inverted or turned; True while a drag goes on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QGraphicsPixmapItem()
        self._overlay = QGraphicsPixmapItem()
        for item in (self._picture, self._overlay):
            item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
            self.scene().addItem(item)
        self.setBackgroundBrush(QColor(CANVAS))
        # The corner text does not move with the scene, so parts of the viewport cannot be scrolled.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        # Drops belong to the window.
        self.setAcceptDrops(False)
        self._display: Display | None = None
        self._text = CanvasText()
        self._drawn: tuple[int, Part] | None = None
        self._busy = self._timer(_BUSY_AFTER_MS)
        self._busy.timeout.connect(self._on_busy)
        self._rest = self._timer(_REST_MS)
        self._rest.timeout.connect(self.finish)

    def _timer(self, interval: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        return timer

    @property
    def display(self) -> Display | None:
        """The radiograph on screen, None while there is none."""
        return self._display

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
        self.show_display(Display(radiograph))

    def show_display(self, display: Display) -> None:
        """Put a radiograph on screen, fitted; `display` may be shared with another view."""
        self._busy.stop()
        self._rest.stop()
        self._text.clear()
        self.set_heatmap(None)
        self._display = display
        self._orientation = display.orientation
        height, width = display.radiograph.shape
        self._set_extent(QSize(width, height))
        # Rendered by `fit`, in the size that fits.
        self._drawn = None
        # That a new image is fitted is not the reader's wish, and no other view is to follow it.
        blocked = self.blockSignals(True)
        self.fit()
        self.blockSignals(blocked)
        self.content_changed.emit()

    def show_nothing(self, title: str = "", sentence: str = "", *, busy: str = "") -> None:
        """Take everything off the screen; say why, or that a file is being read if that takes long."""
        self._display = None
        self._set_extent(None)
        self._rest.stop()
        self._picture.setPixmap(QPixmap())
        self.set_heatmap(None)
        self._text.say(title, sentence)
        self._text.busy = busy
        if busy:
            self._busy.start()
        else:
            self._busy.stop()
        self.viewport().update()
        self.content_changed.emit()

    def set_heatmap(self, image: QImage | None, strength: float = 0.0, peak: float = 1.0) -> None:
        """Lay a heatmap over the radiograph, stretched to its rectangle, and say its strength; None removes it.

        Where its `peak` in opacity is 0 nothing is above the threshold, and the image says so.
        """
        self._text.strength, self._text.peak = strength, peak
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

    def set_heading(self, *lines: str) -> None:
        """Say which image this is."""
        if lines != self._text.heading:
            self._text.heading = lines
            self.viewport().update()

    def set_marked(self, marked: bool) -> None:
        """Show which of two views the keys work on."""
        self._text.marked = marked
        self.viewport().update()

    def invert(self) -> None:
        """Swap black and white."""
        if self._display is not None:
            self._display.invert()
            self._display_changed()

    def apply_preset(self, preset: Preset) -> None:
        """Use a preset's window."""
        if self._display is not None:
            self._display.apply(preset)
            self._display_changed()

    def rotate_picture(self, quarters: int) -> None:
        """Turn the picture clockwise by quarters."""
        if self._display is not None:
            self._display.orientation = self._display.orientation.turned(quarters)
            self._display_changed()

    def flip_picture(self, *, vertically: bool = False) -> None:
        """Exchange left and right, or top and bottom."""
        if self._display is not None:
            self._display.orientation = self._display.orientation.flipped(vertically=vertically)
            self._display_changed()

    def reset(self) -> None:
        """Undo window, level, inversion, orientation, zoom and pan."""
        if self._display is not None:
            self._display.reset()
            self._display_changed()
            self.fit()

    def window_level(self, right: float, down: float) -> None:
        """Window/level by a movement in screen pixels; `finish` follows when the hand rests."""
        if self._display is not None:
            self._display.drag(right, down)
            self.refresh(quick=True)
            self.display_changed.emit(True)

    def refresh(self, quick: bool = False) -> None:
        """Show what another view did to a shared display."""
        if self._display is not None:
            self._turn(self._display.orientation)
            self._render(quick=quick)

    @Slot()
    def finish(self) -> None:
        """Draw all detail, after a drag."""
        if self._drawn != self._wanted():
            self._render()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size that leaves the panels beside it their width."""
        return QSize(640, 640)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:  # noqa: N802
        """Draw the text that does not move with the image."""
        painter.save()
        painter.resetTransform()
        # The heatmap is never seen without its caption.
        self._text.tell_heatmap(self.overlay_shown)
        draw_foreground(painter, self.viewport().rect(), self._text, self._display, self.zoom)
        painter.restore()

    def _display_changed(self) -> None:
        self.refresh()
        self.display_changed.emit(False)

    def _wanted(self) -> tuple[int, Part]:
        return fitting_reduction(self.zoom), WHOLE

    def _render(self, *, quick: bool = False) -> None:
        if self._display is None:
            return
        reduction, part = self._wanted()
        if quick:
            reduction, part = self._quickly(reduction)
        pixmap = grey_pixmap(self._display.rendering(reduction, part))
        rows, columns = part
        self._picture.setPixmap(pixmap)
        self._picture.setOffset(columns.start or 0, rows.start or 0)
        self._picture.setScale(reduction)
        self._drawn = (reduction, part)
        if self._drawn == self._wanted():
            self._rest.stop()
        else:
            self._rest.start()
        self.viewport().update()

    def _quickly(self, reduction: int) -> tuple[int, Part]:
        """Return a coarser reduction, or the part that is seen, with few enough pixels for one frame."""
        assert self._display is not None
        height, width = self._display.radiograph.shape
        if height * width <= _QUICK_PIXELS * reduction**2:
            return reduction, WHOLE
        # A pixel more on each side, which smooth scaling blends into those at the edge.
        seen = self.mapToScene(self.viewport().rect()).boundingRect().toAlignedRect().adjusted(-2, -2, 2, 2)
        seen = seen.intersected(QRect(0, 0, width, height))
        while seen.width() * seen.height() > _QUICK_PIXELS * reduction**2:
            reduction *= 2
        rows = slice(seen.top() // reduction, (seen.top() + seen.height()) // reduction + 2)
        columns = slice(seen.left() // reduction, (seen.left() + seen.width()) // reduction + 2)
        return reduction, (rows, columns)

    def _frame_changed(self) -> None:
        super()._frame_changed()
        if self._display is not None and self._drawn != self._wanted():
            self._render()

    @Slot()
    def _on_busy(self) -> None:
        self._text.say("", self._text.busy)
        self.viewport().update()
