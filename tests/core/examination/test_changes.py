import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from core.examination.changes import (
    CHANGES,
    apply_gamma,
    blur,
    crop,
    encode_jpeg,
    halve,
    paste_marker,
    rotate,
)
from tests.core.examination.conftest import textured

GREY = textured(120, 1, 30)


def test_every_change_asked_for_is_there_with_its_bound():
    keys = {change.key: change.bound for change in CHANGES}
    assert {key for key, bound in keys.items() if bound == 0.01} == {
        f"jpeg_{quality}" for quality in (40, 60, 75, 85, 95)
    }
    assert {
        "half",
        "blur_1",
        "gamma_0_70",
        "gamma_1_40",
        "rotate_left_7",
        "rotate_right_7",
        "crop_5",
        "marker_top_left",
        "marker_top_right",
        "marker_bottom_left",
        "marker_bottom_right",
    } <= keys.keys()
    assert set(keys.values()) == {0.01, 0.02}


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.key)
def test_a_change_keeps_size_and_type_and_original_and_is_repeatable(change):
    before = GREY.copy()
    first, second = change.apply(GREY), change.apply(GREY)
    assert first.shape == GREY.shape
    assert first.dtype == np.uint8
    assert (first == second).all()
    assert (first != GREY).any()
    assert (before == GREY).all()


def test_jpeg_is_that_of_the_quality():
    buffer = io.BytesIO()
    Image.fromarray(GREY).save(buffer, "JPEG", quality=40)
    assert (encode_jpeg(GREY, 40) == np.asarray(Image.open(buffer))).all()
    error = [np.abs(encode_jpeg(GREY, quality).astype(int) - GREY).mean() for quality in (40, 75, 95)]
    assert error[0] > error[1] > error[2]


def test_half_the_size_and_back_takes_detail_finer_than_two_pixels():
    stripes = np.zeros((64, 64), np.uint8)
    stripes[:, ::2] = 200
    assert np.ptp(halve(stripes)[:, 8:-8]) < 10
    assert halve(stripes).mean() == pytest.approx(100, abs=2)
    steps = np.repeat(np.repeat(textured(120, 2)[:8, :8], 8, 0), 8, 1)
    assert np.abs(halve(steps).astype(int) - steps)[3:5, 3:5].max() == 0


def test_blur_has_the_deviation_that_it_says():
    point = np.zeros((65, 65), np.uint8)
    point[32, 32] = 255
    # A point would round to nothing at its rim; a step spreads the same way.
    step = np.zeros((65, 65), np.uint8)
    step[:, 33:] = 250
    profile = np.diff(blur(step, 1.0)[32].astype(float)) / 250
    places = np.arange(64) - 32
    assert profile.sum() == pytest.approx(1)
    assert (profile * places**2).sum() == pytest.approx(1.0, abs=0.2)
    assert (blur(point, 1.0) == np.asarray(Image.fromarray(point).filter(ImageFilter.GaussianBlur(1)))).all()


def test_gamma_bends_between_fixed_ends():
    ramp = np.array([[0, 64, 128, 255]], np.uint8)
    assert apply_gamma(ramp, 0.7).tolist() == [[0, round(255 * (64 / 255) ** 0.7), 157, 255]]
    assert apply_gamma(ramp, 1.4).tolist() == [[0, round(255 * (64 / 255) ** 1.4), 97, 255]]


def test_rotation_turns_left_for_positive_degrees_and_leaves_black_corners():
    grey = np.full((101, 101), 100, np.uint8)
    grey[50, 90:] = 250  # a hand pointing right turns up when rotated to the left
    turned = rotate(grey, 90)
    assert turned[:8, 50].max() == 250
    tilted = rotate(np.full((101, 101), 100, np.uint8), 7)
    assert tilted[0, 0] == tilted[-1, -1] == 0
    assert (tilted[20:80, 20:80] == 100).all()


def test_crop_takes_a_twentieth_from_every_border():
    grey = np.zeros((100, 100), np.uint8)
    grey[5:95, 5:95] = 200
    assert (crop(grey, 0.05) >= 180).all()
    grey = np.zeros((100, 100), np.uint8)
    grey[8:92, 8:92] = 200
    assert crop(grey, 0.05)[0].max() == 0
    assert crop(grey, 0.05)[6, 50] == 200


@pytest.mark.parametrize("corner", ["top_left", "top_right", "bottom_left", "bottom_right"])
def test_a_marker_lies_in_its_corner_and_nowhere_else(corner):
    black = np.zeros((224, 224), np.uint8)
    rows, columns = np.nonzero(paste_marker(black, corner))
    top, left = corner.startswith("top"), corner.endswith("left")
    assert (rows.max() < 40) if top else (rows.min() > 184)
    assert (columns.max() < 40) if left else (columns.min() > 184)
    assert np.ptp(rows) + 1 == pytest.approx(22.4, abs=2)
    gap = min(rows.min() if top else 223 - rows.max(), columns.min() if left else 223 - columns.max())
    assert 6 <= gap <= 12


def test_the_marker_is_the_letter_of_the_side():
    black = np.zeros((224, 224), np.uint8)
    right, left = paste_marker(black, "top_left"), paste_marker(black, "top_right")

    # An R has a bowl in the upper right of its box, an L has nothing there.
    def upper_right(marked):
        rows, columns = np.nonzero(marked)
        box = marked[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        return box[: box.shape[0] // 2, 2 * box.shape[1] // 3 :].max()

    assert upper_right(right) == 255
    assert upper_right(left) == 0
