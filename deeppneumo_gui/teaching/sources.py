"""Where the radiographs of a lesson come from: files on this computer, or the lesson's own file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from core.errors import FileAccessError, FileVanishedError, LessonError, NotAnImageError, ReadError
from core.reading.radiograph import Radiograph
from core.reading.refusal import Refusal
from core.store.content import FileState, content_hash
from core.teaching.lesson import Item
from core.teaching.lesson_file import LessonFile
from deeppneumo_gui.services import Reader

MISSING: Final = "This radiograph is neither on this computer nor in the lesson's file."
CHANGED: Final = "The file of this radiograph has been changed since the lesson was made."
_NAME: Final = "radiograph"
"""In place of a file's name, which could tell what the radiograph shows."""


class LessonRadiographs:
    """Reads the radiograph of an item, without a name that could tell anything.

    A file on this computer comes first, as long as it is still the one that the teacher had; else the copy in the
    lesson's file.

    Parameters
    ----------
    read : Reader
        Reads files.
    paths : mapping
        From the contents of items to files on this computer.
    file : LessonFile or None
        That may bring radiographs along.
    content_of : callable
        Tells what is in a file.
    """

    def __init__(
        self,
        read: Reader,
        paths: Mapping[str, Path] | None = None,
        file: LessonFile | None = None,
        *,
        content_of: Callable[[Path], str] = content_hash,
    ) -> None:
        self._read = read
        self._paths = dict(paths or {})
        self._file = file
        self._content_of = content_of

    def read(self, item: Item) -> Radiograph:
        """Return the radiograph of an item; slow, for workers only.

        Raises
        ------
        ReadError
            When it is not there, cannot be read, or is another one by now.
        """
        path = self._paths.get(item.content)
        copied = self._file is not None and item.content in self._file.included
        if path is not None:
            try:
                return self._read_own(path, item)
            except ReadError:
                if not copied:
                    raise
        return self._read_copy(item)

    def _read_own(self, path: Path, item: Item) -> Radiograph:
        """Read a file on this computer, which must be the teacher's before and after."""
        before = FileState.of(path)
        try:
            content = self._content_of(path)
        except Refusal as refusal:
            raise refusal.error(_NAME, refusal.reason) from None
        except OSError:
            raise FileAccessError(_NAME, "The system could not read this file.") from None
        if content != item.content:
            raise FileVanishedError(_NAME, CHANGED)
        radiograph = self._read(path, item.frame)
        # Whoever replaced the file between the two looks would have had another case shown under this one's truth.
        if FileState.of(path) != before:
            raise FileVanishedError(_NAME, CHANGED)
        return radiograph

    def _read_copy(self, item: Item) -> Radiograph:
        """Read what the lesson's file brings along, which checks what is in it."""
        from core.reading import read_radiograph

        if self._file is None or item.content not in self._file.included:
            raise FileVanishedError(_NAME, MISSING)
        try:
            content = self._file.read(item.content, item.frame)
        except LessonError as error:
            raise NotAnImageError(_NAME, str(error)) from error
        return read_radiograph(content, name=_NAME)
