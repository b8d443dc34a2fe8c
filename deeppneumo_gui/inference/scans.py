"""All openings that are being looked through."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from deeppneumo_gui.inference.scan import ScanThread
from deeppneumo_gui.services import Services


class Scans(QObject):
    """Starts a thread for each opening and outlives none of them."""

    paths_found = Signal(object)
    """`list[Path]`, possibly empty."""
    paths_missing = Signal(object)
    """`list[Path]` that were to be skipped where they are missing; comes before `paths_found`."""

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._scans: set[ScanThread] = set()

    def begin(self, paths: Iterable[Path], skip_missing: bool) -> None:
        """Look through files and folders."""
        scan = ScanThread(self._services, list(paths), self, skip_missing=skip_missing)
        self._scans.add(scan)
        scan.paths_missing.connect(self.paths_missing)
        scan.paths_found.connect(self.paths_found)
        scan.finished.connect(self._on_finished)
        scan.start()

    def stop(self) -> None:
        """Ask every thread to end; follow with `wait`."""
        for scan in self._scans:
            scan.stop()

    def wait(self) -> None:
        """Return when no thread is left."""
        for scan in self._scans:
            scan.wait()

    @Slot()
    def _on_finished(self) -> None:
        for scan in [scan for scan in self._scans if scan.isFinished()]:
            self._scans.discard(scan)
            scan.deleteLater()
