"""The canvas with hands: what mouse, wheel and keys do to the image."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from deeppneumo_gui.canvas.magnifier import MagnifyingStage

_STILL: Final = 3
"""Screen pixels that a hand moves while it clicks."""


class _Drag(Enum):
    WINDOW = auto()
    PAN = auto()
    ZOOM = auto()


def gestures(wheel_steps: bool) -> tuple[tuple[str, str], ...]:
    """Return what the hand does and what comes of it, for the sheet of keys."""
    zoom, step = ("Shift + wheel", "Wheel") if wheel_steps else ("Wheel", "Shift + wheel")
    return (
        ("Left drag", "Window (left, right) and level (up, down)"),
        ("Middle drag, Space + left drag", "Pan"),
        (f"{zoom}, right drag", "Zoom at the cursor"),
        (step, "Previous or next image"),
        ("Double click", "Full screen"),
    )


class RadiographView(MagnifyingStage):
    """Left drag windows, middle drag (or Space and left) pans, right drag and wheel zoom."""

    step_requested = Signal(int)
    """Shift and the wheel: previous (-1) or next (+1) case."""
    full_screen_requested = Signal()
    touched = Signal()
    """The reader turned to this view, by mouse or keyboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Radiograph")
        self.wheel_steps = False
        self._space = False
        self._drag: _Drag | None = None
        self._dragged = False
        self._double = False
        self._last = QPoint()
        self._pressed = QPoint()

    def zoom_by(self, factor: float) -> None:
        """Zoom at the cursor, or at the middle while the cursor is elsewhere."""
        if self.display is not None:
            self.zoom_at(self.cursor_point, factor)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom at the cursor; with Shift, step through the cases; the reverse where `wheel_steps`."""
        # Some systems turn the wheel sideways while Shift is held.
        turn = event.angleDelta().y() or event.angleDelta().x()
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if shift != self.wheel_steps:
            if turn:
                self.step_requested.emit(-1 if turn > 0 else 1)
        elif self.display is not None:
            self.zoom_at(event.position(), 1.0015**turn)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a drag."""
        if self._drag is not None:
            return
        self.touched.emit()
        self._last = self._pressed = event.position().toPoint()
        self._dragged = self._double = False
        match event.button():
            case Qt.MouseButton.LeftButton:
                self._drag = _Drag.PAN if self._space else _Drag.WINDOW
            case Qt.MouseButton.MiddleButton:
                self._drag = _Drag.PAN
            case Qt.MouseButton.RightButton:
                self._drag = _Drag.ZOOM
        if self._drag is _Drag.PAN:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Go on with a drag."""
        position = event.position().toPoint()
        step, self._last = position - self._last, position
        self._dragged |= (position - self._pressed).manhattanLength() > _STILL
        if self.display is None:
            return
        match self._drag:
            case _Drag.WINDOW:
                self.window_level(step.x(), step.y())
            case _Drag.PAN:
                self.pan(step)
            case _Drag.ZOOM:
                self.zoom_at(QPointF(self._pressed), 1.006 ** -step.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End a drag; a double click that did not become one asks for full screen."""
        if event.buttons() != Qt.MouseButton.NoButton:
            return
        self._drag = None
        self.finish()
        self.viewport().unsetCursor()
        if self._double and not self._dragged:
            self.full_screen_requested.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a drag like any press: two quick window/level drags are no wish for full screen."""
        double = event.button() == Qt.MouseButton.LeftButton and not self._dragged
        self.mousePressEvent(event)
        self._double = double

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Remember Space; arrow keys belong to the worklist, not to the scroll bars."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Forget Space."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._forget_space()
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Tell that the keys now come here."""
        self.touched.emit()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Forget Space, whose release now goes elsewhere."""
        self._forget_space()
        super().focusOutEvent(event)

    def _forget_space(self) -> None:
        self._space = False
        self.viewport().unsetCursor()
