"""The tables, and how older ones become newer ones."""

from __future__ import annotations

import os
import sqlite3
from typing import Final

APPLICATION_ID: Final = 0x4450_4E53
"""Tells this program's stores from other SQLite files."""

_VERSION_1: Final = """
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
"""

# What tables say of radiographs, and batches that have begun and not ended.
_VERSION_2: Final = """
CREATE TABLE truths (
    content INTEGER PRIMARY KEY REFERENCES contents ON DELETE CASCADE, word TEXT NOT NULL, source TEXT NOT NULL
);
CREATE TABLE unfinished (opening BLOB PRIMARY KEY, begun_at TEXT NOT NULL) WITHOUT ROWID;
"""

# Learners' runs through lessons; what is in a document is told by `core.teaching.run`.
_VERSION_3: Final = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL UNIQUE, lesson TEXT NOT NULL, document TEXT NOT NULL,
    begun_at TEXT NOT NULL, ended_at TEXT
);
CREATE INDEX runs_by_lesson ON runs (lesson);
"""

MIGRATIONS: Final = (_VERSION_1, _VERSION_2, _VERSION_3)
"""What makes version n + 1 of version n."""

VERSION: Final = len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the tables, 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def application_of(connection: sqlite3.Connection) -> int:
    """Return which program's file it says it is, 0 for none."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def migrate(connection: sqlite3.Connection, to: int = VERSION) -> None:
    """Bring the tables up to date, all or nothing; the connection commits by itself otherwise."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        begun = version_of(connection)
        for script in MIGRATIONS[begun:to]:
            for statement in script.split(";"):
                if statement.strip():
                    connection.execute(statement)
        if begun == 0:
            connection.execute("INSERT INTO settings VALUES ('salt', ?)", (os.urandom(32),))
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        if begun < to:
            connection.execute(f"PRAGMA user_version = {to}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
