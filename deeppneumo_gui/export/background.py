"""One piece of work at a time beside the window; it cannot hold the program back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import BinaryIO, Final, cast

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import DeepPneumoError
from deeppneumo_gui.export.failures import why_not_written
from deeppneumo_gui.inference.errands import PREFIX

_log = logging.getLogger(__name__)
THREAD_NAME: Final = f"{PREFIX}export"


class CancelledError(Exception):
    """The reader, or the end of the program, wants no more of it."""


class Control:
    """What a piece of work is told while it runs, and what it tells."""

    def __init__(self, report: Callable[[int, int], None]) -> None:
        self._cancelled = threading.Event()
        self.report = report
        self.complete = False

    def cancel(self) -> None:
        """Ask the work to end soon."""
        self._cancelled.set()

    def finish(self) -> None:
        """Note that all of it was done, so that the sentence about it is good news."""
        self.complete = True

    def check(self) -> None:
        """Raise `CancelledError` when nobody wants the result any more."""
        if self._cancelled.is_set():
            raise CancelledError


class _Interruptible:
    def __init__(self, stream: BinaryIO, control: Control) -> None:
        self._stream = stream
        self._control = control

    def write(self, content: bytes) -> int:
        """Write, or raise `CancelledError`."""
        self._control.check()
        return self._stream.write(content)

    def flush(self) -> None:
        """Pass on what has been written."""
        self._stream.flush()


def interruptible(stream: BinaryIO, control: Control) -> BinaryIO:
    """Return a stream that ends the writing of a large file as soon as the work is cancelled."""
    return cast(BinaryIO, _Interruptible(stream, control))


Work = Callable[[Control], str]
"""Does it and returns one sentence about it."""


class Background(QObject):
    """Runs work on a thread that a hung disk cannot turn into a program that never ends."""

    progressed = Signal(int, int)
    """Done, of how many."""
    ended = Signal(str)
    """One sentence: what was written, or why not. By then the next piece of work may begin."""
    _done = Signal(str, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._control: Control | None = None
        self._thread: threading.Thread | None = None
        self._running = False
        self.complete = False
        # Across to the thread of the window: until its end has been told there, a piece of work still runs.
        self._done.connect(self._on_done)

    @property
    def running(self) -> bool:
        """Whether a piece of work is under way."""
        return self._running

    def start(self, work: Work) -> None:
        """Begin; the caller has made sure that nothing else runs."""
        control = Control(self.progressed.emit)
        self._control = control
        self._running = True
        self._thread = threading.Thread(target=self._run, args=(work, control), name=THREAD_NAME, daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Ask the work to end soon; `ended` follows."""
        if self._control is not None:
            self._control.cancel()

    def shutdown(self, seconds: float) -> None:
        """Cancel, and wait at most so long: what hangs in the system is left behind."""
        self.cancel()
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, work: Work, control: Control) -> None:
        try:
            sentence = work(control)
        except CancelledError:
            sentence = "Nothing was written: the export was cancelled."
        except DeepPneumoError as error:
            sentence = str(error)
        except OSError as error:
            sentence = f"The file could not be written. {why_not_written(error)}"
        except Exception as error:
            _log.error("An export failed.", exc_info=error)
            sentence = "The export failed; there may be too little memory."
        try:
            self._done.emit(sentence, control.complete)
        except RuntimeError:
            _log.info("An export ended after the window.")

    @Slot(str, bool)
    def _on_done(self, sentence: str, complete: bool) -> None:
        self.complete = complete
        self._running = False
        self.ended.emit(sentence)
