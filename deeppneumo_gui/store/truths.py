"""Truth on its way to the store: thousands of files may have to be read for it, and nobody waits for that."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.store.content import FileState
from core.truth.truth import Truth
from deeppneumo_gui.inference.errands import Errands
from deeppneumo_gui.store.files import OpenFiles

if TYPE_CHECKING:
    from core.store.store import Store

AT_ONCE: Final = 200
"""Labels brought to the store together; a judgement given meanwhile comes between two such lots."""

_log = logging.getLogger(__name__)


class StoredTruths:
    """Finds out which contents files have on a thread of its own, and has their truth kept.

    Parameters
    ----------
    files : OpenFiles
    bring : callable
        Has an errand done by the thread that brings things to the store, after all that it was given before; the
        answer says whether there was a store to bring it to.
    """

    def __init__(self, files: OpenFiles, bring: Callable[[Callable[[Store], None]], Future[bool]]) -> None:
        self._files = files
        self._bring = bring
        self._errands = Errands("label")
        self._lock = threading.Lock()
        self._waiting: dict[Path, Truth | None] = {}
        self._in_hand: dict[Path, Truth | None] = {}
        self._safe = threading.Event()
        self._hurried = False
        self._released = False

    def put(self, truths: Mapping[Path, Truth | None]) -> None:
        """Keep what is known of files from now on; None where nothing is any more."""
        with self._lock:
            self._waiting.update(truths)
        self._errands.submit(self._keep_all)

    def forget(self, paths: Collection[Path] | None = None) -> None:
        """Keep nothing of what waits for some files, or with None for all."""
        with self._lock:
            for labels in (self._waiting, self._in_hand):
                for path in list(labels) if paths is None else paths:
                    labels.pop(path, None)

    def hurry(self) -> None:
        """Bring what waits before the program ends, first all those whose files need not be read for it."""
        self._hurried = True

    def drain(self, seconds: float) -> bool:
        """Wait until all labels are on their way; False when that takes longer than `seconds`."""
        return self._errands.drain(seconds)

    def release(self) -> None:
        """Begin nothing else."""
        self._released = True
        self._safe.set()
        self._errands.release()

    def close(self, seconds: float) -> None:
        """End; what hangs in the system longer than `seconds` after the release is left behind."""
        self._errands.close(seconds)

    def _keep_all(self) -> None:
        try:
            while (paths := self._take()) and not self._released:
                self._keep({path: self._files.content_to_label(path) for path in paths})
        except Exception as error:
            _log.error("Truth could not be kept.", exc_info=error)

    def _take(self) -> list[Path]:
        with self._lock:
            known = self._files.known(self._waiting) if self._hurried else []
            paths = known or islice(self._waiting, AT_ONCE)
            self._in_hand = {path: self._waiting[path] for path in paths}
            for path in self._in_hand:
                del self._waiting[path]
            return list(self._in_hand)

    def _keep(self, seen: Mapping[Path, tuple[FileState, str] | None]) -> None:
        self._safe = safe = threading.Event()
        with self._lock:
            # Without those that were forgotten meanwhile, and under the lock: whoever forgets comes before or after.
            found = {path: seen[path] for path in self._in_hand}
            truths = {known[1]: self._in_hand[path] for path, known in found.items() if known is not None}
            brought = self._bring(lambda store: store.set_truths(truths, lambda _: safe.set()))
        brought.add_done_callback(lambda future: None if _taken(future) else safe.set())
        # One lot at a time, so that a judgement never finds more than one in its way.
        if not self._released:
            safe.wait()


def _taken(future: Future[bool]) -> bool:
    return not future.cancelled() and future.exception() is None and future.result()
