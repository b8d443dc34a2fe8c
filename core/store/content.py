"""Telling files apart by what is in them, and recognising them again without reading them."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from core.reading.source import open_source

_PART_BYTES: Final = 2**18
"""Enough to keep a disk busy, and little to ask for where a file is small."""


class Picture(NamedTuple):
    """One frame of one content; what results and judgements belong to.

    Attributes
    ----------
    content : str
        SHA-256 of the file's bytes, hexadecimal.
    frame : int
        Counted from 0.
    """

    content: str
    frame: int = 0


def content_hash(path: str | os.PathLike[str]) -> str:
    """Return the SHA-256 of a file's bytes, hexadecimal.

    Raises
    ------
    Refusal, OSError
        For what is no ordinary file, or cannot be read.
    """
    digest = hashlib.sha256()
    with open_source(path) as stream:
        part = None
        # One that is cut short is the last; asking again takes a third of the time that a small file does.
        while part is None or len(part) == _PART_BYTES:
            part = stream.read(_PART_BYTES)
            digest.update(part)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class FileState:
    """By what the system tells of a file it is seen whether it has changed.

    Attributes
    ----------
    path : str
        Absolute.
    size : int
        Bytes.
    changed : int
        When it was last written, in nanoseconds.
    """

    path: str
    size: int
    changed: int

    @classmethod
    def of(cls, path: Path) -> FileState | None:
        """Look at a file; None where there is none."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return None
        return cls(os.path.abspath(path), status.st_size, status.st_mtime_ns)  # noqa: PTH100 - twice as fast

    def holds(self) -> bool:
        """Whether the file still looks like this."""
        try:
            status = os.stat(self.path)  # noqa: PTH116 - on the path of 10,000 files
        except OSError:
            return False
        return (status.st_size, status.st_mtime_ns) == (self.size, self.changed)

    def path_mark(self, salt: bytes) -> bytes:
        """Return what the store knows the path by; without the salt nobody can tell one path's from another's."""
        return _mark(salt, self.path)

    def folder_mark(self, salt: bytes) -> bytes:
        """Return what the store knows the folder by."""
        return folder_mark(salt, os.path.dirname(self.path))  # noqa: PTH120 - on the path of 10,000 files

    def state_mark(self, salt: bytes) -> bytes:
        """Return what changes whenever the file does."""
        return _mark(salt, f"{self.size}:{self.changed}")


def folder_mark(salt: bytes, folder: str) -> bytes:
    """Return what the store knows a folder by; `folder` is absolute."""
    return _mark(salt, f"{folder}{os.sep}")


def _mark(salt: bytes, text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=salt, digest_size=16).digest()
