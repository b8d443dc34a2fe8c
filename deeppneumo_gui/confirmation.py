"""The question before anything is deleted for good."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def confirm_loss(parent: QWidget, verb: str, question: str, consequence: str) -> bool:
    """Ask before something is lost; the harmless answer is the one that Enter gives."""
    box = QMessageBox(QMessageBox.Icon.Warning, verb, question, parent=parent)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(consequence)
    lose = box.addButton(verb, QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    box.exec()
    chosen = box.clickedButton() is lose
    box.deleteLater()
    return chosen
