"""Learners' runs, as the store keeps them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
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


class AddedFields(NamedTuple):
    """What is written of a run that was kept elsewhere."""

    fields: RunFields
    read: int
    begun_at: str
    ended_at: str | None


def added_fields(kept: KeptRun) -> AddedFields:
    """Return what is written of a run that was kept elsewhere."""
    ended = None if kept.ended_at is None else _text(kept.ended_at)
    return AddedFields(run_fields(kept.run), len(kept.run.steps), _text(kept.begun_at), ended)


def add_run(connection: sqlite3.Connection, added: AddedFields) -> None:
    """Keep a run that was kept elsewhere, unless the one that is here has come as far.

    What is here under its id but cannot be read (a newer program may have kept it), or belongs to another lesson,
    stays: nobody can tell whether it has come further.
    """
    row = connection.execute(
        "SELECT document, begun_at, ended_at FROM runs WHERE run = ?", (added.fields.run,)
    ).fetchone()
    if row is not None:
        here = run_of(row)
        if here is None or here.run.lesson_id != added.fields.lesson or len(here.run.steps) >= added.read:
            return
    fields = added.fields
    connection.execute(
        """INSERT INTO runs (run, lesson, document, begun_at, ended_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (run) DO UPDATE SET
            document = excluded.document, begun_at = excluded.begun_at, ended_at = excluded.ended_at""",
        (fields.run, fields.lesson, fields.document, added.begun_at, added.ended_at),
    )


def forget_runs(connection: sqlite3.Connection, runs: Iterable[tuple[str]]) -> None:
    """Delete runs, each told by its id."""
    connection.executemany("DELETE FROM runs WHERE run = ?", runs)


def run_of(row: tuple[str, str, str | None]) -> KeptRun | None:
    """Return the run in the columns of its table, None where they hold none."""
    document, begun, ended = row
    try:
        begun_at = datetime.fromisoformat(begun)
        ended_at = None if ended is None else datetime.fromisoformat(ended)
        return KeptRun(Run.from_json(document), begun_at, ended_at)
    except (RunError, ValueError, TypeError):
        return None


def _text(time: datetime) -> str:
    """Return a time as all of them are written, so that their texts are in the order of the times."""
    return time.astimezone(UTC).isoformat(timespec="seconds")
