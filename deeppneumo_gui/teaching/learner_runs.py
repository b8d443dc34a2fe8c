"""Learners' runs of lessons: what is known of them, those that come from other computers, and deleting them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from core.errors import DeepPneumoError
from core.teaching.lesson import Lesson
from deeppneumo_gui.confirmation import confirm_loss
from deeppneumo_gui.store.controller import NOT_FORGOTTEN
from deeppneumo_gui.store.memory import Memory
from deeppneumo_gui.teaching.lesson_desk import LessonDesk

if TYPE_CHECKING:
    from core.store.runs import KeptRun

_CONSEQUENCE: Final = (
    "All answers in it will be gone and cannot be brought back, unless it was saved in a file."
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Runs from files, and in sentences which files were refused and why."""

    runs: tuple[KeptRun, ...]
    refused: tuple[str, ...]


class LearnerRuns(QObject):
    """Knows the runs of the lessons that were asked for."""

    changed = Signal(str)
    """Of the lesson of this id other runs are known."""
    said = Signal(str, bool)
    """A sentence, and whether it is good news that need not stay."""
    _found = Signal(object, object, object)

    def __init__(self, memory: Memory, desk: LessonDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._memory = memory
        self._desk = desk
        self._kept: dict[str, tuple[KeptRun, ...]] = {}
        memory.runs.recalled.connect(self._on_recalled)
        memory.runs.forgotten.connect(self._on_gone)
        # Queued, so that an answer never comes before the question has been asked to its end.
        self._found.connect(self._on_found, Qt.ConnectionType.QueuedConnection)
        memory.forgotten.connect(self._recall_all)

    def recall(self, lesson_id: str) -> None:
        """Look for the runs of a lesson; `changed` follows."""
        self._kept.setdefault(lesson_id, ())
        self._memory.runs.recall(lesson_id)

    def of(self, lesson: Lesson) -> tuple[KeptRun, ...]:
        """Return the runs that fit a lesson as it is now, as far as is known."""
        return tuple(kept for kept in self._kept.get(lesson.lesson_id, ()) if kept.run.fits(lesson))

    def find(self, lesson: Lesson, then: Callable[[tuple[KeptRun, ...]], None]) -> None:
        """Call `then` with the runs that fit a lesson, once they are known as they were kept last."""

        def answer(future: Future[list[KeptRun]]) -> None:
            try:
                if not future.cancelled():
                    self._found.emit(future.result(), lesson, then)
            except RuntimeError:
                _log.info("The store answered after the window had gone.")

        self._memory.runs.find(lesson.lesson_id).add_done_callback(answer)

    def add(self, lesson: Lesson, parent: QWidget) -> None:
        """Ask for files with runs of a lesson, and keep what is in them."""
        paths = ask_run_files(parent)
        if paths:
            self._desk.ask(partial(gather, paths, lesson), partial(self._on_gathered, lesson.lesson_id))

    def delete(self, codes: Sequence[str], runs: Collection[str], parent: QWidget) -> None:
        """Ask, then delete runs, told by their ids, for good."""
        if runs and ask_to_delete(parent, codes):
            self._memory.runs.forget_some(runs)

    def _on_gathered(self, lesson_id: str, gathered: Gathered) -> None:
        known = {kept.run.run_id: kept for kept in self._kept.get(lesson_id, ())}
        new = sum(kept.run.run_id not in known for kept in gathered.runs)
        if gathered.runs:
            self._memory.runs.add(gathered.runs)
            self.recall(lesson_id)
        self.said.emit(added_words(new, len(gathered.runs) - new, gathered.refused), not gathered.refused)

    @Slot(object, object, object)
    def _on_found(
        self, kept: Sequence[KeptRun], lesson: Lesson, then: Callable[[tuple[KeptRun, ...]], None]
    ) -> None:
        then(tuple(one for one in kept if one.run.fits(lesson)))

    @Slot(str, object)
    def _on_recalled(self, lesson_id: str, kept: Sequence[KeptRun]) -> None:
        if lesson_id in self._kept:
            self._kept[lesson_id] = tuple(kept)
            self.changed.emit(lesson_id)

    @Slot(bool, int)
    def _on_gone(self, good: bool, count: int) -> None:
        self.said.emit(f"{_runs(count)} deleted." if good else NOT_FORGOTTEN, good)
        self._recall_all()

    @Slot()
    def _recall_all(self) -> None:
        for lesson_id in self._kept:
            self._memory.runs.recall(lesson_id)


def gather(paths: Sequence[Path], lesson: Lesson) -> Gathered:
    """Read files with runs of a lesson; of a run in several of them, the one that has come furthest."""
    from core.teaching.run_file import read_runs

    runs: dict[str, KeptRun] = {}
    refused = []
    for path in paths:
        try:
            found = read_runs(path, lesson)
        except DeepPneumoError as error:
            refused.append(f"{path.name}: {error}")
            continue
        for kept in found:
            known = runs.get(kept.run.run_id)
            if known is None or len(known.run.steps) < len(kept.run.steps):
                runs[kept.run.run_id] = kept
    return Gathered(tuple(runs.values()), tuple(refused))


def added_words(new: int, known: int, refused: Sequence[str]) -> str:
    """Return in sentences what came of adding runs."""
    told = []
    if new:
        told.append(f"{_runs(new)} added.")
    if known:
        told.append(f"{known} {'was' if known == 1 else 'were'} here already.")
    return " ".join((*told, *refused))


def ask_run_files(parent: QWidget) -> list[Path]:
    """Ask for files with runs; empty when the teacher thinks better of it."""
    from core.teaching.run_file import SUFFIX

    kinds = f"Learners' runs (*{SUFFIX});;All files (*)"
    names, _ = QFileDialog.getOpenFileNames(parent, "Add learners' runs", "", kinds)
    return [Path(name) for name in names]


def ask_to_delete(parent: QWidget, codes: Sequence[str]) -> bool:
    """Ask before runs are deleted for good."""
    question = f"Delete the run of {codes[0]}?" if len(codes) == 1 else f"Delete {len(codes)} runs?"
    return confirm_loss(parent, "Delete", question, _CONSEQUENCE)


def _runs(count: int) -> str:
    return "1 run was" if count == 1 else f"{count:,} runs were"
