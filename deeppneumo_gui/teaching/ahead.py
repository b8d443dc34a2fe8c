"""The radiograph on screen and the next ones, read and scored before anybody waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from core.engine.card import Card
from core.engine.prediction import Prediction
from core.reading.radiograph import Radiograph
from core.teaching.lesson import Item
from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.inference.messages import (
    Generation,
    Job,
    Loaded,
    ModelFailed,
    ModelReady,
    ModelRequest,
    Outcome,
    Ticket,
)
from deeppneumo_gui.inference.thread import InferenceThread
from deeppneumo_gui.services import Services
from deeppneumo_gui.teaching.sources import LessonRadiographs

AHEAD: Final = 2
"""So many radiographs are kept beyond the one on screen: this bounds the memory of the longest lesson."""
_GENERATION: Final = Generation(1)


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """What is known of one case so far.

    Attributes
    ----------
    display : Display or None
        The radiograph, None while it is read and where it cannot be.
    reason : str or None
        Why it cannot be shown.
    prediction : Prediction or None
        What the model says, None while it has not and where it says nothing.
    refusal : str or None
        Why the model says nothing.
    scored : bool
        Whether there is nothing left to wait for.
    """

    display: Display | None = None
    reason: str | None = None
    prediction: Prediction | None = None
    refusal: str | None = None
    scored: bool = False

    @property
    def settled(self) -> bool:
        """Whether there is something to see, or a sentence why not."""
        return self.display is not None or self.reason is not None


class Ahead(QObject):
    """Keeps the cases that are wanted next, on a thread that reads and scores one after the other.

    Parameters
    ----------
    services : Services
    items : sequence of Item
        Of the lesson; a case is known by its index among them.
    radiographs : LessonRadiographs
    model : Path or None
        Bundle to score with, None for the one that comes with the program.
    """

    arrived = Signal(int)
    """The index of a case of which more is known now."""

    def __init__(
        self,
        services: Services,
        items: Sequence[Item],
        radiographs: LessonRadiographs,
        model: Path | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._items = tuple(items)
        self._wanted: tuple[int, ...] = ()
        self._known: dict[int, Ready] = {}
        self._under_way: Job | None = None
        self._tickets = 0
        self.card: Card | None = None
        self.failure: str | None = None

        def read(path: Path, frame: int = 0) -> Radiograph:
            return radiographs.read(self._items[int(path.name)])

        self._thread = InferenceThread(replace(services, read=read), self)
        self._thread.engine_ready.connect(self._on_engine_ready)
        self._thread.engine_failed.connect(self._on_engine_failed)
        self._thread.radiograph_loaded.connect(self._on_loaded)
        self._thread.job_finished.connect(self._on_finished)
        self._thread.load(ModelRequest(_GENERATION, model))
        self._thread.start()

    def at(self, index: int) -> Ready:
        """Return what is known of a case; without a model there is nothing to wait for but the radiograph."""
        ready = self._known.get(index, Ready())
        if self.failure is None or ready.scored or not ready.settled:
            return ready
        return replace(ready, refusal=self.failure, scored=True)

    def want(self, indices: Sequence[int]) -> None:
        """Read and score these cases, the first one first, and forget all others."""
        self._wanted = tuple(indices)
        self._known = {index: self._known[index] for index in self._wanted if index in self._known}
        self._ask()

    def stop(self) -> None:
        """Ask the thread to end."""
        self._wanted = ()
        self._thread.stop()

    def shutdown(self) -> None:
        """End; a file that hangs in the system is left behind."""
        self.stop()
        self._thread.wait()

    def _lacks(self, index: int) -> bool:
        """Whether more could be known of a case."""
        ready = self._known.get(index, Ready())
        return not ready.settled or (self.card is not None and not ready.scored)

    def _ask(self) -> None:
        """Have the first case read that lacks anything, whatever else is being read."""
        index = next((index for index in self._wanted if self._lacks(index)), None)
        if index is None or (self._under_way is not None and self._under_way.case_id == index):
            return
        self._tickets += 1
        scores = self.card is not None
        frame = self._items[index].frame
        job = Job(index, Path(str(index)), Ticket(self._tickets), scores, _GENERATION, frame)
        self._under_way = job
        # A case that comes back after it was forgotten is scored once more.
        self._thread.withdraw([index])
        self._thread.select(job)

    def _learn(self, index: int, ready: Ready) -> None:
        if index in self._wanted:
            self._known[index] = ready
            self.arrived.emit(index)

    def _go_on(self) -> None:
        self._under_way = None
        self._ask()

    @Slot(object)
    def _on_engine_ready(self, ready: ModelReady) -> None:
        self.card = ready.card
        # What is being read meanwhile comes without a score.
        self._ask()

    @Slot(object)
    def _on_engine_failed(self, failed: ModelFailed) -> None:
        self.failure = failed.reason
        for index in tuple(self._known):
            self.arrived.emit(index)

    @Slot(object)
    def _on_loaded(self, loaded: Loaded) -> None:
        index, before = loaded.case_id, self._known.get(loaded.case_id, Ready())
        # A picture that is on screen stays the one that the reader's hand has changed.
        display = before.display or Display(loaded.radiograph)
        self._learn(index, replace(before, display=display, reason=None))
        job = self._under_way
        if job is not None and job.ticket == loaded.ticket and not job.score:
            self._go_on()

    @Slot(object)
    def _on_finished(self, outcome: Outcome) -> None:
        index, before = outcome.case_id, self._known.get(outcome.case_id, Ready())
        if outcome.state.is_final:
            unreadable = before.display is None
            reason, refusal = (outcome.reason, None) if unreadable else (None, outcome.reason)
            prediction = None if outcome.reason is not None else outcome.prediction
            ready = Ready(before.display, reason, prediction, refusal, scored=True)
            self._learn(index, ready)
        if self._under_way is not None and self._under_way.case_id == index:
            self._go_on()
