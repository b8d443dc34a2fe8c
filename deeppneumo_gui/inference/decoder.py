"""Decoding ahead of the engine, bounded, so that the model never waits for the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final

from core.reading.radiograph import Radiograph
from deeppneumo_gui.inference.messages import Job

AHEAD: Final = 2
"""Radiographs decoded ahead; each may hold several megabytes, so this bounds the memory of a batch."""


class DecodeAhead:
    """Decodes the next few files of a batch on one more thread."""

    def __init__(self, read: Callable[[Path], Radiograph]) -> None:
        self._read = read
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="deeppneumo-decode")
        self._futures: dict[int, Future[Radiograph]] = {}

    def radiograph(self, job: Job) -> Radiograph:
        """Return the radiograph of a job, decoded ahead or now.

        Raises
        ------
        ReadError
            As the reader raises it.
        """
        future = self._futures.pop(job.case_id, None)
        # A future that has not started would queue behind its neighbours; a click must not.
        if future is None or future.cancel():
            return self._read(job.path)
        return future.result()

    def prepare(self, upcoming: Iterable[Job]) -> None:
        """Start on the given jobs and forget all others."""
        jobs = {job.case_id: job for job in upcoming}
        for case_id in self._futures.keys() - jobs.keys():
            self._futures.pop(case_id).cancel()
        for case_id, job in jobs.items():
            if case_id not in self._futures:
                self._futures[case_id] = self._pool.submit(self._read, job.path)

    def __enter__(self) -> DecodeAhead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._futures.clear()
        self._pool.shutdown(wait=True, cancel_futures=True)
