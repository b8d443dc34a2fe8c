"""The first thing on the screen: the window itself, in its place, before its parts are loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QDeadlineTimer, QEventLoop, QSettings
from PySide6.QtWidgets import QApplication

from deeppneumo_gui.theme import DARK, THEMES, apply_theme
from deeppneumo_gui.window import MainWindow

_PATIENCE_MS: Final = 1_000
"""So long a paint is waited for that does not come, for a window that starts minimised, say."""
_STEP_MS: Final = 50


def show_empty_window(app: QApplication, settings_file: Path) -> MainWindow:
    """Show the main window without its parts where it was last, and return once it has been painted.

    Read without `Settings`, which knows what every part remembers.
    """
    settings = QSettings(str(settings_file), QSettings.Format.IniFormat)
    apply_theme(app, THEMES.get(str(settings.value("look/theme")), DARK))
    window = MainWindow()
    geometry = settings.value("window/geometry")
    if isinstance(geometry, QByteArray):
        window.restoreGeometry(geometry)
    window.show()
    deadline = QDeadlineTimer(_PATIENCE_MS)
    while not window.painted and window.isVisible() and not deadline.hasExpired():
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _STEP_MS)
    return window
