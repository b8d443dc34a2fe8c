"""Calls that may hang in the system, on threads that cannot keep the program from ending."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from queue import SimpleQueue
from typing import Any, Final, ParamSpec, TypeVar

PREFIX: Final = "deeppneumo-"
"""How the names of all these threads begin."""
GRACE_SECONDS: Final = 0.4
"""So long the end of the program waits for a call; one that takes longer is left behind."""

PATIENCE_SECONDS: Final = 0.5
"""So long a call is waited for although something more urgent has come: most end before."""

P = ParamSpec("P")
T = TypeVar("T")
_Errand = tuple["Future[Any]", Callable[[], Any]]


class ReleasedError(Exception):
    """Whoever waited for an answer was released before it came."""


class SlowError(Exception):
    """There was no answer within the time limit."""


class OvertakenError(Exception):
    """Something more urgent came while a call took long."""


class Errands:
    """Runs one call after the other on a daemon thread.

    A file on a share that has gone can hang in the system for as long as the system likes. Python waits for
    the threads of `concurrent.futures` in the end, and Qt for its own; it does not wait for these.
    """

    def __init__(self, name: str) -> None:
        self._name = f"{PREFIX}{name}"
        self._errands: SimpleQueue[_Errand | None] = SimpleQueue()
        self._condition = threading.Condition()
        self._released = False
        self._released_at = 0.0
        self._thread: threading.Thread | None = None

    def submit(self, call: Callable[P, T], *args: P.args, **more: P.kwargs) -> Future[T]:
        """Put a call at the end of the queue."""
        future: Future[T] = Future()
        future.add_done_callback(self._on_done)
        self._errands.put((future, lambda: call(*args, **more)))
        with self._condition:
            # Some lines are fed by several threads, and two errands at a time would be no line.
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        return future

    @property
    def busy(self) -> bool:
        """Whether the thread lives."""
        return self._thread is not None and self._thread.is_alive()

    def result(
        self,
        future: Future[T],
        limit: float | None = None,
        overtaken: Callable[[], bool] = lambda: False,
    ) -> T:
        """Wait for an answer and return it, or raise what the call raised.

        Raises
        ------
        ReleasedError
            When `release` comes first.
        SlowError
            When there is no answer within `limit` seconds.
        OvertakenError
            When `overtaken`, which `wake` has asked again, and the call takes longer than a moment.
        """
        began = time.monotonic()

        def settled() -> bool:
            return self._released or future.done()

        with self._condition:
            self._condition.wait_for(lambda: settled() or overtaken(), limit)
            late = overtaken()
            if late:
                self._condition.wait_for(settled, max(0.0, began + PATIENCE_SECONDS - time.monotonic()))
            if not settled():
                raise OvertakenError if late else SlowError
            if not future.done():
                raise ReleasedError
        return future.result()

    def drain(self, seconds: float) -> bool:
        """Wait until all calls so far have been made; False when that takes longer than `seconds`."""
        if self._thread is None:
            return True
        return not wait([self.submit(lambda: None)], max(0.0, seconds)).not_done

    def wake(self) -> None:
        """Ask again whether the wait has been overtaken."""
        with self._condition:
            self._condition.notify_all()

    def retire(self) -> None:
        """End the thread after the calls that it has; they can still be waited for."""
        self._errands.put(None)

    def release(self) -> None:
        """Let everybody go who waits, now and from now on, and begin no other call."""
        with self._condition:
            if not self._released:
                self._released_at = time.monotonic()
            self._released = True
            self._condition.notify_all()
        self._errands.put(None)

    def close(self, seconds: float = GRACE_SECONDS) -> None:
        """Release, and give the call in hand so long to end, counted from the first release.

        So several that were released together are closed one after the other in the time of one.
        """
        self.release()
        if self._thread is not None:
            self._thread.join(max(0.0, self._released_at + seconds - time.monotonic()))

    def _run(self) -> None:
        while (errand := self._errands.get()) is not None and not self._released:
            _perform(*errand)
            # An idle thread must not keep the last radiograph alive.
            del errand

    def _on_done(self, future: Future[Any]) -> None:
        with self._condition:
            self._condition.notify_all()


def _perform(future: Future[Any], call: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        answer = call()
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(answer)
