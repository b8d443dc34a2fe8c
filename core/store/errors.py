"""Why something cannot be kept, in words for the person in front of the screen."""

from __future__ import annotations

import sqlite3
from typing import Final

from core.errors import StoreError

__all__ = ["DAMAGED", "StoreError", "primary_code", "why_not_kept"]


DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

_REASONS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR_SHMSIZE: "the disk is full",  # no room for the file beside it
    sqlite3.SQLITE_BUSY: "another program is using their file",
    sqlite3.SQLITE_LOCKED: "another program is using their file",
    sqlite3.SQLITE_READONLY: "their folder can only be read, not written to",
    sqlite3.SQLITE_CANTOPEN: "their file cannot be opened or made",
    sqlite3.SQLITE_PERM: "you may not write into their folder",
    sqlite3.SQLITE_AUTH: "you may not write into their folder",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
    sqlite3.SQLITE_CORRUPT: "their file is damaged",
    sqlite3.SQLITE_NOTADB: "their file is damaged",
}


def primary_code(error: BaseException) -> int:
    """Return SQLite's result code of an error without its details, 0 where it has none."""
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else 0


def why_not_kept(error: BaseException) -> str:
    """Return a sentence; the error's own text, which may name folders, is left out."""
    if isinstance(error, StoreError):
        return str(error)
    if isinstance(error, PermissionError):
        reason = "you may not write into their folder"
    else:
        code = getattr(error, "sqlite_errorcode", 0)
        reason = _REASONS.get(code) or _REASONS.get(primary_code(error), "their file cannot be used")
    return f"Results and judgements are not being kept: {reason}."
