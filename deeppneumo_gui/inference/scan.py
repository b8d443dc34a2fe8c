"""Walking folders off the GUI thread."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from deeppneumo_gui.services import Services

_log = logging.getLogger(__name__)


class ScanThread(QThread):
    """Finds the radiographs in what was opened or dropped; lives for one opening."""

    paths_found = Signal(object)
    """`list[Path]`, possibly empty, once for everything that was opened."""

    def __init__(self, services: Services, paths: list[Path], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._paths = paths

    def run(self) -> None:
        """Walk every path, stopping between two of them when interrupted."""
        found: list[Path] = []
        for path in self._paths:
            if self.isInterruptionRequested():
                return
            try:
                found += self._services.find(path)
            except Exception as error:
                _log.error("A folder could not be walked: %s", type(error).__name__)
        self.paths_found.emit(found)
