"""The worklist as the reader wants it: ordered and filtered."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from enum import Enum
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt, Slot

from core.reading import natural_key
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.certainty import certainty_order
from deeppneumo_gui.judging.agreement import difference_order, error_order, mistake_order, reader_order
from deeppneumo_gui.worklist.filters import CaseFilter
from deeppneumo_gui.worklist.model import Index, WorklistModel

_STATE_ORDER: Final = {state: order for order, state in enumerate(CaseState)}
_ROOT: Final = QModelIndex()
_NO_SCORE: Final = 2.0
"""Beyond every score, whichever way they are ordered."""

Entry = tuple[Any, int]
"""Sort key and source row. The row makes it unique and breaks ties by the order opened."""


class SortKey(Enum):
    """What the worklist is ordered by; the value is shown to the reader."""

    OPENED = "Order opened"
    NAME = "Name"
    SCORE = "Highest score first"
    LOWEST = "Lowest score first"
    CERTAINTY = "Least certain first"
    STATE = "State"
    READER = "Your call"
    DIFFERENCE = "You against the model"
    ERROR = "Errors of the model first"
    MISTAKE = "Your errors first"

    @property
    def needs_truth(self) -> bool:
        """Whether the order would tell something of the truth."""
        return self in (SortKey.ERROR, SortKey.MISTAKE)


class WorklistProxy(QAbstractListModel):
    """Rows of the worklist in the reader's order, those that pass the filter.

    A sorted list of keys, each made once: Qt's own proxy asks for every comparison, which takes the better part of
    a second for ten thousand rows. A changed case is moved by bisection.
    """

    def __init__(self, worklist: WorklistModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worklist = worklist
        self._sort_key = SortKey.OPENED
        self._filter = CaseFilter()
        self._names: list[str] = []
        self._keys: list[Any] = []
        self._entries: list[Entry] = []
        worklist.rowsInserted.connect(self._on_rows_inserted)
        # Both halves, so that the rows listed so far can be asked for until the very moment they go.
        worklist.rowsAboutToBeRemoved.connect(self._on_replacing)
        worklist.rowsRemoved.connect(self._on_replaced)
        worklist.modelAboutToBeReset.connect(self._on_replacing)
        worklist.modelReset.connect(self._on_replaced)
        worklist.replaced.connect(self._on_cases_replaced)
        worklist.renamed.connect(self._on_renamed)
        self._read_names(0)
        self._rearrange()

    @property
    def filter(self) -> CaseFilter:
        """Which cases are listed."""
        return self._filter

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return the number of cases listed."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what the worklist says about a case."""
        if not index.isValid():
            return None
        return self._worklist.data(self._worklist.index(self._entries[index.row()][1]), role)

    def index_of(self, case_id: int) -> QModelIndex:
        """Return the index of a case, invalid where the filter hides it."""
        return self._index_of_row(self._worklist.row_of(case_id))

    def place_of(self, case_id: int) -> int:
        """Return the row of a case, or where it would stand if the filter let it pass."""
        row = self._worklist.row_of(case_id)
        return bisect_left(self._entries, (self._keys[row], row))

    def cases(self) -> list[Case]:
        """Return the cases listed, in their order."""
        return [self._worklist.case_at(row) for _, row in self._entries]

    def passing(self, wanted: CaseFilter) -> list[Case]:
        """Return the cases that would pass another filter, in the order they were opened."""
        rows = range(self._worklist.rowCount())
        cases = ((self._worklist.case_at(row), self._names[row]) for row in rows)
        return [case for case, name in cases if wanted.accepts(case, name)]

    def set_sort_key(self, key: SortKey) -> None:
        """Order the list; cases without a score come after all scores."""
        self._sort_key = key
        self._rearrange()

    def set_filter(self, wanted: CaseFilter) -> None:
        """List only cases that pass."""
        if wanted != self._filter:
            self._filter = wanted
            self._rearrange()

    def _rearrange(self, changed: Sequence[int] | None = None) -> None:
        """List what passes now in the order that holds now; only `changed` rows are looked at, with None all."""
        before = self._entries
        keys, after = self._arranged(range(self._worklist.rowCount()) if changed is None else changed)
        if before == after:
            self._keys = keys
            return
        if len(before) == len(after) and {row for _, row in before} == {row for _, row in after}:
            self._reorder(keys, after)
            return
        # Thousands of rows may come and go at once; who shows them finds the current case again.
        self.beginResetModel()
        self._keys, self._entries = keys, after
        self.endResetModel()

    def _arranged(self, changed: Sequence[int]) -> tuple[list[Any], list[Entry]]:
        keys = self._keys.copy()
        keys[len(keys) :] = [None] * (self._worklist.rowCount() - len(keys))
        for row in changed:
            keys[row] = self._key_of(row)
        looked_at = set(changed)
        after = [entry for entry in self._entries if entry[1] not in looked_at]
        after += [(keys[row], row) for row in changed if self._passes(row)]
        # What has not changed is in order already, which sorting takes advantage of.
        after.sort()
        return keys, after

    def _reorder(self, keys: list[Any], after: list[Entry]) -> None:
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        rows = [self._entries[index.row()][1] for index in held]
        self._keys, self._entries = keys, after
        self.changePersistentIndexList(held, [self._index_of_row(row) for row in rows])
        self.layoutChanged.emit()

    def _passes(self, row: int) -> bool:
        return self._filter.accepts(self._worklist.case_at(row), self._names[row])

    def _key_of(self, row: int) -> Any:
        match self._sort_key:
            case SortKey.NAME:
                return natural_key(self._worklist.name_at(row))
            case SortKey.SCORE:
                score = self._worklist.case_at(row).score
                return _NO_SCORE if score is None else -score
            case SortKey.LOWEST:
                score = self._worklist.case_at(row).score
                return _NO_SCORE if score is None else score
            case SortKey.CERTAINTY:
                return certainty_order(self._worklist.case_at(row))
            case SortKey.STATE:
                return _STATE_ORDER[self._worklist.case_at(row).state]
            case SortKey.READER:
                return reader_order(self._worklist.case_at(row))
            case SortKey.DIFFERENCE:
                return difference_order(self._worklist.case_at(row))
            case SortKey.ERROR:
                return error_order(self._worklist.case_at(row))
            case SortKey.MISTAKE:
                return mistake_order(self._worklist.case_at(row))
            case SortKey.OPENED:
                return 0

    def _place(self, entry: Entry) -> int | None:
        """Return where an entry stands, None where it does not."""
        place = bisect_left(self._entries, entry)
        return place if place < len(self._entries) and self._entries[place] == entry else None

    def _index_of_row(self, row: int) -> QModelIndex:
        place = self._place((self._keys[row], row))
        return QModelIndex() if place is None else self.index(place)

    def _read_names(self, first: int) -> None:
        """Prepare the names of all rows from one on for the filter."""
        rows = range(first, self._worklist.rowCount())
        self._names[first:] = [self._worklist.name_at(row).casefold() for row in rows]

    @Slot()
    def _on_replacing(self) -> None:
        self.beginResetModel()

    @Slot()
    def _on_replaced(self) -> None:
        self._read_names(0)
        rows = range(self._worklist.rowCount())
        self._keys = [self._key_of(row) for row in rows]
        self._entries = sorted((self._keys[row], row) for row in rows if self._passes(row))
        self.endResetModel()

    @Slot(QModelIndex, int, int)
    def _on_rows_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        assert last + 1 == self._worklist.rowCount(), "cases are only ever appended"
        self._read_names(first)
        added = range(first, last + 1)
        self._keys += [self._key_of(row) for row in added]
        entries = sorted((self._keys[row], row) for row in added if self._passes(row))
        if not entries:
            return
        place = bisect_left(self._entries, entries[0])
        if place == len(self._entries):
            self.beginInsertRows(_ROOT, place, place + len(entries) - 1)
            self._entries += entries
            self.endInsertRows()
            return
        self.beginResetModel()
        self._entries = sorted(self._entries + entries)
        self.endResetModel()

    @Slot(object)
    def _on_cases_replaced(self, rows: list[int]) -> None:
        if len(rows) == 1:
            self._move(rows[0])
            return
        self._rearrange(rows)
        self._tell_all()

    @Slot()
    def _on_renamed(self) -> None:
        self._read_names(0)
        self._rearrange()
        self._tell_all()

    def _tell_all(self) -> None:
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    def _move(self, row: int) -> None:
        """Put a changed case where it belongs now."""
        place = self._place((self._keys[row], row))
        entry = (self._key_of(row), row)
        passes = self._passes(row)
        if place is None and passes:
            self._insert(entry)
        elif place is not None and not passes:
            self.beginRemoveRows(_ROOT, place, place)
            del self._entries[place]
            self._keys[row] = entry[0]
            self.endRemoveRows()
        elif place is not None:
            place = self._shift(place, entry)
            self.dataChanged.emit(self.index(place), self.index(place))
        else:
            self._keys[row] = entry[0]

    def _insert(self, entry: Entry) -> None:
        place = bisect_left(self._entries, entry)
        self.beginInsertRows(_ROOT, place, place)
        self._entries.insert(place, entry)
        self._keys[entry[1]] = entry[0]
        self.endInsertRows()

    def _shift(self, place: int, entry: Entry) -> int:
        target = bisect_left(self._entries, entry)
        if target in (place, place + 1):
            self._entries[place] = entry
            self._keys[entry[1]] = entry[0]
            return place
        self.beginMoveRows(_ROOT, place, place, _ROOT, target)
        del self._entries[place]
        arrived = target - 1 if target > place else target
        self._entries.insert(arrived, entry)
        self._keys[entry[1]] = entry[0]
        self.endMoveRows()
        return arrived
