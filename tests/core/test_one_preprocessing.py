"""Training, validation, evaluation and the viewer feed the network the same tensor of the same file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from core.dataset import Item
from core.engine.engine import Engine
from core.learning.data import TrainingImages, load_images
from core.learning.network import build_network, network_logits
from core.learning.targets import Targets
from core.pipeline import score_files
from core.preprocess import preprocess
from core.reading import read_radiograph
from tests.helpers.tiny_model import SIZE, write_tiny_bundle
from training.recipes import load_recipe


@pytest.fixture(params=["grey8.png", "grey16.png", "colour.jpg", "grey.jpg"])
def file(request, tmp_path) -> Path:
    generator = np.random.default_rng(4)
    kind, _, _ = request.param.partition(".")
    values = generator.integers(0, 256, (150, 210), dtype=np.uint8)
    image = Image.fromarray(values.astype(np.uint16) * 129 if kind == "grey16" else values)
    if kind == "colour":
        image = image.convert("RGB")  # grey in three channels, as the public set stores some
    image.save(tmp_path / request.param)
    return tmp_path / request.param


@pytest.fixture
def expected(file):
    return preprocess(read_radiograph(file).rendering, SIZE)


def test_training(file, expected):
    course = load_recipe("course")
    training = replace(course.training, sizes=((0, SIZE),))
    images = load_images([Item(file, file.name, "p", "normal")], SIZE, quiet=True)
    targets = Targets(torch.tensor([[True, False]]), torch.zeros(1, 2), torch.ones(1))
    shown, _ = TrainingImages(images.grey, targets, course.augmentation, training)[0]
    np.testing.assert_array_equal(shown.numpy(), expected)


def test_validation_while_training(file, expected):
    images = load_images([Item(file, file.name, "p", "normal")], SIZE, quiet=True)
    network = build_network(2)
    seen = []
    network.register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    network_logits(network, images.grey, torch.device("cpu"))
    np.testing.assert_array_equal(seen[0][0].numpy(), expected)


@pytest.fixture
def engine(tmp_path):
    return Engine(write_tiny_bundle(tmp_path / "tiny.bundle"), threads=1)


@pytest.fixture
def seen(monkeypatch):
    """Every batch that reaches an engine."""
    batches = []
    real = Engine.predict
    monkeypatch.setattr(Engine, "predict", lambda self, batch: batches.append(batch) or real(self, batch))
    return batches


def test_evaluation_and_predict(file, expected, engine, seen):
    rows = list(score_files([file], engine))
    assert [row.status for row in rows] == ["ok"]
    np.testing.assert_array_equal(seen[0][0], expected)


def test_viewer(file, expected, engine, seen):
    engine.score(read_radiograph(file))
    np.testing.assert_array_equal(seen[0][0], expected)
