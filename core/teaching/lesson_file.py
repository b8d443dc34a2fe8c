"""A lesson in one file: a ZIP of uncompressed members.

`lesson.json` holds what a learner may know, `answers` the rest, sealed (see `core.teaching.sealing`), and
``radiographs/<hash of the teacher's file>-<frame>`` the radiographs, where they were asked for: stripped of all that
tells whose they are (see `core.teaching.stripping`). Radiographs that are not in it are found by their contents.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

from core.errors import LessonError
from core.files import atomic_write
from core.outputs import check_output
from core.reading.refusal import Refusal
from core.store.content import Picture, content_hash
from core.stored_zip import Fault, Member, StoredZipError, find_members, read_member
from core.teaching.lesson import Lesson
from core.teaching.lesson_json import Included, answers_text, check_lesson, join, public_text, read_public
from core.teaching.sealing import seal, unseal
from core.teaching.stripping import StrippingError, stripped

SUFFIX: Final = ".deeplesson"
PUBLIC_MEMBER: Final = "lesson.json"
ANSWERS_MEMBER: Final = "answers"

MAX_PUBLIC_BYTES: Final = 16 * 2**20
MAX_ANSWERS_BYTES: Final = 16 * 2**20
MAX_RADIOGRAPH_BYTES: Final = 256 * 2**20
MAX_FILE_BYTES: Final = 2**31 + 2**20
"""Where ZIP without its extensions ends, and a table of contents; far more than a class of radiographs takes."""

_MAX_DIRECTORY_BYTES: Final = 512 * 2**10
_NAMES: Final = re.compile(
    rf"{re.escape(PUBLIC_MEMBER)}|{ANSWERS_MEMBER}|radiographs/[0-9a-f]{{64}}-[0-9]{{1,5}}"
)

_DAMAGED: Final = "The lesson is damaged; get the file again."
_TOO_LARGE: Final = "The lesson is larger than any lesson of this program."
_FAULTS: Final[Mapping[Fault, str]] = {
    "another file": "This file is not a lesson of this program.",
    "damaged": _DAMAGED,
    "too large": _TOO_LARGE,
    "same name": "The lesson holds two files of the same name.",
    "foreign": "The lesson holds files that do not belong in it.",
    "compressed": "The lesson is compressed or encrypted, which this program does not accept.",
}


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A lesson as it lies in its file.

    Attributes
    ----------
    path : Path
    lesson : Lesson
    included : frozenset of str
        Contents whose radiographs are in the file, with each frame that an item of the lesson shows.
    """

    path: Path
    lesson: Lesson
    included: frozenset[str]
    _members: Mapping[Picture, tuple[Member, str]] = field(default_factory=dict, repr=False)

    def read(self, content: str, frame: int = 0) -> bytes:
        """Return a radiograph in the file, to be read by `core.reading.read_radiograph` as its only frame.

        Parameters
        ----------
        content : str
            Of an item.
        frame : int
            Of the same item.

        Raises
        ------
        LessonError
            When it is not in the file, or when the file is gone, damaged or another one by now.
        """
        known = self._members.get(Picture(content, frame))
        if known is None:
            raise LessonError("This radiograph is not in the lesson's file.")
        member, digest = known
        with _opened(self.path) as stream:
            radiograph = read_member(stream, member)
        if hashlib.sha256(radiograph).hexdigest() != digest:
            raise LessonError("A radiograph in the lesson is damaged; get the file again.")
        return radiograph


def read_lesson(path: str | os.PathLike[str]) -> LessonFile:
    """Read a lesson's file; the radiographs in it are read when they are asked for.

    Parameters
    ----------
    path : path

    Raises
    ------
    LessonError
        With one sentence, when the file is missing, unreadable, damaged, no lesson, too large, or made by a newer
        version of the program.
    """
    with _opened(path) as stream:
        members = find_members(
            stream, names=_NAMES, max_bytes=MAX_FILE_BYTES, max_directory=_MAX_DIRECTORY_BYTES
        )
        text = _read_text(stream, members, PUBLIC_MEMBER, MAX_PUBLIC_BYTES)
        public = read_public(text)
        sealed = _read_text(stream, members, ANSWERS_MEMBER, MAX_ANSWERS_BYTES)
    lesson, included = join(public, unseal(sealed, text, MAX_ANSWERS_BYTES))
    found = {entry.picture: (members.get(_member_name(entry.picture)), entry.digest) for entry in included}
    there = {picture: (member, digest) for picture, (member, digest) in found.items() if member is not None}
    contents = frozenset(picture.content for picture in there)
    shown = {item.picture for item in lesson.items if item.content in contents}
    if not len(included) == len(there) == len(members) - 2 or shown != there.keys():
        raise LessonError(_DAMAGED)
    if any(member.size > MAX_RADIOGRAPH_BYTES for member, _ in there.values()):
        raise LessonError(_TOO_LARGE)
    return LessonFile(Path(path), lesson, contents, there)


