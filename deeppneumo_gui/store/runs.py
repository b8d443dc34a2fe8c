"""Learners' runs of this session in memory, and all of them in the store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QObject, Signal

from deeppneumo_gui.inference.errands import Errands
from deeppneumo_gui.store.judgements import PATIENCE_SECONDS

if TYPE_CHECKING:
    from core.store.runs import KeptRun
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
    """The id of a lesson, and `list[KeptRun]`: its runs in the order they were begun, each the receiver's own."""
    forgotten = Signal(bool, int)
    """Whether runs that were to be forgotten are gone, and how many they are."""

    def __init__(self, desk: Errands, settled: threading.Event, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._settled = settled
        self._store: Store | None = None
        self._lock = threading.Lock()
        # As text, for a run goes on changing while it waits here.
        self._said: dict[str, _Said] = {}

    def open(self, store: Store) -> None:
        """Use a store, also for the runs that have been kept already."""
        # Under the lock, here and below: what changes a run meanwhile comes to the desk after this, not before it.
        with self._lock:
            self._store = store
            for one in self._said.values():
                self._desk.submit(self._add, one)
                if one.own:
                    self._desk.submit(self._keep, one.text, threading.Event())

    def put(self, run: Run) -> None:
        """Keep a run as it is now; returns when it is safe, or after a moment."""
        text, now = run.to_json(), datetime.now(UTC).replace(microsecond=0)
        safe = threading.Event()
        with self._lock:
            known = self._said.get(run.run_id)
            begun, ended = (now, None) if known is None else (known.begun_at, known.ended_at)
            ended = ended or (now if run.finished else None)
            self._said[run.run_id] = _Said(run.lesson_id, len(run.steps), text, begun, ended, own=True)
            if self._store is None:
                return
            self._desk.submit(self._keep, text, safe)
        safe.wait(PATIENCE_SECONDS)

    def recall(self, lesson_id: str) -> None:
        """Look for the runs of a lesson; `recalled` follows."""
        self._desk.submit(self._recall, lesson_id)

    def find(self, lesson_id: str) -> Future[list[KeptRun]]:
        """Look for the runs of a lesson as they are once all that was kept before is safe."""
        return self._desk.submit(self._find, lesson_id)

    def add(self, runs: Iterable[KeptRun]) -> None:
        """Keep runs that were kept elsewhere; where one is known already, whichever has come further stays."""
        for kept in runs:
            run = kept.run
            said = _Said(
                run.lesson_id, len(run.steps), run.to_json(), kept.begun_at, kept.ended_at, own=False
            )
            with self._lock:
                known = self._said.get(run.run_id)
                if known is None or (known.lesson_id == said.lesson_id and known.read < said.read):
                    self._said[run.run_id] = said
                if self._store is not None:
                    self._desk.submit(self._add, said)

    def forget(self) -> None:
        """Forget the runs of this session."""
        with self._lock:
            self._said.clear()

    def forget_some(self, runs: Iterable[str]) -> None:
        """Delete runs, told by their ids, here and in the store; `forgotten` follows."""
        gone = list(runs)
        with self._lock:
            for run in gone:
                self._said.pop(run, None)
            self._desk.submit(self._forget, gone)

    def _keep(self, text: str, safe: threading.Event) -> None:
        from core.teaching.run import Run

        self._guarded(lambda store: store.keep_run(Run.from_json(text), lambda _: safe.set()))

    def _add(self, said: _Said) -> None:
        kept = said.kept()
        if kept is not None:
            self._guarded(lambda store: store.add_runs([kept]))

    def _forget(self, runs: list[str]) -> None:
        self._settled.wait(OPEN_SECONDS)
        if self._store is None:
            self._tell(self.forgotten, True, len(runs))
        elif not self._guarded(
            lambda store: store.forget_runs(runs, lambda gone: self._tell(self.forgotten, gone, len(runs)))
        ):
            self._tell(self.forgotten, False, len(runs))

    def _recall(self, lesson_id: str) -> None:
        self._tell(self.recalled, lesson_id, self._find(lesson_id))

    def _find(self, lesson_id: str) -> list[KeptRun]:
        self._settled.wait(OPEN_SECONDS)
        runs: dict[str, KeptRun] = {}
        self._guarded(lambda store: runs.update({kept.run.run_id: kept for kept in store.runs(lesson_id)}))
        with self._lock:
            said = {run: one for run, one in self._said.items() if one.lesson_id == lesson_id}
        for run, one in said.items():
            stored = runs.get(run)
            if stored is not None and one.is_behind(stored):
                continue
            kept = one.kept()
            if kept is not None:
                # What waits to be written is newer than what is read, but for when it was begun.
                runs[run] = kept if stored is None else replace(kept, begun_at=stored.begun_at)
        return list(runs.values())

    def _guarded(self, errand: Callable[[Store], None]) -> bool:
        try:
            if self._store is not None:
                errand(self._store)
        except Exception as error:
            _log.error("A learner's run could not be kept or read.", exc_info=error)
            return False
        return True

    def _tell(self, signal: Any, *values: object) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:
            _log.info("The store answered after the window had gone.")


class _Said(NamedTuple):
    """A run as text with how many of its cases are read, its times, and whether it was read here, not added."""

    lesson_id: str
    read: int
    text: str
    begun_at: datetime
    ended_at: datetime | None
    own: bool

    def is_behind(self, stored: KeptRun) -> bool:
        """Whether the store knows more of the run; as far as that, only what is read here may be newer."""
        further = len(stored.run.steps) - self.read
        return further > 0 if self.own else further >= 0

    def kept(self) -> KeptRun | None:
        """Return the run, None where its text holds none: one such run must not hide the others."""
        from core.store.runs import KeptRun
        from core.teaching.run import Run, RunError

        try:
            return KeptRun(Run.from_json(self.text), self.begun_at, self.ended_at)
        except RunError as error:
            _log.error("A learner's run cannot be read again.", exc_info=error)
            return None
