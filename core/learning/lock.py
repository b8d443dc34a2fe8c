"""One training process per run folder."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from tqdm import tqdm

from core.errors import DeepPneumoError

LOCK: Final = "run.lock"
_NO_LOCKS: Final = {errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK}


class RunLockedError(DeepPneumoError):
    """Another process trains into the folder."""


@contextmanager
def locked_folder(folder: Path) -> Iterator[None]:
    """Keep a run folder for this process until the block ends.

    The lock is the operating system's, on the file ``run.lock`` in the folder, and ends with the process that holds
    it, however that process ends. The file stays behind and means nothing by itself: removing it while somebody waits
    for it would let two in. Where the file system keeps no locks, as on some clusters, a line says so and the run
    goes on without one.

    Parameters
    ----------
    folder : Path
        Exists and is writable.

    Raises
    ------
    RunLockedError
        If another process has the folder.
    OSError
        If the file cannot be written.
    """
    lock = FileLock(folder / LOCK, blocking=False, fallback_to_soft=False)
    try:
        lock.acquire()
    except Timeout as error:
        raise RunLockedError(
            f"{folder.name}: another process is training into this folder; wait for it or choose another folder."
        ) from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        tqdm.write(f"{folder.name}: the file system keeps no locks; let no other run write into this folder.")
    try:
        yield
    finally:
        lock.release()
