"""What travels between the window and its memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from core.store.result import KeptStatus, Result
from core.truth.truth import Truth
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference.messages import Job, Outcome

_STATES: Final[dict[KeptStatus, CaseState]] = {
    "ok": CaseState.SCORED,
    "refused": CaseState.REFUSED,
    "unreadable": CaseState.UNREADABLE,
}
_STATUSES: Final = {state: status for status, state in _STATES.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Recollection:
    """What the memory has to say about some cases.

    Attributes
    ----------
    jobs : tuple of Job
        What was asked for, in that order.
    outcomes : mapping
        By case, what was scored earlier; the others are still to be scored.
    truths : mapping
        By case, what a table said.
    """

    jobs: tuple[Job, ...]
    outcomes: Mapping[int, Outcome] = field(default_factory=dict)
    truths: Mapping[int, Truth] = field(default_factory=dict)


def outcome_of(job: Job, result: Result) -> Outcome:
    """Return what a kept result means for a case."""
    state = _STATES[result.status]
    reason = result.reason or None
    return Outcome(
        job.case_id, state, result.prediction, reason, job.generation, job.frame, True, result.notes
    )


def lacks_score(job: Job, result: Result) -> bool:
    """Whether a score is asked for that was refused earlier."""
    return job.anyway and result.status == "refused" and result.prediction is None


def result_of(outcome: Outcome) -> Result | None:
    """Return what is to be kept of an outcome, None where trying again may end otherwise."""
    status = _STATUSES.get(outcome.state)
    if status is None or not outcome.lasting:
        return None
    return Result(status, outcome.reason or "", outcome.prediction, outcome.notes)
