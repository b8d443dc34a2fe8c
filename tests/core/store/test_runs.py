"""Learners' runs in the store."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from core.store.runs import KeptRun
from core.store.store import Store
from core.teaching.run import Run
from tests.core.store.conftest import wait_for
from tests.core.teaching.lessons import make_item, make_lesson

LESSON = make_lesson([make_item(0)])


def read_to_the_end(run: Run) -> None:
    run.set_call("normal")
    run.set_confidence(3)
    run.commit(4.0, None)
    run.reveal()
    run.next(5.0)


def test_a_run_is_kept_as_it_is_at_the_moment(store: Store) -> None:
    run = Run.begin(LESSON, 0.0, code="K7-Q2")
    store.keep_run(run)
    run.set_call("pneumonia")
    assert wait_for(lambda done: store.keep_run(run, done))
    run.set_call("normal")
    (kept,) = store.runs(LESSON.lesson_id)
    assert (kept.run.code, kept.run.answer.call, kept.ended_at) == ("K7-Q2", "pneumonia", None)
    assert store.runs("f" * 32) == []


def test_when_it_ended_stays_as_it_was_first_told(store: Store) -> None:
    run = Run.begin(LESSON, 0.0)
    read_to_the_end(run)
    assert wait_for(lambda done: store.keep_run(run, done))
    ended = store.runs(LESSON.lesson_id)[0].ended_at
    assert ended is not None
    assert wait_for(lambda done: store.keep_run(run, done))
    assert [kept.ended_at for kept in store.runs(LESSON.lesson_id)] == [ended]


def test_runs_come_in_the_order_they_were_begun_and_without_damaged_ones(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store(path)
    runs = [Run.begin(LESSON, 0.0) for _ in range(3)]
    for run in runs:
        store.keep_run(run)
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE runs SET document = '{' WHERE run = ?", (runs[1].run_id,))
    connection.close()
    store = Store(path)
    assert [kept.run.run_id for kept in store.runs(LESSON.lesson_id)] == [runs[0].run_id, runs[2].run_id]
    store.close()


def test_forgetting_everything_leaves_no_trace_of_runs(tmp_path: Path) -> None:
    store = Store(tmp_path / "reviews.sqlite")
    run = Run.begin(LESSON, 0.0, code="K7-Q2")

    def written() -> bytes:
        return b"".join(file.read_bytes() for file in tmp_path.iterdir())

    assert wait_for(lambda done: store.keep_run(run, done))
    assert b"K7-Q2" in written()
    assert wait_for(store.forget_everything)
    assert store.runs(LESSON.lesson_id) == []
    assert b"K7-Q2" not in written()
    assert run.run_id.encode() not in written()
    store.close()


def kept_elsewhere(run: Run, begun: str = "2026-11-02T09:30:00+02:00") -> KeptRun:
    at = datetime.fromisoformat(begun)
    return KeptRun(run, at, at if run.finished else None)


def test_a_run_from_elsewhere_keeps_its_times_and_its_place(store: Store) -> None:
    here = Run.begin(LESSON, 0.0, code="K7-Q2")
    store.keep_run(here)
    run = Run.begin(LESSON, 0.0, code="B3-C4")
    read_to_the_end(run)
    kept = kept_elsewhere(run)
    assert wait_for(lambda done: store.add_runs([kept], done))
    first, second = store.runs(LESSON.lesson_id)
    assert (first.run.code, second.run.code) == ("B3-C4", "K7-Q2")
    assert (first.begun_at, first.ended_at) == (kept.begun_at, kept.ended_at)


def test_of_one_run_the_state_that_has_come_further_stays(store: Store) -> None:
    run = Run.begin(LESSON, 0.0)
    early = Run.from_json(run.to_json())
    read_to_the_end(run)
    for state in (early, run, early):
        assert wait_for(lambda done, state=state: store.add_runs([kept_elsewhere(state)], done))
    (kept,) = store.runs(LESSON.lesson_id)
    assert kept.run.finished
    assert kept.ended_at is not None


def test_what_cannot_be_read_or_is_of_another_lesson_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    store = Store(path)
    damaged, other = Run.begin(LESSON, 0.0), Run.begin(LESSON, 0.0)
    theirs = replace(other.plan, lesson_id="f" * 32)
    store.keep_run(damaged)
    store.keep_run(Run(theirs))
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE runs SET document = '{' WHERE run = ?", (damaged.run_id,))
    connection.close()
    store = Store(path)
    for run in (damaged, other):
        read_to_the_end(run)
    assert wait_for(lambda done: store.add_runs([kept_elsewhere(damaged), kept_elsewhere(other)], done))
    assert store.runs(LESSON.lesson_id) == []
    assert [kept.run.run_id for kept in store.runs("f" * 32)] == [other.run_id]
    store.close()


def test_chosen_runs_are_gone_from_the_file_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.db")
    runs = [Run.begin(LESSON, 0.0) for _ in range(3)]
    for run in runs:
        store.keep_run(run)
    assert wait_for(lambda done: store.forget_runs([runs[0].run_id, runs[2].run_id, "f" * 32], done))
    assert [kept.run.run_id for kept in store.runs(LESSON.lesson_id)] == [runs[1].run_id]
    store.close()
    content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert runs[1].run_id.encode() in content
    assert runs[0].run_id.encode() not in content
