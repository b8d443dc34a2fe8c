"""Learners' runs between the window and the store: whichever state has come furthest is never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject

import deeppneumo_gui.store.runs as runs_module
from core.store.runs import KeptRun
from core.store.store import Store
from core.teaching.run import Run
from deeppneumo_gui.inference.errands import Errands
from deeppneumo_gui.store.runs import StoredRuns
from tests.core.store.conftest import wait_for
from tests.core.teaching.test_debrief import READINGS, lesson, read

LESSON = lesson()
BEGUN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "reviews.sqlite")
    yield store
    store.close()


class Desk:
    """Runs by the desk that brings them to the store."""

    def __init__(self, parent: QObject) -> None:
        self.errands, self.settled = Errands("keep"), threading.Event()
        self.runs = StoredRuns(self.errands, self.settled, parent)

    def open(self, store: Store | None) -> None:
        if store is not None:
            self.runs.open(store)
        self.settled.set()

    def found(self) -> list[tuple[str, int]]:
        """Return codes and how many cases are read."""
        kept = self.runs.find(LESSON.lesson_id).result(20)
        return [(one.run.code, len(one.run.steps)) for one in kept]


@pytest.fixture
def desk(qapp: Any) -> Iterator[Desk]:
    parent = QObject()
    desk = Desk(parent)
    yield desk
    desk.errands.close()


def states(*counts: int) -> list[Run]:
    """Return one run with so many cases read."""
    whole = read(LESSON)
    documents = [read(LESSON, READINGS[:count]) for count in counts]
    return [
        Run.put_together(
            replace(whole.plan, run_id="a" * 32), list(run.steps), "reading", [run.answer], run.seconds
        )
        for run in documents
    ]


def kept(run: Run) -> KeptRun:
    return KeptRun(run, BEGUN, None)


def stored(desk: Desk, store: Store) -> list[int]:
    # What is brought and written before is there once this is.
    assert desk.errands.drain(20)
    assert wait_for(lambda done: store.forget_runs(["f" * 32], done))
    return [len(one.run.steps) for one in store.runs(LESSON.lesson_id)]


def test_an_earlier_state_of_a_run_neither_hides_nor_overwrites_a_later_one(desk: Desk, store: Store) -> None:
    later, earlier = states(3, 1)
    assert wait_for(lambda done: store.keep_run(later, done))
    desk.open(store)
    desk.runs.add([kept(earlier)])
    assert desk.found() == [("K7-Q2", 3)]
    assert stored(desk, store) == [3]


def test_nor_does_one_that_was_added_before_the_store_was_open(desk: Desk, store: Store) -> None:
    later, earlier = states(3, 1)
    assert wait_for(lambda done: store.keep_run(later, done))
    desk.runs.add([kept(earlier)])
    desk.open(store)
    assert desk.found() == [("K7-Q2", 3)]
    assert stored(desk, store) == [3]


def test_a_later_state_from_elsewhere_takes_the_place_of_what_was_read_here(desk: Desk, store: Store) -> None:
    earlier, later = states(1, 3)
    desk.open(store)
    desk.runs.put(earlier)
    desk.runs.add([kept(later)])
    assert desk.found() == [("K7-Q2", 3)]
    assert stored(desk, store) == [3]


def test_without_a_store_whichever_has_come_further_stays(desk: Desk) -> None:
    earlier, later = states(1, 3)
    desk.open(None)
    for state in (later, earlier):
        desk.runs.add([kept(state)])
    assert desk.found() == [("K7-Q2", 3)]


def test_a_run_of_another_lesson_under_the_same_id_takes_nothing_away(desk: Desk) -> None:
    own, other = states(1, 3)
    other.plan = replace(other.plan, lesson_id="f" * 32)
    desk.open(None)
    desk.runs.put(own)
    desk.runs.add([kept(other)])
    assert desk.found() == [("K7-Q2", 1)]


def test_what_is_read_here_is_newer_than_what_is_stored_of_as_many_cases(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = states(1)
    desk.open(store)
    desk.runs.put(run)
    began = desk.runs.find(LESSON.lesson_id).result(20)[0].begun_at
    # As if it were slow.
    monkeypatch.setattr(store, "keep_run", lambda *given: None)
    run.resume(0.0)
    assert run.set_call("pneumonia")
    monkeypatch.setattr(runs_module, "PATIENCE_SECONDS", 0.0)
    desk.runs.put(run)
    (found,) = desk.runs.find(LESSON.lesson_id).result(20)
    assert (found.run.answer.call, found.begun_at) == ("pneumonia", began)


def test_a_run_that_goes_on_while_the_store_is_opened_is_stored_as_it_is_in_the_end(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, later = states(1, 1)
    assert later.resume(0.0)
    assert later.set_call("normal")
    desk.runs.put(earlier)
    submit, put = desk.errands.submit, threading.Event()

    def go_on() -> None:
        desk.runs.put(later)
        put.set()

    def submit_late(call: Callable[..., Any], *given: Any) -> Any:
        # The window goes on in the moment between looking what is to be brought and bringing it.
        monkeypatch.undo()
        window = threading.Thread(target=go_on)
        window.start()
        put.wait(0.2)
        return submit(call, *given)

    monkeypatch.setattr(desk.errands, "submit", submit_late)
    desk.open(store)
    assert put.wait(20)
    assert stored(desk, store) == [1]
    assert store.runs(LESSON.lesson_id)[0].run.answer.call == "normal"


def test_one_run_that_cannot_be_read_again_does_not_take_the_others_along(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    (broken,) = states(1)
    whole = read(LESSON, READINGS[:2], "B3-C4")
    desk.open(None)
    monkeypatch.setattr(broken, "to_json", lambda: "{")
    desk.runs.add([kept(broken), kept(whole)])
    desk.runs.add([kept(broken)])
    assert desk.found() == [("B3-C4", 2)]


def test_each_deletion_tells_how_many_runs_are_gone(desk: Desk, qtbot: Any) -> None:
    told: list[tuple[bool, int]] = []
    desk.runs.forgotten.connect(lambda good, count: told.append((good, count)))
    desk.runs.forget_some(["a" * 32, "b" * 32])
    desk.runs.forget_some(["c" * 32])
    desk.open(None)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [(True, 2), (True, 1)]
