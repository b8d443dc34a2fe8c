import numpy as np
import pytest
from PIL import Image

from core.preprocess import MEAN, STD, preprocess, resize_grey, standardise


def test_grey_is_standardised():
    grey = np.array([[0, 255], [51, 102]], np.uint8)
    expected = (np.array([[0.0, 1.0], [0.2, 0.4]]) - MEAN) / STD
    np.testing.assert_allclose(standardise(grey), expected, rtol=1e-6)
    assert standardise(grey).dtype == np.float32


def test_shape_and_flat_grey():
    result = preprocess(np.full((300, 500), 77, np.uint8), 64)
    assert (result.shape, result.dtype) == ((1, 64, 64), np.float32)
    np.testing.assert_allclose(result, (77 / 255 - MEAN) / STD, rtol=1e-5)


def test_shrinking_is_antialiased():
    stripes = np.tile(np.array([0, 255], np.uint8), (448, 224))
    assert np.ptp(resize_grey(stripes, 112)[:, 2:-2].astype(int)) <= 4


def test_aspect_is_squashed():
    image = np.zeros((100, 400), np.uint8)
    image[:, 200:] = 200
    small = resize_grey(image, 40)
    assert (small[:, :18] == 0).all()
    assert (small[:, 22:] == 200).all()


def test_right_size_is_left_alone_and_not_shared():
    image = np.arange(64 * 64, dtype=np.uint16).astype(np.uint8).reshape(64, 64)
    result = resize_grey(image, 64)
    np.testing.assert_array_equal(result, image)
    result[0, 0] = 99
    assert image[0, 0] == 0


def test_resize_is_pillows():
    image = np.random.default_rng(0).integers(0, 256, (90, 70), dtype=np.uint8)
    expected = np.asarray(Image.fromarray(image).resize((32, 32), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(resize_grey(image, 32), expected)


@pytest.mark.parametrize(
    "wrong", [np.zeros((3, 3), np.uint16), np.zeros((3, 3, 3), np.uint8), np.zeros((0, 3), np.uint8)]
)
def test_wrong_input_is_refused(wrong):
    with pytest.raises(ValueError, match="expected a non-empty uint8 image"):
        preprocess(wrong)
