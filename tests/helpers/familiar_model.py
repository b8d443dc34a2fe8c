"""The tiny network with an output that describes its layers, and what it was made familiar with."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from core.engine.bundle import Bundle
from core.engine.engine import Engine
from core.familiarity.fit import fit
from tests.helpers.tiny_model import CELLS, CHANNELS, SIZE, graph_bytes, make_card

LAYER_SIZE = CHANNELS * CELLS * CELLS


def layered_graph(size: int = LAYER_SIZE) -> bytes:
    """Let the tiny network also tell the cells of its only feature map, or their mean; shape (N, 196) or (N, 4)."""
    model = onnx.load_from_string(graph_bytes())
    node = helper.make_node("Flatten", ["maps" if size == LAYER_SIZE else "gap"], ["layer_features"])
    model.graph.node.append(node)
    output = helper.make_tensor_value_info("layer_features", TensorProto.FLOAT, ["n", size])
    model.graph.output.append(output)
    return bytes(model.SerializeToString())


def chests(count: int, seed: int, size: int = SIZE) -> NDArray[np.uint8]:
    """Draw something like chests, (N, S, S): two dark fields, wider below, under a bright top, with soft noise."""
    generator = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:size, 0:size] / size
    images = []
    for _ in range(count):
        shift = generator.normal(0, 0.02, 4)
        image = 150 + 40 * (0.5 - rows) + generator.normal(0, 6)
        for centre in (0.3 + shift[0], 0.7 + shift[1]):
            width = 0.08 + 0.10 * rows
            field = np.exp(
                -(((columns - centre) / width) ** 2) - ((rows - 0.55 - shift[2]) / (0.25 + shift[3])) ** 4
            )
            image = image - (90 + generator.normal(0, 8)) * field
        images.append(np.clip(image + generator.normal(0, 3, image.shape), 0, 255))
    return np.array(images, np.uint8)


def vary(image: NDArray[np.uint8], generator: np.random.Generator) -> NDArray[np.uint8]:
    """Make an image a little brighter or darker."""
    return np.clip(image * generator.uniform(0.95, 1.05), 0, 255).astype(np.uint8)


@cache
def familiar_bundle() -> Bundle:
    """Return a bundle that is familiar with `chests`."""
    plain = Bundle(make_card(), layered_graph())
    statistics, mark = fit(Engine(plain, threads=1), chests(120, 1), chests(80, 2), vary)
    return Bundle(replace(plain.card, familiarity=mark), plain.graph, statistics.to_bytes())
