"""The worklist with its filter, its order and the progress of the background scoring."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from deeppneumo_gui.cases import Case
from deeppneumo_gui.icons import icon
from deeppneumo_gui.panels.progress import ProgressPanel
from deeppneumo_gui.panels.widgets import heading, label, roomy
from deeppneumo_gui.session import ViewerSession
from deeppneumo_gui.worklist.delegate import CaseDelegate
from deeppneumo_gui.worklist.model import Role
from deeppneumo_gui.worklist.proxy import SortKey, WorklistProxy


class WorklistPanel(QWidget):
    """Cases on the left of the window; the current row is the case on screen."""

    case_chosen = Signal(object)
    """Identifier of the case, or None when the list is empty."""

    def __init__(self, session: ViewerSession, cancel: QAction, resume: QAction) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._worklist = worklist = session.worklist
        self.proxy = WorklistProxy(worklist, self)
        self.view = QListView()
        self.view.setModel(self.proxy)
        self.view.setItemDelegate(CaseDelegate(session.thumbnails, self.view))
        # Every row has the same height, so thousands of them need not be measured.
        self.view.setUniformItemSizes(True)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setMouseTracking(True)
        self.view.setAccessibleName("Worklist")
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        session.thumbnails.arrived.connect(self._on_thumbnail_arrived)
        self.count = label("", "detail")
        self.filter = roomy(QLineEdit(placeholderText="Filter by file name", clearButtonEnabled=True))
        self.filter.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.filter.setAccessibleName("Filter the worklist by file name")
        self.filter.setAcceptDrops(False)
        self.filter.textChanged.connect(self.proxy.set_text)
        self.order = roomy(QComboBox())
        self.order.setAccessibleName("Order of the worklist")
        for key in SortKey:
            self.order.addItem(key.value, key)
        self.order.currentIndexChanged.connect(self._on_order_changed)
        self.progress = ProgressPanel(cancel, resume)
        for signal in (self.proxy.rowsInserted, self.proxy.rowsRemoved, self.proxy.modelReset):
            signal.connect(self._on_rows_changed)
        self._lay_out()
        self._on_rows_changed()

    def choose(self, case: Case) -> None:
        """Make a case the current one; a filter that hides it is cleared."""
        index = self.proxy.mapFromSource(self._worklist.index_of(case.case_id))
        if not index.isValid():
            self.filter.clear()
            index = self.proxy.mapFromSource(self._worklist.index_of(case.case_id))
        self._set_current(index)

    def step(self, distance: int) -> None:
        """Go `distance` rows down, or up where it is negative, and stop at the ends."""
        row = self.view.currentIndex().row()
        self.go_to(row + distance if row >= 0 else 0)

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
        self.view.selectionModel().setCurrentIndex(
            index,
            QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Current,
        )
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
        head.addWidget(self.filter)
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

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        if current.isValid():
            case = current.data(Role.CASE)
            assert isinstance(case, Case)
            self.case_chosen.emit(case.case_id)

    @Slot(int)
    def _on_thumbnail_arrived(self, case_id: int) -> None:
        if case_id in self._worklist:
            self.view.update(self.proxy.mapFromSource(self._worklist.index_of(case_id)))

    @Slot()
    def _on_order_changed(self) -> None:
        self.proxy.set_sort_key(self.order.currentData())
        if self.view.currentIndex().isValid():
            self.view.scrollTo(self.view.currentIndex())

    @Slot()
    def _on_rows_changed(self) -> None:
        shown, total = self.proxy.rowCount(), self._worklist.rowCount()
        if shown != total:
            self.count.setText(f"{shown:,} of {total:,}")
        else:
            self.count.setText("" if not total else f"{total:,} image" + ("s" if total > 1 else ""))
