"""The thread that owns the engine: a plain loop over a queue, no inner event loop."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from PySide6.QtCore import QObject, QThread, Signal

from core.errors import DeepPneumoError, ReadError
from core.reading.radiograph import Radiograph
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference.decoder import AHEAD, DecodeAhead
from deeppneumo_gui.inference.messages import Job, Loaded, Outcome
from deeppneumo_gui.inference.queue import JobQueue
from deeppneumo_gui.services import Scorer, Services

_log = logging.getLogger(__name__)


class InferenceThread(QThread):
    """Reads and scores files in the background, newest selection first.

    Everything public but `run` may be called from the GUI thread and returns at once.
    """

    engine_ready = Signal(object)
    """The model's `Card`."""
    engine_failed = Signal(str)
    """One sentence; files are still read and shown, but not scored."""
    job_started = Signal(int)
    """The case that is being scored."""
    radiograph_loaded = Signal(object)
    """`Loaded`, for selections only."""
    job_finished = Signal(object)
    """`Outcome`."""

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._queue = JobQueue()
        self._engine: Scorer | None = None

    def select(self, job: Job) -> None:
        """Ask for a case to be shown; replaces a selection that still waits and overtakes the batch."""
        self._queue.select(job)

    def deselect(self) -> None:
        """Withdraw a selection that still waits."""
        self._queue.deselect()

    def extend(self, jobs: Iterable[Job]) -> None:
        """Append cases to the batch."""
        self._queue.extend(jobs)

    def cancel_batch(self) -> list[int]:
        """Empty the batch; returns the cases that were dropped."""
        return self._queue.cancel_batch()

    def stop(self) -> None:
        """Ask the thread to end after the file in hand; follow with `wait()`."""
        self._queue.stop()

    def run(self) -> None:
        """Load the engine, then work until stopped."""
        self._load_engine()
        with DecodeAhead(self._services.read) as decoder:
            while (job := self._queue.take()) is not None:
                self._work(job, decoder)
                decoder.prepare(self._queue.upcoming(AHEAD))
        # Released here: the session belongs to the thread that made it.
        self._engine = None

    def _load_engine(self) -> None:
        try:
            self._engine = self._services.load_engine()
        except DeepPneumoError as error:
            self.engine_failed.emit(str(error))
        except Exception as error:
            _log.error("The model did not load: %s", type(error).__name__)
            self.engine_failed.emit("The model could not be loaded.")
        else:
            self.engine_ready.emit(self._engine.card)

    def _work(self, job: Job, decoder: DecodeAhead) -> None:
        """Do one job; a bad file is an answer with a reason, never the end of the thread."""
        if job.score and self._engine is not None:
            self.job_started.emit(job.case_id)
        try:
            radiograph = decoder.radiograph(job)
        except ReadError as error:
            self._finish(Outcome(job.case_id, CaseState.UNREADABLE, reason=error.reason))
            return
        except Exception as error:
            _log.error("A file could not be read: %s", type(error).__name__)
            self._finish(Outcome(job.case_id, CaseState.UNREADABLE, reason="The file could not be read."))
            return
        decoder.prepare(self._queue.upcoming(AHEAD))
        if job.ticket is not None:
            self.radiograph_loaded.emit(Loaded(job.ticket, job.case_id, radiograph))
            if job.score and self._queue.overtaken():
                waits = self._queue.put_back(job)
                state = CaseState.WAITING if waits else CaseState.NOT_SCORED
                self.job_finished.emit(Outcome(job.case_id, state))
                return
        if job.score:
            self._finish(self._score(job, radiograph))

    def _score(self, job: Job, radiograph: Radiograph) -> Outcome:
        if self._engine is None:
            return Outcome(job.case_id, CaseState.NOT_SCORED)
        try:
            reason = self._services.refusal(radiograph)
            if reason is not None:
                return Outcome(job.case_id, CaseState.REFUSED, reason=reason)
            return Outcome(job.case_id, CaseState.SCORED, self._engine.score(radiograph))
        except DeepPneumoError as error:
            return Outcome(job.case_id, CaseState.REFUSED, reason=str(error))
        except Exception as error:
            _log.error("A radiograph could not be scored: %s", type(error).__name__)
            return Outcome(job.case_id, CaseState.REFUSED, reason="The model could not score this image.")

    def _finish(self, outcome: Outcome) -> None:
        if outcome.state in (CaseState.SCORED, CaseState.REFUSED):
            self._queue.mark_scored(outcome.case_id)
        self.job_finished.emit(outcome)
