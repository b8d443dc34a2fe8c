"""The worklist as a Qt list model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from core.store.judgement import NO_JUDGEMENT, Judgement
from deeppneumo_gui.cases import Case, CaseState, called_at
from deeppneumo_gui.identities import Identities

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class Role(IntEnum):
    """Roles beyond Qt's own."""

    CASE = Qt.ItemDataRole.UserRole + 1
    TRUTH = Qt.ItemDataRole.UserRole + 2


class WorklistModel(QAbstractListModel):
    """Cases in the order they were opened; one row each, whatever becomes of the file."""

    replaced = Signal(object)
    """`list[int]`: exactly those rows whose cases are others now; `dataChanged` only tells of a range around them."""
    renamed = Signal()
    """Every case is to be called something else, or shown with or without its truth."""

    def __init__(self, identities: Identities | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.identities = identities or Identities(self)
        self.identities.changed.connect(self._on_names_changed)
        self.identities.truth_toggled.connect(self._on_names_changed)
        self._cases: list[Case] = []
        self._rows: dict[int, int] = {}
        self._ids: dict[Path, int] = {}
        self._next_id = 1
        self._next_number = 1
        self._operating_point: float | None = None

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return the number of cases."""
        return 0 if parent.isValid() else len(self._cases)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the name, a description for tool tips and screen readers, the `Case` itself, or its truth."""
        if not index.isValid():
            return None
        case = self._cases[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.identities.name(case)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self.identities.describe(case)
            case Role.CASE:
                return case
            case Role.TRUTH:
                return self.identities.truth(case)
        return None

    def append(
        self,
        paths: Iterable[Path],
        state: CaseState = CaseState.NOT_SCORED,
        judged: Callable[[Path, int], Judgement] = lambda path, frame: NO_JUDGEMENT,
    ) -> tuple[list[Case], list[Case]]:
        """Add a row in this state for each path that has none yet.

        Parameters
        ----------
        paths : iterable of Path
        state : CaseState
        judged : callable
            Says what the reader has said of a frame of a file.

        Returns
        -------
        added : list of Case
            The new rows.
        known : list of Case
            Those that were already listed.
        """
        added: list[Case] = []
        known: list[int] = []
        for path in paths:
            key = path.absolute()
            if key in self._ids:
                known.append(self._ids[key])
                continue
            added.append(Case(self._next_id, path, self._next_number, state, judgement=judged(path, 0)))
            self._ids[key] = self._next_id
            self._next_id += 1
            self._next_number += 1
        if added:
            first = len(self._cases)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._cases += added
            self._rows.update({case.case_id: first + offset for offset, case in enumerate(added)})
            self.endInsertRows()
        return added, [self.case(case_id) for case_id in known]

    def remove(self, case_ids: Iterable[int]) -> list[tuple[int, Case]]:
        """Take cases out and return them with their rows, in the order of the rows."""
        rows = sorted(self._rows[case_id] for case_id in case_ids)
        taken = [(row, self._cases[row]) for row in rows]
        if len(rows) == 1:
            self.beginRemoveRows(QModelIndex(), rows[0], rows[0])
            self._take_out(taken)
            self.endRemoveRows()
        elif rows:
            # One by one, each would number and arrange all the others anew.
            self.beginResetModel()
            self._take_out(taken)
            self.endResetModel()
        return taken

    def _take_out(self, taken: Sequence[tuple[int, Case]]) -> None:
        gone = {row for row, _ in taken}
        self._cases = [case for row, case in enumerate(self._cases) if row not in gone]
        for _, case in taken:
            del self._ids[case.path.absolute()]
        self._number_rows()

    def restore(self, cases: Sequence[tuple[int, Case]]) -> None:
        """Put cases back into their rows, lowest row first."""
        self.beginResetModel()
        for row, case in cases:
            self._cases.insert(row, case)
            self._ids[case.path.absolute()] = case.case_id
        self._number_rows()
        self._next_number = max(case.number for case in self._cases) + 1
        self.endResetModel()

    def _number_rows(self) -> None:
        self._rows = {case.case_id: row for row, case in enumerate(self._cases)}

    def clear(self) -> None:
        """Remove every row; their identifiers are not used again, their numbers are."""
        self.beginResetModel()
        self._cases.clear()
        self._rows.clear()
        self._ids.clear()
        self._next_number = 1
        self.endResetModel()

    def __contains__(self, case_id: int) -> bool:
        return case_id in self._rows

    def case(self, case_id: int) -> Case:
        """Return the case with this identifier; `KeyError` when it is not listed."""
        return self._cases[self._rows[case_id]]

    def case_at(self, row: int) -> Case:
        """Return the case in a row."""
        return self._cases[row]

    def name_at(self, row: int) -> str:
        """Return the name that is shown in a row."""
        return self.identities.name(self._cases[row])

    def cases(self) -> tuple[Case, ...]:
        """Return all cases in the order they were opened."""
        return tuple(self._cases)

    def replace(self, case: Case) -> None:
        """Put a changed case into its row."""
        row = self._rows[case.case_id]
        self._cases[row] = called_at(case, self._operating_point)
        self._tell([row])

    def replace_all(self, cases: Sequence[Case]) -> None:
        """Put many changed cases into their rows; quicker than one by one."""
        if not cases:
            return
        rows = [self._rows[case.case_id] for case in cases]
        for row, case in zip(rows, cases, strict=True):
            self._cases[row] = called_at(case, self._operating_point)
        self._tell(rows)

    def _tell(self, rows: list[int]) -> None:
        self.replaced.emit(rows)
        self.dataChanged.emit(self.index(min(rows)), self.index(max(rows)))

    def operate_at(self, threshold: float, *, own: bool) -> None:
        """Call all cases at a threshold, now and from now on unless it is the model's own."""
        self._operating_point = None if own else threshold
        changed = [called_at(case, threshold) for case in self._cases]
        self.replace_all([new for new, old in zip(changed, self._cases, strict=True) if new is not old])

    def call_at(self, case_ids: Iterable[int], threshold: float) -> None:
        """Call some cases at a threshold for as long as nothing else happens to them."""
        rows = [self._rows[case_id] for case_id in case_ids if case_id in self._rows]
        for row in rows:
            self._cases[row] = called_at(self._cases[row], threshold)
        if rows:
            self._tell(rows)

    def row_of(self, case_id: int) -> int:
        """Return the row of a case."""
        return self._rows[case_id]

    def index_of(self, case_id: int) -> QModelIndex:
        """Return the index of a case."""
        return self.index(self._rows[case_id])

    @Slot()
    def _on_names_changed(self) -> None:
        if self._cases:
            self.renamed.emit()
            self.dataChanged.emit(self.index(0), self.index(len(self._cases) - 1))
