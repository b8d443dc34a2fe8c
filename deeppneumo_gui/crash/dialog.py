"""The dialog after an error that nobody expected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from deeppneumo_gui.panels.widgets import label, named

_MOST_DETAILS = 5


class CrashDialog(QDialog):
    """Says so calmly, offers the details, and is in nobody's way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("DeepPneumo")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._details: list[str] = []
        self._times = 0
        self.words = label(wrap=True)
        self.words.setMinimumWidth(420)
        self._explanation = label(
            "What you did last may not have been finished. If it happens again, pass on the details: they name "
            "places in the program, and no files, folders or patients.",
            "detail",
            wrap=True,
        )
        self.copy = QPushButton("&Copy details")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._on_copy)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        box.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        box.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(10)
        column.addWidget(named(label("Something went wrong; the program goes on."), "dialogTitle"))
        for widget in (self.words, self._explanation):
            column.addWidget(widget)
        column.addSpacing(6)
        column.addWidget(box)

    @property
    def details(self) -> str:
        """Everything that would be copied."""
        return "\n\n".join(self._details)

    def add(self, details: str) -> None:
        """Take in one more error; the first few are kept."""
        self._times += 1
        if len(self._details) < _MOST_DETAILS and details not in self._details:
            self._details.append(details)
        self.words.setText("" if self._times == 1 else f"It happened {self._times} times.")
        self.words.setVisible(self._times > 1)

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details)
        self.copy.setText("Copied")
