"""Learners' runs of this session in memory, and all of them in the store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from deeppneumo_gui.inference.errands import Errands
from deeppneumo_gui.store.judgements import PATIENCE_SECONDS

if TYPE_CHECKING:
    from core.store.store import Store
    from core.teaching.run import Run

OPEN_SECONDS: Final = 10.0
"""So long an answer waits for the store to be opened."""

_log = logging.getLogger(__name__)


class StoredRuns(QObject):
    """Keeps a run after every change, and finds those of a lesson again.

    Parameters
    ----------
    desk : Errands
        The thread that brings things to the store, in the order they came.
    settled : threading.Event
        Set once the store is open, or cannot be opened.
    """

    recalled = Signal(str, object)
    """The id of a lesson, and `list[Run]`: all its runs in the order they were begun; each is the receiver's own."""

    def __init__(self, desk: Errands, settled: threading.Event, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._settled = settled
        self._store: Store | None = None
        self._lock = threading.Lock()
        # As text, for a run goes on changing while it waits here.
        self._said: dict[str, str] = {}

    def open(self, store: Store) -> None:
        """Use a store, also for the runs that have been kept already."""
        self._store = store
        with self._lock:
            said = list(self._said.values())
        for text in said:
            self._desk.submit(self._keep, text, threading.Event())

    def put(self, run: Run) -> None:
        """Keep a run as it is now; returns when it is safe, or after a moment."""
        text = run.to_json()
        with self._lock:
            self._said[run.run_id] = text
        if self._store is not None:
            safe = threading.Event()
            self._desk.submit(self._keep, text, safe)
            safe.wait(PATIENCE_SECONDS)

    def recall(self, lesson_id: str) -> None:
        """Look for the runs of a lesson; `recalled` follows."""
        self._desk.submit(self._recall, lesson_id)

    def forget(self) -> None:
        """Forget the runs of this session."""
        with self._lock:
            self._said.clear()

    def _keep(self, text: str, safe: threading.Event) -> None:
        from core.teaching.run import Run

        self._guarded(lambda store: store.keep_run(Run.from_json(text), lambda _: safe.set()))

    def _recall(self, lesson_id: str) -> None:
        from core.teaching.run import Run

        self._settled.wait(OPEN_SECONDS)
        runs: dict[str, Run] = {}
        self._guarded(
            lambda store: runs.update({kept.run.run_id: kept.run for kept in store.runs(lesson_id)})
        )
        with self._lock:
            said = [Run.from_json(text) for text in self._said.values()]
        # What waits to be written is newer than what is read.
        runs.update({run.run_id: run for run in said if run.lesson_id == lesson_id})
        try:
            self.recalled.emit(lesson_id, list(runs.values()))
        except RuntimeError:
            _log.info("The store answered after the window had gone.")

    def _guarded(self, errand: Callable[[Store], None]) -> None:
        try:
            if self._store is not None:
                errand(self._store)
        except Exception as error:
            _log.error("A learner's run could not be kept or read.", exc_info=error)
