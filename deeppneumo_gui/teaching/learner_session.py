"""What happens between opening a lesson and its last case; the window only shows it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Slot

from core.store.judgement import Kind
from core.teaching.answer import Answer, Confidence, LearnerCall, MachineView
from core.teaching.lesson import Lesson, Point
from core.teaching.run import Run, RunError
from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.services import Services
from deeppneumo_gui.store.memory import Memory
from deeppneumo_gui.teaching.ahead import AHEAD, Ahead
from deeppneumo_gui.teaching.learner_sight import LearnerSight
from deeppneumo_gui.teaching.learner_words import missing_words
from deeppneumo_gui.teaching.sources import LessonRadiographs

WAIT_FOR_MODEL: Final = "Committed. The model is still reading this radiograph."
ANOTHER_LESSON: Final = "This run belongs to another lesson, or the lesson has been changed since."
CANNOT_SKIP: Final = "No radiograph of this lesson can be shown."

Clock = Callable[[], float]


class LearnerSession(LearnerSight):
    """One learner's run through a lesson, its radiographs and scores ahead of it, and where it is kept.

    The time runs only while a radiograph can be seen: not while it is read from a slow disk, not while the
    learner has paused, and not while the model is waited for.
    """

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
        self._committing = False
        self._told: tuple[Display | None, str | None] = (None, None)
        self.run = Run.begin(lesson)
        self.ahead = Ahead(services, lesson.items, radiographs, model, self)
        self.ahead.arrived.connect(self._on_arrived)
        self._want()

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
            self._tell_case()
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
        if not ready.scored:
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
        self._tell_case()
        if self.run.finished:
            self.finished.emit()

    def _tell_case(self) -> None:
        """Tell of the radiograph that is to be seen now, or why there is none."""
        self._told = (self.display, self.obstacle)
        self.case_changed.emit()

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

    @Slot(int)
    def _on_arrived(self, index: int) -> None:
        if index != self.run.item or not self._begun or self._resting:
            return
        if self._committing:
            self._commit_if_scored()
            return
        self._keep_time()
        if self._told != (self.display, self.obstacle):
            self._tell_case()
        elif self.run.stage != "reading":
            # Only its score is new, which is nobody's business before the commit.
            self.changed.emit()


def check_run(run: Run | None, lesson: Lesson) -> None:
    """Raise `RunError` for a run that cannot go on, because it is another lesson's or the lesson has changed."""
    if run is not None and not run.fits(lesson):
        raise RunError(ANOTHER_LESSON)
