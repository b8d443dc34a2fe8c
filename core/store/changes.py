"""What is written into the tables, one function for each kind of change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from core.store.content import FileState, Picture
from core.store.judgement import Judgement
from core.store.opening import backups_of
from core.store.result import Fields
from core.truth.truth import Truth

UNKNOWN_SIZE: Final = -1
"""Of a content whose file has not been seen."""


def content_id(connection: sqlite3.Connection, content: str) -> int:
    """Return the number of a content, which is made where there is none."""
    digest = bytes.fromhex(content)
    found = connection.execute("SELECT id FROM contents WHERE hash = ?", (digest,)).fetchone()
    if found is not None:
        return int(found[0])
    cursor = connection.execute("INSERT INTO contents (hash, size) VALUES (?, ?)", (digest, UNKNOWN_SIZE))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def write_marks(connection: sqlite3.Connection, salt: bytes, files: Sequence[tuple[FileState, str]]) -> None:
    """Remember what is in files as long as they look like this."""
    digests = [(bytes.fromhex(content), state.size) for state, content in files]
    connection.executemany(
        """INSERT INTO contents (hash, size) VALUES (?, ?)
        ON CONFLICT (hash) DO UPDATE SET size = excluded.size WHERE size != excluded.size""",
        digests,
    )
    marks = (
        (state.path_mark(salt), state.folder_mark(salt), state.state_mark(salt), digest)
        for (state, _), (digest, _) in zip(files, digests, strict=True)
    )
    connection.executemany(
        "INSERT OR REPLACE INTO marks SELECT ?, ?, ?, id FROM contents WHERE hash = ?", marks
    )


def model_id(connection: sqlite3.Connection, key: str, card: str) -> int:
    """Return the number of a model, which is made where there is none."""
    found = connection.execute("SELECT id FROM models WHERE key = ?", (key,)).fetchone()
    if found is not None:
        return int(found[0])
    cursor = connection.execute("INSERT INTO models (key, card) VALUES (?, ?)", (key, card))
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def write_result(connection: sqlite3.Connection, picture: Picture, model: int, fields: Fields) -> None:
    """Keep a result in place of an earlier one."""
    number = content_id(connection, picture.content)
    connection.execute(
        "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (number, picture.frame, model, *fields),
    )


def write_judgement(connection: sqlite3.Connection, picture: Picture, judgement: Judgement) -> None:
    """Keep a judgement in place of an earlier one; an empty one is the absence of any."""
    number = content_id(connection, picture.content)
    if judgement.is_empty:
        place = number, picture.frame
        connection.execute("DELETE FROM judgements WHERE content = ? AND frame = ?", place)
        return
    reviewed = None if judgement.reviewed_at is None else judgement.reviewed_at.isoformat()
    connection.execute(
        "INSERT OR REPLACE INTO judgements VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            picture.frame,
            judgement.call,
            judgement.kind,
            int(judgement.key_image),
            judgement.note,
            json.dumps(judgement.tags),
            reviewed,
        ),
    )


def judgement_of(row: tuple[object, ...]) -> Judgement | None:
    """Return the judgement in the columns of its table, None where they hold none."""
    call, kind, key_image, note, tags, reviewed = row
    try:
        return Judgement(
            call,  # type: ignore[arg-type]
            kind,  # type: ignore[arg-type]
            bool(key_image),
            str(note),
            tuple(json.loads(str(tags))),
            None if reviewed is None else datetime.fromisoformat(str(reviewed)),
        )
    except (ValueError, TypeError):
        return None


def write_truth(connection: sqlite3.Connection, content: str, truth: Truth | None) -> None:
    """Keep what a table says of a content, or with None forget it."""
    number = content_id(connection, content)
    if truth is None:
        connection.execute("DELETE FROM truths WHERE content = ?", (number,))
    else:
        connection.execute(
            "INSERT OR REPLACE INTO truths VALUES (?, ?, ?)", (number, truth.word, truth.source)
        )


def forget_contents(
    connection: sqlite3.Connection, contents: Iterable[str], folders: Iterable[bytes]
) -> None:
    """Delete all that is known of contents, and of all that ever lay directly in some folders."""
    connection.execute("CREATE TEMP TABLE IF NOT EXISTS going (id INTEGER PRIMARY KEY)")
    connection.executemany(
        "INSERT OR IGNORE INTO going SELECT id FROM contents WHERE hash = ?",
        ((bytes.fromhex(content),) for content in contents),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO going SELECT content FROM marks WHERE folder = ?",
        ((folder,) for folder in folders),
    )
    connection.execute("DELETE FROM contents WHERE id IN (SELECT id FROM going)")
    connection.execute("DROP TABLE going")
    connection.execute("DELETE FROM models WHERE id NOT IN (SELECT model FROM results)")
    connection.execute("DELETE FROM unfinished")


def forget_all(connection: sqlite3.Connection) -> None:
    """Delete everything but the tables."""
    for table in ("results", "judgements", "truths", "marks", "contents", "models", "unfinished", "runs"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours


def shred(connection: sqlite3.Connection, path: Path, forget: Callable[[sqlite3.Connection], None]) -> None:
    """Delete something, write the file anew without it, empty its log, and remove all copies of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        forget(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for copy in backups_of(path):
        with suppress(FileNotFoundError):
            copy.unlink()
