"""Asks which cases a lesson is made of."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from deeppneumo_gui.panels.widgets import label, roomy
from deeppneumo_gui.teaching.choosing import Source, Wish

_MOST: int = 200


class ChoosingDialog(QDialog):
    """Offers the sources that have cases; the fields of the draw only where there is one."""

    def __init__(self, counts: Mapping[Source, int], *, fresh: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("New lesson" if fresh else "Add cases to the lesson")
        self.title = roomy(QLineEdit(placeholderText="What the lesson is called"))
        self.title.setAccessibleName("Title of the lesson")
        self.source = roomy(QComboBox())
        for source, count in counts.items():
            self.source.addItem(_words(source, count), source)
        self.count = _number("How many of each class", 5, _MOST)
        self.seed = _number("Seed of the draw", 1, 999_999)
        self.seed.setToolTip("The same number draws the same cases again")
        self.by_kind = QCheckBox("&Bacterial and viral apart")
        self._draw = (self.count, self.seed, self.by_kind)
        self._form = QFormLayout()
        self._form.setVerticalSpacing(8)
        if fresh:
            self._form.addRow("&Title", self.title)
        self._form.addRow("&Cases", self.source)
        self._form.addRow("&Of each class", self.count)
        self._form.addRow("&Seed", self.seed)
        self._form.addRow("", self.by_kind)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        verb = "Begin the lesson" if fresh else "Add"
        self.buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(12)
        column.addWidget(
            label("A case enters a lesson only with its truth, which learners are held against.", wrap=True)
        )
        column.addLayout(self._form)
        column.addWidget(self.buttons)
        self.setMinimumWidth(440)
        self.source.currentIndexChanged.connect(self._on_source_changed)
        self._on_source_changed()

    @property
    def wish(self) -> Wish:
        """What the fields say."""
        return Wish(
            self.source.currentData(),
            self.title.text().strip(),
            self.count.value(),
            self.seed.value(),
            self.by_kind.isChecked(),
        )

    @Slot()
    def _on_source_changed(self) -> None:
        drawn = self.source.currentData() is Source.RANDOM
        for field in self._draw:
            self._form.setRowVisible(field, drawn)


def ask_wish(parent: QWidget, counts: Mapping[Source, int], *, fresh: bool) -> Wish | None:
    """Ask which cases a lesson is made of; None when the teacher thinks better of it."""
    dialog = ChoosingDialog(counts, fresh=fresh, parent=parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    wish = dialog.wish
    dialog.deleteLater()
    return wish if accepted else None


def _words(source: Source, count: int) -> str:
    if source is Source.NONE:
        return str(source.value)
    if source is Source.RANDOM:
        return f"{source.value} (of {count:,} labelled)"
    return f"{source.value} ({count:,})"


def _number(name: str, value: int, most: int) -> QSpinBox:
    field = roomy(QSpinBox(minimum=1, maximum=most, value=value))
    field.setAccessibleName(name)
    return field
