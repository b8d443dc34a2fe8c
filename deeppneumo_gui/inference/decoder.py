"""Decoding ahead of the engine, bounded, so that the model never waits for the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Final

from core.reading.radiograph import Radiograph
from deeppneumo_gui.inference.errands import OvertakenError
from deeppneumo_gui.inference.line import Line, Pending
from deeppneumo_gui.inference.messages import Job
from deeppneumo_gui.services import Reader

AHEAD: Final = 2
"""Radiographs decoded ahead; each may hold several megabytes, so this bounds the memory of a batch."""
LIMIT_SECONDS: Final = 10.0
"""So long a file of a batch may take; the files after it wait meanwhile."""
SELECTED_LIMIT_SECONDS: Final = 30.0
"""So long the selected file may take, which somebody waits for."""


class DecodeAhead:
    """Decodes the file that is wanted now on one thread, the next few of a batch on another.

    Selections have a line of their own, so that no number of files that hang in a batch can reach them.
    """

    def __init__(self, read: Reader, overtaken: Callable[[], bool] = lambda: False) -> None:
        self._read = read
        self._overtaken = overtaken
        self._selected = Line("read")
        self._batch = Line("batch")
        self._ahead = Line("decode")
        self._pending: dict[tuple[int, int], tuple[Line, Pending[Radiograph]]] = {}

    def radiograph(self, job: Job) -> Radiograph:
        """Return the radiograph of a job, decoded ahead or now.

        Raises
        ------
        ReadError
            As the reader raises it.
        SlowError
            When the file does not answer.
        OvertakenError
            When a newer selection waits and the file takes long; it is read on, for the next time.
        ReleasedError
            When the program ends first.
        """
        line, pending = self._pending.pop(job.picture, (None, None))
        # A call that has not started would queue behind its neighbours; a click must not.
        if line is None or pending is None or pending.future.cancel():
            line = self._batch if job.ticket is None else self._selected
            pending = line.submit(self._read, job.path, job.frame)
        limit = LIMIT_SECONDS if job.ticket is None else SELECTED_LIMIT_SECONDS
        try:
            return line.result(pending, limit, self._overtaken)
        except OvertakenError:
            self._pending[job.picture] = line, pending
            raise

    def prepare(self, upcoming: Iterable[Job]) -> None:
        """Start on the given jobs and forget all others."""
        jobs = {job.picture: job for job in upcoming}
        for picture in self._pending.keys() - jobs.keys():
            line, pending = self._pending.pop(picture)
            if not pending.future.cancel() and not pending.future.done():
                line.leave(pending)
        for picture, job in jobs.items():
            if picture not in self._pending:
                self._pending[picture] = self._ahead, self._ahead.submit(self._read, job.path, job.frame)

    def wake(self) -> None:
        """Let whoever waits for a file look whether it has been overtaken; from any thread."""
        for line in self._lines:
            line.wake()

    def release(self) -> None:
        """Let whoever waits for a file go; from any thread."""
        for line in self._lines:
            line.release()

    @property
    def _lines(self) -> tuple[Line, ...]:
        return self._selected, self._batch, self._ahead

    def __enter__(self) -> DecodeAhead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pending.clear()
        self.release()
        for line in self._lines:
            line.close()
