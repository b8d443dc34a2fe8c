"""Learners' runs in one file, so that runs from several computers stand side by side.

JSON, for it holds nothing that is to be kept from a learner who has it: no truth, no radiograph or hash of one, no
name and no folder; only codes, answers, times, and what the machine said of cases that were committed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.engine.values import as_integer, as_list, as_object, as_text
from core.files import atomic_write
from core.store.runs import KeptRun
from core.teaching.lesson import Lesson
from core.teaching.run import RunError
from core.teaching.run_document import run_of

SUFFIX: Final = ".deeprun"
SCHEMA: Final = 1
"""Of the file; raised when an older program could no longer read it."""
MAX_BYTES: Final = 32 * 2**20
MAX_RUNS: Final = 500

NO_RUNS: Final = "This file holds no learners' runs."
DAMAGED: Final = "The learners' runs in this file are damaged; get the file again."
TOO_LARGE: Final = "The file is larger than any file of learners' runs."
NEWER: Final = "The file was written by a newer version of the program."
OTHER_LESSON: Final = "The runs in it belong to another lesson."
OTHER_STATE: Final = (
    "The runs in it were made with the lesson as it was before its cases or answers were changed."
)

_KEY: Final = "deeppneumo_runs"


def write_runs(path: str | os.PathLike[str], runs: Sequence[KeptRun]) -> None:
    """Write runs atomically; the same runs give the same bytes.

    Raises
    ------
    RunError
        Where there is no run, or where there are more than a file takes.
    OSError
        When the file cannot be written.
    """
    if not runs:
        raise RunError("There is no run to be saved.")
    entries = [
        {
            "begun_at": _written(kept.begun_at),
            "ended_at": None if kept.ended_at is None else _written(kept.ended_at),
            "run": json.loads(kept.run.to_json()),
        }
        for kept in runs
    ]
    content = json.dumps({_KEY: SCHEMA, "runs": entries}, indent=1).encode()
    if len(runs) > MAX_RUNS or len(content) > MAX_BYTES:
        raise RunError("These are too many runs for one file.")
    with atomic_write(path) as stream:
        stream.write(content)


def read_runs(path: str | os.PathLike[str], lesson: Lesson) -> list[KeptRun]:
    """Read the runs of a lesson in a file, trusting nothing in it.

    Parameters
    ----------
    path : path
    lesson : Lesson
        Whose runs they are to be, as it is now.

    Raises
    ------
    RunError
        With one sentence, when the file is missing, unreadable, damaged, no file of runs, too large, made by a newer
        version of the program, or when one of its runs is of another lesson or names other cases than the lesson.
    """
    content = _content(path)
    try:
        document = as_object(json.loads(content))
        schema = as_integer(document[_KEY])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise RunError(NO_RUNS) from None
    if schema > SCHEMA:
        raise RunError(NEWER)
    try:
        runs = [_kept(entry) for entry in as_list(document["runs"])]
    except (ValueError, TypeError, KeyError, OverflowError):
        raise RunError(DAMAGED) from None
    if not 1 <= len({kept.run.run_id for kept in runs}) == len(runs) <= MAX_RUNS:
        raise RunError(DAMAGED)
    for kept in runs:
        if not kept.run.fits(lesson):
            raise RunError(OTHER_LESSON if kept.run.lesson_id != lesson.lesson_id else OTHER_STATE)
        if not kept.run.plan.tells(lesson):
            raise RunError(DAMAGED)
    return runs


def _content(path: str | os.PathLike[str]) -> bytes:
    try:
        # Opening a pipe would wait for somebody to write.
        if Path(path).exists() and not Path(path).is_file():
            raise RunError("This is a folder or a device, not a file of learners' runs.")
        with Path(path).open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise RunError("The file was not found.") from None
    except (OSError, ValueError):
        raise RunError("The file could not be opened.") from None
    if len(content) > MAX_BYTES:
        raise RunError(TOO_LARGE)
    return content


def _kept(value: object) -> KeptRun:
    entry = as_object(value)
    ended = entry["ended_at"]
    kept = KeptRun(run_of(entry["run"]), _time(entry["begun_at"]), None if ended is None else _time(ended))
    if kept.ended_at is not None and not kept.run.finished:
        raise ValueError("what has ended is finished")
    return kept


def _time(value: object) -> datetime:
    time = datetime.fromisoformat(as_text(value))
    if time.tzinfo is None:
        raise ValueError("a time without its zone")
    return time.astimezone(UTC)


def _written(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds")
