import numpy as np
import pytest
from sklearn import metrics as reference

from core.metrics import classes


def test_mcc_of_two_classes_is_the_known_formula():
    matrix = np.array([[5.0, 1.0], [1.0, 3.0]])
    assert classes.mcc(matrix) == pytest.approx((3 * 5 - 1 * 1) / np.sqrt(4 * 4 * 6 * 6))


@pytest.mark.parametrize("seed", range(4))
def test_against_scikit_learn(seed):
    random = np.random.default_rng(seed)
    truth = random.integers(0, 3, 90)
    called = np.where(random.random(90) < 0.7, truth, random.integers(0, 3, 90))
    weights = random.integers(0, 4, (2, 90)).astype(float)
    matrix = classes.confusion(truth, called, 3, weights)
    for row, got in zip(weights, matrix, strict=True):
        np.testing.assert_array_equal(got, reference.confusion_matrix(truth, called, sample_weight=row))
        assert classes.accuracy(got) == pytest.approx(
            reference.accuracy_score(truth, called, sample_weight=row)
        )
        assert classes.mcc(got) == pytest.approx(
            reference.matthews_corrcoef(truth, called, sample_weight=row)
        )


def test_one_class_or_one_call_has_no_mcc():
    assert np.isnan(classes.mcc(np.array([[4.0, 2, 1], [0, 0, 0], [0, 0, 0]])))
    assert np.isnan(classes.mcc(np.array([[4.0, 0, 0], [2, 0, 0], [1, 0, 0]])))
    assert np.isnan(classes.accuracy(np.zeros((3, 3))))
