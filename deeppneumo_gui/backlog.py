"""What is still to be scored in the background: looked up, handed to the thread, counted, and taken back."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal

from core.engine.card import Card
from deeppneumo_gui.cases import Case
from deeppneumo_gui.inference.messages import Generation, Job, Ticket
from deeppneumo_gui.inference.thread import InferenceThread
from deeppneumo_gui.store.memory import Memory
from deeppneumo_gui.store.messages import Recollection
from deeppneumo_gui.tally import Progress, Tally


class Backlog(QObject):
    """Jobs for the model in use; without one they are only looked up."""

    progress_changed = Signal(object)
    """The `Progress` of the background scoring."""

    def __init__(self, thread: InferenceThread, memory: Memory, parent: QObject) -> None:
        super().__init__(parent)
        self.generation = Generation(0)
        self._card: Card | None = None
        self._thread = thread
        self._memory = memory
        self._looked_up: set[int] = set()
        self._tally = Tally()

    def __contains__(self, case_id: int) -> bool:
        return case_id in self._tally

    @property
    def progress(self) -> Progress:
        """How far the background scoring is."""
        return self._tally.progress

    def card_of(self, generation: Generation) -> Card | None:
        """Return the card of the model of a generation, None where another scores by now."""
        return self._card if generation == self.generation else None

    def job(self, case: Case, ticket: Ticket | None = None, score: bool = True) -> Job:
        """Return what the thread is asked to do with a case."""
        return Job(case.case_id, case.path, ticket, score, self.generation, case.frame, case.asked)

    def begin(self, generation: Generation, card: Card) -> None:
        """Drop everything; from here on another model scores."""
        self.generation, self._card = generation, card
        self._thread.cancel_batch()
        self._looked_up.clear()
        self._tally.clear()

    def extend(self, cases: Iterable[Case]) -> None:
        """Have cases scored, in this order, that are not found to have been scored earlier."""
        jobs = [self.job(case) for case in cases]
        if self.generation != 0:
            self._tally.add(job.case_id for job in jobs)
            self._looked_up.update(job.case_id for job in jobs)
        self._memory.recall(jobs, self._card)
        if self.generation != 0:
            self.tell()

    def put_first(self, case: Case) -> None:
        """Have a case scored before all others, even if it was scored before."""
        self._looked_up.discard(case.case_id)
        self._tally.add([case.case_id])
        self._thread.put_first(self.job(case))
        self.tell()

    def go_on(self, recollection: Recollection) -> None:
        """Hand the rest to the thread, now that these have been looked up; what was taken back stays away."""
        wanted = [
            job
            for job in recollection.jobs
            if job.case_id in self._looked_up and job.generation == self.generation
        ]
        self._looked_up.difference_update(job.case_id for job in wanted)
        self._thread.extend(job for job in wanted if job.case_id not in recollection.outcomes)
        for case_id in recollection.outcomes:
            self._tally.recall(case_id)
        if recollection.outcomes:
            self.tell()

    def withdraw(self, case_ids: list[int]) -> None:
        """Take cases out."""
        self._thread.withdraw(case_ids)
        self._looked_up.difference_update(case_ids)
        self._tally.withdraw(case_ids)
        self.tell()

    def cancel(self) -> list[int]:
        """Take all out and return them; the file in hand is finished."""
        dropped = [*self._thread.cancel_batch(), *self._looked_up]
        self._looked_up.clear()
        # A selection that was taken out of the batch no longer counts as part of it.
        self._tally.clear()
        return dropped

    def finish(self, case_id: int) -> None:
        """Count a case as done; one that was not waited for is no longer among the unscored either."""
        self._tally.finish(case_id)
        self.tell()

    def tell(self) -> None:
        """Say how far it is."""
        self.progress_changed.emit(self.progress)
