"""Cases opened beside others, told of once it is known what is remembered of them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, Signal, Slot

from deeppneumo_gui.store.memory import Memory
from deeppneumo_gui.store.messages import Recollection
from deeppneumo_gui.worklist.model import WorklistModel


class NewCases(QObject):
    """What was labelled in an earlier session comes first; only then is a case one without truth."""

    looked_up = Signal(object)
    """`list[int]`: all that were opened together, or one after the other without a pause."""
    begun = Signal()
    """The list was empty before: what was done with other lists is over."""

    def __init__(self, worklist: WorklistModel, memory: Memory, parent: QObject) -> None:
        super().__init__(parent)
        self._worklist = worklist
        self._waiting: set[int] = set()
        self._done: list[int] = []
        worklist.rowsInserted.connect(self._on_rows_inserted)
        memory.recalled.connect(self._on_recalled)

    @Slot(QModelIndex, int, int)
    def _on_rows_inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        if first == 0:
            self._waiting.clear()
            self._done = []
            self.begun.emit()
        else:
            self._waiting.update(self._worklist.case_at(row).case_id for row in range(first, last + 1))

    @Slot(object)
    def _on_recalled(self, recollection: Recollection) -> None:
        if not self._waiting:
            return
        seen = [job.case_id for job in recollection.jobs if job.case_id in self._waiting]
        self._waiting.difference_update(seen)
        self._done += seen
        if not self._waiting:
            done, self._done = self._done, []
            self.looked_up.emit(done)
