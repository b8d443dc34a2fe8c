"""What shows truth or names is out of sight while somebody reads or presents."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QWidget
from shiboken6 import isValid


class Curtain:
    """Hides windows, and shows again those that were to be seen.

    Parameters
    ----------
    window : QWidget
        Whose floating panels and dialogs go and come with it: a system hides them not, or only on its own terms.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._away: list[QWidget] = []

    def fall(self, others: Sequence[QWidget]) -> None:
        """Hide the window with all that floats beside it, and other windows."""
        floating = [widget for widget in self._window.findChildren(QWidget) if widget.isWindow()]
        self._away = [window for window in (*floating, *others) if window.isVisible()]
        for window in (self._window, *self._away):
            window.hide()

    def rise(self) -> None:
        """Show again what is still there."""
        self._window.show()
        away, self._away = self._away, []
        for window in away:
            if isValid(window):
                window.show()

    def give_back_panels(self) -> None:
        """Have floating panels count as shown, without showing them: the program ends, and remembers them so."""
        for panel in self._away:
            if isValid(panel) and isinstance(panel, QDockWidget):
                panel.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
                panel.show()
