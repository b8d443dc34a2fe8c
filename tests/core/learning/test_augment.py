from dataclasses import replace

import numpy as np
import pytest

from core.learning.augment import augment
from training.recipes import load_recipe

NOTHING = load_recipe("course").augmentation
OURS = load_recipe("best").augmentation
IMAGE = np.add.outer(np.arange(96) // 3, np.arange(96) * 2).astype(np.uint8)
IMAGE[30:60, 20:40] = 220

ONE_EACH = {
    "flip": {"flip_share": 1.0},
    "rotation": {"rotation_degrees": 10.0},
    "scale": {"scale_range": 0.2},
    "aspect": {"aspect_range": 0.2},
    "shift": {"shift_share": 0.1},
    "border": {"border_share": 1.0, "border_width": 0.3},
    "marker": {"marker_share": 1.0},
    "gamma": {"gamma_range": 0.5},
    "contrast": {"contrast_range": 0.3},
    "brightness": {"brightness_range": 0.2},
    "rescale": {"rescale_share": 1.0, "rescale_least": 0.3},
    "blur": {"blur_share": 1.0, "blur_sigma": 2.0},
    "sharpen": {"sharpen_share": 1.0},
    "noise": {"noise_share": 1.0, "noise_sigma": 10.0},
    "jpeg": {"jpeg_share": 1.0, "jpeg_least": 20, "jpeg_most": 40},
    "erase": {"erase_share": 1.0, "erase_area": 0.2},
}


def test_nothing_switched_on_changes_nothing():
    np.testing.assert_array_equal(augment(IMAGE, 96, NOTHING, np.random.default_rng(0)), IMAGE)


@pytest.mark.parametrize("name", ONE_EACH)
def test_each_setting_changes_the_image(name):
    settings = replace(NOTHING, **ONE_EACH[name])
    before = IMAGE.copy()
    results = [augment(IMAGE, 96, settings, np.random.default_rng(seed)) for seed in range(4)]
    assert any((result != IMAGE).any() for result in results)
    np.testing.assert_array_equal(IMAGE, before)


def test_every_setting_is_tried():
    tried = {key for change in ONE_EACH.values() for key in change}
    # Frames come from another image; `test_focus.py` tries them.
    assert tried | {"frame_share"} == set(NOTHING.__slots__)


def test_the_generator_alone_decides():
    first, second = (augment(IMAGE, 64, OURS, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (augment(IMAGE, 64, OURS, np.random.default_rng(6)) != first).any()


def test_result_has_the_wanted_size():
    for seed in range(30):
        result = augment(IMAGE, 48, OURS, np.random.default_rng(seed))
        assert (result.shape, result.dtype) == ((48, 48), np.uint8)


def test_rotation_turns_about_the_centre():
    settings = replace(NOTHING, rotation_degrees=90.0)
    image = np.zeros((65, 65), np.uint8)
    image[30:35, 30:35] = 255
    turned = augment(image, 65, settings, np.random.default_rng(1)).astype(float)
    rows, columns = np.indices(turned.shape)
    assert (rows * turned).sum() / turned.sum() == pytest.approx(32, abs=0.5)
    assert (columns * turned).sum() / turned.sum() == pytest.approx(32, abs=0.5)
