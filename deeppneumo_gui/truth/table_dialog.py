"""The reader explains a table: which column holds what, and what its words mean; a preview shows what follows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QScrollArea,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.truth import Findings, Reading, Table, apply_table, propose
from core.truth.truth import LABELS
from deeppneumo_gui.panels.widgets import heading, label, roomy
from deeppneumo_gui.truth.findings_dialog import create_table
from deeppneumo_gui.truth.words import summary

_NOTHING: Final = "says nothing"
_PREVIEW_ROWS: Final = 200
_PAUSE_MS: Final = 120
_WORDS_HEIGHT: Final = 160
_PREVIEW_HEIGHT: Final = 150


class TableDialog(QDialog):
    """Starts with the plainest reading; the reader may change all of it before anything is applied."""

    def __init__(self, table: Table, paths: Sequence[Path], parent: QWidget, *, hidden: bool) -> None:
        super().__init__(parent)
        self.setWindowTitle("Truth from a table")
        self._table = table
        self._paths = paths
        self._hidden = hidden
        self.findings = Findings()
        proposed = propose(table)
        self._known = dict(proposed.meanings)
        self.file = _combo("Column of file names", table.columns)
        self.label = _combo("Column of labels", table.columns)
        self.kind = _combo("Column of the kind of pneumonia", ("none", *table.columns))
        self.file.setCurrentIndex(proposed.file)
        self.label.setCurrentIndex(proposed.label)
        self.kind.setCurrentIndex(0 if proposed.kind is None else proposed.kind + 1)
        self.meanings: dict[str, QComboBox] = {}
        self._words = QWidget()
        self._form = QFormLayout(self._words)
        self._form.setContentsMargins(0, 0, 8, 0)
        self.preview = create_table(("File", "Label in the table", "Truth"))
        self.preview.setMinimumHeight(_PREVIEW_HEIGHT)
        for column, width in enumerate((220, 180)):
            self.preview.setColumnWidth(column, width)
        self.summary = label("", wrap=True)
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.buttons.button(standard.Ok).setText("Use these labels")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self.refresh)
        self._lay_out()
        self._ask_meanings()
        self.refresh()
        self.file.currentIndexChanged.connect(self._pause.start)
        for field in (self.label, self.kind):
            field.currentIndexChanged.connect(self._on_columns_changed)

    @property
    def reading(self) -> Reading:
        """How the fields say that the table is to be read."""
        kind = self.kind.currentIndex() - 1
        said = {word: field.currentData() for word, field in self.meanings.items()}
        meanings = {word: meaning for word, meaning in said.items() if meaning is not None}
        chosen = kind if kind >= 0 and kind != self.label.currentIndex() else None
        return Reading(self.file.currentIndex(), self.label.currentIndex(), chosen, meanings)

    @Slot()
    def refresh(self) -> None:
        """Apply the reading to the listed images and show what follows."""
        self._pause.stop()
        reading = self.reading
        self.findings = apply_table(self._table, reading, self._paths)
        self.summary.setText(summary(self.findings, "table"))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.findings.truths))
        rows = self._table.rows[:_PREVIEW_ROWS]
        self.preview.setRowCount(len(rows))
        for place, row in enumerate(rows):
            name = f"Line {place + 2}" if self._hidden else row[reading.file]
            for column, text in enumerate((name, self._shown(row, reading), _meaning(row, reading))):
                self.preview.setItem(place, column, QTableWidgetItem(text))

    def accept(self) -> None:
        """Close with the findings of the fields as they are now."""
        self.refresh()
        super().accept()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which columns and some rows are seen."""
        return QSize(720, 620)

    def _shown(self, row: Sequence[str], reading: Reading) -> str:
        cells = [row[reading.label], "" if reading.kind is None else row[reading.kind]]
        return ", ".join(cell.strip() for cell in cells if cell.strip())

    def _lay_out(self) -> None:
        columns = QFormLayout()
        for words, field in (
            ("File names", self.file),
            ("Labels", self.label),
            ("Kind of pneumonia", self.kind),
        ):
            columns.addRow(words, field)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setMaximumHeight(_WORDS_HEIGHT)
        area.setWidget(self._words)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(heading("Columns"))
        column.addLayout(columns)
        column.addWidget(heading("What the words mean"))
        column.addWidget(area)
        column.addWidget(heading("Preview"))
        column.addWidget(self.preview, 1)
        column.addWidget(self.summary)
        column.addWidget(self.buttons)

    def _ask_meanings(self) -> None:
        """Offer a meaning for every word of the columns of label and kind; those given before stay."""
        self._known |= {word: field.currentData() for word, field in self.meanings.items()}
        while self._form.rowCount():
            self._form.removeRow(0)
        self.meanings = {}
        columns = [self.label.currentIndex(), self.kind.currentIndex() - 1]
        for column in dict.fromkeys(place for place in columns if place >= 0):
            for word in self._table.words(column):
                if word in self.meanings:
                    continue
                field = _combo(f"Meaning of {word}", ())
                field.addItem(_NOTHING, None)
                for meaning in LABELS:
                    field.addItem(meaning, meaning)
                field.setCurrentIndex(max(field.findData(self._known.get(word)), 0))
                field.currentIndexChanged.connect(self._pause.start)
                self.meanings[word] = field
                name = label(word)
                name.setTextFormat(Qt.TextFormat.PlainText)
                self._form.addRow(name, field)

    @Slot()
    def _on_columns_changed(self) -> None:
        self._ask_meanings()
        self._pause.start()


def _meaning(row: Sequence[str], reading: Reading) -> str:
    """Return what one line says, empty where it says nothing."""
    said = reading.meanings.get(row[reading.label].strip(), "")
    kind = None if reading.kind is None else reading.meanings.get(row[reading.kind].strip())
    return kind if said == "pneumonia" and kind in ("bacterial", "viral") else said


def _combo(name: str, items: Sequence[str]) -> QComboBox:
    field = roomy(QComboBox())
    field.setAccessibleName(name)
    field.addItems(list(items))
    field.setMinimumWidth(180)
    return field
