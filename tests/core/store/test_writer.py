from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from core.engine.card import Card
from core.store import writer as writing
from core.store.content import Picture
from core.store.judgement import Judgement
from core.store.opening import connect
from core.store.store import Store
from core.store.writer import CAPACITY, Writer
from tests.core.store.conftest import wait_for

ONE, TWO = "1" * 64, "2" * 64


@pytest.fixture
def no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_RETRY_SECONDS", 0.0)
    monkeypatch.setattr(connect, "__kwdefaults__", {"seconds": 0.01})


def insert(number: int) -> Callable[[sqlite3.Connection], None]:
    def write(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO numbers VALUES (?)", (number,))

    return write


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "numbers"
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE numbers (number INTEGER PRIMARY KEY)")
    return path


def numbers(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM numbers ORDER BY rowid")]


def test_what_is_called_done_can_be_read_by_others(path: Path) -> None:
    writer = Writer(connect(path))
    seen: list[list[int]] = []
    for number in range(5):
        writer.put(insert(number), lambda kept, n=number: seen.append(numbers(path)[: n + 1]))
    writer.close()
    assert seen == [list(range(n + 1)) for n in range(5)]


def test_changes_that_have_come_together_are_committed_together(path: Path) -> None:
    connection = connect(path)
    begun: list[str] = []
    connection.set_trace_callback(lambda sql: begun.append(sql) if sql.startswith("BEGIN") else None)
    writer = Writer(connection)
    entered, go = threading.Event(), threading.Event()

    def hold(_: sqlite3.Connection) -> None:
        entered.set()
        assert go.wait(60)

    writer.put(hold)
    assert entered.wait(60)
    for number in range(50):
        writer.put(insert(number))
    go.set()
    writer.close()
    assert numbers(path) == list(range(50))
    assert len(begun) == 2


def held_writer(path: Path) -> tuple[Writer, threading.Event]:
    """Return a writer that is in the middle of a change, and what lets it go on."""
    writer = Writer(connect(path))
    entered, go = threading.Event(), threading.Event()

    def hold(_: sqlite3.Connection) -> None:
        entered.set()
        assert go.wait(60)

    writer.put(hold)
    assert entered.wait(60)
    return writer, go


def test_who_brings_too_much_is_made_to_wait(path: Path) -> None:
    writer, go = held_writer(path)
    brought: list[int] = []

    def bring() -> None:
        for number in range(CAPACITY + 10):
            writer.put(insert(number))
            brought.append(number)

    bringing = threading.Thread(target=bring)
    bringing.start()
    while len(brought) < CAPACITY:
        pass
    assert len(brought) == CAPACITY
    go.set()
    bringing.join()
    writer.close()
    assert numbers(path) == list(range(CAPACITY + 10))


def test_a_change_that_cannot_be_made_does_not_harm_its_neighbours(path: Path) -> None:
    troubles: list[str | None] = []
    writer = Writer(connect(path), troubles.append)
    for number in (1, 1, 2):  # the second breaks the key
        writer.put(insert(number))
    writer.put(lambda _: [][0])
    writer.put(insert(3))
    writer.close()
    assert numbers(path) == [1, 2, 3]
    assert troubles == []


def test_an_answer_that_fails_does_not_end_the_writing(path: Path) -> None:
    writer = Writer(connect(path))

    def fail(kept: bool) -> None:
        raise RuntimeError

    writer.put(insert(1), fail)
    writer.put(insert(2))
    writer.close()
    assert numbers(path) == [1, 2]


def test_a_full_disk_is_a_sentence_once_and_nothing_is_lost_when_there_is_room_again(
    tmp_path: Path, card: Card, no_wait: None
) -> None:
    troubles: list[str | None] = []
    store = Store(tmp_path / "s", on_trouble=troubles.append)
    limit = threading.Event()

    def fill(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        limit.set()

    store._writer.put(fill)
    assert limit.wait(60)
    pictures = [Picture(f"{number:064x}") for number in range(40)]
    note = "long enough to need new pages " * 60
    kept = [
        wait_for(lambda done, p=picture: store.judge(p, Judgement("unsure", note=note), done))
        for picture in pictures
    ]
    assert not kept[-1]
    assert troubles == ["Results and judgements are not being kept: the disk is full."]
    before = len(store.remembered(pictures, card))
    assert before == sum(kept) < len(pictures)  # what was said to be kept is there
    store._writer.put_alone(lambda connection: connection.execute("PRAGMA max_page_count = 100000") and None)
    assert wait_for(lambda done: store.judge(Picture(ONE), Judgement("normal"), done))
    assert troubles[1:] == [None]
    assert len(store.remembered([*pictures, Picture(ONE)], card)) == 41
    assert store.check()
    store.close()


def test_a_store_that_another_program_locks_is_a_sentence_and_written_later(
    tmp_path: Path, card: Card, no_wait: None
) -> None:
    troubles: list[str | None] = []
    store = Store(tmp_path / "s", on_trouble=troubles.append)
    with closing(sqlite3.connect(tmp_path / "s", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not wait_for(lambda done: store.judge(Picture(ONE), Judgement("normal"), done))
        assert not wait_for(lambda done: store.judge(Picture(TWO), Judgement("unsure"), done))
        other.execute("ROLLBACK")
    assert troubles == ["Results and judgements are not being kept: another program is using their file."]
    assert store.close()
    assert troubles[1:] == [None]
    again = Store(tmp_path / "s")
    assert len(again.remembered([Picture(ONE), Picture(TWO)], card)) == 2
    again.close()


def test_closing_twice_is_closing_once(path: Path) -> None:
    writer = Writer(connect(path))
    assert writer.close()
    assert writer.close()


def test_closing_does_not_wait_for_ever(path: Path) -> None:
    writer = Writer(connect(path))
    go = threading.Event()
    writer.put(lambda _: go.wait(60) and None)
    assert not writer.close(0.01)
    go.set()
    assert writer.close()


def test_closing_does_not_wait_for_a_writer_that_hangs_with_all_places_taken(path: Path) -> None:
    writer, go = held_writer(path)
    for number in range(CAPACITY):
        writer.put(insert(number))
    assert not writer.close(0.01)
    go.set()
    assert writer.close()
    assert numbers(path) == list(range(CAPACITY))


def test_closing_does_not_wait_for_a_question_that_hangs(store: Store) -> None:
    with store._lock:
        assert not store.close(0.02)
    assert store.close()
