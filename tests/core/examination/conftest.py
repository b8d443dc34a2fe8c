import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from PIL import Image

from core.dataset import Item
from core.engine.bundle import write_bundle
from core.engine.engine import Engine
from core.examination.images import load_images
from core.examination.scoring import Scorer
from tests.helpers.tiny_model import SIZE, graph_bytes, make_card


def looking_at(cells):
    """A graph like the tiny one, which sees only the cells that a (7, 7) mask leaves it."""
    model = onnx.load_from_string(graph_bytes())
    pool = next(node for node in model.graph.node if node.op_type == "AveragePool")
    pool.output[0] = "everything"
    place = list(model.graph.node).index(pool) + 1
    model.graph.node.insert(place, helper.make_node("Mul", ["everything", "cells"], ["pooled"]))
    mask = np.asarray(cells, dtype=np.float32)[np.newaxis, np.newaxis]
    model.graph.initializer.append(numpy_helper.from_array(mask, "cells"))
    return model.SerializeToString()


@pytest.fixture
def engine_of(tmp_path):
    """Make an engine of a graph."""

    def make(graph=None):
        return Engine(
            write_bundle(tmp_path / "examined.bundle", make_card(), graph or graph_bytes()), threads=1
        )

    return make


@pytest.fixture
def scorer(engine_of):
    return Scorer(engine_of(), workers=2)


@pytest.fixture
def images_of(tmp_path):
    """Write pictures as radiographs of one patient each and load them: (label, uint8 (S, S)) pairs."""

    def make(*pairs):
        items = []
        for number, (label, grey) in enumerate(pairs):
            path = tmp_path / label / f"image{number}.png"
            path.parent.mkdir(exist_ok=True)
            Image.fromarray(grey).save(path)
            items.append(Item(path, f"{label}/{path.name}", f"patient{number}", label))
        return load_images(items, SIZE)

    return make


def flat(value):
    """One grey value everywhere."""
    return np.full((SIZE, SIZE), value, np.uint8)


def textured(value, seed, sigma=8):
    """A grey value with noise."""
    noise = np.random.default_rng(seed).normal(value, sigma, (SIZE, SIZE))
    return np.clip(np.rint(noise), 0, 255).astype(np.uint8)


def framed(inside, outside):
    """A picture whose middle (the inner five by five of seven cells) differs from its frame."""
    grey = flat(outside)
    grey[8:-8, 8:-8] = inside
    return grey
