"""Pictures through the engine, on all cores and in bounded memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.cores import core_count
from core.engine.engine import Engine
from core.engine.prediction import Prediction
from core.examination.images import Grey, Tick
from core.metrics.threshold import Flags, Floats
from core.preprocess import standardise

BATCH_SIZE: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What a model says of N pictures.

    Attributes
    ----------
    score : ndarray, shape (N,)
        P(pneumonia).
    called : ndarray of bool, shape (N,)
        Whether it is called pneumonia at the default operating point.
    logits, probabilities : ndarray, shape (N, K)
    maps : ndarray of float32, shape (N, h, w)
        The Grad-CAM of pneumonia as the viewer shows it, in logits per cell.
    familiar : ndarray of bool, shape (N,), or None
        Whether the model knows images like it; None where it does not say.
    """

    score: Floats
    called: Flags
    logits: Floats
    probabilities: Floats
    maps: NDArray[np.float32]
    familiar: Flags | None = None

    @classmethod
    def of(cls, predictions: list[Prediction]) -> Scores:
        """Gather predictions, at least one."""
        verdicts = [prediction.familiarity for prediction in predictions]
        return cls(
            np.array([prediction.score for prediction in predictions]),
            np.array([prediction.call == "pneumonia" for prediction in predictions]),
            np.array([prediction.logits for prediction in predictions], dtype=np.float64),
            np.array([prediction.probabilities for prediction in predictions]),
            np.array([prediction.activation_map() for prediction in predictions]),
            None if None in verdicts else np.array([verdict.familiar for verdict in verdicts if verdict]),
        )


class Scorer:
    """Scores pictures that are made where they are needed.

    Parameters
    ----------
    engine : Engine
        With one thread per call the cores are used best: each worker makes and scores pictures of its own.
    tick : callable
        Called with the number of pictures scored, in the calling thread.
    workers : int, optional
        None takes one per core.
    """

    def __init__(self, engine: Engine, tick: Tick = lambda _: None, workers: int | None = None) -> None:
        self.engine = engine
        self._tick = tick
        self._workers = workers or core_count()

    def predict(self, count: int, make: Callable[[int], Grey]) -> list[Prediction]:
        """Score the pictures ``make(0)`` to ``make(count - 1)``, each uint8 (S, S), in order.

        Raises
        ------
        EngineError
            When the model could not be run.
        """

        def work(start: int) -> list[Prediction]:
            pictures = np.stack([make(place) for place in range(start, min(start + BATCH_SIZE, count))])
            return self.engine.predict(standardise(pictures)[:, np.newaxis])

        starts = iter(range(0, count, BATCH_SIZE))
        waiting: deque[Future[list[Prediction]]] = deque()
        predictions: list[Prediction] = []
        pool = ThreadPoolExecutor(self._workers, thread_name_prefix="examine")
        try:
            for start in starts:
                waiting.append(pool.submit(work, start))
                if len(waiting) > 2 * self._workers:
                    self._take(waiting, predictions)
            while waiting:
                self._take(waiting, predictions)
        finally:
            pool.shutdown(cancel_futures=True)
        return predictions

    def score(self, count: int, make: Callable[[int], Grey]) -> Scores:
        """Score pictures and keep the figures alone; see `predict`."""
        return Scores.of(self.predict(count, make))

    def _take(self, waiting: deque[Future[list[Prediction]]], predictions: list[Prediction]) -> None:
        done = waiting.popleft().result()
        predictions.extend(done)
        self._tick(len(done))
