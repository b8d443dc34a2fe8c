"""Showing the log to whoever asks for it."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from deeppneumo_gui.crash.log import user_log_folder


def open_log_folder() -> None:
    """Open the folder of the log in the system's file manager."""
    folder = user_log_folder()
    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
