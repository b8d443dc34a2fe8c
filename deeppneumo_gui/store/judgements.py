"""Judgements of this session in memory, and all of them in the store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.store.content import Picture
from core.store.judgement import NO_JUDGEMENT, Judgement
from deeppneumo_gui.inference.errands import Errands
from deeppneumo_gui.store.files import OpenFiles

if TYPE_CHECKING:
    from core.store.store import Store

PATIENCE_SECONDS: Final = 0.1
"""So long a judgement may take to be safe before it is shown all the same; a thousandth of a second is usual."""

VANISHED: Final = "A judgement is kept for this session only: its file is no longer there or cannot be read."

_log = logging.getLogger(__name__)


class StoredJudgements:
    """Says what was said of a file, and makes safe what is said now.

    Parameters
    ----------
    files : OpenFiles
    desk : Errands
        The thread that brings things to the store.
    say : callable
        Takes a sentence for the reader.
    """

    def __init__(self, files: OpenFiles, desk: Errands, say: Callable[[str], None]) -> None:
        self._files = files
        self._desk = desk
        self._say = say
        self._store: Store | None = None
        self._lock = threading.Lock()
        self._said: dict[tuple[Path, int], Judgement] = {}

    def open(self, store: Store) -> None:
        """Use a store, also for what has been said already."""
        with self._lock:
            self._store = store
            # Under the lock: nothing newer may get to the desk before what it replaces.
            for (path, frame), judgement in self._said.items():
                self._desk.submit(self._keep, path, frame, judgement, threading.Event())

    def get(self, path: Path, frame: int) -> Judgement:
        """Return what was said of a frame of a file, as far as it has been recalled."""
        with self._lock:
            return self._said.get((path.absolute(), frame), NO_JUDGEMENT) if self._said else NO_JUDGEMENT

    def put(self, path: Path, frame: int, judgement: Judgement) -> None:
        """Keep what is said of a frame of a file; returns when it is safe, or after a moment."""
        path, safe = path.absolute(), threading.Event()
        with self._lock:
            self._said[path, frame] = judgement
            lasting = self._store is not None
            if lasting:
                self._desk.submit(self._keep, path, frame, judgement, safe)
        if lasting:
            safe.wait(PATIENCE_SECONDS)

    def learn(self, recalled: Mapping[tuple[Path, int], Judgement]) -> None:
        """Take note of what was said earlier; what has been said since stands."""
        with self._lock:
            for (path, frame), judgement in recalled.items():
                self._said.setdefault((path.absolute(), frame), judgement)

    def forget(self, paths: set[Path] | None = None) -> None:
        """Forget what was said of some files, or with None of all."""
        gone = None if paths is None else {path.absolute() for path in paths}
        with self._lock:
            self._said = {} if gone is None else {k: v for k, v in self._said.items() if k[0] not in gone}

    def _keep(self, path: Path, frame: int, judgement: Judgement, safe: threading.Event) -> None:
        store = self._store
        if store is None:
            return
        try:
            known = self._files.content_now(path)
            if known is None:
                safe.set()
                self._say(VANISHED)
                return
            state, content = known
            store.mark(state, content)
            store.judge(Picture(content, frame), judgement, lambda _: safe.set())
        except Exception as error:
            safe.set()
            _log.error("A judgement could not be kept.", exc_info=error)
