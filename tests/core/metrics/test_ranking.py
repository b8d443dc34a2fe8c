import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from core.metrics.ranking import Ranking


def ranking(truth, score):
    return Ranking(np.array(truth, dtype=bool), np.array(score, dtype=float))


def test_auroc_by_hand_counts_a_tie_as_half():
    # Pairs (positive, negative): 0.8 beats 0.5 and 0.2; 0.5 ties with 0.5 and beats 0.2.
    assert ranking([1, 1, 0, 0], [0.8, 0.5, 0.5, 0.2]).auroc(np.ones(4)) == pytest.approx(3.5 / 4)


def test_average_precision_by_hand():
    # By falling score: positive (1/1), negative, positive (2/3).
    assert ranking([1, 0, 1], [0.9, 0.6, 0.3]).average_precision(np.ones(3)) == pytest.approx((1 + 2 / 3) / 2)


def test_all_scores_equal_is_a_guess():
    ranked = ranking([1, 0, 0, 0], [0.4] * 4)
    assert ranked.auroc(np.ones(4)) == 0.5
    assert ranked.average_precision(np.ones(4)) == 0.25


CASES = st.lists(
    st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 3)), min_size=2, max_size=40
).filter(lambda rows: any(t and w for t, _, w in rows) and any(not t and w for t, _, w in rows))


@settings(deadline=None)  # a busy machine is no fault of the figures
@given(CASES)
def test_against_scikit_learn_with_ties_and_weights(rows):
    truth, score, weights = (np.array(column) for column in zip(*rows, strict=True))
    truth, score, weights = truth.astype(bool), score / 6, weights.astype(float)
    ranked = Ranking(truth, score)
    assert ranked.auroc(weights) == pytest.approx(
        reference.roc_auc_score(truth, score, sample_weight=weights)
    )
    assert ranked.average_precision(weights) == pytest.approx(
        reference.average_precision_score(truth, score, sample_weight=weights)
    )


def test_a_weight_of_two_is_the_image_twice():
    truth, score = np.array([1, 0, 1, 0, 0], dtype=bool), np.array([0.9, 0.7, 0.4, 0.4, 0.1])
    weights = np.array([2.0, 1.0, 0.0, 3.0, 1.0])
    times = weights.astype(int)
    repeated = Ranking(truth.repeat(times), score.repeat(times))
    ranked = Ranking(truth, score)
    assert ranked.auroc(weights) == repeated.auroc(np.ones(7))
    assert ranked.average_precision(weights) == repeated.average_precision(np.ones(7))


def test_curves_against_scikit_learn():
    random = np.random.default_rng(3)
    truth, score = random.random(80) < 0.5, random.integers(0, 20, 80) / 20
    ranked, ones = Ranking(truth, score), np.ones(80)
    false, true, cuts = reference.roc_curve(truth, score, drop_intermediate=False)
    curve = ranked.roc(ones)
    np.testing.assert_allclose(curve.false_positive_rate, false)
    np.testing.assert_allclose(curve.true_positive_rate, true)
    np.testing.assert_allclose(curve.threshold, cuts)
    precision, recall, cuts = reference.precision_recall_curve(truth, score)
    curve = ranked.precision_recall(ones)
    np.testing.assert_allclose(curve.precision, precision[-2::-1])
    np.testing.assert_allclose(curve.recall, recall[-2::-1])
    np.testing.assert_allclose(curve.threshold, cuts[::-1])


def test_sensitivities_read_the_curve_of_each_resample():
    ranked = ranking([1, 0, 1, 0], [0.9, 0.7, 0.5, 0.1])
    weights = np.array([[1.0, 1, 1, 1], [1, 1, 0, 1], [0, 1, 0, 1]])
    read = ranked.sensitivities(weights, np.array([0.0, 0.25, 0.5, 1.0]))
    np.testing.assert_allclose(read[0], [0.5, 0.5, 1, 1])
    np.testing.assert_allclose(read[1], [1, 1, 1, 1])
    assert np.isnan(read[2]).all()


@pytest.mark.parametrize("truth", [[1, 1], [0, 0], [1], [0], []])
def test_one_class_has_no_auroc(truth):
    ranked, ones = ranking(truth, np.linspace(0, 1, len(truth))), np.ones(len(truth))
    assert np.isnan(ranked.auroc(ones))
    assert ranked.roc(ones) is None
    if 1 in truth:
        assert ranked.average_precision(ones) == 1
    else:
        assert np.isnan(ranked.average_precision(ones))
        assert ranked.precision_recall(ones) is None
