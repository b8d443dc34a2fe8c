"""A folder of files into rows, on all cores and in bounded memory."""

from __future__ import annotations

import logging
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.cores import core_count
from core.engine.engine import Engine
from core.engine.prediction import Prediction
from core.engine.suitability import find_objection
from core.errors import EngineError, ReadError
from core.preprocess import preprocess
from core.reading import read_radiograph
from core.reading.radiograph import Radiograph
from core.refusal import find_refusal
from core.store.result import Result
from core.table import Row

BATCH_SIZE: Final = 4
"""Files that one worker decodes and then scores together. Measured on two cores with one thread per engine
call: 4 takes 5 % less time per file than 1, 8 no less than 4 but twice the memory."""

Scored = Callable[[int, Radiograph, Prediction], None]
Keep = Callable[[int, Sequence[Result | None]], None]

_log = logging.getLogger(__name__)


def score_files(
    paths: Sequence[Path],
    engine: Engine,
    *,
    names: Sequence[str] | None = None,
    frame: int = 0,
    workers: int | None = None,
    cancel: threading.Event | None = None,
    score_refused: bool = False,
    on_scored: Scored | None = None,
    keep: Keep | None = None,
) -> Generator[Row, None, None]:
    """Score files and yield one row for each, in order, as they become ready.

    Each worker takes a few files, decodes and preprocesses them and scores them as one batch, so that decoding and
    scoring never wait for each other. Only a few batches are under way at any time; pixels do not outlive the
    worker that decoded them. An engine with one thread per call uses the cores best here.

    Parameters
    ----------
    paths : sequence of Path
    engine : Engine
    names : sequence of str, optional
        What `Row.file` says for each path; None takes the file names without folders.
    frame : int
        Frame to score, 0 for the first; a file without it becomes an unreadable row.
    workers : int, optional
        Threads that decode and score; None takes one per core.
    cancel : threading.Event, optional
        Once set, the iterator ends after the files that are being worked on. Rows yielded until then stand.
    score_refused : bool
        Whether refused images are scored too; their rows have the score, and say so.
    on_scored : callable, optional
        Called in a worker with the file's index, radiograph and prediction before the row is yielded; from
        several workers at once. What it raises ends the iteration and comes out of it.
    keep : callable, optional
        Called in a worker, before their rows are yielded, with the index of the first of some files and what became
        of each; None stands for what another try might change. What it raises ends the iteration, too.

    Yields
    ------
    Row
        A file that cannot be read, whatever the reason, is a row and never an exception.
    """
    workers = workers or core_count()
    # With pictures to make, a radiograph outlives its decoding; one at a time per worker then.
    size = 1 if on_scored else max(1, min(BATCH_SIZE, -(-len(paths) // workers)))
    labels = names if names is not None else [path.name for path in paths]
    task = _Task(engine, frame, score_refused, on_scored, keep, cancel)
    yield from _ahead(task, paths, labels, size, workers)


def _ahead(
    task: _Task, paths: Sequence[Path], labels: Sequence[str], size: int, workers: int
) -> Generator[Row, None, None]:
    """Yield rows in order while the next few batches are being worked on."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="score")
    starts = iter(range(0, len(paths), size))
    waiting: deque[Future[list[Row]]] = deque()

    def submit_next() -> None:
        start = next(starts, None)
        if start is not None:
            end = start + size
            waiting.append(pool.submit(task.score, start, paths[start:end], labels[start:end]))

    try:
        for _ in range(2 * workers):
            submit_next()
        while waiting and not task.is_cancelled():
            rows = waiting.popleft().result()
            submit_next()
            yield from rows
    finally:
        task.stop.set()
        pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A file that is ready for the model; with its radiograph only where that is still needed.

    `objection` says why it is scored only on request.
    """

    values: NDArray[np.float32]
    radiograph: Radiograph | None
    objection: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Ended:
    """What became of a file; the result is None where another try might end otherwise."""

    row: Row
    result: Result | None = None


@dataclass(frozen=True, slots=True)
class _Task:
    """What all batches of one run have in common."""

    engine: Engine
    frame: int
    score_refused: bool
    on_scored: Scored | None
    keep: Keep | None
    cancel: threading.Event | None
    stop: threading.Event = field(default_factory=threading.Event)

    def is_cancelled(self) -> bool:
        """Whether nobody wants more of it."""
        return self.stop.is_set() or (self.cancel is not None and self.cancel.is_set())

    def score(self, first: int, paths: Sequence[Path], names: Sequence[str]) -> list[Row]:
        """Return the rows of some files; none of them once the run is cancelled."""
        loaded: list[_Loaded | _Ended] = []
        for path, name in zip(paths, names, strict=True):
            if self.is_cancelled():
                return []
            loaded.append(self._load(path, name))
        ready = [item.values for item in loaded if isinstance(item, _Loaded)]
        predictions = iter(self._predict(ready))
        ended: list[_Ended] = []
        for place, (item, name) in enumerate(zip(loaded, names, strict=True)):
            if isinstance(item, _Ended):
                ended.append(item)
                continue
            prediction = next(predictions)
            if isinstance(prediction, str):
                ended.append(_Ended(Row(name, "unreadable", prediction)))
                continue
            ended.append(self._end(name, first + place, item, prediction))
        if self.keep:
            self.keep(first, [item.result for item in ended])
        return [item.row for item in ended]

    def _end(self, name: str, index: int, item: _Loaded, prediction: Prediction) -> _Ended:
        refusal = find_refusal(item.objection, prediction)
        if refusal is not None:
            if not self.score_refused:
                row = Row.refused(name, refusal, prediction.familiarity, item.notes)
                return _Ended(row, Result("refused", refusal, prediction, item.notes))
            prediction = replace(prediction, refusal=refusal)
        if self.on_scored and item.radiograph:
            self.on_scored(index, item.radiograph, prediction)
        row = Row.scored(name, prediction, item.notes)
        return _Ended(row, Result.of_prediction(prediction, item.notes))

    def _load(self, path: Path, name: str) -> _Loaded | _Ended:
        try:
            radiograph = read_radiograph(path, frame=self.frame)
            objection = find_objection(radiograph)
            if objection is not None and not self.score_refused:
                row = Row.refused(name, objection, None, radiograph.notes)
                return _Ended(row, Result("refused", objection, None, radiograph.notes))
            values = preprocess(radiograph.rendering, self.engine.input_size)
            return _Loaded(values, radiograph if self.on_scored else None, objection, radiograph.notes)
        except ReadError as error:
            lasting = Result("unreadable", error.reason) if error.lasting else None
            return _Ended(Row(name, "unreadable", error.reason), lasting)
        except Exception as error:  # whatever a decoder does with a hostile file, the others go on
            return _Ended(Row(name, "unreadable", _unexpected(error, path)))

    def _predict(self, inputs: list[NDArray[np.float32]]) -> list[Prediction | str]:
        """Score inputs together, or one by one where that fails; a sentence stands for one that cannot be."""
        if not inputs:
            return []
        try:
            return [*self.engine.predict(np.stack(inputs))]
        except Exception as error:  # out of memory, say
            if len(inputs) > 1:
                return [answer for values in inputs for answer in self._predict([values])]
            return [str(error) if isinstance(error, EngineError) else _unexpected(error, None)]


def _unexpected(error: Exception, path: Path | None) -> str:
    """Log an error by its kind and place, not by its text, which may hold folders or names."""
    steps = traceback.extract_tb(error.__traceback__)
    place = f"{Path(steps[-1].filename).name}:{steps[-1].lineno}" if steps else "?"
    kind = type(error).__name__
    _log.warning("%s: %s at %s", path.name if path else "model", kind, place)
    return f"The file could not be read ({kind})."
