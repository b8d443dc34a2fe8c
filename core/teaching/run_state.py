"""How far a learner's run has come, and what a window may show of it."""

from __future__ import annotations

from typing import Literal

from core.teaching.answer import NO_ANSWER, Answer, Step
from core.teaching.lesson import Lesson
from core.teaching.plan import Plan

Stage = Literal["reading", "committed", "revealed"]
"""What the learner has seen of a case: the radiograph; the machine's score and heatmap too; the truth too."""


class RunState:
    """The half of a run that is looked at; `core.teaching.run.Run` is what changes it.

    Parameters
    ----------
    plan : Plan
        Who reads which cases in which order.
    now : float or None
        When the first case is shown; None leaves the run paused.
    """

    def __init__(self, plan: Plan, now: float | None = None) -> None:
        self.plan = plan
        self._steps: list[Step] = []
        self._stage: Stage = "reading"
        self._answer = NO_ANSWER
        self._earlier: list[Answer] = []
        self._later: list[Answer] = []
        self._seconds = 0.0
        self._seen_at = now
        self._paused = now is None

    # What a window shows

    @property
    def shows_radiograph(self) -> bool:
        """Whether the radiograph may be seen; a pause hides it, because a pause costs no time."""
        return not self._paused and not self.finished

    @property
    def shows_machine(self) -> bool:
        """Whether score and heatmap may be seen."""
        return self.shows_radiograph and self._stage in ("committed", "revealed")

    @property
    def shows_truth(self) -> bool:
        """Whether truth, the teacher's regions and the learning points may be seen."""
        return self.shows_radiograph and self._stage == "revealed"

    @property
    def stage(self) -> Stage:
        """How far the present case has come; ``"reading"`` once the run is finished."""
        return self._stage

    @property
    def paused(self) -> bool:
        """Whether nothing counts and nothing may be seen."""
        return self._paused

    @property
    def finished(self) -> bool:
        """Whether all cases have been read."""
        return self._stage == "reading" and len(self._steps) == len(self.order)

    @property
    def position(self) -> int:
        """How many cases lie behind the present one."""
        return len(self._steps) - (self._stage != "reading")

    @property
    def item(self) -> int | None:
        """The present case as an index into the lesson's items; None once the run is finished."""
        return None if self.finished else self.order[self.position]

    @property
    def answer(self) -> Answer:
        """What the learner says of the present case now."""
        return self._answer if self._stage == "reading" else self._steps[-1].latest

    @property
    def can_commit(self) -> bool:
        """Whether the answer is complete, or time is up."""
        return self._may_read and (self._answer.is_complete or self.time_is_up)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change of the present answer to take back."""
        return self._may_answer and bool(self._earlier)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again that was taken back last."""
        return self._may_answer and bool(self._later)

    @property
    def seconds(self) -> float:
        """Time spent reading the present case, as far as is known; without pauses, and not after the commit."""
        return self._capped(self._seconds) if self._stage == "reading" else self._steps[-1].seconds

    @property
    def seconds_left(self) -> float | None:
        """Time left for the present case, None without a limit."""
        return None if self.plan.limit is None else self.plan.limit - self.seconds

    @property
    def time_is_up(self) -> bool:
        """Whether the present case can no longer be answered, but only committed as it is."""
        limit = self.plan.limit
        return limit is not None and self._stage == "reading" and self._seconds >= limit

    # What is kept

    @property
    def run_id(self) -> str:
        """What tells it from all other runs: 32 hexadecimal digits."""
        return self.plan.run_id

    @property
    def code(self) -> str:
        """The learner's anonymous code."""
        return self.plan.code

    @property
    def lesson_id(self) -> str:
        """The lesson's."""
        return self.plan.lesson_id

    @property
    def order(self) -> tuple[int, ...]:
        """Indices into the lesson's items, in the order they are read."""
        return self.plan.order

    @property
    def steps(self) -> tuple[Step, ...]:
        """All cases that were committed, in the order they were read."""
        return tuple(self._steps)

    @property
    def completed(self) -> tuple[Step, ...]:
        """The cases of which the learner has seen the truth; only these may be told of."""
        return tuple(self._steps[: len(self._steps) - (self._stage == "committed")])

    def fits(self, lesson: Lesson) -> bool:
        """Whether the lesson is still as it was when the run began, so that the run can go on."""
        return self.plan.fits(lesson)

    @property
    def _may_read(self) -> bool:
        return self.shows_radiograph and self._stage == "reading"

    @property
    def _may_answer(self) -> bool:
        return self._may_read and not self.time_is_up

    def _is(self, stage: Stage) -> bool:
        return self.shows_radiograph and self._stage == stage

    def _capped(self, seconds: float) -> float:
        return seconds if self.plan.limit is None else min(seconds, float(self.plan.limit))
