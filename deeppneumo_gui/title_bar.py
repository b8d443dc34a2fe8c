"""The window's title: the case on screen, by the name that may be shown."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from deeppneumo_gui.session import ViewerSession

_PROGRAM: Final = "DeepPneumo"


class TitleBar(QObject):
    """Keeps the title true; task bars and screen recordings show it too."""

    def __init__(self, window: QMainWindow, session: ViewerSession) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        session.case_selected.connect(self.refresh)
        session.identities.changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Name the case on screen."""
        case = self._session.current
        name = "" if case is None else f"{self._session.identities.name(case)} - "
        self._window.setWindowTitle(f"{name}{_PROGRAM}")
