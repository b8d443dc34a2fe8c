"""The licences of everything that the program is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from deeppneumo_gui.about.components import Component, components
from deeppneumo_gui.first_size import open_at
from deeppneumo_gui.panels.widgets import label

_NO_TEXT: Final = "The text of this licence was not installed with the library."
_NO_LIST: Final = "The list of licences is missing; install the program again."
_LIST_WIDTH: Final = 250
_NUMBER: Final = re.compile(r"^\d\d-")
"""Before the names of the texts in a package, where several may be called the same."""


class LicencesDialog(QDialog):
    """The program and its libraries on the left, the texts of the chosen one's licences on the right."""

    def __init__(self, shown: Iterable[Component], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Licences")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list = QListWidget()
        self.list.setAccessibleName("Libraries")
        self.list.setFixedWidth(_LIST_WIDTH)
        self.list.setSpacing(2)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Text of the licence")
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.caption = label("", "detail", wrap=True)
        self.list.currentItemChanged.connect(self._on_chosen)
        for component in shown:
            item = QListWidgetItem(f"{component.name} {component.version}".strip())
            item.setData(Qt.ItemDataRole.UserRole, component)
            self.list.addItem(item)
        self._lay_out()
        if self.list.count():
            self.list.setCurrentRow(0)
        else:
            self.text.setPlainText(_NO_LIST)

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        right = QVBoxLayout()
        right.addWidget(self.caption)
        right.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.list)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(12)
        column.addLayout(row, 1)
        column.addWidget(buttons)

    @Slot(QListWidgetItem)
    def _on_chosen(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        component: Component = item.data(Qt.ItemDataRole.UserRole)
        self.caption.setText(
            f"{component.name} {component.version}, licence: {component.licence or 'see below'}"
        )
        self.text.setPlainText(_text(component))


def shipped_components() -> list[Component]:
    """Return the libraries of this program, none where their list is missing or damaged."""
    try:
        return components()
    except (OSError, ValueError, KeyError):
        return []


def show_licences(parent: QWidget) -> LicencesDialog:
    """Open the dialog."""
    dialog = LicencesDialog(shipped_components(), parent)
    open_at(dialog, 1000, 640)
    dialog.show()
    return dialog


def _text(component: Component) -> str:
    """Return all texts of a component, each under its file's name where there are several."""
    texts = []
    for path in component.texts:
        try:
            text = path.read_text(encoding="utf-8", errors="replace").strip("\n")
        except OSError:
            continue
        name = _NUMBER.sub("", path.name)
        texts.append(text if len(component.texts) == 1 else f"---- {name} ----\n\n{text}")
    return "\n\n\n".join(texts) or _NO_TEXT
