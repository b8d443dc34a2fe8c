"""Where files come from: dialogs and drops."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QWidget

# Content decides, not the extension: DICOM files often have none, so "All files" comes first.
_FILTERS: Final = (
    "All files (*);;Images (*.jpg *.jpeg *.jpe *.png *.tif *.tiff *.bmp *.webp);;DICOM (*.dcm *.dicom *.ima)"
)


def ask_files(parent: QWidget) -> list[Path]:
    """Ask for files; empty when the reader thinks better of it."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Open radiographs", "", _FILTERS)
    return [Path(name) for name in names]


def ask_folder(parent: QWidget) -> list[Path]:
    """Ask for a folder; empty when the reader thinks better of it."""
    name = QFileDialog.getExistingDirectory(parent, "Open a folder of radiographs")
    return [Path(name)] if name else []


def dropped_paths(data: QMimeData) -> list[Path]:
    """Return the local files and folders in what is dragged; anything else is ignored."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile() and url.toLocalFile()]
