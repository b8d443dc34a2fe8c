"""A folder of the program's own for files that nobody is to find once the window has closed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile

_LOCK: Final = "in-use.lock"


class PrivateFolder:
    """Made when it is first needed; `close` removes it, or the next start after a crash.

    Parameters
    ----------
    prefix : str
        How its name begins, different for each use.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock: QLockFile | None = None
        _remove_stale(prefix)

    @property
    def path(self) -> Path:
        """Where it lies; asking makes it."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix=self._prefix, ignore_cleanup_errors=True)
            self._lock = _lock(Path(self._folder.name))
            self._lock.tryLock(0)
        return Path(self._folder.name)

    def close(self) -> None:
        """Remove it with everything in it."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _remove_stale(prefix: str) -> None:
    """Remove what runs that broke off have left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        # A folder without a lock is only just being made; a link may lead anywhere.
        if folder.is_symlink() or not (folder / _LOCK).exists():
            continue
        lock = _lock(folder)
        if lock.tryLock(0):
            shutil.rmtree(folder, ignore_errors=True)
            lock.unlock()


def _lock(folder: Path) -> QLockFile:
    lock = QLockFile(str(folder / _LOCK))
    # A lock is stale when its process has gone, however long ago it was taken.
    lock.setStaleLockTime(0)
    return lock
