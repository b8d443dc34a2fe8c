"""Familiarity from the data of a training run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.dataset import DatasetError, Item
from core.engine.engine import Engine
from core.familiarity.fit import MOST_FOR_LIMITS, MOST_IMAGES, fit
from core.familiarity.mark import FamiliarityMark
from core.familiarity.statistics import Statistics
from core.learning.augment import augment
from core.learning.data import load_images
from core.learning.recipe import Augmentation


def fit_to_run(
    engine: Engine, items: Sequence[Item], augmentation: Augmentation, seed: int
) -> tuple[Statistics, FamiliarityMark]:
    """Fit what a model knows to the images that it was trained on, as they are and as training varied them.

    Parameters
    ----------
    engine : Engine
        The trained model.
    items : sequence of Item
        The run's data with their parts; the test part is not looked at.
    augmentation : Augmentation
        The recipe's.
    seed : int
        Of the choice of images and of their variation.

    Raises
    ------
    DatasetError
        If fewer than two images of the training or validation part can be read.
    """
    generator = np.random.default_rng(seed)

    def load(part: str, most: int) -> NDArray[np.uint8]:
        found = [item for item in items if item.part == part]
        chosen = [found[k] for k in sorted(generator.permutation(len(found))[:most])]
        grey = load_images(chosen, engine.input_size, quiet=True).grey
        if len(grey) < 2:
            raise DatasetError(
                f"There are too few readable images in the part '{part}' to tell what is familiar."
            )
        return grey

    def vary(image: NDArray[np.uint8], generator: np.random.Generator) -> NDArray[np.uint8]:
        return augment(image, engine.input_size, augmentation, generator)

    return fit(engine, load("train", MOST_IMAGES), load("val", MOST_FOR_LIMITS), vary, seed)
