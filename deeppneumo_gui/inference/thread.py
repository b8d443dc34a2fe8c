"""The thread that scores: a plain loop over a queue, no inner event loop."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Final

from PySide6.QtCore import QObject, QThread, Signal

from core.engine.prediction import Prediction
from core.errors import DeepPneumoError, ReadError
from core.reading.radiograph import Radiograph
from core.refusal import find_refusal
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference.decoder import AHEAD, DecodeAhead
from deeppneumo_gui.inference.errands import Errands, OvertakenError, ReleasedError, SlowError
from deeppneumo_gui.inference.messages import (
    Generation,
    Job,
    Loaded,
    ModelFailed,
    ModelReady,
    ModelRequest,
    Outcome,
)
from deeppneumo_gui.inference.queue import Arrival, JobQueue, Lull, Stir
from deeppneumo_gui.inference.rest import Rest
from deeppneumo_gui.services import Scorer, Services

_log = logging.getLogger(__name__)
REST_AFTER: Final = 20.0
"""Seconds without anything to do, after which the model gives its memory back."""


class InferenceThread(QThread):
    """Reads and scores files in the background, newest selection first.

    Everything public but `run` may be called from the GUI thread and returns at once. Files and models are
    read on threads of their own, so that a disk which hangs does not hold up the end of the program.
    """

    engine_ready = Signal(object)
    """`ModelReady`."""
    engine_failed = Signal(object)
    """`ModelFailed`; files are still read and shown, and scored by the model before, if there was one."""
    job_started = Signal(int)
    """The case that is being scored."""
    rested = Signal()
    """There has been nothing to do for a while; the next score takes longer, unless `stir` comes well before."""
    radiograph_loaded = Signal(object)
    """`Loaded`, for selections only."""
    job_finished = Signal(object)
    """`Outcome`."""

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._queue = JobQueue()
        self._decoder = DecodeAhead(services.read, self._queue.overtaken)
        self._loaders: list[Errands] = []
        self._engine: Scorer | None = None
        self._rest = Rest()
        self._generation = Generation(0)
        self._requested = Generation(0)

    def load(self, request: ModelRequest) -> None:
        """Load a model; until it is there the one before goes on."""
        self._requested = request.generation
        # A thread for each: one model on a share that hangs must not hold up the next.
        loader = Errands("model")
        self._loaders.append(loader)

        def deliver(future: Future[Scorer]) -> None:
            self._queue.deliver(_arrival(request.generation, future))
            # It has nothing else to do; a thread for each model ever opened would stay.
            loader.release()

        loader.submit(self._services.load_engine, request.path).add_done_callback(deliver)

    def stir(self) -> None:
        """Tell of a sign that there will be something to score."""
        self._queue.stir()

    def select(self, job: Job) -> None:
        """Ask for a case to be shown; replaces a selection that still waits and overtakes the batch."""
        self._queue.select(job)
        self._decoder.wake()
        self._rest.look()

    def deselect(self) -> None:
        """Withdraw a selection that still waits."""
        self._queue.deselect()

    def extend(self, jobs: Iterable[Job]) -> None:
        """Append cases to the batch."""
        self._queue.extend(jobs)

    def put_first(self, job: Job) -> None:
        """Put a case at the head of the batch, even if it was scored before."""
        self._queue.put_first(job)

    def cancel_batch(self) -> list[int]:
        """Empty the batch; returns the cases that were dropped."""
        return self._queue.cancel_batch()

    def withdraw(self, case_ids: Iterable[int]) -> None:
        """Take cases out of the batch; they may be scored anew."""
        self._queue.withdraw(case_ids)

    def stop(self) -> None:
        """Ask the thread to end, without the file in hand where that takes long; follow with `wait()`."""
        self._queue.stop()
        self._decoder.release()
        self._rest.release()
        for loader in self._loaders:
            loader.release()

    def run(self) -> None:
        """Work until stopped."""
        with self._decoder as decoder:
            try:
                patience: float | None = REST_AFTER
                while (work := self._queue.take(patience)) is not None:
                    # Rested once, it waits for as long as it takes.
                    patience = None if isinstance(work, Lull) else REST_AFTER
                    if isinstance(work, Lull):
                        self._lie_down()
                    elif isinstance(work, Stir):
                        self._rest.end()
                    elif isinstance(work, Arrival):
                        self._switch(work)
                    else:
                        self._work(work, decoder)
                        decoder.prepare(self._queue.upcoming(AHEAD))
            except ReleasedError:
                _log.info("A file was still being read in the end.")
        self._rest.close()
        for loader in self._loaders:
            loader.close()
        self._engine = None

    def _switch(self, arrival: Arrival) -> None:
        """Score with another model from here on, unless a newer one has been asked for."""
        if arrival.generation < self._requested:
            return
        if arrival.engine is None:
            self.engine_failed.emit(ModelFailed(arrival.generation, arrival.reason))
        elif arrival.generation > self._generation:
            self._engine, self._generation = arrival.engine, arrival.generation
            self._rest.forget()
            self._queue.forget_scored()
            self.engine_ready.emit(ModelReady(arrival.generation, arrival.engine.card))

    def _lie_down(self) -> None:
        """Give memory back while nobody needs it."""
        if self._engine is not None:
            self._rest.begin(self._engine)
            self.rested.emit()

    def _work(self, job: Job, decoder: DecodeAhead) -> None:
        """Do one job; a bad file is an answer with a reason, never the end of the thread."""
        wanted = job.score and self._engine is not None and job.generation == self._generation
        if job.ticket is None and not wanted:
            return
        if wanted:
            self.job_started.emit(job.case_id)
            self._rest.end()
        try:
            radiograph = decoder.radiograph(job)
        except ReadError as error:
            self._finish(job, CaseState.UNREADABLE, error.reason, lasting=error.lasting)
            return
        except SlowError:
            _log.warning("A file did not answer.")
            # A selection may wait in the batch too; once in vain is enough.
            self._queue.withdraw([job.case_id])
            self._finish(job, CaseState.UNREADABLE, "The file does not answer.")
            return
        except OvertakenError:
            if wanted:
                self._give_way(job)
            return
        except ReleasedError:
            raise
        except Exception as error:
            _log.error("A file could not be read.", exc_info=error)
            self._finish(job, CaseState.UNREADABLE, "The file could not be read.")
            return
        decoder.prepare(self._queue.upcoming(AHEAD))
        if job.ticket is not None:
            self.radiograph_loaded.emit(Loaded(job.ticket, job.case_id, radiograph))
        if wanted:
            self._score(job, radiograph)

    def _give_way(self, job: Job) -> None:
        """Let a newer selection go first."""
        waits = self._queue.put_back(job)
        self._finish(job, CaseState.WAITING if waits else CaseState.NOT_SCORED)

    def _score(self, job: Job, radiograph: Radiograph) -> None:
        assert self._engine is not None
        try:
            objection = self._services.refusal(radiograph)
            if objection is None or job.anyway:
                self._rest.wait(self._queue.overtaken)
            # The last moment: an inference that has begun is not broken off, and somebody waits.
            if self._queue.overtaken():
                self._give_way(job)
                return
            reason, prediction = objection, None
            if objection is None or job.anyway:
                prediction = self._engine.score(radiograph)
                reason = find_refusal(objection, prediction)
            self._queue.mark_scored(job)
            state = CaseState.SCORED if reason is None else CaseState.REFUSED
            self._finish(job, state, reason, prediction, lasting=True, notes=radiograph.notes)
            return
        except OvertakenError:
            self._give_way(job)
            return
        except ReleasedError:
            raise
        except DeepPneumoError as error:
            reason = str(error)
        except Exception as error:
            _log.error("A radiograph could not be scored.", exc_info=error)
            reason = "The model could not score this image."
        self._queue.mark_scored(job)
        self._finish(job, CaseState.REFUSED, reason)

    def _finish(
        self,
        job: Job,
        state: CaseState,
        reason: str | None = None,
        prediction: Prediction | None = None,
        *,
        lasting: bool = False,
        notes: tuple[str, ...] = (),
    ) -> None:
        outcome = Outcome(job.case_id, state, prediction, reason, job.generation, job.frame, lasting, notes)
        self.job_finished.emit(outcome)


def _arrival(generation: Generation, loaded: Future[Scorer]) -> Arrival:
    """Return a model, or why there is none in words for the reader."""
    try:
        return Arrival(generation, loaded.result())
    except DeepPneumoError as error:
        return Arrival(generation, None, str(error))
    except Exception as error:
        _log.error("The model did not load.", exc_info=error)
        return Arrival(generation, None, "The model could not be loaded.")
