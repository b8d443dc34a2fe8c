"""Lists what got no truth, and why: nothing is ever guessed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from deeppneumo_gui.panels.widgets import label

MOST_ROWS: Final = 2000
"""Rows beyond these are only counted."""


class FindingsDialog(QDialog):
    """Summary and list; stays beside the window, which goes on working."""

    def __init__(self, summary: str, rows: list[tuple[str, str]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Truth")
        self.table = create_table(("Image", "Why it has no truth"))
        self.table.setRowCount(min(len(rows), MOST_ROWS))
        for place, cells in enumerate(rows[:MOST_ROWS]):
            for column, text in enumerate(cells):
                self.table.setItem(place, column, QTableWidgetItem(text))
        self.table.resizeColumnToContents(0)
        self.table.setColumnWidth(0, min(self.table.columnWidth(0) + 16, 260))
        more = f"and {len(rows) - MOST_ROWS:,} more" if len(rows) > MOST_ROWS else ""
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column_ = QVBoxLayout(self)
        column_.setContentsMargins(16, 14, 16, 14)
        column_.setSpacing(10)
        column_.addWidget(label(summary, wrap=True))
        column_.addWidget(self.table, 1)
        if more:
            column_.addWidget(label(more, "caption"))
        column_.addWidget(buttons)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which most rows fit on one line."""
        return QSize(620, 420)


def create_table(headings: tuple[str, ...]) -> QTableWidget:
    """Return an empty table that is only read."""
    table = QTableWidget(0, len(headings))
    table.setHorizontalHeaderLabels(list(headings))
    table.setAccessibleName(", ".join(headings))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setStretchLastSection(True)
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table
