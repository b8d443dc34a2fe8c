"""What happens between opening a folder and its last score; the window only shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.engine.card import Card
from core.store.judgement import Judgement
from deeppneumo_gui.arrivals import Arrivals
from deeppneumo_gui.backlog import Backlog
from deeppneumo_gui.case_states import CaseStates
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.identities import Identities
from deeppneumo_gui.inference.messages import Loaded, ModelFailed, ModelReady, Ticket
from deeppneumo_gui.inference.scans import Scans
from deeppneumo_gui.inference.thread import InferenceThread
from deeppneumo_gui.inference.thumbnails import Thumbnails
from deeppneumo_gui.judging.keeper import JudgementKeeper
from deeppneumo_gui.model.requests import ModelRequests
from deeppneumo_gui.openings import Openings
from deeppneumo_gui.outcomes import case_asked, case_unscored
from deeppneumo_gui.services import Services
from deeppneumo_gui.store.memory import Memory, Opener
from deeppneumo_gui.tally import Progress
from deeppneumo_gui.worklist.model import WorklistModel


class ViewerSession(QObject):
    """Owns the worklist and the threads, and knows which answer belongs to what is on screen."""

    case_selected = Signal(object)
    """The `Case` that is now on screen, or None; whatever was shown before must go."""
    radiograph_shown = Signal(object)
    """The `Radiograph` of the selected case."""
    case_changed = Signal(object)
    """The selected `Case` in its new state."""
    cases_opened = Signal(object)
    """The `Case` to select after an opening."""
    nothing_found = Signal()
    paths_missing = Signal(object)
    """`list[Path]` that were to be opened again and are no longer there."""
    progress_changed = Signal(object)
    engine_ready = Signal(object)
    """The `Card` of the model that scores from here on; all earlier scores are gone."""
    engine_failed = Signal(str)
    """There is no model, for this reason."""
    model_requested = Signal()
    model_refused = Signal(str)
    """Another model did not load, for this reason; the one before stays."""
    model_rested = Signal()
    """The next score takes longer, unless `stir` comes well before."""

    def __init__(
        self, services: Services, parent: QObject | None = None, opener: Opener | None = None
    ) -> None:
        super().__init__(parent)
        self.memory = Memory(opener, self)
        self.judgements: JudgementKeeper = self.memory.judgements
        self.openings = Openings()
        services = replace(services, read=self.memory.watched(services.read))
        self.identities = Identities(self)
        self.worklist = WorklistModel(self.identities, self)
        self.thumbnails = Thumbnails(services.thumbnail, self)
        self.card: Card | None = None
        self.failure: str | None = None
        self._states = CaseStates(self.worklist, self)
        self._states.changed.connect(self.case_changed)
        self._ticket = Ticket(0)
        self._models = ModelRequests()
        self._missing = False
        self._scans = Scans(services, self)
        self._scans.paths_found.connect(self._on_paths_found)
        self._scans.paths_missing.connect(self._on_paths_missing)
        self._thread = InferenceThread(services, self)
        self._thread.engine_ready.connect(self._on_engine_ready)
        self._thread.engine_failed.connect(self._on_engine_failed)
        self._thread.rested.connect(self.model_rested)
        self._thread.radiograph_loaded.connect(self._on_radiograph_loaded)
        self._backlog = Backlog(self._thread, self.memory, self)
        self._backlog.progress_changed.connect(self.progress_changed)
        self.arrivals = Arrivals(
            self._thread, self.memory, self._backlog, self._states, self.thumbnails, self
        )

    @property
    def current(self) -> Case | None:
        """The case on screen."""
        return self._states.current

    @property
    def progress(self) -> Progress:
        """How far the background scoring is."""
        return self._backlog.progress

    @property
    def unscored(self) -> list[Case]:
        """Cases that could be scored but do not wait for it, after a cancel for example."""
        return [case for case in self.worklist.cases() if case.state is CaseState.NOT_SCORED]

    @property
    def awaits_scoring(self) -> bool:
        """Whether something could be chosen next that has no score: nothing is listed, or not all of it scored."""
        cases = self.worklist.cases()
        return not cases or any(case.state is CaseState.NOT_SCORED for case in cases)

    @property
    def bundled_in_use(self) -> bool:
        """Whether the model that ships scores and no other is on its way."""
        return self._models.bundled_in_use

    @property
    def bundle(self) -> Path | None:
        """The bundle that scores, None for the model that ships."""
        return self._models.in_use

    def start(self, openings: Sequence[Sequence[Path]] = ()) -> None:
        """Start the thread and load the model that ships; one of these openings may have been broken off."""
        self.memory.open(openings)
        self.open_model(None)
        self._thread.start()

    def open_model(self, path: Path | None) -> None:
        """Load a bundle, or with None the model that ships; until it is there the one before goes on."""
        self._thread.load(self._models.ask(path))
        self.model_requested.emit()

    def stir(self) -> None:
        """Have the model awake, where it rests, for what will be scored soon."""
        self._thread.stir()

    def shutdown(self) -> None:
        """Stop everything; returns within a second, a file that hangs in the system is left behind."""
        self._scans.stop()
        self.thumbnails.stop()
        self._thread.stop()
        self.memory.stop()
        self._scans.wait()
        self.thumbnails.shutdown()
        self._thread.wait()
        self.memory.shutdown()

    def open_paths(self, paths: Iterable[Path], *, skip_missing: bool = False) -> None:
        """Find the radiographs in files and folders, list them and score them in the background.

        What is not there becomes an unreadable row, or with `skip_missing` only a word about it.
        """
        opening = list(paths)
        self.openings.add(opening)
        self.stir()
        self.memory.begin(opening)
        self._scans.begin(opening, skip_missing)

    def select(self, case_id: int | None) -> None:
        """Show a case; its file is read next, whatever else waits."""
        if case_id == self._states.shown:
            return
        self._states.shown = case_id
        self._ticket = Ticket(self._ticket + 1)
        case = self.current
        self.thumbnails.hold(case is not None)
        if case is None:
            self._thread.deselect()
        else:
            wanted = self.card is not None and case.state not in (CaseState.SCORED, CaseState.REFUSED)
            self._thread.select(self._backlog.job(case, self._ticket, wanted))
        self.case_selected.emit(case)

    def choose_frame(self, frame: int) -> None:
        """Show and score another frame of the case on screen; its score so far goes, it was another frame's."""
        case = self.current
        if case is None or case.frame == frame:
            return
        self._backlog.withdraw([case.case_id])
        self.worklist.replace(
            replace(
                case_unscored(case),
                frame=frame,
                state=CaseState.NOT_SCORED,
                asked=False,
                judgement=self.judgements.get(case.path, frame),
            )
        )
        self._states.shown = None
        self.select(case.case_id)

    @Slot(bool)
    def ask(self, asked: bool) -> None:
        """Show the score of the refused image on screen, or hide it; what the model has not seen is scored first."""
        if self.current is None or (asked and self.current.refusal is None):
            return
        case = case_asked(self.current, asked)
        if not asked or case.withheld is not None or self.card is None:
            self._states.replace(case)
            return
        case = replace(case_unscored(case), state=CaseState.WAITING)
        self._states.replace(case)
        self._backlog.put_first(case)

    def judge(self, case_id: int, frame: int, judgement: Judgement) -> None:
        """Take down what the reader says of a frame of a case."""
        case = self.worklist.case(case_id)
        self.judgements.put(case.path, frame, judgement)
        if case.frame == frame:
            self._states.replace(replace(case, judgement=judgement))

    def cancel(self) -> None:
        """Stop scoring in the background; what is scored stays, the rest can be resumed."""
        dropped = [case_id for case_id in self._backlog.cancel() if case_id in self.worklist]
        self._states.set_states([self.worklist.case(case_id) for case_id in dropped], CaseState.NOT_SCORED)
        self._backlog.tell()

    def resume(self) -> None:
        """Score what a cancel left behind."""
        rest = self.unscored
        self._states.set_states(rest, CaseState.WAITING)
        self._backlog.extend(rest)

    def clear(self) -> None:
        """Empty the worklist."""
        self.cancel()
        self.select(None)
        self.worklist.clear()
        self._backlog.tell()

    def remove(self, case_ids: list[int]) -> list[tuple[int, Case]]:
        """Take cases other than the one on screen off the worklist; returns what `restore` takes."""
        self._backlog.withdraw(case_ids)
        return self.worklist.remove(case_ids)

    def restore(self, cases: list[tuple[int, Case]]) -> None:
        """Put cases back, and score those that had no result."""
        rest = [case for _, case in cases if not case.state.is_final]
        # One that was being scored when it went may be done by now, and nobody was there to take its score.
        self._backlog.withdraw([case.case_id for case in rest])
        self.worklist.restore(cases)
        self._states.set_states(rest, CaseState.NOT_SCORED if self.failure else CaseState.WAITING)
        self._backlog.extend(rest)

    @Slot(object)
    def _on_paths_found(self, paths: list[Path]) -> None:
        state = CaseState.WAITING if self.failure is None else CaseState.NOT_SCORED
        added, known = self.worklist.append(paths, state, self.judgements.get)
        # Shown before the batch starts: the first image must not wait behind the second's score.
        if added or known:
            self.cases_opened.emit((added or known)[0])
        elif not self._missing:
            self.nothing_found.emit()
        self._missing = False
        self._backlog.extend(added)

    @Slot(object)
    def _on_paths_missing(self, paths: list[Path]) -> None:
        self._missing = True
        self.paths_missing.emit(paths)

    @Slot(object)
    def _on_engine_ready(self, ready: ModelReady) -> None:
        self.card, self.failure = ready.card, None
        self._models.accept(ready)
        self._backlog.begin(ready.generation, ready.card)
        self._start_anew()
        self.engine_ready.emit(ready.card)
        if self._models.loading:
            # Asked for while this answer was under way; the thread scores with this one until then.
            self.model_requested.emit()

    def _start_anew(self) -> None:
        """Drop what another model said and score everything, the case on screen first."""
        rest = [
            case_unscored(case)
            for case in sorted(self.worklist.cases(), key=lambda case: case.case_id != self._states.shown)
            if case.state is not CaseState.UNREADABLE
        ]
        self._states.set_states(rest, CaseState.WAITING)
        self._backlog.extend(rest)
        self._backlog.tell()

    @Slot(object)
    def _on_engine_failed(self, failed: ModelFailed) -> None:
        if not self._models.refuse(failed):
            return
        if self.card is not None:
            self.model_refused.emit(failed.reason)
            return
        self.failure = failed.reason
        waiting = [case for case in self.worklist.cases() if case.state is CaseState.WAITING]
        self._states.set_states(waiting, CaseState.NOT_SCORED)
        self._backlog.tell()
        self.engine_failed.emit(failed.reason)

    @Slot(object)
    def _on_radiograph_loaded(self, loaded: Loaded) -> None:
        if loaded.ticket == self._ticket:
            self.thumbnails.hold(False)
            self._note_readable(self.worklist.case(loaded.case_id))
            self.radiograph_shown.emit(loaded.radiograph)

    def _note_readable(self, case: Case) -> None:
        """Take back what was said of a file that could not be read for a while."""
        self.thumbnails.retry(case.case_id)
        if case.state is CaseState.SCORED and case.reason is not None:
            self._states.replace(replace(case, reason=None))
