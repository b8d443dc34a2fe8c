import numpy as np
import pytest

from core.examination.perturbation import (
    Curves,
    blurred,
    mean_curves,
    measure_curves,
    pixel_ranks,
    trace_curves,
)
from core.examination.scoring import Scorer
from tests.core.examination.conftest import flat, looking_at
from tests.helpers.tiny_model import SIZE


def test_pixels_are_ranked_by_the_map():
    found = np.zeros((7, 7))
    found[3, 3], found[0, 6] = 2, 1
    ranks = pixel_ranks(found, SIZE, np.random.default_rng(0))
    assert sorted(ranks.ravel()) == list(range(SIZE * SIZE))
    assert ranks[28, 28] < 20
    assert ranks[28, 28] < ranks[2, SIZE - 2] < ranks[SIZE - 2, 2]


def test_where_the_map_says_nothing_the_order_is_no_order_of_memory():
    found = np.zeros((7, 7))
    found[0, 0] = 1
    ranks = pixel_ranks(found, SIZE, np.random.default_rng(0))
    rest = ranks[16:]
    assert abs(np.corrcoef(rest.ravel(), np.arange(rest.size))[0, 1]) < 0.9
    assert (ranks != pixel_ranks(found, SIZE, np.random.default_rng(1))).any()
    assert (ranks == pixel_ranks(found, SIZE, np.random.default_rng(0))).all()


def test_areas_are_trapezia():
    shares = np.linspace(0, 1, 3)
    deletion = np.array([[[1.0, 0.5, 0.0]], [[1.0, 1.0, 0.0]], [[1.0, 0.0, 0.0]]])
    first, second = Curves(shares, deletion, deletion[..., ::-1]).areas()
    assert first.tolist() == [[0.5], [0.75], [0.25]]
    assert second.tolist() == [[0.5], [0.75], [0.25]]


def test_the_gain_is_signed_so_that_more_is_better():
    shares = np.linspace(0, 1, 3)
    model, worse, better = [1.0, 0.4, 0.0], [1.0, 0.9, 0.0], [1.0, 0.1, 0.0]
    deletion = np.array([[model] * 6, [worse] * 6, [better] * 6])
    insertion = np.array([[[0.0, 0.8, 1.0]] * 6, [[0.0, 0.5, 1.0]] * 6, [[0.0, 0.9, 1.0]] * 6])
    rows = {
        row.key: row for row in measure_curves(Curves(shares, deletion, insertion), list("abcdef"), "grey")
    }
    assert rows["deletion_random_grey"].value == pytest.approx(0.25)
    assert rows["deletion_random_grey"].met is True
    assert rows["deletion_centre_grey"].value == pytest.approx(-0.15)
    assert rows["deletion_centre_grey"].met is False
    assert rows["insertion_random_grey"].value == pytest.approx(0.15)
    assert rows["insertion_random_grey"].met is True
    assert rows["insertion_centre_grey"].met is False


def test_a_gain_whose_interval_holds_zero_is_not_met():
    shares = np.linspace(0, 1, 2)
    model = np.array([[1.0, 0.0], [1.0, 0.6], [1.0, 0.0], [1.0, 0.2]])
    rival = np.array([[1.0, 0.5], [1.0, 0.1], [1.0, 0.4], [1.0, 0.1]])
    curves = Curves(shares, np.stack([model, rival, rival]), np.stack([model, rival, rival]))
    row = next(
        row for row in measure_curves(curves, list("abcd"), "grey") if row.key == "deletion_random_grey"
    )
    assert row.value > 0
    assert row.interval[0] < 0
    assert row.met is False


@pytest.fixture
def spotted(images_of):
    """A bright spot on dark ground, which is all that the model scores."""

    def grey(shift):
        found = flat(40)
        found[8:24, 8 + shift : 24 + shift] = 255
        return found

    return images_of(*(("bacterial", grey(shift)) for shift in (0, 4, 8)))


def test_a_map_on_what_the_model_sees_beats_random_and_centre(spotted, engine_of):
    seen = np.zeros((7, 7))
    seen[1:3, 1:4] = 8
    scorer = Scorer(engine_of(looking_at(seen)), workers=2)
    plain = scorer.score(len(spotted), lambda place: spotted.grey[place])
    curves = trace_curves(spotted, plain.maps, [blurred(grey) for grey in spotted.grey], scorer, seed=0)
    assert curves.deletion.shape == curves.insertion.shape == (3, 3, 11)
    assert curves.deletion[:, :, 0] == pytest.approx(np.tile(plain.score, (3, 1)), abs=1e-6)
    assert curves.insertion[:, :, -1] == pytest.approx(np.tile(plain.score, (3, 1)), abs=1e-6)
    assert curves.deletion[:, :, -1] == pytest.approx(curves.insertion[:, :, 0])
    deletion, insertion = curves.areas()
    assert (deletion[0] < deletion[1:]).all()
    assert (insertion[0] > insertion[1:]).all()
    assert all(row.met for row in measure_curves(curves, spotted.patients, "grey"))
    lines = mean_curves(curves)
    assert lines["deletion"]["model"][0] == pytest.approx(plain.score.mean(), abs=1e-6)
    assert len(lines["shares"]) == 11


def test_a_map_beside_what_the_model_sees_is_found_out(spotted, engine_of):
    seen = np.zeros((7, 7))
    seen[1:3, 1:4] = 8
    scorer = Scorer(engine_of(looking_at(seen)), workers=2)
    wrong = np.zeros((3, 7, 7), np.float32)
    wrong[:, 6, 6] = 1
    wrong[:, 5, 5] = 0.5
    curves = trace_curves(spotted, wrong, [flat(40)] * 3, scorer, seed=0)
    rows = {row.key: row for row in measure_curves(curves, spotted.patients, "grey")}
    assert rows["deletion_centre_grey"].met is rows["insertion_centre_grey"].met is False


def test_the_blurred_ground_keeps_the_mean_and_no_finding(spotted):
    found = blurred(spotted.grey[0])
    assert found.mean() == pytest.approx(spotted.grey[0].mean(), abs=3)
    assert found.std() < 0.65 * spotted.grey[0].std()
    assert found.shape == (SIZE, SIZE)
