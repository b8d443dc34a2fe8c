"""Where an export goes."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

_KINDS: Final = {
    "xlsx": "Excel workbook",
    "pptx": "PowerPoint presentation",
    "deeplesson": "Lesson",
    "deeprun": "Learners' runs",
}
"""Of files whose suffix does not say it."""


def ask_picture_file(parent: QWidget, suggestion: str) -> Path | None:
    """Ask for the PNG to write; None when the reader thinks better of it."""
    return _ask_file(parent, "Save the view as a picture", suggestion, "PNG (*.png)", "png")


def ask_table_file(parent: QWidget, suggestion: str) -> Path | None:
    """Ask for the CSV to write; None when the reader thinks better of it."""
    return _ask_file(parent, "Save all results as a table", suggestion, "CSV (*.csv)", "csv")


def ask_document_file(parent: QWidget, title: str, stem: str, suffix: str) -> Path | None:
    """Ask for the document to write; None when the reader thinks better of it."""
    kind = _KINDS.get(suffix, suffix.upper())
    return _ask_file(parent, title, f"{stem}.{suffix}", f"{kind} (*.{suffix})", suffix)


def ask_overlay_folder(parent: QWidget) -> Path | None:
    """Ask for the folder for overlays; None when the reader thinks better of it."""
    name = QFileDialog.getExistingDirectory(parent, "Choose a folder for the overlays")
    return Path(name) if name else None


def _ask_file(parent: QWidget, title: str, suggestion: str, kind: str, suffix: str) -> Path | None:
    dialog = QFileDialog(parent, title, "", kind)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    # The dialog itself adds it, so that it asks before it replaces the file of the full name.
    dialog.setDefaultSuffix(suffix)
    dialog.selectFile(suggestion)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return Path(dialog.selectedFiles()[0]) if accepted else None
