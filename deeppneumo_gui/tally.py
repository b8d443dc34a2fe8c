"""How far the background scoring is, free of Qt."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the background scoring is; `total` is 0 while nothing runs.

    Attributes
    ----------
    known : int
        How many of the done were remembered; they took no time and tell nothing of how long the rest takes.
    """

    done: int = 0
    total: int = 0
    seconds: float = 0.0
    known: int = 0

    @property
    def running(self) -> bool:
        """Whether files wait to be scored."""
        return self.done < self.total

    @property
    def rate(self) -> float:
        """Files a second so far."""
        return (self.done - self.known) / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Expected time to the end, None before there is a rate."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None


class Tally:
    """Which cases are still to be scored; a new count begins whenever none is."""

    def __init__(self) -> None:
        self._outstanding: set[int] = set()
        self._total = 0
        self._known = 0
        self._started = 0.0

    def __contains__(self, case_id: int) -> bool:
        return case_id in self._outstanding

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        if not self._outstanding:
            return Progress()
        done = self._total - len(self._outstanding)
        return Progress(done, self._total, time.monotonic() - self._started, self._known)

    def add(self, case_ids: Iterable[int]) -> None:
        """Count cases that are to be scored."""
        if not self._outstanding:
            self._total = self._known = 0
            self._started = time.monotonic()
        before = len(self._outstanding)
        self._outstanding.update(case_ids)
        self._total += len(self._outstanding) - before

    def finish(self, case_id: int) -> None:
        """Count a case as done."""
        self._outstanding.discard(case_id)

    def recall(self, case_id: int) -> None:
        """Count a case as done that took no time."""
        if case_id in self._outstanding:
            self._outstanding.discard(case_id)
            self._known += 1

    def withdraw(self, case_ids: Iterable[int]) -> None:
        """Count cases no longer, as if they had never been added."""
        waiting = self._outstanding.intersection(case_ids)
        self._outstanding -= waiting
        self._total -= len(waiting)

    def clear(self) -> None:
        """Stop counting."""
        self._outstanding.clear()
