"""The model at work: ONNX Runtime on the processor."""

from __future__ import annotations

import os
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.certainty import uncertain_band
from core.engine.bundle import Bundle, read_bundle
from core.engine.prediction import Familiarity, Prediction, calibrate
from core.engine.session import (
    FEATURES,
    INPUT,
    LAYERS,
    LOGITS,
    MAPS,
    check_graph,
    default_threads,
    layer_size,
    open_session,
)
from core.errors import BundleError, EngineError
from core.familiarity.statistics import Statistics
from core.preprocess import MEAN, STD, preprocess
from core.reading.radiograph import Radiograph

_WRONG_FORM: Final = "The model's answer has an unexpected form."


class Engine:
    """A loaded model. Its methods may be called from several threads at once.

    Parameters
    ----------
    bundle : Bundle or path
        The model.
    threads : int, optional
        Processor threads for one call; None takes one per physical core. On Linux each but the caller's is
        bound to a core of its own.
    brief : bool
        For a process that scores a handful of images and ends: opens in 60 % of the time (ResNet-18: 70 instead
        of 115 ms), but takes a third longer per image (21 instead of 16 ms on one core).

    Attributes
    ----------
    card : Card

    Raises
    ------
    BundleError
        When the bundle cannot be read, its graph is no valid network, or card and graph disagree.
    ValueError
        For fewer than one thread.
    """

    def __init__(
        self, bundle: Bundle | str | os.PathLike[str], *, threads: int | None = None, brief: bool = False
    ) -> None:
        if threads is not None and threads < 1:
            raise ValueError("an engine needs at least one thread")
        if not isinstance(bundle, Bundle):
            bundle = read_bundle(bundle)
        self.card = bundle.card
        if (self.card.mean, self.card.std) != (MEAN, STD):
            raise BundleError("The model expects grey values scaled in a way that this program does not do.")
        self._band = uncertain_band(self.card)
        self._session = open_session(bundle.graph, threads or default_threads(), brief)
        check_graph(self._session, len(self.card.class_names), self.card.input_size)
        self._known = Statistics.from_bytes(bundle.familiarity) if bundle.familiarity is not None else None
        if self._known is not None and layer_size(self._session) != self._known.size:
            raise BundleError(
                "The statistics by which the model tells what it knows do not belong to its network."
            )

    @property
    def input_size(self) -> int:
        """Side S of the square input in pixels."""
        return self.card.input_size

    def score(self, radiograph: Radiograph) -> Prediction:
        """Score one radiograph by its default rendering.

        Raises
        ------
        EngineError
            When the model could not be run.
        """
        return self.predict(preprocess(radiograph.rendering, self.input_size)[np.newaxis])[0]

    def predict(self, batch: NDArray[np.float32]) -> list[Prediction]:
        """Score a batch of preprocessed radiographs.

        Parameters
        ----------
        batch : ndarray of float32, shape (N, 1, S, S)
            As `core.preprocess.preprocess` makes them; N may be 0.

        Returns
        -------
        list of Prediction
            One per radiograph, in order. They do not keep the batch alive.

        Raises
        ------
        ValueError
            For another shape or type, or values that are not finite.
        EngineError
            When ONNX Runtime fails (out of memory, say) or the answer is not finite.
        """
        self._check_batch(batch)
        if len(batch) == 0:
            return []
        wanted = [LOGITS, MAPS, FEATURES] + ([LAYERS] if self._known is not None else [])
        logits, maps, features, *layers = self._run(wanted, batch)
        # A graph may declare shapes that it does not keep.
        expected = (len(batch), len(self.card.class_names))
        if logits.shape != expected or maps.shape[:2] != expected or len(features) != len(batch):
            raise EngineError(_WRONG_FORM)
        if not (np.isfinite(logits).all() and np.isfinite(maps).all()):
            raise EngineError("The model gave no finite answer.")
        familiarity = self._judge(layers[0], len(batch)) if layers else [None] * len(batch)
        probabilities = calibrate(logits, self.card.temperature)
        threshold, model = self.card.operating_point.threshold, self.card.title
        return [
            Prediction(
                class_names=self.card.class_names,
                logits=logits[n].copy(),
                probabilities=probabilities[n].copy(),
                activation_maps=maps[n].copy(),
                features=features[n].copy(),
                threshold=threshold,
                model=model,
                familiarity=familiarity[n],
                prediction_set=self.card.prediction_set(probabilities[n]),
                band=self._band,
            )
            for n in range(len(batch))
        ]

    def describe(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what familiarity is judged by: the pooled activations of several layers, shape (N, D).

        Parameters
        ----------
        batch : ndarray of float32, shape (N, 1, S, S)
            N is at least 1.

        Raises
        ------
        ValueError
            As `predict` does.
        EngineError
            When the model could not be run, or tells nothing of its layers, as older ones do not.
        """
        self._check_batch(batch)
        if layer_size(self._session) is None:
            raise EngineError("The model tells nothing of its layers; export it anew.")
        (layers,) = self._run([LAYERS], batch)
        return layers

    def _check_batch(self, batch: NDArray[np.float32]) -> None:
        size = self.input_size
        if batch.dtype != np.float32 or batch.ndim != 4 or batch.shape[1:] != (1, size, size):
            raise ValueError(f"expected float32 (N, 1, {size}, {size}), got {batch.dtype} {batch.shape}")
        if not np.isfinite(batch).all():
            raise ValueError("the input holds values that are not finite")

    def _run(self, outputs: list[str], batch: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        try:
            answer: list[NDArray[np.float32]] = self._session.run(outputs, {INPUT: batch})
        except Exception as error:  # onnxruntime's exceptions share no base class of their own
            raise EngineError("The model could not be run; there may be too little memory.") from error
        return answer

    def _judge(self, layers: NDArray[np.float32], count: int) -> list[Familiarity]:
        assert self._known is not None
        if layers.shape != (count, self._known.size):
            raise EngineError(_WRONG_FORM)
        return self._known.judge(layers)
