import numpy as np
import pytest

from core.examination.clues import black_border, sharpness
from core.examination.images import Images
from core.examination.scoring import Scorer
from core.examination.shortcuts import draw_silhouette, examine_shortcuts, fill, inner_part
from tests.core.examination.conftest import flat, framed, looking_at, textured
from tests.helpers.tiny_model import SIZE

LUNGS = np.zeros((SIZE, SIZE), bool)
LUNGS[20:36, 20:36] = True


def rows_of(images: Images, scorer, masks):
    plain = scorer.score(len(images), lambda place: images.grey[place])
    return {row.key: row for row in examine_shortcuts(images, plain, scorer, masks).rows}


@pytest.fixture
def scorer_at(engine_of):
    """A scorer whose model sees the inner five by five cells, or the frame around them."""

    def make(where):
        cells = np.zeros((7, 7))
        cells[1:-1, 1:-1] = 1
        return Scorer(engine_of(looking_at(cells if where == "inside" else 1 - cells)), workers=2)

    return make


@pytest.fixture
def images(images_of):
    """Middle and frame both tell the label, perfectly."""
    return images_of(
        *(("normal", framed(60 + n, 40 + n)) for n in range(5)),
        *(("bacterial", framed(200 + n, 180 + n)) for n in range(5)),
    )


def test_a_model_that_looks_at_borders_is_caught(images, scorer_at):
    rows = rows_of(images, scorer_at("outside"), [LUNGS] * len(images))
    assert rows["plain"].value == 1
    assert rows["border_only"].value == 1
    assert rows["lungs_blanked"].value == 1
    assert rows["box_blanked"].value == 1
    black = rows["outside_black"]
    assert black.value == 0.5
    assert rows["silhouette"].value == 0.5


def test_a_model_that_looks_at_the_lungs_alone_passes(images_of, scorer_at):
    inside = images_of(
        *(("normal", framed(60 + n, 120)) for n in range(5)),
        *(("viral", framed(200 + n, 120)) for n in range(5)),
    )
    lungs = inner_part(SIZE)
    lungs[:] = False
    lungs[12:-12, 12:-12] = True  # dilated by four pixels it is the model's field
    rows = rows_of(inside, scorer_at("inside"), [lungs] * len(inside))
    assert rows["plain"].value == 1
    assert rows["outside_blanked"].value == 1
    assert rows["outside_loss"].value == 0
    assert rows["outside_loss"].met is True
    assert rows["outside_black"].value == 1
    assert rows["lungs_blanked"].n == 10


def test_what_is_lost_with_the_outside_is_held_against_the_bound(images_of, scorer_at):
    """The frame alone tells the label; the middle makes up for it, so that the mean does not."""
    inside = {outside: round((128 * SIZE**2 - outside * (SIZE**2 - 1600)) / 1600) for outside in (100, 156)}
    images = images_of(
        *(("normal", framed(inside[100], 100)) for _ in range(5)),
        *(("viral", framed(inside[156], 156)) for _ in range(5)),
    )
    rows = rows_of(images, scorer_at("outside"), [LUNGS] * len(images))
    assert rows["plain"].value == 1
    assert rows["outside_blanked"].value == 0.5
    assert rows["outside_loss"].value == 0.5
    assert rows["outside_loss"].met is False


def test_images_without_a_mask_are_left_out_of_the_rows_that_need_it(images, scorer_at):
    masks = [LUNGS, None] * 5
    rows = rows_of(images, scorer_at("inside"), masks)
    assert rows["lungs_blanked"].n == 5
    assert rows["border_only"].n == 10
    assert "lungs_blanked" not in rows_of(images, scorer_at("inside"), None)
    without = rows_of(images, scorer_at("inside"), [None] * 10)
    assert without["outside_loss"].value is None
    assert without["outside_loss"].met is None
    assert without["outside_loss"].reason


def test_clues_are_told_in_their_better_direction(images_of, scorer_at):
    images = images_of(
        *(("normal", textured(60, n, 30)) for n in range(5)),
        *(("viral", textured(200, n, 3)) for n in range(5)),
    )
    rows = rows_of(images, scorer_at("inside"), None)
    assert rows["clue_sharpness"].value == 1
    assert rows["clue_sharpness"].details["direction"] == "less in pneumonia"
    assert rows["clue_brightness"].details["direction"] == "more in pneumonia"
    assert rows["sharpness_normal"].n == 5
    assert -1 <= rows["sharpness_normal"].value <= 1


def test_sharpness_is_the_deviation_of_the_laplacian():
    grey = flat(100)
    assert sharpness(grey) == 0
    grey[28, 28] = 110
    inner = (SIZE - 2) ** 2
    assert sharpness(grey) == pytest.approx(((40**2 + 4 * 10**2) / inner) ** 0.5)


def test_black_border_counts_the_frame_alone():
    grey = flat(0)
    grey[6:-6, 6:-6] = 200
    assert black_border(grey) == 1
    grey[: SIZE // 2, :6] = 200
    assert black_border(grey) == pytest.approx(1 - SIZE / 2 * 6 / (SIZE**2 - (SIZE - 12) ** 2))
    assert black_border(framed(0, 200)) == 0


def test_filling_takes_the_mean_of_the_whole_image():
    grey = flat(100)
    grey[:28] = 200
    hidden = np.zeros(grey.shape, bool)
    hidden[:28] = True
    filled = fill(grey, hidden)
    assert (filled[:28] == 150).all()
    assert (filled[28:] == 100).all()
    assert (fill(grey, hidden, 0)[:28] == 0).all()
    assert np.unique(draw_silhouette(hidden)).size == 2
