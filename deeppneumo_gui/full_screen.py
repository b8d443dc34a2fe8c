"""Full screen: the image alone, and the notice below it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget


class FullScreen(QObject):
    """Hides what stands around the image and gives back exactly what it hid."""

    def __init__(self, window: QMainWindow, around: tuple[QWidget, ...]) -> None:
        super().__init__(window)
        self._window = window
        self._around = around
        self._hidden: list[QWidget] = []
        self._front: list[QDockWidget] = []

    @Slot(bool)
    def set_full(self, full: bool) -> None:
        """Enter or leave full screen."""
        window, flag = self._window, Qt.WindowState.WindowFullScreen
        if full:
            self._hidden = [widget for widget in self._around if widget.isVisible()]
            docks = [widget for widget in self._hidden if isinstance(widget, QDockWidget)]
            # A panel that lies behind another one counts as visible, too.
            self._front = [dock for dock in docks if not dock.visibleRegion().isEmpty()]
            for widget in self._hidden:
                widget.hide()
            window.setWindowState(window.windowState() | flag)
        else:
            window.setWindowState(window.windowState() & ~flag)
            for widget in self._hidden:
                widget.show()
            for dock in self._front:
                dock.raise_()
            self._hidden = []
            self._front = []
