"""A line of errands that goes on when one of them hangs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Generic, ParamSpec, TypeVar

from deeppneumo_gui.inference.errands import GRACE_SECONDS, Errands, OvertakenError, SlowError

MOST_LEFT: Final = 16
"""Threads left behind in calls that hang; with so many, the line waits for one of them to come back."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Pending(Generic[T]):
    """A call on its way, and who runs it."""

    errands: Errands
    future: Future[T]


class Line:
    """Runs one call after the other; one that does not answer keeps its thread, and a fresh one goes on.

    `submit` and `result` belong to one thread, the others may be called from any.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._current = Errands(name)
        self._left: list[Errands] = []
        self._released = False

    def submit(self, call: Callable[P, T], *args: P.args, **more: P.kwargs) -> Pending[T]:
        """Put a call at the end of the line."""
        return Pending(self._current, self._current.submit(call, *args, **more))

    def result(self, pending: Pending[T], limit: float, overtaken: Callable[[], bool] = lambda: False) -> T:
        """Wait for an answer and return it, or raise what the call raised.

        Raises
        ------
        SlowError
            When there is no answer within `limit` seconds.
        OvertakenError
            When `overtaken` and the call takes long; the same call may be waited for again.
        ReleasedError
            When `release` comes first.
        """
        while True:
            try:
                return pending.errands.result(pending.future, limit, overtaken)
            except OvertakenError:
                self.leave(pending)
                raise
            except SlowError:
                if self.leave(pending):
                    raise

    def leave(self, pending: Pending[T]) -> bool:
        """Go on without a call that may hang; False when too many hang already."""
        with self._lock:
            if pending.errands is not self._current:
                return True
            self._left = [errands for errands in self._left if errands.busy]
            if len(self._left) >= MOST_LEFT:
                return False
            self._current.retire()
            self._left.append(self._current)
            self._current = Errands(self._name)
            if self._released:
                self._current.release()
            return True

    def wake(self) -> None:
        """Let whoever waits look again whether it has been overtaken."""
        for errands in self._all():
            errands.wake()

    def release(self) -> None:
        """Let everybody go who waits, now and from now on."""
        with self._lock:
            self._released = True
        for errands in self._all():
            errands.release()

    def close(self, seconds: float = GRACE_SECONDS) -> None:
        """Release, and give the calls in hand so long to end; what hangs is left behind."""
        self.release()
        for errands in self._all():
            errands.close(seconds)

    def _all(self) -> list[Errands]:
        with self._lock:
            return [*self._left, self._current]
