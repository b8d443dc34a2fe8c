"""The Qt application, which also hears of files that are opened with the program in the system."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Says which files a double click in the system asks for; macOS sends them as events, not as arguments."""

    files_requested = Signal(object)
    """`list[Path]` of files and folders; empty when only the window is wanted, by a second start."""

    def event(self, event: QEvent) -> bool:
        """Pass requests for files on."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.files_requested.emit([Path(event.file())])
            return True
        return super().event(event)
