"""What is still to be scored in the background: handed to the thread, counted, and taken back."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from deeppneumo_gui.cases import Case
from deeppneumo_gui.inference.messages import Generation, Job, Ticket
from deeppneumo_gui.inference.thread import InferenceThread
from deeppneumo_gui.tally import Progress, Tally


class Backlog(QObject):
    """Jobs for the model in use; without one nothing is taken on."""

    progress_changed = Signal(object)
    """The `Progress` of the background scoring."""

    def __init__(self, thread: InferenceThread, parent: QObject) -> None:
        super().__init__(parent)
        self.generation = Generation(0)
        self._thread = thread
        self._tally = Tally()

    def __contains__(self, case_id: int) -> bool:
        return case_id in self._tally

    @property
    def progress(self) -> Progress:
        """How far the background scoring is."""
        return self._tally.progress

    def job(self, case: Case, ticket: Ticket | None = None, score: bool = True) -> Job:
        """Return what the thread is asked to do with a case."""
        return Job(case.case_id, case.path, ticket, score, self.generation, case.frame)

    def begin(self, generation: Generation) -> None:
        """Drop everything; from here on another model scores."""
        self.generation = generation
        self._thread.cancel_batch()
        self._tally.clear()

    def extend(self, cases: Iterable[Case]) -> None:
        """Have cases scored, in this order."""
        if self.generation == 0:
            return
        jobs = [self.job(case) for case in cases]
        self._tally.add(job.case_id for job in jobs)
        self._thread.extend(jobs)
        self.tell()

    def withdraw(self, case_ids: list[int]) -> None:
        """Take cases out."""
        self._thread.withdraw(case_ids)
        self._tally.withdraw(case_ids)
        self.tell()

    def cancel(self) -> list[int]:
        """Take all out and return them; the file in hand is finished."""
        dropped = self._thread.cancel_batch()
        # A selection that was taken out of the batch no longer counts as part of it.
        self._tally.clear()
        return dropped

    def finish(self, case_id: int) -> None:
        """Count a case as done, where it was to be."""
        if case_id in self._tally:
            self._tally.finish(case_id)
            self.tell()

    def tell(self) -> None:
        """Say how far it is."""
        self.progress_changed.emit(self.progress)
