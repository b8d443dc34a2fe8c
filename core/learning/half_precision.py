"""Weights kept in half precision, which halves a bundle; the network still computes in single precision."""

from __future__ import annotations

from typing import Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

_SMALLEST: Final = 1024
"""Tensors with fewer values (biases) stay as they are: nothing is gained by them."""


def store_in_half_precision(graph: bytes) -> bytes:
    """Store the large weights of an ONNX graph as float16, each followed by a cast back to float32.

    ONNX Runtime does the casts once, when it opens the graph. Each weight is off by at most one part in 2048.

    Parameters
    ----------
    graph : bytes
        A self-contained graph.

    Returns
    -------
    bytes
        The same graph, about half as large.

    Raises
    ------
    ValueError
        When a weight is too large for half precision (65,504).
    """
    model = onnx.load_from_string(graph)
    casts = []
    for weights in model.graph.initializer:
        if weights.data_type != TensorProto.FLOAT or np.prod(weights.dims) < _SMALLEST:
            continue
        values = numpy_helper.to_array(weights)
        if np.abs(values).max() > np.finfo(np.float16).max:
            raise ValueError(f"the weights {weights.name} are too large for half precision")
        name, stored = weights.name, f"{weights.name}_half"
        weights.CopyFrom(numpy_helper.from_array(values.astype(np.float16), stored))
        casts.append(helper.make_node("Cast", [stored], [name], name=f"{name}_cast", to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return bytes(model.SerializeToString(deterministic=True))
