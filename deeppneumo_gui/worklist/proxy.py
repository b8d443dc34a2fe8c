"""Sorting and filtering of the worklist."""

from __future__ import annotations

from enum import Enum
from typing import Final

from PySide6.QtCore import QObject, QSortFilterProxyModel, Qt

from core.reading import natural_key
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.worklist.model import Index, Role

_STATE_ORDER: Final = {state: order for order, state in enumerate(CaseState)}


class SortKey(Enum):
    """What the worklist is ordered by; the value is shown to the reader."""

    OPENED = "Order opened"
    NAME = "File name"
    SCORE = "Highest score"
    STATE = "State"


class WorklistProxy(QSortFilterProxyModel):
    """The worklist as the reader sees it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key = SortKey.OPENED
        self._text = ""
        self.sort(0, Qt.SortOrder.AscendingOrder)

    @property
    def sort_key(self) -> SortKey:
        """What the list is ordered by."""
        return self._key

    def set_sort_key(self, key: SortKey) -> None:
        """Order the list; cases without a score come after all scores."""
        self._key = key
        self.invalidate()

    def set_text(self, text: str) -> None:
        """Show only cases whose file name contains the text."""
        self.beginFilterChange()
        self._text = text.casefold().strip()
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:  # noqa: N802
        """Whether a row passes the filter."""
        if not self._text:
            return True
        return (
            self._text in self._case(self.sourceModel().index(source_row, 0, source_parent)).name.casefold()
        )

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802
        """Compare two rows by the chosen key, ties by the order opened."""
        a, b = self._case(left), self._case(right)
        match self._key:
            case SortKey.NAME:
                return (natural_key(a.name), a.case_id) < (natural_key(b.name), b.case_id)
            case SortKey.SCORE:
                return (_descending(a.score), a.case_id) < (_descending(b.score), b.case_id)
            case SortKey.STATE:
                return (_STATE_ORDER[a.state], a.case_id) < (_STATE_ORDER[b.state], b.case_id)
            case SortKey.OPENED:
                return a.case_id < b.case_id

    @staticmethod
    def _case(index: Index) -> Case:
        case = index.data(Role.CASE)
        assert isinstance(case, Case)
        return case


def _descending(score: float | None) -> float:
    return 1.0 if score is None else -score
