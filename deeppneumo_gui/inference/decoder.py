"""Decoding ahead of the engine, bounded, so that the model never waits for the disk."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from types import TracebackType
from typing import Final

from core.reading.radiograph import Radiograph
from deeppneumo_gui.inference.errands import Errands
from deeppneumo_gui.inference.messages import Job
from deeppneumo_gui.services import Reader

AHEAD: Final = 2
"""Radiographs decoded ahead; each may hold several megabytes, so this bounds the memory of a batch."""


class DecodeAhead:
    """Decodes the file that is wanted now on one thread, the next few of a batch on another."""

    def __init__(self, read: Reader) -> None:
        self._read = read
        self._now = Errands("read")
        self._ahead = Errands("decode")
        self._futures: dict[tuple[int, int], Future[Radiograph]] = {}

    def radiograph(self, job: Job) -> Radiograph:
        """Return the radiograph of a job, decoded ahead or now.

        Raises
        ------
        ReadError
            As the reader raises it.
        ReleasedError
            When the program ends first.
        """
        future = self._futures.pop(job.picture, None)
        # A future that has not started would queue behind its neighbours; a click must not.
        if future is None or future.cancel():
            return self._now.result(self._now.submit(self._read, job.path, job.frame))
        return self._ahead.result(future)

    def prepare(self, upcoming: Iterable[Job]) -> None:
        """Start on the given jobs and forget all others."""
        jobs = {job.picture: job for job in upcoming}
        for picture in self._futures.keys() - jobs.keys():
            self._futures.pop(picture).cancel()
        for picture, job in jobs.items():
            if picture not in self._futures:
                self._futures[picture] = self._ahead.submit(self._read, job.path, job.frame)

    def release(self) -> None:
        """Let whoever waits for a file go; from any thread."""
        self._now.release()
        self._ahead.release()

    def __enter__(self) -> DecodeAhead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._futures.clear()
        self.release()
        self._now.close()
        self._ahead.close()
