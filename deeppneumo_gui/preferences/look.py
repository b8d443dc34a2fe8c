"""Changing the theme while the window is open."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from deeppneumo_gui.icons import redraw_icons
from deeppneumo_gui.theme import THEMES, apply_theme, colours


def wear(name: str) -> None:
    """Dress every window in the theme of this name; nothing happens when it is worn already."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme = THEMES[name]
    if theme is colours():
        return
    apply_theme(app, theme)
    for window in app.topLevelWidgets():
        redraw_icons(window)
