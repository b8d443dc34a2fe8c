"""Walking folders off the GUI thread."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal

from deeppneumo_gui.inference.errands import Errands, ReleasedError
from deeppneumo_gui.services import Services

_log = logging.getLogger(__name__)


class ScanThread(QThread):
    """Finds the radiographs in what was opened or dropped; lives for one opening."""

    paths_found = Signal(object)
    """`list[Path]`, possibly empty, once for everything that was opened."""

    paths_missing = Signal(object)
    """`list[Path]` of what was opened before and is no longer there, just before `paths_found`."""

    def __init__(
        self,
        services: Services,
        paths: list[Path],
        parent: QObject | None = None,
        *,
        skip_missing: bool = False,
    ) -> None:
        super().__init__(parent)
        self._skip_missing = skip_missing
        self._services = services
        self._paths = paths
        self._errands = Errands("scan")

    def stop(self) -> None:
        """End at once, also while the system keeps a folder waiting; follow with `wait()`."""
        self._errands.release()

    def run(self) -> None:
        """Walk every path, unless stopped."""
        try:
            found = self._walk()
        except ReleasedError:
            return
        finally:
            self._errands.close()
        self.paths_found.emit(found)

    def _walk(self) -> list[Path]:
        found: list[Path] = []
        missing: list[Path] = []
        for path in self._paths:
            try:
                if self._skip_missing and not self._errands.result(self._errands.submit(path.exists)):
                    missing.append(path)
                    continue
                found += self._errands.result(self._errands.submit(self._services.find, path))
            except ReleasedError:
                raise
            except Exception as error:
                _log.error("A folder could not be walked.", exc_info=error)
        if missing:
            self.paths_missing.emit(missing)
        return found
