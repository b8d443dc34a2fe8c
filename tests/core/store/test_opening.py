from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core.engine.card import Card
from core.store import opening, schema
from core.store.content import Picture
from core.store.errors import StoreError, why_not_kept
from core.store.judgement import Judgement
from core.store.opening import FOREIGN, NEWER, SET_ASIDE, open_store
from core.store.result import Result
from core.store.schema import APPLICATION_ID, VERSION
from core.store.store import Store
from core.teaching.run import Run
from core.truth.truth import Truth
from tests.core.store.conftest import predict, wait_for
from tests.core.teaching.lessons import make_item, make_lesson

ONE = "1" * 64

# Written down once as version 1 was, not made by the code of today.
VERSION_1 = f"""
CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE contents (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, size INTEGER NOT NULL);
CREATE INDEX contents_by_size ON contents (size);
CREATE TABLE marks (
    path BLOB PRIMARY KEY, folder BLOB NOT NULL, state BLOB NOT NULL,
    content INTEGER NOT NULL REFERENCES contents ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX marks_by_folder ON marks (folder);
CREATE INDEX marks_by_content ON marks (content);
CREATE TABLE models (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, card TEXT NOT NULL);
CREATE TABLE results (
    content INTEGER NOT NULL REFERENCES contents ON DELETE CASCADE, frame INTEGER NOT NULL,
    model INTEGER NOT NULL REFERENCES models, status TEXT NOT NULL, reason TEXT NOT NULL,
    logits BLOB, maps BLOB, more TEXT, PRIMARY KEY (content, model, frame)
) WITHOUT ROWID;
CREATE TABLE judgements (
    content INTEGER NOT NULL REFERENCES contents ON DELETE CASCADE, frame INTEGER NOT NULL,
    call TEXT, kind TEXT, key_image INTEGER NOT NULL, note TEXT NOT NULL, tags TEXT NOT NULL,
    reviewed_at TEXT, PRIMARY KEY (content, frame)
) WITHOUT ROWID;
INSERT INTO settings VALUES ('salt', x'{"5a" * 32}');
INSERT INTO contents VALUES (1, x'{ONE}', 1234);
INSERT INTO judgements VALUES (1, 0, 'pneumonia', 'viral', 1, 'Kept since version 1.', '["a", "b"]', NULL);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = 1;
"""

# The same for version 2.
VERSION_2 = (
    VERSION_1
    + f"""
CREATE TABLE truths (
    content INTEGER PRIMARY KEY REFERENCES contents ON DELETE CASCADE, word TEXT NOT NULL, source TEXT NOT NULL
);
CREATE TABLE unfinished (opening BLOB PRIMARY KEY, begun_at TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO truths VALUES (1, 'normal', 'folder');
INSERT INTO unfinished VALUES (x'{"7f" * 16}', '2026-11-20T10:00:00+00:00');
PRAGMA user_version = 2;
"""
)

EARLIER = {1: VERSION_1, 2: VERSION_2}


