"""Timing and reporting shared by all measurements."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """One measured value and the bar that it has to meet."""

    name: str
    value: float
    limit: float
    at_least: bool
    detail: str

    @property
    def is_met(self) -> bool:
        """Whether the value is on the right side of the bar."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        relation = ">=" if self.at_least else "<="
        verdict = "met" if self.is_met else "MISSED"
        return f"{verdict:6}  {self.name}: {self.value:.2f} ({relation} {self.limit:g})  [{self.detail}]"


def alternate(
    sides: dict[str, Callable[[], object]], rounds: int, *, warm_up: int = 3, untimed: int = 0
) -> dict[str, float]:
    """Time several callables in turns and return the median seconds of each.

    Turns share out whatever else the machine does; the first `warm_up` rounds do not count, nor do `untimed` calls
    of a side before each that does. They are for sides whose threads go on spinning after the work is done, which
    takes a core from the side that comes next.
    """
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for turn in range(warm_up + rounds):
        for name, side in sides.items():
            for _ in range(untimed):
                side()
            started = time.perf_counter()
            side()
            if turn >= warm_up:
                seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
