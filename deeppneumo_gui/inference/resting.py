"""A model that takes memory only while there is something to score."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from core.engine.card import Card
from core.engine.engine import Engine
from core.engine.prediction import Prediction
from core.errors import EngineError
from core.memory import give_back_code, give_back_memory
from core.reading.radiograph import Radiograph

_LIBRARY: Final = "onnxruntime.capi.onnxruntime_pybind11_state"
REPLACED = "The file of the model has been replaced since it was opened; open the model again."


class RestingEngine:
    """An engine that can be put to rest, and is opened again from its file when it is needed.

    Opening takes as long as scoring a handful of images; the weights take more memory than the whole window.

    Parameters
    ----------
    path : Path
        Of the bundle.
    threads : int
        Of the engine.

    Raises
    ------
    BundleError
        When the bundle cannot be opened.
    """

    def __init__(self, path: Path, threads: int) -> None:
        self._path = path
        self._threads = threads
        self._engine: Engine | None = Engine(path, threads=threads)
        self.card: Card = self._engine.card
        give_back_memory()

    def score(self, radiograph: Radiograph) -> Prediction:
        """Score one radiograph, after opening the model where it rests.

        Raises
        ------
        EngineError, BundleError
            When the model could not be run, and as `wake` does.
        """
        return self._awake().score(radiograph)

    def wake(self) -> None:
        """Open the model again where it rests; by any thread, while no other scores or lets it rest.

        Raises
        ------
        EngineError
            When another model lies in its file by now.
        BundleError
            When the file has gone or is damaged by now.
        """
        self._awake()

    def _awake(self) -> Engine:
        if self._engine is None:
            engine = Engine(self._path, threads=self._threads)
            if engine.card != self.card:
                raise EngineError(REPLACED)
            self._engine = engine
        return self._engine

    def rest(self) -> None:
        """Give the memory back until the next image; by the thread that scores."""
        self._engine = None
        give_back_memory()
        give_back_code(_LIBRARY)