def write_lesson(
    path: str | os.PathLike[str],
    lesson: Lesson,
    radiographs: Mapping[str, Path] | None = None,
    *,
    earlier: LessonFile | None = None,
    report: Callable[[int, int], None] = lambda done, total: None,
    check: Callable[[], None] = lambda: None,
) -> LessonFile:
    """Write a lesson atomically; the same lesson gives the same bytes.

    Parameters
    ----------
    path : path
    lesson : Lesson
    radiographs : mapping, optional
        From content to the file that has it; those of the lesson's items are included.
    earlier : LessonFile, optional
        Of what this one includes, that which `radiographs` does not tell of is included here, too. It may be the file
        that is to be written.
    report : callable
        Is told how many radiographs are done, of how many.
    check : callable
        Raises what is to end the writing; nothing is left of it then. Asked before each radiograph.

    Returns
    -------
    LessonFile
        What `read_lesson` returns.

    Raises
    ------
    LessonError
        When the lesson has no cases, too many or too long texts, or radiographs without a licence; and when a
        radiograph cannot be read or is another one by now.
    OutputError
        When `path` is in no folder, or one of the radiographs.
    OSError
        When the file cannot be written.
    """
    check_lesson(lesson)
    sources = _sources(lesson, radiographs or {}, earlier)
    if sources and not lesson.licence.strip():
        raise LessonError("Say under which licence the radiographs may be passed on.")
    check_output(Path(path), (radiographs or {}).values(), "lesson")
    try:
        with atomic_write(path) as stream, zipfile.ZipFile(stream, "w", allowZip64=False) as archive:
            included = []
            for done, (picture, source) in enumerate(sources.items()):
                check()
                report(done, len(sources))
                included.append(_write_radiograph(archive, picture, source()))
            check()
            text = public_text(lesson, included)
            sealed = seal(_limited(answers_text(lesson), MAX_ANSWERS_BYTES), text)
            _write(archive, PUBLIC_MEMBER, _limited(text, MAX_PUBLIC_BYTES))
            _write(archive, ANSWERS_MEMBER, _limited(sealed, MAX_ANSWERS_BYTES))
    except zipfile.LargeZipFile:
        raise LessonError("The lesson would be larger than 2 GB; include fewer radiographs.") from None
    report(len(sources), len(sources))
    return read_lesson(path)


def _sources(
    lesson: Lesson, radiographs: Mapping[str, Path], earlier: LessonFile | None
) -> dict[Picture, Callable[[], bytes]]:
    """Return where to get the radiographs of a lesson's items, each once, in the order of the items."""
    contents = frozenset() if earlier is None else earlier.included
    sources: dict[Picture, Callable[[], bytes]] = {}
    for number, item in enumerate(lesson.items, 1):
        if item.content in radiographs:
            source = partial(_from_file, number, item.picture, radiographs[item.content])
            sources.setdefault(item.picture, source)
        elif earlier is not None and item.content in contents:
            sources.setdefault(item.picture, partial(earlier.read, *item.picture))
    return sources


def _from_file(number: int, picture: Picture, path: Path) -> bytes:
    """Return what may travel of a teacher's file; messages name the case, for file names may name patients."""
    try:
        if content_hash(path) != picture.content:
            raise LessonError(f"Case {number} cannot be included: its file has changed since it was chosen.")
        return stripped(path, picture.frame)
    except (Refusal, StrippingError) as error:
        raise LessonError(f"Case {number} cannot be included. {error.reason}") from None


def _write_radiograph(archive: zipfile.ZipFile, picture: Picture, content: bytes) -> Included:
    if len(content) > MAX_RADIOGRAPH_BYTES:
        raise LessonError("A radiograph is too large to be included.")
    _write(archive, _member_name(picture), content)
    return Included(picture, hashlib.sha256(content).hexdigest())


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    member = zipfile.ZipInfo(
        name
    )  # dated 1980: equal lessons are equal files, and nobody learns when it was written
    member.external_attr = 0o644 << 16
    archive.writestr(member, content, zipfile.ZIP_STORED)


def _limited(text: bytes, limit: int) -> bytes:
    if len(text) > limit:
        raise LessonError("The lesson holds too much text.")
    return text


def _member_name(picture: Picture) -> str:
    return f"radiographs/{picture.content}-{picture.frame}"


def _read_text(stream: BinaryIO, members: Mapping[str, Member], name: str, limit: int) -> bytes:
    member = members.get(name)
    if member is None:
        raise LessonError(_DAMAGED)
    if member.size > limit:
        raise LessonError(_TOO_LARGE)
    return read_member(stream, member)


@contextmanager
def _opened(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a lesson's file, and say in words what is wrong with it."""
    try:
        if (
            Path(path).exists() and not Path(path).is_file()
        ):  # opening a pipe would wait for somebody to write
            raise LessonError("This is a folder or a device, not a lesson.")
        with Path(path).open("rb") as stream:
            yield stream
    except StoredZipError as error:
        raise LessonError(_FAULTS[error.fault]) from None
    except FileNotFoundError:
        raise LessonError("The lesson was not found.") from None
    except (OSError, ValueError):
        raise LessonError("The lesson could not be opened.") from None
