"""Debriefs of the runs of a lesson, made anew only for those that have gone on: each takes a moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.teaching.debrief import Debrief, make_debrief
from core.teaching.lesson import Lesson

if TYPE_CHECKING:
    from core.teaching.answer import Step
    from core.teaching.plan import Plan
    from core.teaching.run import Run


class DebriefsMade:
    """Remembers the debriefs that were asked for last.

    Parameters
    ----------
    lesson : Lesson
        That the runs are held against.
    """

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._made: dict[str, tuple[Plan, tuple[Step, ...], Debrief]] = {}

    def of(self, runs: Sequence[Run]) -> list[Debrief]:
        """Return the debriefs of runs; of a run that has not gone on, the same object as last time.

        Raises
        ------
        RunError
            For a run of another lesson.
        """
        last, self._made = self._made, {}
        for run in runs:
            plan, steps, debrief = last.get(run.run_id, (None, (), None))
            if debrief is None or plan != run.plan or steps != run.completed:
                debrief = make_debrief(run, self._lesson)
            self._made[run.run_id] = run.plan, run.completed, debrief
        return [debrief for _, _, debrief in self._made.values()]
