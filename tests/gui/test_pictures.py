"""numpy to Qt, heatmap colours, scores in words."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QColor

from core.engine.card import OperatingPoint
from core.overlay import colormap_table, heatmap_rgba
from deeppneumo_gui.canvas.heatmap import Heatmap, HeatmapStyle
from deeppneumo_gui.canvas.images import grey_image, indexed_image
from deeppneumo_gui.panels.progress import NO_BREAK, progress_words
from deeppneumo_gui.panels.widgets import label
from deeppneumo_gui.reading_aid import read_score
from deeppneumo_gui.tally import Progress, Tally
from tests.gui.fakes import make_prediction
from tests.helpers.tiny_model import make_card


def test_grey_pixels_arrive_where_they_were() -> None:
    # A width that is no multiple of four, and rows that do not lie side by side in memory.
    grey = np.arange(7 * 10, dtype=np.uint8).reshape(7, 10)[:, ::2]
    image = grey_image(grey)
    assert (image.width(), image.height()) == (5, 7)
    assert [[image.pixelColor(x, y).red() for x in range(5)] for y in range(7)] == grey.tolist()


def test_an_image_owns_its_memory() -> None:
    grey = np.zeros((4, 4), np.uint8)
    image = grey_image(grey)
    grey[:] = 255
    assert image.pixelColor(0, 0).red() == 0


def test_palette_images_keep_colour_and_opacity() -> None:
    table = np.zeros((256, 4), np.uint8)
    table[3] = (10, 20, 30, 40)
    image = indexed_image(np.full((2, 3), 3, np.uint8), table)
    assert image.pixelColor(1, 1) == QColor(10, 20, 30, 40)


def test_the_screen_shows_the_colours_of_the_exported_overlay() -> None:
    activation_map = np.random.default_rng(0).random((7, 7)).astype(np.float32)
    style = HeatmapStyle(colormap="viridis", threshold=0.4)
    image = Heatmap(activation_map).image(style)
    exported = heatmap_rgba(activation_map, (224, 224), "viridis", 0.4)
    for x, y in ((0, 0), (100, 50), (223, 223), (17, 180)):
        assert image.pixelColor(x, y) == QColor(*(int(value) for value in exported[y, x]))


def test_one_operating_point_is_uncertain_within_a_factor_of_two_in_odds() -> None:
    card = make_card(operating_points=(OperatingPoint("balanced", 0.8, 0.9, 0.9),))
    reading = read_score(make_prediction(0.7, card), card)
    assert (reading.band.low, reading.band.high) == pytest.approx((2 / 3, 8 / 9))
    assert reading.uncertain
    assert not read_score(make_prediction(0.95, card), card).uncertain
    assert "close to the operating point" in reading.band_words


def test_several_operating_points_are_uncertain_between_them() -> None:
    reading = read_score(make_prediction(0.45), make_card())
    assert (reading.band.low, reading.band.high) == (0.3, 0.6)
    assert reading.uncertain


def test_low_values_are_transparent() -> None:
    image = Heatmap(np.zeros((7, 7), np.float32)).image(HeatmapStyle())
    assert image.pixelColor(100, 100).alpha() == 0
    assert colormap_table()[255, 3] == 255


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progress(0, 1200, 0.0), "0 of 1,200"),
        (Progress(10, 30, 2.0), "10 of 30, 5.0/s, 4 s left"),
        (Progress(100, 1300, 10.0), "100 of 1,300, 10.0/s, 2 min 00 s left"),
        (Progress(1, 10_000, 1.0), "1 of 10,000, 1.0/s, 2 h 46 min left"),
        # What was remembered took no time and says nothing of how long the rest takes.
        (Progress(1000, 1300, 10.0, known=900), "1,000 of 1,300, 10.0/s, 30 s left"),
        (Progress(900, 1300, 10.0, known=900), "900 of 1,300"),
    ],
)
def test_progress_in_words(progress: Progress, words: str) -> None:
    assert progress_words(progress).replace(NO_BREAK, " ") == words


def test_the_time_left_is_not_torn_apart() -> None:
    assert progress_words(Progress(100, 1300, 10.0)).split(" ")[-1] == NO_BREAK.join(
        ("2", "min", "00", "s", "left")
    )


def test_what_is_remembered_does_not_count_for_the_rate() -> None:
    tally = Tally()
    tally.add([1, 2, 3, 4])
    tally.recall(1)
    tally.recall(2)
    tally.finish(3)
    assert (tally.progress.done, tally.progress.known, tally.progress.total) == (3, 2, 4)
    tally.clear()
    tally.add([5, 6])
    assert tally.progress.known == 0


def test_wrapped_text_asks_for_the_height_that_its_width_needs() -> None:
    text = label("word " * 40, wrap=True)
    assert text.hasHeightForWidth()
    assert text.heightForWidth(100) > text.heightForWidth(400)
