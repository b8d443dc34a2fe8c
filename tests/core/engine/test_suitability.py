import numpy as np
import pytest

from core.engine.suitability import find_objection
from core.reading.radiograph import Radiograph, Window

RNG = np.random.default_rng(5)


def radiograph(rendering: np.ndarray, *, colour: bool = False) -> Radiograph:
    return Radiograph(rendering, rendering, Window(128, 256), colour=colour)


def noise(height: int, width: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width)).astype(np.uint8)


@pytest.mark.parametrize("shape", [(32, 32), (300, 900), (1858, 2090), (64, 64)])
def test_ordinary_images_pass(shape: tuple[int, int]) -> None:
    assert find_objection(radiograph(noise(*shape))) is None


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (radiograph(noise(31, 60)), "too small"),
        (radiograph(noise(100, 301)), "long and narrow"),
        (radiograph(noise(301, 100)), "long and narrow"),
        (radiograph(noise(100, 100), colour=True), "colour picture"),
        (radiograph(np.full((500, 500), 17, np.uint8)), "blank"),
        (radiograph((noise(500, 500) % 6 + 100).astype(np.uint8)), "blank"),
        (radiograph(np.clip(RNG.normal(90, 2.5, (500, 500)), 0, 255).astype(np.uint8)), "blank"),
    ],
)
def test_what_is_plainly_no_radiograph_is_refused(image: Radiograph, words: str) -> None:
    sentence = find_objection(image)
    assert sentence is not None
    assert words in sentence
    assert sentence.endswith(".")


def test_a_faint_image_is_not_blank() -> None:
    assert find_objection(radiograph((noise(500, 500) // 8 + 100).astype(np.uint8))) is None


def test_a_few_bright_pixels_do_not_make_contrast() -> None:
    image = np.full((500, 500), 17, np.uint8)
    image[::50, ::50] = 255
    assert find_objection(radiograph(image)) is not None
