"""What can be opened from the clipboard: files, or an image that becomes a file until the window closes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

_UNCOMPRESSED: Final = 100
"""Of PNG's "quality" in Qt: quick to write, and gone when the window closes."""


def local_paths(data: QMimeData) -> list[Path]:
    """Return the local files and folders in what is dragged or copied; anything else is ignored."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]


class PastedImages:
    """Keeps pasted images in a private folder; `close` removes it."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._count = 0

    def save(self, data: QMimeData) -> Path | None:
        """Write the image to a file, None where there is no image or no room for it."""
        image = data.imageData() if data.hasImage() else None
        if not isinstance(image, QImage) or image.isNull():
            return None
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="deeppneumo-")
        self._count += 1
        path = Path(self._folder.name) / f"Pasted image {self._count}.png"
        return path if image.save(str(path), quality=_UNCOMPRESSED) else None

    def close(self) -> None:
        """Remove everything that was pasted from the disk."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
