"""What happens between opening a lesson and its last case; the window only shows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot

from core.engine.prediction import Prediction
from core.store.judgement import Kind
from core.teaching.answer import Answer, Confidence, LearnerCall, MachineView
from core.teaching.lesson import Lesson, Point
from core.teaching.run import Run, RunError
from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.reading_aid import read_score
from deeppneumo_gui.services import Services
from deeppneumo_gui.store.memory import Memory
from deeppneumo_gui.teaching.ahead import AHEAD, Ahead, Ready
from deeppneumo_gui.teaching.learner_words import NO_MODEL, missing_words
from deeppneumo_gui.teaching.shown import Opinion, Revealed, Shown
from deeppneumo_gui.teaching.sources import LessonRadiographs

WAIT_FOR_MODEL: Final = "Committed. The model is still reading this radiograph."
ANOTHER_LESSON: Final = "This run belongs to another lesson, or the lesson has been changed since."
CANNOT_SKIP: Final = "No radiograph of this lesson can be shown."

Clock = Callable[[], float]


class LearnerSession(QObject):
    """One learner's run through a lesson, its radiographs and scores ahead of it, and where it is kept.

    The time runs only while a radiograph can be seen: not while it is read from a slow disk, not while the
    learner has paused, and not while the model is waited for.
    """

    case_changed = Signal()
    """Another radiograph is to be seen, or none."""
    changed = Signal()
    """The same case has been answered, committed or revealed."""
    said = Signal(str)
    """A sentence for the learner, empty to take the last one back."""
    finished = Signal()

    def __init__(
        self,
        services: Services,
        memory: Memory,
        lesson: Lesson,
        radiographs: LessonRadiographs,
        model: Path | None,
        parent: QObject,
        clock: Clock = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.lesson = lesson
        self._memory = memory
        self._clock = clock
        self._begun = False
        self._resting = False
        self._committing = False
        self.run = Run.begin(lesson)
        self.ahead = Ahead(services, lesson.items, radiographs, model, self)
        self.ahead.arrived.connect(self._on_arrived)
        self._want()

    # What may be seen

    @property
    def begun(self) -> bool:
        """Whether the learner has started."""
        return self._begun

    @property
    def paused(self) -> bool:
        """Whether the learner has paused."""
        return self._resting

    @property
    def ready(self) -> Ready:
        """What is known of the present case."""
        item = self.run.item
        return Ready() if item is None else self.ahead.at(item)

    @property
    def display(self) -> Display | None:
        """The radiograph that is to be seen now."""
        return self.ready.display if self._begun and not self._resting else None

    @property
    def obstacle(self) -> str | None:
        """Why the present radiograph cannot be shown, None where it can or may yet."""
        return self.ready.reason if self._begun and not self._resting else None

    @property
    def explained(self) -> Prediction | None:
        """What the heatmap is made of; None until the learner has committed."""
        prediction, opinion = self.ready.prediction, self._kept_opinion()
        if not self.run.shows_machine or prediction is None or opinion is None:
            return None
        # The run may have been begun with another model.
        return prediction if prediction.model == opinion.model else None

    def shown(self) -> Shown | None:
        """Return all that may be on the screen now; None where no case is."""
        run, item = self.run, self.run.item
        if not self._begun or item is None or self._resting:
            return None
        step = run.steps[-1] if run.shows_machine else None
        case = self.lesson.items[item]
        return Shown(
            run.position + 1,
            len(run.order),
            case.question,
            self.lesson.ask_kind,
            run.answer,
            None if step is None else step.before,
            step is not None and step.timed_out,
            self._opinion() if run.shows_machine else None,
            Revealed(case.truth, case.regions, case.points) if run.shows_truth else None,
        )

    @property
    def seconds_left(self) -> float | None:
        """Until the time for the present case is up; None without a limit and from the commit on."""
        return self.run.seconds_left if self._begun and self.run.stage == "reading" else None

    # What the learner does

    def begin(self, run: Run | None = None) -> None:
        """Show the first case, or go on with an earlier run."""
        if run is not None:
            self.run = run
        self._begun = True
        self._move()

    def set_call(self, call: LearnerCall) -> None:
        """Call the present case, or call it otherwise having seen the model."""
        self._answer(lambda: self.run.set_call(call), lambda answer: answer.with_call(call))

    def set_kind(self, kind: Kind) -> None:
        """Say what kind of pneumonia it is, where the lesson asks for that."""
        if self.lesson.ask_kind:
            self._answer(lambda: self.run.set_kind(kind), lambda answer: answer.with_kind(kind))

    def set_confidence(self, confidence: Confidence) -> None:
        """Say how sure the call is."""
        self._answer(
            lambda: self.run.set_confidence(confidence), lambda answer: answer.with_confidence(confidence)
        )

    def set_mark(self, mark: Point | None) -> None:
        """Say where something is seen."""
        self._answer(lambda: self.run.set_mark(mark), None)

    def undo(self) -> None:
        """Take back the last change of the answer."""
        self._answer(self.run.undo, None)

    def redo(self) -> None:
        """Make it again."""
        self._answer(self.run.redo, None)

    def advance(self) -> None:
        """Commit, reveal or go on, whichever is next."""
        {"reading": self.commit, "committed": self.reveal, "revealed": self.next}[self.run.stage]()

    def commit(self) -> None:
        """End the blind reading; without call and confidence say what is missing."""
        self.tick()
        if self.run.stage != "reading" or self.run.paused or not self._begun:
            return
        if not self.run.can_commit:
            self.said.emit(missing_words(self.run.answer))
            return
        self._committing = True
        self._keep_time()
        self._commit_if_scored()

    def reveal(self) -> None:
        """Show the truth."""
        if self.run.reveal():
            self._kept_and_told()

    def next(self) -> None:
        """Go on to the next case, or to the end."""
        if self.run.next(self._clock()):
            self._move()

    def skip(self) -> None:
        """Leave out a case whose radiograph cannot be shown."""
        if self.obstacle is None or self.run.stage != "reading":
            return
        if self.run.leave_out():
            self._move()
        else:
            self.said.emit(CANNOT_SKIP)

    def set_paused(self, paused: bool) -> None:
        """Hide everything and stop the time, or go on."""
        if self._begun and paused != self._resting and not self.run.finished:
            self._resting = paused
            self._keep_time()
            self._keep()
            self.said.emit("")
            self.case_changed.emit()
            if self._committing:
                self._commit_if_scored()

    def tick(self) -> None:
        """Look at the clock; a case whose time is up is committed as it stands."""
        if self.run.tick(self._clock()) and not self._committing:
            self._committing = True
            self._keep_time()
            self._commit_if_scored()

    def stop(self) -> None:
        """Keep the run as it is and ask the threads to end; `shutdown` waits for them."""
        self.run.tick(self._clock())
        self._keep()
        self.ahead.stop()

    def shutdown(self) -> None:
        """End."""
        self.stop()
        self.ahead.shutdown()

    # Inside

    def _answer(self, set_: Callable[[], bool], change: Callable[[Answer], Answer] | None) -> None:
        """Change the answer while it may be changed: blind, or with another call having seen the model."""
        self.tick()
        if self.run.stage == "reading":
            done = set_()
        else:
            after = None if change is None else change(self.run.answer)
            done = after is not None and after != self.run.answer and self.run.change(after)
        if done:
            self._kept_and_told()

    def _commit_if_scored(self) -> None:
        """Commit once there is a score to be shown, or it is clear that there will be none."""
        ready = self.ready
        if self._resting:
            return
        if not ready.scored and self.ahead.failure is None:
            self.said.emit(WAIT_FOR_MODEL)
            return
        self._committing = False
        self._keep_time()
        if self.run.commit(self._clock(), MachineView.of(ready.prediction)):
            self._kept_and_told()

    def _keep_time(self) -> None:
        """Let the time of the run go by only while there is something to read."""
        unread = self.run.stage == "reading" and self.ready.display is None
        if not self._begun or self._resting or self._committing or unread:
            self.run.pause(self._clock())
        else:
            self.run.resume(self._clock())

    def _move(self) -> None:
        """Show the present case, whichever that is now, and read on ahead of it."""
        self._committing = False
        self._want()
        self._keep_time()
        self._keep()
        self.said.emit("")
        self.case_changed.emit()
        if self.run.finished:
            self.finished.emit()

    def _want(self) -> None:
        if self.run.finished:
            self.ahead.want(())
        else:
            place = self.run.position
            self.ahead.want(self.run.order[place : place + 1 + AHEAD])

    def _kept_and_told(self) -> None:
        self._keep()
        self.said.emit("")
        self.changed.emit()

    def _keep(self) -> None:
        if self._begun:
            self._memory.runs.put(self.run)

    def _kept_opinion(self) -> MachineView | None:
        return self.run.steps[-1].machine if self.run.shows_machine else None

    def _opinion(self) -> Opinion:
        view, prediction, card = self._kept_opinion(), self.explained, self.ahead.card
        reading = None if prediction is None or card is None else read_score(prediction, card)
        silence = ""
        if view is None:
            why = self.ready.refusal or self.ahead.failure
            silence = f"{NO_MODEL} {why}" if why else NO_MODEL
        return Opinion(view, reading, silence)

    @Slot(int)
    def _on_arrived(self, index: int) -> None:
        if index != self.run.item or not self._begun:
            return
        if self._committing:
            self._commit_if_scored()
            return
        waited = self.run.paused
        self._keep_time()
        # The first sight of a radiograph, or why there is none; later only its score is new.
        if waited and not self._resting:
            self.case_changed.emit()
        elif self.run.stage != "reading":
            self.changed.emit()


def check_run(run: Run | None, lesson: Lesson) -> None:
    """Raise `RunError` for a run that cannot go on, because it is another lesson's or the lesson has changed."""
    if run is not None and not run.fits(lesson):
        raise RunError(ANOTHER_LESSON)
