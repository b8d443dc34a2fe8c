"""Learners' runs, as the store keeps them."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from core.teaching.run import Run, RunError


@dataclass(frozen=True, slots=True, eq=False)
class KeptRun:
    """A learner's run and when it was kept.

    Attributes
    ----------
    run : Run
        The caller's own; paused unless it is finished.
    begun_at : datetime
        When it was kept first, with its time zone.
    ended_at : datetime or None
        When it was first kept with its last case read, with its time zone; None before.
    """

    run: Run
    begun_at: datetime
    ended_at: datetime | None


class RunFields(NamedTuple):
    """What is written of a run, taken from it at once, because it goes on changing."""

    run: str
    lesson: str
    document: str
    finished: bool


def run_fields(run: Run) -> RunFields:
    """Return what is written of a run as it is now."""
    return RunFields(run.run_id, run.lesson_id, run.to_json(), run.finished)


def write_run(connection: sqlite3.Connection, fields: RunFields, now: str) -> None:
    """Keep a run in place of what it was before; when it began and ended stays as it was first told."""
    connection.execute(
        """INSERT INTO runs (run, lesson, document, begun_at, ended_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (run) DO UPDATE SET
            document = excluded.document, ended_at = coalesce(ended_at, excluded.ended_at)""",
        (fields.run, fields.lesson, fields.document, now, now if fields.finished else None),
    )


def run_of(row: tuple[str, str, str | None]) -> KeptRun | None:
    """Return the run in the columns of its table, None where they hold none."""
    document, begun, ended = row
    try:
        begun_at = datetime.fromisoformat(begun)
        ended_at = None if ended is None else datetime.fromisoformat(ended)
        return KeptRun(Run.from_json(document), begun_at, ended_at)
    except (RunError, ValueError, TypeError):
        return None
