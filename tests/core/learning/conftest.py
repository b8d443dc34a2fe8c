"""Small labelled images that a network can learn within a few steps."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from core.learning.distributed import Process
from core.learning.recipe import Recipe
from core.learning.run import Run, train
from training.recipes import load_recipe

SIZE = 64
NAMES = {
    "normal": "NORMAL/IM-{patient:04d}-{image:04d}.png",
    "bacterial": "PNEUMONIA/person{patient}_bacteria_{image}.png",
    "viral": "PNEUMONIA/person{patient}_virus_{image}.png",
}


def draw(label: str, generator: np.random.Generator) -> np.ndarray:
    """Grey noise with a bright square whose place tells the label."""
    image = generator.integers(60, 120, (SIZE, SIZE)).astype(np.uint8)
    row = {"normal": None, "bacterial": 8, "viral": 36}[label]
    if row is not None:
        image[row : row + 20, 20:44] += 100
    return image


@pytest.fixture(scope="session")
def chest_folder(tmp_path_factory):
    """A folder in the Kaggle layout: 16 patients a class, two images each."""
    folder = tmp_path_factory.mktemp("chest")
    generator = np.random.default_rng(7)
    for label, pattern in NAMES.items():
        for patient in range(1, 17):
            for image in (1, 2):
                path = folder / pattern.format(patient=patient, image=image)
                path.parent.mkdir(exist_ok=True)
                Image.fromarray(draw(label, generator)).save(path)
    return folder


@pytest.fixture
def small_recipe() -> Recipe:
    """Ours, with fewer and smaller epochs."""
    recipe = load_recipe("best")
    return replace(
        recipe,
        data=replace(recipe.data, input_size=SIZE),
        training=replace(recipe.training, epochs=3, batch_size=16, sizes=((0, 32), (1, SIZE)), ema_decay=0.8),
    )


@pytest.fixture(autouse=True)
def _restore_torch_settings():
    yield
    torch.use_deterministic_algorithms(False)


@pytest.fixture(scope="session")
def finished(chest_folder, tmp_path_factory):
    """One run, made once and only looked at."""
    recipe = load_recipe("best")
    recipe = replace(
        recipe,
        data=replace(recipe.data, input_size=SIZE),
        training=replace(recipe.training, epochs=3, batch_size=16, sizes=((0, 32), (1, SIZE)), ema_decay=0.8),
    )
    out = tmp_path_factory.mktemp("runs") / "finished"
    train(Run(chest_folder, recipe, out, quiet=True), Process(0, 1, torch.device("cpu")))
    return out
