"""Opening a path or bytes, and saying in words why that did not work."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NoReturn, TypeAlias

from core.errors import (
    FileAccessError,
    FileVanishedError,
    ImageTooLargeError,
    ReadError,
    TruncatedFileError,
)
from core.reading.limits import MAX_FILE_BYTES
from core.reading.refusal import Refusal

Source: TypeAlias = "str | os.PathLike[str] | bytes"


def name_of(source: Source) -> str:
    """Name that messages may show: never a folder."""
    if isinstance(source, bytes):
        return "image"
    return Path(source).name or "image"


@contextmanager
def open_source(source: Source) -> Iterator[BinaryIO]:
    """Open for reading in binary, refusing what is no ordinary file of a sane size.

    Raises
    ------
    Refusal
        For folders, pipes and devices, and for files that are missing, forbidden, empty or too large.
    """
    if isinstance(source, bytes):
        _check_size(len(source))
        yield io.BytesIO(source)
        return
    with ExitStack() as stack:
        try:
            # Making a path of a path takes as long as opening it.
            path = source if isinstance(source, Path) else Path(source)
            # Before opening: opening a named pipe would wait for somebody to write into it.
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                _refuse_folder(path)
            _check_ordinary(status.st_mode)
            _check_size(status.st_size)
            file = stack.enter_context(path.open("rb"))
        except (OSError, ValueError) as error:
            raise access_refusal(error) from error
        yield file


def access_refusal(error: OSError | ValueError) -> Refusal:
    """Turn an error of the operating system into a reason."""
    kind: type[ReadError] = FileAccessError
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        kind, reason = FileVanishedError, "The file is no longer there."
    elif isinstance(error, PermissionError):
        reason = "You do not have permission to read this file."
    elif isinstance(error, ValueError):
        kind, reason = FileVanishedError, "There is no file of this name."
    else:
        reason = "The system could not read this file; the disk or the network may be at fault."
    return Refusal(kind, reason)


def _refuse_folder(folder: Path) -> NoReturn:
    """Say whether the folder is at fault, which then stands for the files in it, or who named it."""
    try:
        os.scandir(folder).close()
    except PermissionError:
        raise Refusal(FileAccessError, "You do not have permission to look into this folder.") from None
    except OSError:
        reason = "The system could not look into this folder; the disk or the network may be at fault."
        raise Refusal(FileAccessError, reason) from None
    raise Refusal(FileAccessError, "This is a folder, not a file.")


def _check_ordinary(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise Refusal(FileAccessError, "This is not an ordinary file and is not read.")


def _check_size(size: int) -> None:
    if size == 0:
        raise Refusal(TruncatedFileError, "The file is empty.")
    if size > MAX_FILE_BYTES:
        raise Refusal(ImageTooLargeError, "The file is larger than 2 GB, which no radiograph is.")
