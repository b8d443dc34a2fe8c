"""Reading a run that was kept, trusting nothing in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, cast, get_args

from core.engine.values import as_integer, as_list, as_number, as_object, as_text
from core.teaching.answer import MAX_READING_SECONDS, NO_ANSWER, Answer, Step
from core.teaching.plan import Plan
from core.teaching.run import MOST_UNDONE, SCHEMA, Run, RunError, Stage

MAX_CHARACTERS: Final = 4_000_000

DAMAGED: Final = "This run cannot be read: what was kept of it is damaged."
NEWER: Final = "This run was kept by a newer version of the program."


def read_run(text: str | bytes) -> Run:
    """Return a run as it was kept, paused unless it is finished.

    Raises
    ------
    RunError
        Where the text is damaged, or was written by a newer version of the program.
    """
    if len(text) > MAX_CHARACTERS:
        raise RunError(DAMAGED)
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise RunError(DAMAGED) from None
    return run_of(document)


def run_of(value: object) -> Run:
    """Return the run in what JSON held of it, paused unless it is finished; `RunError` as from `read_run`."""
    try:
        document = as_object(value)
        schema = as_integer(document["schema"])
        if schema <= SCHEMA:
            return _run(document)
    except (ValueError, TypeError, KeyError, OverflowError):
        raise RunError(DAMAGED) from None
    raise RunError(NEWER)


def _run(document: dict[str, object]) -> Run:
    plan = Plan.from_document(document)
    stage = as_text(document["stage"])
    _require(stage in get_args(Stage))
    steps = [Step.from_document(step) for step in as_list(document["steps"])]
    answers = [Answer.from_document(answer) for answer in as_list(document["earlier"])]
    answers.append(Answer.from_document(document["answer"]))
    seconds = as_number(document["seconds"])
    _check_steps(plan, steps, cast("Stage", stage))
    _require(0 <= seconds <= MAX_READING_SECONDS and len(answers) <= MOST_UNDONE + 1)
    if stage != "reading" or len(steps) == len(plan.order):
        _require(answers == [NO_ANSWER] and seconds == 0)
    return Run.put_together(plan, steps, cast("Stage", stage), answers, seconds)


def _check_steps(plan: Plan, steps: Sequence[Step], stage: Stage) -> None:
    """Refuse steps that no learner can have taken."""
    _require(len(steps) <= len(plan.order) and (stage == "reading" or bool(steps)))
    _require(all(step.item == item for step, item in zip(steps, plan.order, strict=False)))
    revealed = steps[:-1] if stage == "committed" else steps
    _require(all(step.after is not None for step in revealed))
    for step in steps:
        _require(not step.timed_out if plan.limit is None else step.seconds <= plan.limit)


def _require(condition: bool) -> None:
    if not condition:
        raise ValueError("no learner does that")
