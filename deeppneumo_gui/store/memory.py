"""The store behind the window: asked before anything is scored, told before anything is shown."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from core.engine.card import Card
from core.errors import StoreError
from core.store.content import Picture
from core.truth.truth import Truth
from deeppneumo_gui.inference.errands import Errands, ReleasedError, SlowError
from deeppneumo_gui.inference.line import Line
from deeppneumo_gui.inference.messages import Job, Outcome
from deeppneumo_gui.services import Reader
from deeppneumo_gui.store.files import LIMIT_SECONDS, OpenFiles
from deeppneumo_gui.store.judgements import StoredJudgements
from deeppneumo_gui.store.messages import Recollection, result_of
from deeppneumo_gui.store.recollecting import chunks, recollect
from deeppneumo_gui.store.runs import StoredRuns
from deeppneumo_gui.store.truths import StoredTruths

if TYPE_CHECKING:
    from core.store.store import Store

FLUSH_SECONDS: Final = 0.4
"""So long the end of the program waits for judgements and labels on their way to the store."""

THREADS_SECONDS: Final = 0.6
"""By then, counted from `Memory.stop`, calls must have ended that were let go; others are left behind."""

END_SECONDS: Final = 0.9
"""By then the store must have written what it was brought; what it does after that may be cut short."""

_LEAST_SECONDS: Final = 0.1

KEPT_AGAIN: Final = "Results and judgements are being kept again."
NOT_OPENED: Final = "Results and judgements are not being kept: their file cannot be used."
NO_ANSWER: Final = "Results and judgements are not being kept: the disk does not answer."

Opener = Callable[[Callable[[str | None], None]], "Store"]
"""Opens the store, given whom to tell of trouble; raises `StoreError`."""

_log = logging.getLogger(__name__)


class Memory(QObject):
    """Knows what was scored, judged and learned earlier; without a store, what was judged in this session.

    What touches the disk runs on threads of its own; every answer is a signal.
    """

    recalled = Signal(object)
    """`Recollection`."""
    kept = Signal(object)
    """`Outcome` that may be shown now: it is safe, or cannot be made so."""
    said = Signal(str, bool)
    """A sentence for the reader, and whether it is good news."""
    unfinished = Signal(object)
    """`list[Path]`: an opening whose scoring was broken off."""
    forgotten = Signal(bool)
    """Whether what was to be forgotten is gone."""

    def __init__(self, opener: Opener | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._opener = opener
        self._store: Store | None = None
        self._settled = threading.Event()
        self._opening = Line("store")
        self._recalling = Errands("recall")
        self._keeping = Errands("keep")
        self._files = OpenFiles()
        self.judgements = StoredJudgements(self._files, self._keeping, lambda text: self._say(text, False))
        self.runs = StoredRuns(self._keeping, self._settled, self)
        if opener is None:
            self._settled.set()
        self._truths = StoredTruths(self._files, self._bring)
        self._stopped_at: float | None = None

    @property
    def lasting(self) -> bool:
        """Whether anything is to be remembered beyond this session."""
        return self._opener is not None

    def watched(self, read: Reader) -> Reader:
        """Return the reader that the inference thread is to use."""
        return read if self._opener is None else self._files.watched(read)

    def open(self, openings: Sequence[Sequence[Path]] = ()) -> None:
        """Open the store, and look whether the scoring of one of these openings was broken off."""
        if self._opener is not None:
            self._recalling.submit(self._open, self._opener, [list(paths) for paths in openings])

    def _open(self, opener: Opener, openings: list[list[Path]]) -> None:
        try:
            pending = self._opening.submit(opener, self._on_trouble)
            store = self._opening.result(pending, LIMIT_SECONDS)
            begun = [paths for paths in openings if store.is_unfinished(paths)]
        except StoreError as error:
            self._say(str(error), False)
            return
        except SlowError:
            self._say(NO_ANSWER, False)
            return
        except ReleasedError:
            return
        except Exception as error:
            _log.error("The store could not be opened.", exc_info=error)
            self._say(NOT_OPENED, False)
            return
        else:
            self._store = store
            self.judgements.open(store)
            self.runs.open(store)
        finally:
            self._settled.set()
        if store.message is not None:
            self._say(store.message, False)
        if begun:
            self._emit(self.unfinished, begun[0])

    # Before scoring

    def recall(self, jobs: Sequence[Job], card: Card | None) -> None:
        """Look up cases; `recalled` follows, once or several times, with every job in it or in an outcome."""
        if self._opener is None:
            if jobs:
                self.recalled.emit(Recollection(tuple(jobs)))
            return
        for chunk in chunks(jobs):
            self._recalling.submit(self._recall, chunk, card)

    def _recall(self, jobs: Sequence[Job], card: Card | None) -> None:
        if self._stopped_at is not None:
            return
        recollection = Recollection(tuple(jobs))
        try:
            if self._store is not None:
                recollection, said = recollect(self._store, self._files, jobs, card)
                self.judgements.learn(said)
        except StoreError as error:
            _log.warning("What is remembered could not be read.")
            self._say(str(error), False)
        except Exception as error:
            _log.error("What is remembered could not be read.", exc_info=error)
        self._emit(self.recalled, recollection)

    # Before showing

    def keep(self, outcome: Outcome, path: Path | None, card: Card | None) -> None:
        """Make a result safe; `kept` follows.

        Parameters
        ----------
        outcome : Outcome
        path : Path or None
            Of its file, None where nobody is interested any more.
        card : Card or None
            Of the model that it came from, None where that is not known.
        """
        nowhere = self._store is None and self._settled.is_set()
        if nowhere or path is None or card is None or result_of(outcome) is None:
            self.kept.emit(outcome)
        else:
            self._keeping.submit(self._keep, outcome, path, card)

    def _keep(self, outcome: Outcome, path: Path, card: Card) -> None:
        # A large store may take longer to open than a model: what is shown must not be older than what is kept.
        self._settled.wait(LIMIT_SECONDS)
        try:
            store, result = self._store, result_of(outcome)
            read = self._files.content_as_read(path, outcome.frame)
            if store is not None and read is not None and result is not None:
                state, content = read
                store.mark(state, content)
                picture = Picture(content, outcome.frame)
                store.keep(picture, card, result, lambda _: self._emit(self.kept, outcome))
                return
        except Exception as error:
            _log.error("A result could not be kept.", exc_info=error)
        self._emit(self.kept, outcome)

    # Batches, truth, forgetting

    def begin(self, opening: Sequence[Path]) -> None:
        """Note that an opening is being scored, for the next start if this one breaks off."""
        self._change(lambda store: store.begin(opening))

    def finish(self) -> None:
        """Note that nothing is left to be scored."""
        self._change(lambda store: store.finish())

    def set_truths(self, truths: Mapping[Path, Truth | None]) -> None:
        """Keep what a table says of files."""
        if self._opener is not None:
            self._truths.put(truths)

    def forget(self, paths: Collection[Path], folders: Collection[Path]) -> None:
        """Delete what is known of files, and of all that ever lay in folders; `forgotten` follows."""
        self.judgements.forget(set(paths))
        self._truths.forget(paths)

        def bring(store: Store) -> None:
            contents = [seen[1] for path in paths if (seen := self._files.content_now(path)) is not None]
            store.forget(contents, folders, self._on_forgotten)

        self._change(bring)

    def forget_everything(self) -> None:
        """Delete all that is known; `forgotten` follows."""
        self.judgements.forget()
        self._truths.forget()
        self.runs.forget()
        self._change(lambda store: store.forget_everything(self._on_forgotten))

    def _bring(self, errand: Callable[[Store], None]) -> Future[bool]:
        """Have something done by the thread that brings things to the store, where there is one."""

        def run() -> bool:
            self._settled.wait(LIMIT_SECONDS)
            if self._store is None:
                return False
            try:
                errand(self._store)
            except Exception as error:
                _log.error("Something could not be kept.", exc_info=error)
                return False
            return True

        return self._keeping.submit(run)

    def _change(self, errand: Callable[[Store], None]) -> None:
        """Have something done where anything is to last."""
        if self._opener is not None:
            self._bring(errand)

    # The end

    def stop(self) -> None:
        """Look nothing up any more, and bring what waits to the store; follow with `shutdown`."""
        if self._stopped_at is None:
            self._stopped_at = time.monotonic()
            self._truths.hurry()
        if self._settled.is_set():
            self._recalling.release()

    def shutdown(self) -> None:
        """End once what waits is kept, or after a moment; what hangs in the system is left behind."""
        self.stop()
        if not self._flush():
            _log.warning("Something could not be kept before the end.")
        self._settled.set()
        for waited in (self._opening, self._files, self._truths, self._recalling, self._keeping):
            waited.release()
        left = self._left(THREADS_SECONDS)
        for thread in (self._recalling, self._truths, self._keeping, self._files, self._opening):
            thread.close(left)
        if self._store is not None:
            self._store.close(max(_LEAST_SECONDS, self._left(END_SECONDS)))

    def _flush(self) -> bool:
        """Have the last judgements, labels and results kept; labels come by way of the thread that keeps."""
        # What was said before the store was open is brought there once it is.
        if self._recalling.busy and not self._settled.wait(self._left(FLUSH_SECONDS)):
            return False
        return all(drain(self._left(FLUSH_SECONDS)) for drain in (self._truths.drain, self._keeping.drain))

    def _left(self, seconds: float) -> float:
        """Return what is left of some seconds from the beginning of the end."""
        assert self._stopped_at is not None
        return max(0.0, self._stopped_at + seconds - time.monotonic())

    def _on_trouble(self, sentence: str | None) -> None:
        self._say(KEPT_AGAIN if sentence is None else sentence, sentence is None)

    def _on_forgotten(self, gone: bool) -> None:
        self._emit(self.forgotten, gone)

    def _say(self, sentence: str, good: bool) -> None:
        self._emit(self.said, sentence, good)

    def _emit(self, signal: Any, *values: object) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:
            _log.info("The store answered after the window had gone.")
