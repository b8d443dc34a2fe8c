"""Images that are not as they should be, made of training images: what the reasons are learnt from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Grey = NDArray[np.uint8]


def invert(image: Grey, generator: np.random.Generator) -> Grey:
    """Swap black and white."""
    return 255 - image


def turn_left(image: Grey, generator: np.random.Generator) -> Grey:
    """Turn by 90 degrees, counter-clockwise."""
    return np.ascontiguousarray(np.rot90(image))


def turn_right(image: Grey, generator: np.random.Generator) -> Grey:
    """Turn by 90 degrees, clockwise."""
    return np.ascontiguousarray(np.rot90(image, -1))


def turn_over(image: Grey, generator: np.random.Generator) -> Grey:
    """Turn by 180 degrees."""
    return np.ascontiguousarray(image[::-1, ::-1])


def make_noise(image: Grey, generator: np.random.Generator) -> Grey:
    """Draw noise of the image's size: normal, uniform or black and white, fine or coarse, on any grey."""
    shape = image.shape
    draw: Callable[[], NDArray[np.float64]] = (
        lambda: generator.standard_normal(shape),
        lambda: generator.uniform(-1.7, 1.7, shape),
        lambda: np.where(generator.random(shape) < 0.5, -1.0, 1.0),
    )[int(generator.integers(3))]
    grey, deviation = generator.uniform(90, 165), generator.uniform(20, 70)
    noise = Image.fromarray(np.clip(128 + 64 * draw(), 0, 255).astype(np.uint8))
    if generator.random() < 0.5:
        noise = noise.filter(ImageFilter.GaussianBlur(generator.uniform(0.3, 2.0)))
    values = np.asarray(noise, dtype=np.float64)
    values = grey + deviation * (values - values.mean()) / max(1.0, values.std())
    rounded: Grey = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return rounded


CHANGES: Final[tuple[Callable[[Grey, np.random.Generator], Grey], ...]] = (
    invert,
    turn_left,
    turn_right,
    turn_over,
    make_noise,
)
"""One for each of `core.familiarity.statistics.KINDS`."""
