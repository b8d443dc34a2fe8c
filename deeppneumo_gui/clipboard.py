"""What can be opened from the clipboard: files, or an image that becomes a file until the window closes."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QLockFile, QMimeData
from PySide6.QtGui import QImage

_UNCOMPRESSED: Final = 100
"""Of PNG's "quality" in Qt: quick to write, and gone when the window closes."""
_PREFIX: Final = "deeppneumo-pasted-"
_LOCK: Final = "in-use.lock"


def local_paths(data: QMimeData) -> list[Path]:
    """Return the local files and folders in what is dragged or copied; anything else is ignored."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]


class PastedImages:
    """Keeps pasted images in a private folder; `close` removes it, or the next start after a crash."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lock: QLockFile | None = None
        self._count = 0
        _remove_stale()

    def save(self, data: QMimeData) -> Path | None:
        """Write the image to a file, None where there is no image or no room for it."""
        image = data.imageData() if data.hasImage() else None
        if not isinstance(image, QImage) or image.isNull():
            return None
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True)
            self._lock = _lock(Path(self._folder.name))
            self._lock.tryLock(0)
        self._count += 1
        path = Path(self._folder.name) / f"Pasted image {self._count}.png"
        return path if image.save(str(path), quality=_UNCOMPRESSED) else None

    def close(self) -> None:
        """Remove everything that was pasted from the disk."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def _remove_stale() -> None:
    """Remove what runs that broke off have left behind."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
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
