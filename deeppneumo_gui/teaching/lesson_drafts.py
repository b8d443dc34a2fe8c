"""What is not saved of lessons yet, kept where a crash does not reach it; free of Qt but for its locks."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QLockFile

from core.errors import DeepPneumoError
from core.teaching.lesson import Lesson
from core.teaching.lesson_file import SUFFIX, LessonFile, read_lesson, write_lesson

_log = logging.getLogger(__name__)


class Drafts:
    """One file for each lesson under way, without radiographs.

    A draft belongs to the program that holds its lock: a second window must not offer what the first one is at.

    Parameters
    ----------
    folder : Path or None
        None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._locks: dict[str, QLockFile] = {}

    @property
    def lasting(self) -> bool:
        """Whether anything is kept."""
        return self._folder is not None

    def keep(self, lesson: Lesson) -> None:
        """Write a lesson's draft; what cannot be written is not, for the lesson itself is still in hand."""
        if self._folder is None or not lesson.items:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if lesson.lesson_id not in self._locks:
                lock = self._lock(lesson.lesson_id)
                lock.tryLock(0)
                self._locks[lesson.lesson_id] = lock
            write_lesson(self._path(lesson.lesson_id), lesson)
        except (OSError, DeepPneumoError) as error:
            _log.warning("The draft of a lesson could not be kept.", exc_info=error)

    def drop(self, lesson_id: str) -> None:
        """Remove a draft: its lesson is saved, or was thrown away."""
        if self._folder is None:
            return
        try:
            self._path(lesson_id).unlink(missing_ok=True)
        except OSError as error:
            _log.warning("The draft of a lesson could not be removed.", exc_info=error)
        lock = self._locks.pop(lesson_id, None)
        if lock is not None:
            lock.unlock()

    def drop_all(self) -> None:
        """Remove all drafts but those that another window is at."""
        for file in self.left():
            self.drop(file.lesson.lesson_id)

    def left(self) -> list[LessonFile]:
        """Return what programs that are gone have left behind, the newest first."""
        if self._folder is None or not self._folder.is_dir():
            return []
        found = []
        for path in sorted(self._folder.glob(f"*{SUFFIX}"), key=_changed, reverse=True):
            lock = self._lock(path.stem)
            if path.stem in self._locks or not lock.tryLock(0):
                continue
            lock.unlock()
            try:
                found.append(read_lesson(path))
            except DeepPneumoError:
                _log.warning("A draft of a lesson is damaged.")
        return found

    def release(self) -> None:
        """Let go of all drafts; what is still there is for the next start to find."""
        for lock in self._locks.values():
            lock.unlock()
        self._locks.clear()

    def _path(self, lesson_id: str) -> Path:
        assert self._folder is not None
        return self._folder / f"{lesson_id}{SUFFIX}"

    def _lock(self, lesson_id: str) -> QLockFile:
        assert self._folder is not None
        lock = QLockFile(str(self._folder / f"{lesson_id}.lock"))
        # A lock is stale when its process has gone, however long ago it was taken.
        lock.setStaleLockTime(0)
        return lock


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
