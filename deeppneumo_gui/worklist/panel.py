"""The worklist with its filter, its order and the progress of the background scoring."""

from __future__ import annotations

import itertools
from typing import Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QDockWidget,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from deeppneumo_gui.cases import Case
from deeppneumo_gui.panels.progress import ProgressPanel
from deeppneumo_gui.panels.widgets import heading, label, roomy
from deeppneumo_gui.session import ViewerSession
from deeppneumo_gui.worklist.delegate import CaseDelegate, narrowest_row
from deeppneumo_gui.worklist.filter_bar import FilterBar
from deeppneumo_gui.worklist.filters import CaseFilter
from deeppneumo_gui.worklist.model import Role
from deeppneumo_gui.worklist.proxy import SortKey, WorklistProxy
from deeppneumo_gui.worklist.view import create_view

_NARROWEST: Final = 270
"""In pixels; wider where the system's font is, so that no call or score is cut."""


class WorklistPanel(QWidget):
    """Cases on the left of the window; the current row is the case on screen."""

    case_chosen = Signal(object)
    """Identifier of the case, or None when the list is empty."""

    def __init__(self, session: ViewerSession, cancel: QAction, resume: QAction) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session = session
        self._worklist = session.worklist
        self._narrowing = False
        self.proxy = WorklistProxy(self._worklist, self)
        # Before the view hears of it: a case that the filter takes away stays on screen.
        self.proxy.rowsAboutToBeRemoved.connect(self._on_rows_going)
        self.view = create_view(self.proxy)
        self.view.setItemDelegate(CaseDelegate(session.thumbnails, self.view))
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        session.thumbnails.arrived.connect(self._on_thumbnail_arrived)
        self.count = label("", "detail")
        self.filters = FilterBar(session.identities)
        self.filters.changed.connect(self._on_filter_changed)
        self.filter = self.filters.text
        self.order = roomy(QComboBox())
        self.order.setAccessibleName("Order of the worklist")
        self.order.setToolTip("Order of the worklist")
        self.offer_truth(False)
        session.identities.truth_toggled.connect(self.offer_truth)
        self.order.currentIndexChanged.connect(self._on_order_changed)
        self.progress = ProgressPanel(cancel, resume)
        self._kept: list[int] = []
        self._scrolled = 0
        self.proxy.modelAboutToBeReset.connect(self._on_reset_coming)
        self.proxy.modelReset.connect(self._on_reset)
        for signal in (self.proxy.rowsInserted, self.proxy.rowsRemoved, self.proxy.modelReset):
            signal.connect(self._on_rows_changed)
        self._lay_out()
        self._on_rows_changed()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the least size at which rows can be read, whatever the font."""
        row = narrowest_row(self.view.font()) + self.view.verticalScrollBar().sizeHint().width()
        return QSize(max(_NARROWEST, row), super().minimumSizeHint().height())

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return (*self.filters.controls, self.order, self.view)

    def selected_cases(self) -> list[Case]:
        """Return the selected cases in the order of the list; the case on screen where no row is selected."""
        rows = sorted(index.row() for index in self.view.selectedIndexes())
        if rows:
            return [self.proxy.index(row).data(Role.CASE) for row in rows]
        current = self._session.current
        return [] if current is None else [current]

    def order_by(self, name: str) -> None:
        """Order the list by the `SortKey` of this name; one that is not known changes nothing."""
        if name in SortKey.__members__ and (place := self.order.findData(SortKey[name])) >= 0:
            self.order.setCurrentIndex(place)

    @Slot(bool)
    def offer_truth(self, offered: bool) -> None:
        """Offer the orders that would tell the truth, or no longer."""
        before = self.order.currentData()
        with QSignalBlocker(self.order):
            self.order.clear()
            for key in SortKey:
                if offered or not key.needs_truth:
                    self.order.addItem(key.value, key)
            self.order.setCurrentIndex(max(self.order.findData(before), 0))
        if before is not None and self.order.currentData() is not before:
            self._on_order_changed()

    @Slot()
    def enter_filter(self) -> None:
        """Let the reader type what to look for, even where the panel was put away."""
        dock = self.parentWidget()
        if isinstance(dock, QDockWidget):
            dock.show()
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    def choose(self, case: Case) -> None:
        """Make a case the current one; a filter that hides it is cleared."""
        if not self.proxy.index_of(case.case_id).isValid():
            self.filters.clear()
        self._set_current(self.proxy.index_of(case.case_id))

    def step(self, distance: int) -> None:
        """Go `distance` rows down, or up where it is negative, and stop at the ends."""
        row, current = self.view.currentIndex().row(), self._session.current
        if row < 0 and current is not None:
            # The filter hides it: count from the gap between its neighbours.
            row = self.proxy.place_of(current.case_id)
            row -= 1 if distance > 0 else 0
        self.go_to(row + distance if current is not None else 0)

    def go_to(self, row: int) -> None:
        """Go to a row as the list is ordered now; -1 and beyond stop at the ends."""
        count = self.proxy.rowCount()
        if count:
            self._set_current(self.proxy.index(min(max(row, 0), count - 1), 0))

    def go_to_last(self) -> None:
        """Go to the last row."""
        self.go_to(self.proxy.rowCount() - 1)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a width at which most file names fit."""
        return QSize(290, 600)

    def _set_current(self, index: QModelIndex) -> None:
        # The view's own setter, so that Shift extends from here; what it selects depends on the keys held down.
        self.view.setCurrentIndex(index)
        self.view.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.view.scrollTo(index)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(12, 14, 12, 10)
        head.setSpacing(8)
        title = QHBoxLayout()
        title.addWidget(heading("Worklist"))
        title.addStretch(1)
        title.addWidget(self.count)
        head.addLayout(title)
        head.addWidget(self.filters)
        order = QHBoxLayout()
        order.setSpacing(8)
        name = label("Order", "detail")
        name.setBuddy(self.order)
        order.addWidget(name)
        order.addWidget(self.order, 1)
        head.addLayout(order)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self.progress)

    def _show_current(self) -> None:
        """Mark the row of the case on screen, or none where the filter hides it; other rows stay selected."""
        current = self._session.current
        index = QModelIndex() if current is None else self.proxy.index_of(current.case_id)
        if index == self.view.currentIndex():
            return
        selection, bar = self.view.selectionModel(), self.view.verticalScrollBar()
        scrolled = bar.value()
        if not index.isValid():
            selection.clearCurrentIndex()
        elif selection.hasSelection():
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        else:
            self._set_current(index)
        # It is the same case as before, and the reader may be looking at others.
        bar.setValue(scrolled)

    @Slot()
    def _on_reset_coming(self) -> None:
        indexes = self.view.selectedIndexes()
        self._kept = [index.data(Role.CASE).case_id for index in indexes]
        self._scrolled = self.view.verticalScrollBar().value()

    @Slot()
    def _on_reset(self) -> None:
        """Select what was selected, and stay where the reader was, when thousands of rows come and go."""
        listed = (self.proxy.index_of(case_id) for case_id in self._kept if case_id in self._worklist)
        rows = sorted(index.row() for index in listed if index.isValid())
        chosen = QItemSelection()
        # Few ranges instead of thousands of rows: neighbours share their distance to their place in the list.
        for _, group in itertools.groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            run = [row for _, row in group]
            chosen.select(self.proxy.index(run[0]), self.proxy.index(run[-1]))
        self.view.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)
        self.view.doItemsLayout()  # the range to scroll in is that of the new rows
        self.view.verticalScrollBar().setValue(self._scrolled)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid() and not self._narrowing:
            case = current.data(Role.CASE)
            assert isinstance(case, Case)
            self.case_chosen.emit(case.case_id)

    @Slot(int)
    def _on_thumbnail_arrived(self, case_id: int) -> None:
        if case_id in self._worklist:
            self.view.update(self.proxy.index_of(case_id))

    @Slot(object)
    def _on_filter_changed(self, wanted: CaseFilter) -> None:
        self.proxy.set_filter(wanted)
        self._scroll_to_current()

    @Slot()
    def _on_order_changed(self) -> None:
        self.proxy.set_sort_key(self.order.currentData())
        self._scroll_to_current()

    def _scroll_to_current(self) -> None:
        if self.view.currentIndex().isValid():
            self.view.scrollTo(self.view.currentIndex())

    @Slot()
    def _on_rows_going(self) -> None:
        self._narrowing = True

    @Slot()
    def _on_rows_changed(self) -> None:
        self._show_current()
        self._narrowing = False
        shown, total = self.proxy.rowCount(), self._worklist.rowCount()
        if shown != total:
            self.count.setText(f"{shown:,} of {total:,}")
        else:
            self.count.setText("" if not total else f"{total:,} image" + ("s" if total > 1 else ""))
