"""One line that says how far a run has come and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO


class ProgressLine:
    """Progress on a terminal; silent anywhere else.

    Parameters
    ----------
    total : int
        Number of files.
    stream : TextIO
        Usually standard error. Nothing is written unless it is a terminal.
    clock : callable
        Seconds, monotonic.
    """

    def __init__(self, total: int, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._stream = stream
        self._clock = clock
        self._active = stream.isatty()
        self._start = clock()
        self._shown = 0

    def show(self, done: int) -> None:
        """Show how many files are done, the rate and the time left."""
        if not self._active:
            return
        elapsed = self._clock() - self._start
        text = f"{done} of {self._total}"
        if done and elapsed > 0:
            rate = done / elapsed
            text += f", {rate:.1f} files/s, {_duration((self._total - done) / rate)} left"
        self._stream.write("\r" + text.ljust(self._shown))
        self._stream.flush()
        self._shown = len(text)

    def clear(self) -> None:
        """Remove the line, so that something else can be printed in its place."""
        if self._shown:
            self._stream.write("\r" + " " * self._shown + "\r")
            self._stream.flush()
            self._shown = 0


def _duration(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
