"""Reading a ZIP of uncompressed members that somebody else wrote: nothing is unpacked, nothing unfolds.

Each fault that a file may have raises `StoredZipError`, which names the fault; what is said of it, those say who
know what the file was to be.
"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

Fault = Literal["another file", "damaged", "too large", "same name", "foreign", "compressed"]

_LOCAL_HEADER: Final = b"PK\x03\x04"
_END_OF_DIRECTORY: Final = b"PK\x05\x06"
_LARGE_DIRECTORY: Final = b"PK\x06\x07"
_ENCRYPTED: Final = 0x1


class StoredZipError(Exception):
    """What is wrong with a file.

    Parameters
    ----------
    fault : Fault
        ``"another file"`` is no such ZIP at all, ``"foreign"`` holds members of names that no such file has, and
        ``"compressed"`` holds compressed or encrypted members.
    """

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Member:
    """Where a member lies: `offset` is that of its local header, `size` its length in bytes."""

    offset: int
    size: int


def find_members(
    stream: BinaryIO, *, names: re.Pattern[str], max_bytes: int, max_directory: int
) -> dict[str, Member]:
    """Return the members of a ZIP by their names, in the order of its table of contents.

    Parameters
    ----------
    stream : binary file object
    names : pattern
        That each name matches as a whole.
    max_bytes, max_directory : int
        What the file, and its table of contents, may take.

    Raises
    ------
    StoredZipError
    OSError
        When the system cannot read it.
    """
    _check_outside(stream, max_bytes, max_directory)
    try:
        with zipfile.ZipFile(stream) as archive:
            found = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, IndexError, RuntimeError):
        raise StoredZipError("damaged") from None
    if len({member.filename for member in found}) < len(found):
        raise StoredZipError("same name")
    for member in found:
        # orig_filename: zipfile cuts a name at a NUL byte and turns backslashes on Windows.
        if member.orig_filename != member.filename or not names.fullmatch(member.filename):
            raise StoredZipError("foreign")
        if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & _ENCRYPTED:
            raise StoredZipError("compressed")
        if member.file_size != member.compress_size:
            raise StoredZipError("damaged")
    if sum(member.file_size for member in found) > stream.seek(0, os.SEEK_END):
        raise StoredZipError("damaged")  # members that share their bytes
    return {member.filename: Member(member.header_offset, member.file_size) for member in found}


def read_member(stream: BinaryIO, member: Member) -> bytes:
    """Read a member in one piece.

    `zipfile` would read it in slices and take its CRC-32; those who call hold it against a SHA-256, which says more.

    Raises
    ------
    StoredZipError
        When it does not lie where it was found.
    OSError
        When the system cannot read it.
    """
    try:
        stream.seek(member.offset)
    except (ValueError, OverflowError):
        raise StoredZipError("damaged") from None
    header = stream.read(30)  # local file header, APPNOTE.TXT 4.3.7
    if len(header) < 30 or header[:4] != _LOCAL_HEADER:
        raise StoredZipError("damaged")
    name_length, extra_length = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
    stream.seek(name_length + extra_length, os.SEEK_CUR)
    content = stream.read(member.size)
    if len(content) != member.size:
        raise StoredZipError("damaged")
    return content


def _check_outside(stream: BinaryIO, max_bytes: int, max_directory: int) -> None:
    """Refuse what is no ZIP, and a table of contents that would fill the memory, before it is parsed."""
    if stream.read(4) != _LOCAL_HEADER:
        raise StoredZipError("another file")
    size = stream.seek(0, os.SEEK_END)
    if size > max_bytes:
        raise StoredZipError("too large")
    stream.seek(-min(size, 20 + 22 + 0xFFFF), os.SEEK_END)
    tail = stream.read()
    end = tail.rfind(_END_OF_DIRECTORY)  # end of central directory, APPNOTE.TXT 4.3.16
    if end < 0 or len(tail) < end + 22:
        raise StoredZipError("damaged")
    if int.from_bytes(tail[end + 12 : end + 16], "little") > max_directory:
        raise StoredZipError("another file")
    if tail[max(0, end - 20) :].startswith(_LARGE_DIRECTORY):
        # ZIP64: its table may be of any size whatever the one looked at says. Nothing here needs it.
        raise StoredZipError("another file")
    stream.seek(0)
