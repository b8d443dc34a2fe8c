"""Several runs of one lesson side by side: the learners, the cases, and how far all agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from core.teaching.agreement import SideBySide
from core.teaching.case_review import CaseReview
from core.teaching.class_words import (
    CASE_COLUMNS,
    LEARNER_COLUMNS,
    LEARNERS_LEGEND,
    LEGEND,
    agreement_words,
    case_cells,
    learner_cells,
)
from deeppneumo_gui.panels.widgets import heading, label, named
from deeppneumo_gui.theme import colours

_MARGIN: Final = 18
_ROW: Final = 28
_MOST_ROWS: Final = 8
"""Of learners, before their table scrolls."""
_AROUND_ROWS: Final = 110
"""Heading, header and legend of a table."""


class ClassPage(QWidget):
    """A table of learners above a table of cases."""

    run_opened = Signal(int)
    """The place of the run that is to be looked at."""
    case_opened = Signal(int, object)
    """The place of a run, and the `CaseReview` of it that is to be looked at."""
    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        named(self, "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._side: SideBySide | None = None
        self.agreement = label("", "statement", wrap=True)
        self.learners = _table("Learners", several=True)
        self.cases = _table("Cases", several=False)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._lay_out()
        self.learners.itemSelectionChanged.connect(self.chosen_changed)
        self.learners.itemActivated.connect(self._on_learner_opened)
        self.learners.itemDoubleClicked.connect(self._on_learner_opened)
        self.cases.itemClicked.connect(self._on_case_opened)
        self.cases.itemActivated.connect(self._on_case_opened)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Places of the runs that are selected."""
        return tuple(sorted({index.row() for index in self.learners.selectedIndexes()}))

    def show_side(self, side: SideBySide) -> None:
        """Show other runs."""
        self._side = side
        self.agreement.setText(agreement_words(side.before, side.after))
        pairs = zip(side.labels, side.debriefs, strict=True)
        _fill(self.learners, LEARNER_COLUMNS, [learner_cells(name, debrief) for name, debrief in pairs])
        _fill(self.cases, (*CASE_COLUMNS, *side.labels), [case_cells(case) for case in side.cases])
        rows = min(len(side.debriefs), _MOST_ROWS)
        self._parts.setSizes([_ROW * rows + _AROUND_ROWS, _ROW * len(side.cases) + _AROUND_ROWS])
        self.redraw()

    @Slot()
    def redraw(self) -> None:
        """Colour what ended wrong, which its sign says too, in the colours of the theme."""
        if self._side is None:
            return
        for row, case in enumerate(self._side.cases):
            for place, review in enumerate(case.reviews, len(CASE_COLUMNS)):
                item = self.cases.item(row, place)
                if item is not None and review is not None and not review.right_after:
                    item.setForeground(QColor(colours().notice))

    def _lay_out(self) -> None:
        parts = self._parts
        parts.setChildrenCollapsible(False)
        for title, table, legend in (
            ("Learners: select for saving or deleting, double-click to open", self.learners, LEARNERS_LEGEND),
            ("Cases: click a call to see the radiograph", self.cases, LEGEND),
        ):
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 4, 0, 4)
            column.setSpacing(6)
            column.addWidget(heading(title))
            column.addWidget(table, 1)
            column.addWidget(label(legend, "caption", wrap=True))
            parts.addWidget(part)
        parts.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 14, _MARGIN, 10)
        column.setSpacing(8)
        column.addWidget(self.agreement)
        column.addWidget(parts, 1)

    @Slot(QTableWidgetItem)
    def _on_learner_opened(self, item: QTableWidgetItem) -> None:
        self.run_opened.emit(item.row())

    @Slot(QTableWidgetItem)
    def _on_case_opened(self, item: QTableWidgetItem) -> None:
        if self._side is None:
            return
        reviews = self._side.cases[item.row()].reviews
        place = item.column() - len(CASE_COLUMNS)
        if place < 0:
            place = next(place for place, review in enumerate(reviews) if review is not None)
        review: CaseReview | None = reviews[place]
        if review is not None:
            self.case_opened.emit(place, review)


def _table(name: str, *, several: bool) -> QTableWidget:
    table = named(QTableWidget(), "classTable")
    table.setAccessibleName(name)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    rows = QAbstractItemView.SelectionBehavior.SelectRows
    cells = QAbstractItemView.SelectionBehavior.SelectItems
    table.setSelectionBehavior(rows if several else cells)
    kinds = QAbstractItemView.SelectionMode
    table.setSelectionMode(kinds.ExtendedSelection if several else kinds.SingleSelection)
    table.setTabKeyNavigation(False)
    table.setShowGrid(False)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table


def _fill(table: QTableWidget, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table.clear()
    table.setColumnCount(len(columns))
    table.setHorizontalHeaderLabels(list(columns))
    table.setRowCount(len(rows))
    for place, cells in enumerate(rows):
        for column, text in enumerate(cells):
            table.setItem(place, column, QTableWidgetItem(text))
