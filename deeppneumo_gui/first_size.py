"""How large a window is before anybody has made it larger. The first paint waits for this module."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_FRAME: Final = 40
"""Of a title bar, which the system adds."""


def open_at(window: QWidget, width: int, height: int) -> None:
    """Give a window its first size: no larger than the screen, so that its foot, with the notice, is seen at once."""
    room = window.screen().availableSize()
    # Off screen there is nothing to fit in.
    if QGuiApplication.platformName() != "offscreen":
        width, height = min(width, room.width()), min(height, room.height() - _FRAME)
    window.resize(width, height)
