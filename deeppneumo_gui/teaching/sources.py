"""Where the radiographs of a lesson come from: files on this computer, or the lesson's own file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from core.errors import FileVanishedError, LessonError, NotAnImageError
from core.reading.radiograph import Radiograph
from core.teaching.lesson import Item
from core.teaching.lesson_file import LessonFile
from deeppneumo_gui.services import Reader

MISSING: Final = "This radiograph is not on this computer, and the lesson does not bring it along."
_NAME: Final = "radiograph"
"""In place of a file's name, which could tell what the radiograph shows."""


class LessonRadiographs:
    """Reads the radiograph of an item, without a name that could tell anything.

    Parameters
    ----------
    read : Reader
        Reads files.
    paths : mapping
        From the contents of items to files on this computer.
    file : LessonFile or None
        That may bring radiographs along.
    """

    def __init__(
        self, read: Reader, paths: Mapping[str, Path] | None = None, file: LessonFile | None = None
    ) -> None:
        self._read = read
        self._paths = dict(paths or {})
        self._file = file

    def read(self, item: Item) -> Radiograph:
        """Return the radiograph of an item; slow, for workers only.

        Raises
        ------
        ReadError
            When it is not there or cannot be read.
        """
        path = self._paths.get(item.content)
        if path is not None:
            return self._read(path, item.frame)
        if self._file is None or item.content not in self._file.included:
            raise FileVanishedError(_NAME, MISSING)
        from core.reading import read_radiograph

        try:
            content = self._file.read(item.content, item.frame)
        except LessonError as error:
            raise NotAnImageError(_NAME, str(error)) from error
        return read_radiograph(content, name=_NAME)
