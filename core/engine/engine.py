"""The model at work: ONNX Runtime on the processor."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from core.certainty import uncertain_band
from core.cores import physical_cores
from core.engine.bundle import Bundle, read_bundle
from core.engine.prediction import Familiarity, Prediction, calibrate
from core.errors import BundleError, EngineError
from core.familiarity.statistics import Statistics
from core.preprocess import MEAN, STD, preprocess
from core.reading.radiograph import Radiograph

INPUT: Final = "radiograph"
LOGITS: Final = "logits"
MAPS: Final = "activation_maps"
FEATURES: Final = "features"
LAYERS: Final = "layer_features"
"""An output that only bundles with familiarity statistics need."""

_FATAL: Final = 4
_FLOAT: Final = "tensor(float)"
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
        self._session = _open_session(bundle.graph, threads or _default_threads(), brief)
        _check_graph(self._session, len(self.card.class_names), self.card.input_size)
        self._known = Statistics.from_bytes(bundle.familiarity) if bundle.familiarity is not None else None
        if self._known is not None and _layer_size(self._session) != self._known.size:
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
        if _layer_size(self._session) is None:
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


def _default_threads() -> int:
    """Return one thread per physical core of ours; 0, by which ONNX Runtime counts them, where they are not told."""
    return len(physical_cores())


def _affinities(threads: int) -> str:
    """Return a processor for each thread that ONNX Runtime starts, in its notation (which counts from 1).

    Empty when there are more threads than cores, or none that are known. The calling thread, which works too,
    stays free.

    Notes
    -----
    The system tends to wake a thread where the one that wakes it runs. As they do not spin, the others would
    then wait for the caller in every layer: with two threads a ResNet-18 takes 12.7 ms so, 9.0 ms when bound.
    """
    cores = physical_cores()
    return ";".join(str(core + 1) for core in cores[1:threads]) if threads <= len(cores) else ""


def _open_session(graph: bytes, threads: int, brief: bool) -> ort.InferenceSession:
    ort.disable_telemetry_events()
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    if brief:  # without the reordering of all weights for the processor's vector length
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.log_severity_level = _FATAL
    # Idle threads that spin would starve decoding and the window; it costs about a percent per call.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if affinities := _affinities(threads):
        options.add_session_config_entry("session.intra_op_thread_affinities", affinities)
    # A graph can name files to take its weights from, which no hash covers. Below a device there are none.
    nowhere = str(Path(os.devnull, "none"))
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", nowhere)
    try:
        session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception:  # onnxruntime's exceptions share no base class of their own
        raise BundleError("The model in the bundle is not a network that this program can run.") from None
    # It keeps the whole graph to open itself once more with other providers; there are none.
    session._model_bytes = None
    return session


_WRONG_ENDS: Final = "The network in the bundle has other inputs or outputs than this program expects."


def _check_graph(session: ort.InferenceSession, classes: int, size: int) -> None:
    """Hold the session's own description of its inputs and outputs against the card."""
    inputs = {node.name: node for node in session.get_inputs()}
    outputs = {node.name: node for node in session.get_outputs()}
    if set(inputs) != {INPUT} or not {LOGITS, MAPS, FEATURES} <= set(outputs):
        raise BundleError(_WRONG_ENDS)
    taken, logits, maps, features = inputs[INPUT], outputs[LOGITS], outputs[MAPS], outputs[FEATURES]
    if any(node.type != _FLOAT for node in (taken, logits, maps, features)):
        raise BundleError("The network in the bundle does not work in single precision.")
    if tuple(len(node.shape) for node in (taken, logits, maps, features)) != (4, 2, 4, 2):
        raise BundleError(_WRONG_ENDS)
    if isinstance(taken.shape[0], int):
        raise BundleError("The network in the bundle takes a fixed number of images at a time.")
    if taken.shape[1:] != [1, size, size]:
        pixels = f"{size} x {size} pixels"
        raise BundleError(
            f"The card says that the model takes grey images of {pixels}, but its network does not."
        )
    if logits.shape[1] != classes or maps.shape[1] != classes:
        raise BundleError(
            f"The card names {classes} classes, but the network in the bundle has another number."
        )


def _layer_size(session: ort.InferenceSession) -> int | None:
    """Return the length of the output that describes the layers; None where there is no usable one."""
    for node in session.get_outputs():
        if (
            node.name == LAYERS
            and node.type == _FLOAT
            and len(node.shape) == 2
            and isinstance(node.shape[1], int)
        ):
            return int(node.shape[1])
    return None
