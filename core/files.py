"""Files that are either complete or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def atomic_write(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its name only once everything is in it.

    The bytes go to a temporary file in the same folder, which replaces `path` when the block ends. When the
    block raises (Ctrl+C included) the temporary file is removed and what was at `path` is untouched.

    Parameters
    ----------
    path : path
        Where the file goes. A symbolic link keeps pointing where it did and its target is replaced. A device
        or pipe (``/dev/stdout``) cannot be replaced and is written directly.

    Yields
    ------
    binary file object

    Raises
    ------
    OSError
        When the folder does not exist, is not writable, or the disk is full.
    """
    given = Path(path)
    if given.exists() and not given.is_file():
        with given.open("wb") as stream:
            yield stream
        return
    target = Path(os.path.realpath(given))
    temporary = target.with_name(f".{os.urandom(8).hex()}.part")
    try:
        # "x" and not tempfile: the new file gets the permissions that the umask grants, not 0600.
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
