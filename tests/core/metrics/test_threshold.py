import numpy as np
import pytest
from sklearn import metrics as reference

from core.metrics import threshold as t

# Worked by hand: 3 of 4 pneumonias called, 1 of 6 normal images called.
TRUTH = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], dtype=bool)
CALLED = np.array([1, 1, 1, 0, 1, 0, 0, 0, 0, 0], dtype=bool)
MEASURES = [t.accuracy, t.balanced_accuracy, t.sensitivity, t.specificity, t.precision, t.f1]


def ones(n):
    return np.ones(n)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (t.accuracy, 8 / 10),
        (t.sensitivity, 3 / 4),
        (t.specificity, 5 / 6),
        (t.balanced_accuracy, (3 / 4 + 5 / 6) / 2),
        (t.precision, 3 / 4),
        (t.f1, 6 / 8),
    ],
)
def test_by_hand(measure, expected):
    assert measure(t.count(TRUTH, CALLED, ones(10))) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_against_scikit_learn_with_weights(seed):
    random = np.random.default_rng(seed)
    truth, called = random.random(60) < 0.6, random.random(60) < 0.5
    weights = random.integers(0, 4, 60).astype(float)
    table = t.count(truth, called, weights)
    expected = {
        t.accuracy: reference.accuracy_score(truth, called, sample_weight=weights),
        t.balanced_accuracy: reference.balanced_accuracy_score(truth, called, sample_weight=weights),
        t.sensitivity: reference.recall_score(truth, called, sample_weight=weights),
        t.specificity: reference.recall_score(~truth, ~called, sample_weight=weights),
        t.precision: reference.precision_score(truth, called, sample_weight=weights),
        t.f1: reference.f1_score(truth, called, sample_weight=weights),
    }
    for measure, value in expected.items():
        assert measure(table) == pytest.approx(value), measure.__name__


def test_a_block_of_weights_gives_one_figure_for_each_row():
    weights = np.random.default_rng(1).integers(0, 3, (7, 10)).astype(float)
    for measure in MEASURES:
        block = measure(t.count(TRUTH, CALLED, weights))
        rows = [float(measure(t.count(TRUTH, CALLED, row))) for row in weights]
        np.testing.assert_allclose(block, rows)


@pytest.mark.parametrize(
    ("truth", "called", "undefined"),
    [
        ([1, 1], [1, 0], {t.specificity, t.balanced_accuracy}),
        ([0, 0], [1, 0], {t.sensitivity, t.balanced_accuracy}),
        ([0, 1], [0, 0], {t.precision}),
        ([0], [0], {t.sensitivity, t.balanced_accuracy, t.precision, t.f1}),
        ([1], [1], {t.specificity, t.balanced_accuracy}),
        ([], [], set(MEASURES)),
    ],
)
def test_division_by_zero_is_nan_and_nothing_else_is(truth, called, undefined):
    table = t.count(np.array(truth, dtype=bool), np.array(called, dtype=bool), ones(len(truth)))
    assert {m for m in MEASURES if np.isnan(m(table))} == undefined
