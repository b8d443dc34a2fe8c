"""Reading a lesson's file, finding its radiographs, and taking those out that it brings along; free of Qt."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from core.errors import DeepPneumoError
from core.store.content import Picture
from core.teaching.lesson import Lesson
from core.teaching.lesson_file import SUFFIX, LessonFile, read_lesson
from deeppneumo_gui.teaching.places import Search, search

_PATIENCE_SECONDS: Final = 10.0
"""So long it is looked for radiographs where they might lie, before the teacher is asked."""
_SUFFIXES: Final = {b"\x89P": ".png", b"\xff\xd8": ".jpg", b"II": ".tif", b"MM": ".tif", b"RI": ".webp"}


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A lesson as it was found.

    Attributes
    ----------
    lesson : Lesson
    file : LessonFile or None
        Where it is saved; None for a draft whose lesson was never saved.
    paths : dict of str to Path
        Files on this computer, by content.
    draft : bool
        Whether its last changes are in no file.
    """

    lesson: Lesson
    file: LessonFile | None
    paths: dict[str, Path] = field(default_factory=dict, repr=False)
    draft: bool = False

    @property
    def missing(self) -> int:
        """Of how many items there is no radiograph."""
        return len(missing_of(self.lesson, self.file, self.paths))


def missing_of(lesson: Lesson, file: LessonFile | None, paths: dict[str, Path]) -> frozenset[str]:
    """Return the contents of a lesson that lie nowhere."""
    here = paths.keys() | (frozenset() if file is None else file.included)
    return frozenset(item.content for item in lesson.items if item.content not in here)


def open_lesson(
    path: Path, listed: Sequence[Path], lately: Sequence[Path], ended: Callable[[], bool]
) -> Opened:
    """Read a lesson's file and look for its radiographs.

    Parameters
    ----------
    path : Path
    listed : sequence of Path
        Files that are open; looked at first.
    lately : sequence of Path
        Files and folders that were.
    ended : callable
        Whether nobody waits for the answer any more.

    Raises
    ------
    LessonError
    """
    file = read_lesson(path)
    return Opened(file.lesson, file, find(file.lesson, path.parent, listed, lately, ended))


def recover(
    draft: LessonFile, listed: Sequence[Path], lately: Sequence[Path], ended: Callable[[], bool]
) -> Opened:
    """Return a draft with the file that its lesson was opened from, where that was opened lately."""
    lesson, saved = draft.lesson, None
    for path in lately:
        if path.suffix.lower() == SUFFIX:
            try:
                file = read_lesson(path)
            except DeepPneumoError:
                continue
            if file.lesson.lesson_id == lesson.lesson_id:
                saved = file
                break
    near = None if saved is None else saved.path.parent
    return Opened(lesson, saved, find(lesson, near, listed, lately, ended), draft=True)


def find(
    lesson: Lesson,
    near: Path | None,
    listed: Sequence[Path],
    lately: Sequence[Path],
    ended: Callable[[], bool],
) -> dict[str, Path]:
    """Look for the teacher's own files, also of what the lesson brings along: they are worth more than its copies."""
    until = time.monotonic() + _PATIENCE_SECONDS
    places = (*listed, *(path for path in lately if path.suffix.lower() != SUFFIX))
    wanted = Search(frozenset(item.content for item in lesson.items), near, places)
    return search(wanted, lambda: ended() or time.monotonic() > until)


def unpack(file: LessonFile, lesson: Lesson, known: frozenset[str], folder: Path) -> dict[Picture, Path]:
    """Write what a lesson brings along and is nowhere else into a folder; what cannot be read is left out."""
    made: dict[Picture, Path] = {}
    for number, item in enumerate(lesson.items, 1):
        if item.content not in file.included or item.content in known or item.picture in made:
            continue
        try:
            content = file.read(*item.picture)
        except DeepPneumoError:
            continue
        path = folder / f"Lesson case {number}{_SUFFIXES.get(content[:2], '')}"
        path.write_bytes(content)
        made[item.picture] = path
    return made
