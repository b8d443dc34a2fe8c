"""Work on a lesson that touches the disk, one piece after the other beside the window."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Final, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import DeepPneumoError
from deeppneumo_gui.inference.errands import Errands, ReleasedError

T = TypeVar("T")
_FAILED: Final = "That did not work; there may be too little memory."
_log = logging.getLogger(__name__)


class LessonDesk(QObject):
    """Runs calls on a thread that cannot keep the program from ending, and brings the answers to the window."""

    failed = Signal(str)
    """Why there is no answer, in a sentence."""
    _answered = Signal(object, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._errands = Errands("lesson")
        self._ended = threading.Event()
        self._answered.connect(self._on_answered)

    @property
    def ended(self) -> bool:
        """Whether nobody waits for an answer any more."""
        return self._ended.is_set()

    def ask(self, call: Callable[[], T], then: Callable[[T], None]) -> None:
        """Have something done; `then` is called in the thread of the window."""

        def answer(future: Future[T]) -> None:
            try:
                if not future.cancelled():
                    self._answered.emit(future, then)
            except RuntimeError:
                _log.info("An answer about a lesson came after the window had gone.")

        self._errands.submit(call).add_done_callback(answer)

    def shutdown(self) -> None:
        """End; what hangs in the system is left behind."""
        self._ended.set()
        self._errands.close()

    @Slot(object, object)
    def _on_answered(self, future: Future[T], then: Callable[[T], None]) -> None:
        if self.ended:
            return
        error = future.exception()
        if error is None:
            then(future.result())
        elif not isinstance(error, ReleasedError):
            if not isinstance(error, DeepPneumoError):
                _log.error("Something about a lesson failed.", exc_info=error)
            self.failed.emit(str(error) if isinstance(error, DeepPneumoError) else _FAILED)
