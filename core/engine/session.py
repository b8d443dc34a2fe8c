"""A network opened with ONNX Runtime, and whether its graph is one that this program can use."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import onnxruntime as ort

from core.cores import physical_cores
from core.errors import BundleError

INPUT: Final = "radiograph"
LOGITS: Final = "logits"
MAPS: Final = "activation_maps"
FEATURES: Final = "features"
LAYERS: Final = "layer_features"
"""An output that only bundles with familiarity statistics need."""

_FATAL: Final = 4
_FLOAT: Final = "tensor(float)"
_WRONG_ENDS: Final = "The network in the bundle has other inputs or outputs than this program expects."


def default_threads() -> int:
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


def open_session(graph: bytes, threads: int, brief: bool) -> ort.InferenceSession:
    """Open a graph on the processor.

    Parameters
    ----------
    graph : bytes
    threads : int
        0 leaves their number to ONNX Runtime.
    brief : bool
        See `core.engine.engine.Engine`.

    Raises
    ------
    BundleError
        When the graph is no valid network.
    """
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


def check_graph(session: ort.InferenceSession, classes: int, size: int) -> None:
    """Hold the session's own description of its inputs and outputs against the card.

    Raises
    ------
    BundleError
        When they disagree.
    """
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


def layer_size(session: ort.InferenceSession) -> int | None:
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