def run(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


@pytest.mark.parametrize("version", EARLIER)
def test_a_store_of_any_earlier_version_is_migrated_and_backed_up(
    tmp_path: Path, card: Card, version: int
) -> None:
    path, picture = tmp_path / "reviews.sqlite", Picture(ONE)
    run(path, EARLIER[version])
    store = Store(path)
    before = store.remembered([picture], card)[picture]
    assert before.judgement == Judgement("pneumonia", "viral", True, "Kept since version 1.", ("a", "b"))
    assert before.truth == (Truth("normal", None, "folder") if version >= 2 else None)
    assert store.is_unfinished([]) is False
    assert wait_for(lambda done: store.set_truths({ONE: Truth("normal", None, "table")}, done))
    assert store.remembered([picture], card)[picture].truth == Truth("normal", None, "table")
    learner = Run.begin(make_lesson([make_item(0)]), 0.0)
    assert wait_for(lambda done: store.keep_run(learner, done))
    assert [kept.run.run_id for kept in store.runs(learner.lesson_id)] == [learner.run_id]
    assert store.message is None
    assert store.check()
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert schema.version_of(connection) == VERSION
    with closing(sqlite3.connect(tmp_path / f"reviews.sqlite.version-{version}")) as connection:
        assert schema.version_of(connection) == version
        assert connection.execute("SELECT note FROM judgements").fetchall() == [("Kept since version 1.",)]


def test_all_versions_lead_to_the_same_tables(tmp_path: Path) -> None:
    shapes = set()
    for version in (0, *EARLIER):
        path = tmp_path / f"from-{version}"
        run(path, EARLIER.get(version, ""))
        Store(path).close()
        with closing(sqlite3.connect(path)) as connection:
            names = "SELECT type, name, tbl_name FROM sqlite_master ORDER BY name"
            tables = connection.execute(names).fetchall()
            columns = [
                (name, *row)
                for kind, name, _ in tables
                if kind == "table"
                for row in connection.execute(f"PRAGMA table_info({name})")
            ]
        shapes.add((*tables, *columns))
    assert len(shapes) == 1
    assert sorted(EARLIER) == list(range(1, VERSION))


def test_a_migration_that_breaks_off_leaves_the_old_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s"
    run(path, VERSION_1)
    monkeypatch.setattr(
        schema, "MIGRATIONS", (*schema.MIGRATIONS[:1], "CREATE TABLE one (a); CREATE TABEL two (a)")
    )
    with pytest.raises(StoreError, match="not being kept"):
        Store(path)
    with closing(sqlite3.connect(path)) as connection:
        assert schema.version_of(connection) == 1
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'one'").fetchone() == (0,)


def test_nothing_is_migrated_without_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s"
    run(path, VERSION_1)

    def fail(connection: sqlite3.Connection, target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(opening, "_back_up", fail)
    with pytest.raises(StoreError):
        Store(path)
    with closing(sqlite3.connect(path)) as connection:
        assert schema.version_of(connection) == 1


@pytest.mark.parametrize("damage", ["no database", "header", "page", "truncated", "empty tables"])
def test_a_damaged_store_is_set_aside_with_a_message(tmp_path: Path, card: Card, damage: str) -> None:
    path = tmp_path / "reviews.sqlite"
    store = Store(path)
    for number in range(300):
        store.keep(Picture(f"{number:064x}"), card, Result("ok", "", predict(card)))
    store.close()
    content = bytearray(path.read_bytes())
    if damage == "no database":
        content = bytearray(b"these are the wrong bytes " * 50)
    elif damage == "header":
        content[16:60] = b"\xff" * 44
    elif damage == "page":
        content[8192 : len(content) // 2] = b"\xa5" * (len(content) // 2 - 8192)
    elif damage == "truncated":
        del content[len(content) // 2 :]
    path.write_bytes(content)
    if damage == "empty tables":
        run(path, "DELETE FROM settings")
        content = bytearray(path.read_bytes())
    store = Store(path)
    assert store.message == SET_ASIDE
    assert wait_for(lambda done: store.judge(Picture(ONE), Judgement("normal"), done))
    store.close()
    (aside,) = (file for file in tmp_path.glob("*.damaged-*") if not file.name.endswith(("-wal", "-shm")))
    assert aside.read_bytes() == bytes(content)
    assert Store(path).close()


def test_a_store_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "s"
    Store(path).close()
    run(path, f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught:
        Store(path)
    assert str(caught.value) == NEWER
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["picture", "database", "folder"])
def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "results"
    if kind == "picture":
        path.write_bytes(b"\xff\xd8\xff\xe0 a picture")
    elif kind == "database":
        run(path, "CREATE TABLE addresses (name)")
    else:
        path.mkdir()
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreError) as caught:
        Store(path, own=False)
    assert str(caught.value) == FOREIGN
    assert [file.name for file in tmp_path.iterdir()] == ["results"]
    assert before is None or path.read_bytes() == before


def test_a_store_that_was_named_by_somebody_is_set_aside_too_when_it_is_one(
    tmp_path: Path, card: Card
) -> None:
    path = tmp_path / "s"
    store = Store(path, own=False)
    for number in range(100):
        store.keep(Picture(f"{number:064x}"), card, Result("ok", "", predict(card)))
    store.close()
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    again = Store(path, own=False)
    assert again.message == SET_ASIDE
    again.close()


def test_an_empty_file_is_a_new_store(tmp_path: Path) -> None:
    (tmp_path / "s").touch()
    store = Store(tmp_path / "s", own=False)
    assert store.message is None
    store.close()


def test_a_locked_store_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s"
    run(path, VERSION_1)
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.0)
    monkeypatch.setattr(opening.connect, "__kwdefaults__", {"seconds": 0.0})
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="another program is using"):
            Store(path)
    store = Store(path)
    store.close()


def test_a_place_where_nothing_can_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError) as caught:
        Store(tmp_path / "file" / "deeper" / "s")
    assert "not being kept" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_a_folder_that_can_only_be_read_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s"
    run(path, VERSION_1)

    def read_only(target: Path, *, seconds: float = 0) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{target}?mode=ro", uri=True, isolation_level=None)

    monkeypatch.setattr(opening, "connect", read_only)
    with pytest.raises(StoreError, match="only be read, not written"):
        open_store(path, own=True)


def test_missing_folders_are_made(tmp_path: Path) -> None:
    Store(tmp_path / "a" / "b" / "s").close()
    assert (tmp_path / "a" / "b" / "s").is_file()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (sqlite3.SQLITE_FULL, "the disk is full"),
        # SQLite calls it an error of the disk when there is no room for the file that it keeps beside its own.
        (sqlite3.SQLITE_IOERR_SHMSIZE, "the disk is full"),
        (sqlite3.SQLITE_IOERR_READ, "the disk reports an error"),
        (0, "their file cannot be used"),
    ],
)
def test_why_nothing_is_kept_is_said_in_words(code: int, reason: str) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    assert why_not_kept(error) == f"Results and judgements are not being kept: {reason}."
