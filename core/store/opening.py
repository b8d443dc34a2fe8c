"""From a path to a connection that can be relied on."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from core.store.errors import DAMAGED, StoreError, primary_code, why_not_kept
from core.store.schema import APPLICATION_ID, VERSION, application_of, migrate, version_of

BUSY_SECONDS: Final = 2.0
"""So long another program is waited for."""

SET_ASIDE: Final = (
    "The kept results and judgements were damaged; their file has been set aside and a new one begun."
)
NEWER: Final = (
    "Results and judgements are not being kept: their file was written by a newer version of the program."
)
FOREIGN: Final = "This file is no store of this program; choose another name."

_HEADER: Final = b"SQLite format 3\0"
_COMPANIONS: Final = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection to write through, and what there is to say about how it came about."""

    connection: sqlite3.Connection
    message: str | None = None


def open_store(path: Path, *, own: bool) -> Opened:
    """Open a store and bring it up to date; make it where there is none.

    Parameters
    ----------
    path : Path
    own : bool
        Whether the place is the program's own: whatever lies there and cannot be read is then a damaged store.
        Elsewhere somebody may have named the wrong file, which is left alone.

    Raises
    ------
    StoreError
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(path, own)
        try:
            return Opened(_checked(path))
        except sqlite3.DatabaseError as error:
            if primary_code(error) not in DAMAGED:
                raise
        _set_aside(path)
        return Opened(_checked(path), SET_ASIDE)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(why_not_kept(error)) from error


def connect(path: Path, *, seconds: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Return a connection that may be used by one thread after the other and commits by itself."""
    connection = sqlite3.connect(path, timeout=seconds, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten at once.
    connection.execute("PRAGMA secure_delete = ON")
    # A crash of the program loses no commit; one of the whole machine may lose the last ones, and damages nothing.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def backups_of(path: Path) -> list[Path]:
    """Return what was made of a store before migrating it, or set aside, for these hold what it held."""
    kinds = (f"{path.name}.version-*", f"{path.name}.damaged-*")
    return sorted(file for kind in kinds for file in path.parent.glob(kind))


def _refuse_foreign(path: Path, own: bool) -> None:
    if own or not path.exists():
        return
    if not path.is_file():
        raise StoreError(FOREIGN)
    with path.open("rb") as stream:
        head = stream.read(72)
    if head and not (head.startswith(_HEADER) and head[68:72] == APPLICATION_ID.to_bytes(4, "big")):
        raise StoreError(FOREIGN)


def _checked(path: Path) -> sqlite3.Connection:
    connection = connect(path)
    try:
        version = version_of(connection)
        if version > VERSION:
            raise StoreError(NEWER)
        if version and application_of(connection) != APPLICATION_ID:
            raise _damage()
        # With the foreign keys this takes a tenth of a second for 10,000 results.
        answers = connection.execute("PRAGMA quick_check(1)").fetchall()
        if answers != [("ok",)] or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise _damage()
        connection.execute("PRAGMA journal_mode = WAL")
        # The writer does it when nobody waits for a commit.
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        if 0 < version < VERSION:
            _back_up(connection, path.with_name(f"{path.name}.version-{version}"))
        if version < VERSION:
            migrate(connection)
        if not connection.execute("SELECT 1 FROM settings WHERE name = 'salt'").fetchone():
            raise _damage()
    except BaseException:
        connection.close()
        raise
    return connection


def _damage() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError("the tables are damaged")
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _back_up(connection: sqlite3.Connection, target: Path) -> None:
    """Copy a store as it is; a copy that breaks off is removed."""
    target.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(target)) as copy:
            connection.backup(copy)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _set_aside(path: Path) -> None:
    """Give a damaged store another name; its companions belong to it."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    target = path.with_name(f"{path.name}.damaged-{stamp}")
    path.replace(target)
    for ending in _COMPANIONS:
        with suppress(FileNotFoundError):
            path.with_name(path.name + ending).replace(target.with_name(target.name + ending))
