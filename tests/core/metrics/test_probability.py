import itertools
import math

import numpy as np
import pytest
from sklearn import metrics as reference

from core.metrics.probability import EqualMassBins, brier, log_loss


def arrays(truth, score):
    return np.array(truth, dtype=bool), np.array(score, dtype=float)


def test_log_loss_and_brier_by_hand():
    truth, score = arrays([1, 0], [0.8, 0.4])
    assert log_loss(truth, score, np.ones(2)) == pytest.approx(-(math.log(0.8) + math.log(0.6)) / 2)
    assert brier(truth, score, np.ones(2)) == pytest.approx((0.04 + 0.16) / 2)


@pytest.mark.parametrize("seed", range(3))
def test_log_loss_and_brier_against_scikit_learn(seed):
    random = np.random.default_rng(seed)
    truth, score = random.random(50) < 0.4, random.random(50)
    weights = random.integers(0, 3, 50).astype(float)
    assert log_loss(truth, score, weights) == pytest.approx(
        reference.log_loss(truth, score, sample_weight=weights)
    )
    assert brier(truth, score, weights) == pytest.approx(
        reference.brier_score_loss(truth, score, sample_weight=weights)
    )


def test_a_certain_error_stays_finite():
    truth, score = arrays([1, 0], [0.0, 1.0])
    assert log_loss(truth, score, np.ones(2)) == pytest.approx(reference.log_loss(truth, score))


def plain_ece(truth, score, bins):
    """The textbook loop, for scores without ties."""
    order = np.argsort(score)
    cuts = [k * len(score) // bins for k in range(bins + 1)]
    total = 0.0
    for low, high in itertools.pairwise(cuts):
        members = order[low:high]
        if len(members):
            total += len(members) * abs(truth[members].mean() - score[members].mean())
    return total / len(score)


@pytest.mark.parametrize("n", [1, 2, 14, 15, 16, 100, 624])
def test_ece_against_the_textbook_loop(n):
    random = np.random.default_rng(n)
    score = random.permutation(np.arange(1, n + 1) / (n + 1))
    truth = random.random(n) < score**2
    assert EqualMassBins(truth, score).ece(np.ones(n)) == pytest.approx(plain_ece(truth, score, 15))


def test_ece_by_hand():
    # Two bins: (0.1, 0.3 | 0 of 2) and (0.7, 0.9 | 1 of 2).
    truth, score = arrays([0, 0, 1, 0], [0.1, 0.3, 0.7, 0.9])
    assert EqualMassBins(truth, score, bins=2).ece(np.ones(4)) == pytest.approx((0.2 + 0.3) / 2)


def test_ece_with_weights_is_ece_with_repeated_images():
    random = np.random.default_rng(7)
    truth, score = random.random(40) < 0.5, random.integers(0, 9, 40) / 8
    weights = random.integers(0, 4, 40)
    repeated = EqualMassBins(truth.repeat(weights), score.repeat(weights))
    got = EqualMassBins(truth, score).ece(np.stack([weights, np.ones(40)]).astype(float))
    assert got[0] == pytest.approx(repeated.ece(np.ones(weights.sum())))
    assert got[1] == pytest.approx(EqualMassBins(truth, score).ece(np.ones(40)))


def test_ties_make_the_order_of_images_irrelevant():
    truth, score = arrays([1, 0, 1, 0, 0, 1], [0.5, 0.5, 0.5, 0.5, 0.9, 0.9])
    expected = EqualMassBins(truth, score, bins=3)
    backwards = EqualMassBins(truth[::-1], score[::-1], bins=3)
    assert backwards.ece(np.ones(6)) == expected.ece(np.ones(6)) == pytest.approx((0 + 0 + 2 * 0.4) / 6)
    assert [b.images for b in expected.reliability()] == [2, 2, 2]
    assert [b.observed for b in expected.reliability()] == [0.5, 0.5, 0.5]


def test_reliability_bins_hold_every_image_once_and_give_the_ece():
    random = np.random.default_rng(5)
    truth, score = random.random(100) < 0.6, random.random(100)
    bins = EqualMassBins(truth, score)
    rows = bins.reliability()
    assert sum(b.images for b in rows) == 100
    assert {b.images for b in rows} == {6, 7}
    gap = sum(b.images * abs(b.observed - b.mean_score) for b in rows) / 100
    assert gap == pytest.approx(bins.ece(np.ones(100)))


def test_nothing_to_measure_is_nan():
    truth, score = arrays([], [])
    assert np.isnan(log_loss(truth, score, np.ones(0)))
    assert np.isnan(brier(truth, score, np.ones(0)))
    assert np.isnan(EqualMassBins(truth, score).ece(np.ones(0)))
    assert EqualMassBins(truth, score).reliability() == ()
    truth, score = arrays([1], [0.7])
    assert np.isnan(EqualMassBins(truth, score).ece(np.zeros((1, 1)))).all()
