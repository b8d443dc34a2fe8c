import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from core.dataset import Item
from core.examination.masks import bounding_box, dilate, dilate_lungs, read_masks


@pytest.mark.parametrize("radius", [1, 3, 16])
def test_dilation_is_by_a_disc(radius):
    mask = np.random.default_rng(radius).random((60, 50)) > 0.995
    mask[0, 0] = mask[-1, -1] = True
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    disc = x**2 + y**2 <= radius**2
    assert (dilate(mask, radius) == ndimage.binary_dilation(mask, disc)).all()


def test_lungs_grow_by_sixteen_pixels_of_224():
    mask = np.zeros((224, 224), bool)
    mask[112, 112] = True
    grown = np.flatnonzero(dilate_lungs(mask)[112])
    assert (grown[0], grown[-1]) == (96, 128)
    small = np.zeros((56, 56), bool)
    small[28, 28] = True
    grown = np.flatnonzero(dilate_lungs(small)[28])
    assert (grown[0], grown[-1]) == (24, 32)


def test_bounding_box():
    mask = np.zeros((9, 9), bool)
    mask[2, 3] = mask[5, 7] = True
    box = bounding_box(mask)
    assert box[2:6, 3:8].all()
    assert box.sum() == 20
    assert not bounding_box(np.zeros((4, 4), bool)).any()


def test_masks_are_found_by_name_and_missing_or_empty_ones_are_none(tmp_path):
    lungs = np.zeros((224, 224), bool)
    lungs[100:, :] = True
    Image.fromarray(lungs).save(tmp_path / "a.png")
    Image.fromarray(np.zeros((10, 10), np.uint8)).save(tmp_path / "b.png")
    (tmp_path / "c.png").write_bytes(b"no picture")
    items = [Item(tmp_path / f"{name}.jpeg", name, name, "normal") for name in "abcd"]
    first, *others = read_masks(tmp_path, items, 56)
    assert first.shape == (56, 56)
    assert first[25:].all()
    assert not first[:25].any()
    assert others == [None, None, None]
