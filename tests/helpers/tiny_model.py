"""A network small enough to be checked by hand: average pooling to a 7 x 7 map, ReLU, linear layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from core.engine.bundle import Bundle, write_bundle
from core.engine.card import Card, OperatingPoint
from core.preprocess import MEAN, STD

SIZE = 56
CELLS = 7
CHANNELS = 4


@dataclass(frozen=True)
class Weights:
    """The features are ReLU(scale[c] * pooled grey + shift[c]); logits = head @ mean(features) + bias."""

    scale: NDArray[np.float32] = field(default_factory=lambda: np.array([1, -1, 0.5, -0.5], np.float32))
    shift: NDArray[np.float32] = field(default_factory=lambda: np.array([0, 0, 1, 1], np.float32))
    head: NDArray[np.float32] = field(
        default_factory=lambda: np.array([[-2, 2, 0, 0.5], [2, -1, 0.3, 0], [1, -1, 0, 0.2]], np.float32)
    )
    bias: NDArray[np.float32] = field(default_factory=lambda: np.array([0.1, -0.2, 0.3], np.float32))


def graph_bytes(weights: Weights | None = None, *, size: int = SIZE, batch: str | int = "n") -> bytes:
    """Build the graph with the input and outputs that a bundle needs."""
    weights = weights or Weights()
    classes = len(weights.bias)
    kernel = size // CELLS

    def constant(name: str, value: NDArray[np.float32]) -> Any:
        return numpy_helper.from_array(value.astype(np.float32), name)

    nodes = [
        helper.make_node(
            "AveragePool", ["radiograph"], ["pooled"], kernel_shape=[kernel] * 2, strides=[kernel] * 2
        ),
        helper.make_node("Conv", ["pooled", "scale", "shift"], ["linear"]),
        helper.make_node("Relu", ["linear"], ["maps"]),
        helper.make_node("GlobalAveragePool", ["maps"], ["gap"]),
        helper.make_node("Flatten", ["gap"], ["features"]),
        helper.make_node("Gemm", ["features", "head", "bias"], ["logits"], transB=1),
        helper.make_node("Conv", ["maps", "cell_head"], ["activation_maps"]),
    ]
    float32 = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("radiograph", float32, [batch, 1, size, size])],
        [
            helper.make_tensor_value_info("logits", float32, [batch, classes]),
            helper.make_tensor_value_info("activation_maps", float32, [batch, classes, CELLS, CELLS]),
            helper.make_tensor_value_info("features", float32, [batch, CHANNELS]),
        ],
        [
            constant("scale", weights.scale[:, None, None, None]),
            constant("shift", weights.shift),
            constant("head", weights.head),
            constant("bias", weights.bias),
            constant("cell_head", weights.head[:, :, None, None] / CELLS**2),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return bytes(model.SerializeToString())


def make_card(**changes: Any) -> Card:
    """Return a valid card for the tiny network, with some fields changed."""
    values: dict[str, Any] = {
        "name": "tiny",
        "version": "1.0",
        "date": "2026-11-23",
        "architecture": "tiny",
        "class_names": ("normal", "bacterial", "viral"),
        "input_size": SIZE,
        "mean": MEAN,
        "std": STD,
        "temperature": 2.0,
        "operating_points": (
            OperatingPoint("balanced", 0.6, 0.95, 0.9),
            OperatingPoint("sensitive", 0.3, 0.99, 0.7),
        ),
        "default_operating_point": "balanced",
        "provenance": "made by hand",
        "licence": "MIT",
        "intended_use": "tests",
        "limits": ("Knows nothing.",),
        "metrics": {"auc": {"value": 0.5, "low": 0.4, "high": 0.6}},
    }
    return Card(**(values | changes))


def write_tiny_bundle(path: Path, weights: Weights | None = None, **changes: Any) -> Bundle:
    """Write a working bundle and return it."""
    return write_bundle(path, make_card(**changes), graph_bytes(weights))
