"""Notices at the next start that a run did not end as it should."""

from __future__ import annotations

import faulthandler
from pathlib import Path
from typing import Final, TextIO

from PySide6.QtCore import QLockFile

from deeppneumo_gui.crash.details import heading, read_fault

_RUNS_AT_ONCE: Final = 8
_LARGEST: Final = 64 * 1024


class RunMarker:
    """A file that is there while the program runs, and takes what a dying interpreter still says.

    Each running instance holds one of a few places with a lock, so that a second window is no crash.
    """

    def __init__(self, folder: Path) -> None:
        self.report: str | None = None
        """What is known of a run that broke off since the last start, None where none did."""
        self._lock: QLockFile | None = None
        self._file: TextIO | None = None
        self._path: Path | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._take_place(folder)
        except OSError:
            return  # Without a folder to write to, crashes go unnoticed and the program starts.

    def close(self, *, well: bool = True) -> None:
        """End the watch; unless the run ended `well`, the next start will tell."""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._file = None
        if self._path is not None and well:
            self._path.unlink(missing_ok=True)
        self._path = None
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _take_place(self, folder: Path) -> None:
        for place in range(1, _RUNS_AT_ONCE + 1):
            path = folder / f"run-{place}.txt"
            lock = QLockFile(str(folder / f"run-{place}.lock"))
            # A lock is stale when its process has gone, however long ago it was taken.
            lock.setStaleLockTime(0)
            if not lock.tryLock(0):
                continue
            if path.exists():
                self.report = _read(path)
                path.unlink(missing_ok=True)
            if self._lock is None:
                self._lock, self._path = lock, path
                self._file = path.open("w", encoding="utf-8")
                faulthandler.enable(self._file)
            else:
                lock.unlock()


def _read(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            fault = read_fault(file.read(_LARGEST))
    except OSError:
        fault = ""
    return f"{heading()}\n{fault or 'The run before this one broke off without a word.'}"
