"""One learner's way through one lesson: read, commit, see the machine, see the truth, go on.

Nothing here knows a clock or a window. What a window may show follows from the run alone (`Run.shows_radiograph`,
`Run.shows_machine`, `Run.shows_truth`). Operations that are out of place change nothing and return False, so that
keys may be pressed at any time.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from core.errors import DeepPneumoError
from core.store.judgement import Kind
from core.teaching.answer import (
    MAX_READING_SECONDS,
    NO_ANSWER,
    Answer,
    Confidence,
    LearnerCall,
    MachineView,
    Step,
    is_place,
    may_follow,
)
from core.teaching.lesson import Lesson, Point
from core.teaching.plan import Plan, new_code
from core.teaching.run_state import RunState, Stage

__all__ = ["MOST_UNDONE", "SCHEMA", "Run", "RunError", "Stage"]

MOST_UNDONE: Final = 100
"""Changes of one answer that can be taken back."""

SCHEMA: Final = 1
"""Of the JSON; raised when an older program could no longer read it."""


class RunError(DeepPneumoError):
    """A run that cannot be begun, read or compared."""


class Run(RunState):
    """A learner's run.

    Times are seconds of any clock that never goes back, such as `time.monotonic`.

    Parameters
    ----------
    plan : Plan
        Who reads which cases in which order.
    now : float or None
        When the first case is shown; None leaves the run paused.
    """

    @classmethod
    def begin(
        cls,
        lesson: Lesson,
        now: float | None = None,
        *,
        seed: int | None = None,
        shuffled: bool | None = None,
        code: str | None = None,
    ) -> Run:
        """Begin a run.

        Parameters
        ----------
        lesson : Lesson
        now : float or None
            When the first case is shown; None leaves the run paused.
        seed : int or None
            Of the order where it is shuffled; the same seed gives the same order.
        shuffled : bool or None
            None for what the lesson says.
        code : str or None
            The learner's anonymous code; None for a new one.

        Raises
        ------
        RunError
            For a lesson without cases.
        """
        if not lesson.items:
            raise RunError("This lesson has no cases yet.")
        order = list(range(len(lesson.items)))
        if lesson.shuffled if shuffled is None else shuffled:
            random.Random(seed).shuffle(order)
        return cls(Plan.of(lesson, order, uuid.uuid4().hex, code or new_code()), now)

    # What a learner does

    def set_call(self, call: LearnerCall | None) -> bool:
        """Call the present case, or take that back with None."""
        return self._set(self._answer.with_call(call))

    def set_kind(self, kind: Kind | None) -> bool:
        """Say what kind of pneumonia it is, which also calls it one."""
        return self._set(self._answer.with_kind(kind))

    def set_confidence(self, confidence: Confidence | None) -> bool:
        """Say how sure the call is."""
        return self._set(self._answer.with_confidence(confidence))

    def set_mark(self, mark: Point | None) -> bool:
        """Say where it is seen; a place outside the radiograph is none, and on a normal case there is none."""
        return (mark is None or is_place(mark)) and self._set(self._answer.with_mark(mark))

    def undo(self) -> bool:
        """Take back the last change of the present answer; what was committed stays."""
        if not self.can_undo:
            return False
        self._later.append(self._answer)
        self._answer = self._earlier.pop()
        return True

    def redo(self) -> bool:
        """Make the change again that was taken back last; not beyond the program's end."""
        if not self.can_redo:
            return False
        self._earlier.append(self._answer)
        self._answer = self._later.pop()
        return True

    def leave_out(self) -> bool:
        """Take the present case, whose radiograph cannot be shown, out of the run; never the only one."""
        if self.finished or self._stage != "reading" or len(self.order) == 1:
            return False
        place = self.position
        self.plan = replace(self.plan, order=(*self.order[:place], *self.order[place + 1 :]))
        self._forget_answer()
        return True

    def commit(self, now: float, machine: MachineView | None) -> bool:
        """End the blind reading; from here on the machine may be seen.

        Parameters
        ----------
        now : float
        machine : MachineView or None
            What will be shown; None where no model can score the case.
        """
        self._advance(now)
        if not self.can_commit:
            return False
        item, up = self.order[self.position], self.time_is_up
        self._steps.append(Step(item, self._answer, None, self._capped(self._seconds), up, machine))
        self._stage = "committed"
        self._forget_answer()
        return True

    def change(self, answer: Answer) -> bool:
        """Say something else, having seen the machine but not the truth; a call may not be taken back."""
        if not self._is("committed") or not may_follow(answer, self._steps[-1].before):
            return False
        self._steps[-1] = replace(self._steps[-1], after=answer)
        return True

    def reveal(self) -> bool:
        """Abide by what was said; from here on the truth may be seen."""
        if not self._is("committed"):
            return False
        self._steps[-1] = replace(self._steps[-1], after=self._steps[-1].latest)
        self._stage = "revealed"
        return True

    def next(self, now: float) -> bool:
        """Go on to the next case, or after the last one end the run."""
        if not self._is("revealed"):
            return False
        self._stage = "reading"
        self._forget_answer()
        self._seen_at = now
        return True

    def pause(self, now: float) -> bool:
        """Stop the time and hide everything."""
        if self._paused or self.finished:
            return False
        self._advance(now)
        self._paused, self._seen_at = True, None
        return True

    def resume(self, now: float) -> bool:
        """Go on where it was paused."""
        if not self._paused or self.finished:
            return False
        self._paused, self._seen_at = False, now
        return True

    def tick(self, now: float) -> bool:
        """Note the time; True when it is up, whereupon the case is to be committed as it is."""
        self._advance(now)
        return self._may_read and self.time_is_up

    # How it is kept

    def to_json(self) -> str:
        """Return all of it as JSON; of the time since the last `tick` nothing is known."""
        document = {
            "schema": SCHEMA,
            **self.plan.to_document(),
            "stage": self._stage,
            "steps": [step.to_document() for step in self._steps],
            "answer": self._answer.to_document(),
            "earlier": [answer.to_document() for answer in self._earlier],
            "seconds": self._seconds,
        }
        return json.dumps(document, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Run:
        """Return a run as it was kept, paused unless it is finished.

        Raises
        ------
        RunError
            Where the text is damaged, or was written by a newer version of the program.
        """
        from core.teaching.run_document import read_run  # which needs this module

        return read_run(text)

    @classmethod
    def put_together(
        cls, plan: Plan, steps: Sequence[Step], stage: Stage, answers: Sequence[Answer], seconds: float
    ) -> Run:
        """Put a run together again, paused unless it is finished; `answers` are the earlier ones and the last."""
        run = cls(plan)
        run._steps, run._stage, run._seconds = list(steps), stage, seconds
        *run._earlier, run._answer = answers
        run._paused = not run.finished
        return run

    def _set(self, answer: Answer) -> bool:
        if not self._may_answer or answer == self._answer:
            return False
        self._earlier = [*self._earlier, self._answer][-MOST_UNDONE:]
        self._later = []
        self._answer = answer
        return True

    def _forget_answer(self) -> None:
        self._answer, self._earlier, self._later, self._seconds = NO_ANSWER, [], [], 0.0

    def _advance(self, now: float) -> None:
        if self._may_read and self._seen_at is not None:
            self._seconds = min(MAX_READING_SECONDS, self._seconds + max(0.0, now - self._seen_at))
        if self._seen_at is not None:
            self._seen_at = max(self._seen_at, now)
