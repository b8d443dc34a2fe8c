"""Panels at the side get their width back when a window that had squeezed them grows again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow


class DockWidths(QObject):
    """Knows the widths that the reader chose; Qt keeps those that a small window enforced."""

    def __init__(self, window: QMainWindow, docks: Sequence[QDockWidget]) -> None:
        super().__init__(window)
        self._window = window
        self._docks = docks
        self._wanted: dict[QDockWidget, int] = {}
        self._pressed: dict[QDockWidget, int] = {}
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Tell what was dragged, between press and release, from what became of a new size."""
        match event.type():
            case QEvent.Type.Show if not self._wanted:
                self._wanted = self._widths()
            case QEvent.Type.MouseButtonPress:
                self._pressed = self._widths()
            case QEvent.Type.MouseButtonRelease:
                self._wanted.update(self._widths().items() - self._pressed.items())
            case QEvent.Type.Resize:
                assert isinstance(event, QResizeEvent)
                if event.size().width() > event.oldSize().width() and self._window.isVisible():
                    self._restore()
        return super().eventFilter(watched, event)

    def _widths(self) -> dict[QDockWidget, int]:
        return {dock: dock.width() for dock in self._docks if dock.isVisible()}

    def _restore(self) -> None:
        widths = {dock: self._wanted.get(dock, width) for dock, width in self._widths().items()}
        # The image keeps half of the window.
        fits = min(1.0, self._window.width() / 2 / max(sum(widths.values()), 1))
        wanted = [max(round(width * fits), dock.width()) for dock, width in widths.items()]
        self._window.resizeDocks(list(widths), wanted, Qt.Orientation.Horizontal)
