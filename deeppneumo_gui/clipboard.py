"""What can be opened from the clipboard: files, or an image that becomes a file until the window closes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from deeppneumo_gui.private_folder import PrivateFolder

_UNCOMPRESSED: Final = 100
"""Of PNG's "quality" in Qt: quick to write, and gone when the window closes."""
_PREFIX: Final = "deeppneumo-pasted-"


def local_paths(data: QMimeData) -> list[Path]:
    """Return the local files and folders in what is dragged or copied; anything else is ignored."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]


class PastedImages:
    """Keeps pasted images in a private folder; `close` removes it, or the next start after a crash."""

    def __init__(self) -> None:
        self._folder = PrivateFolder(_PREFIX)
        self._count = 0

    def save(self, data: QMimeData) -> Path | None:
        """Write the image to a file, None where there is no image or no room for it."""
        image = data.imageData() if data.hasImage() else None
        if not isinstance(image, QImage) or image.isNull():
            return None
        self._count += 1
        path = self._folder.path / f"Pasted image {self._count}.png"
        return path if image.save(str(path), quality=_UNCOMPRESSED) else None

    def close(self) -> None:
        """Remove everything that was pasted from the disk."""
        self._folder.close()
