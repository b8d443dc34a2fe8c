"""Sorting and filtering of the worklist."""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QObject, QSortFilterProxyModel

from core.reading import natural_key
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.worklist.model import Index, WorklistModel

_STATE_ORDER: Final = {state: order for order, state in enumerate(CaseState)}


class SortKey(Enum):
    """What the worklist is ordered by; the value is shown to the reader."""

    OPENED = "Order opened"
    NAME = "File name"
    SCORE = "Highest score"
    STATE = "State"


class WorklistProxy(QSortFilterProxyModel):
    """The worklist as the reader sees it."""

    def __init__(self, worklist: WorklistModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worklist = worklist
        self._key = SortKey.OPENED
        self._text = ""
        self.setSourceModel(worklist)

    @property
    def sort_key(self) -> SortKey:
        """What the list is ordered by."""
        return self._key

    def set_sort_key(self, key: SortKey) -> None:
        """Order the list; cases without a score come after all scores."""
        self._key = key
        # Column -1 is the order of the source, which costs no comparison at all.
        self.sort(-1 if key is SortKey.OPENED else 0)
        self.invalidate()

    def set_text(self, text: str) -> None:
        """Show only cases whose file name contains the text."""
        self.beginFilterChange()
        self._text = text.casefold().strip()
        self.endFilterChange()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:  # noqa: N802
        """Whether a row passes the filter."""
        return not self._text or self._text in self._worklist.case_at(source_row).name.casefold()

    def lessThan(self, left: Index, right: Index) -> bool:  # noqa: N802
        """Compare two rows by the chosen key, ties by the order opened."""
        # Not through `data`: thousands of rows are compared, and a QVariant for each takes its time.
        a, b = self._worklist.case_at(left.row()), self._worklist.case_at(right.row())
        match self._key:
            case SortKey.NAME:
                return (_name_key(a.name), a.case_id) < (_name_key(b.name), b.case_id)
            case SortKey.SCORE:
                return (_descending(a.score), a.case_id) < (_descending(b.score), b.case_id)
            case SortKey.STATE:
                return (_STATE_ORDER[a.state], a.case_id) < (_STATE_ORDER[b.state], b.case_id)
            case SortKey.OPENED:
                return a.case_id < b.case_id


@lru_cache(maxsize=32_768)
def _name_key(name: str) -> tuple[tuple[int, int, str], ...]:
    return natural_key(name)


def _descending(score: float | None) -> float:
    return 1.0 if score is None else -score
