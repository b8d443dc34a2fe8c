"""What a presentation asks its teacher."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget


def ask_unsaved(parent: QWidget) -> QMessageBox.StandardButton:
    """Ask what becomes of hands that were counted and not saved."""
    buttons = QMessageBox.StandardButton
    return QMessageBox.question(
        parent,
        "Results of the class",
        "Hands have been counted and not been saved. Save them as a table?",
        buttons.Save | buttons.Discard | buttons.Cancel,
    )


def ask_results_file(parent: QWidget) -> Path | None:
    """Ask for the CSV to write; None when the teacher thinks better of it."""
    name, _ = QFileDialog.getSaveFileName(
        parent, "Save the results of the class", "results of the class.csv", "CSV (*.csv)"
    )
    return Path(name) if name else None
