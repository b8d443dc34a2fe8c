"""The queue in front of the engine: a model, one selected slot, one ordered batch, one condition."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from deeppneumo_gui.inference.messages import Generation, Job
from deeppneumo_gui.services import Scorer


@dataclass(frozen=True, slots=True)
class Arrival:
    """A model that has been loaded, or the sentence why not."""

    generation: Generation
    engine: Scorer | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Lull:
    """Nothing to do for a while."""


@dataclass(frozen=True, slots=True)
class Stir:
    """A sign that there will be something to do."""


class JobQueue:
    """Work in the order stop, model, selected, batch, so that a click overtakes a running batch.

    The newest selection replaces a waiting one. The batch is keyed by case, so that an overtaking
    selection withdraws its own batch entry at once instead of being scored twice.
    """

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._arrivals: deque[Arrival] = deque()
        self._selected: Job | None = None
        self._batch: OrderedDict[int, Job] = OrderedDict()
        self._taken_from_batch: Job | None = None
        self._scored: set[tuple[int, int]] = set()
        self._stirred = False
        self._stopped = False

    def deliver(self, arrival: Arrival) -> None:
        """Put a model before everything else."""
        with self._condition:
            self._arrivals.append(arrival)
            self._condition.notify()

    def stir(self) -> None:
        """Tell of a sign that there will be work."""
        with self._condition:
            self._stirred = True
            self._condition.notify()

    def select(self, job: Job) -> None:
        """Put a job into the selected slot, replacing one that still waits there."""
        with self._condition:
            self._selected = job
            self._condition.notify()

    def deselect(self) -> None:
        """Empty the selected slot."""
        with self._condition:
            self._selected = None

    def extend(self, jobs: Iterable[Job]) -> None:
        """Append jobs to the batch; a case that already waits there keeps its place."""
        with self._condition:
            for job in jobs:
                if job.picture not in self._scored:
                    self._batch.setdefault(job.case_id, job)
            self._condition.notify()

    def put_first(self, job: Job) -> None:
        """Put a job at the head of the batch, even if the case was scored before."""
        with self._condition:
            self._scored.discard(job.picture)
            self._batch[job.case_id] = job
            self._batch.move_to_end(job.case_id, last=False)
            self._condition.notify()

    def cancel_batch(self) -> list[int]:
        """Empty the batch and return the cases that will not be scored."""
        with self._condition:
            cancelled = list(self._batch)
            self._batch.clear()
            self._taken_from_batch = None
            return cancelled

    def stop(self) -> None:
        """Drop everything that waits; `take` returns None from now on."""
        with self._condition:
            self._stopped = True
            self._arrivals.clear()
            self._selected = None
            self._batch.clear()
            self._condition.notify_all()

    def take(self, patience: float | None = None) -> Arrival | Job | Lull | Stir | None:
        """Wait for the next piece of work; None means the end.

        A selected case that was scored while it waited comes back with `score` False. With `patience`, in
        seconds, waiting longer than that is a `Lull`.
        """
        with self._condition:
            found = self._condition.wait_for(
                lambda: self._stopped or self._arrivals or self._stirred or self._waits(), patience
            )
            if not found:
                return Lull()
            if self._stopped:
                return None
            if self._arrivals:
                return self._arrivals.popleft()
            if self._stirred:
                self._stirred = False
                return Stir()
            self._taken_from_batch = None
            if self._selected is None:
                self._taken_from_batch = self._batch.popitem(last=False)[1]
                return self._taken_from_batch
            job, self._selected = self._selected, None
            if job.picture in self._scored:
                return replace(job, score=False)
            entry = self._batch.get(job.case_id)
            # Kept out of the batch from here on; `put_back` returns it when the click is overtaken. A selection
            # that is only to be shown, or was made under another model, leaves the score to the batch.
            if entry is not None and job.score and job.generation == entry.generation:
                self._taken_from_batch = self._batch.pop(job.case_id)
            return job

    def _waits(self) -> bool:
        return self._selected is not None or bool(self._batch)

    def upcoming(self, count: int) -> list[Job]:
        """Return the next `count` jobs of the batch without taking them."""
        with self._condition:
            return list(islice(self._batch.values(), count))

    def overtaken(self) -> bool:
        """Whether a newer selection or the end waits."""
        with self._condition:
            return self._stopped or self._selected is not None

    def put_back(self, job: Job) -> bool:
        """Return an overtaken job to the head of the batch it came from; True when it waits there."""
        with self._condition:
            entry, self._taken_from_batch = self._taken_from_batch, None
            if job.case_id in self._batch:
                return True
            if self._stopped or entry is None or entry.case_id != job.case_id:
                return False
            self._batch[entry.case_id] = entry
            self._batch.move_to_end(entry.case_id, last=False)
            return True

    def mark_scored(self, job: Job) -> None:
        """Remember that a case needs no second score of this frame, wherever it still waits."""
        with self._condition:
            self._scored.add(job.picture)
            entry = self._batch.get(job.case_id)
            if entry is not None and entry.frame == job.frame:
                del self._batch[job.case_id]

    def withdraw(self, case_ids: Iterable[int]) -> None:
        """Take cases out of the batch and forget that they were scored."""
        with self._condition:
            gone = set(case_ids)
            for case_id in gone & self._batch.keys():
                del self._batch[case_id]
            self._scored = {picture for picture in self._scored if picture[0] not in gone}
            if self._taken_from_batch is not None and self._taken_from_batch.case_id in gone:
                self._taken_from_batch = None

    def forget_scored(self) -> None:
        """Forget which cases were scored, because another model will score them."""
        with self._condition:
            self._scored.clear()
