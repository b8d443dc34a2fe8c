"""Thresholds for what a reader wants of the model."""

import numpy as np
import pytest
from sklearn import metrics as reference

from core.operating_points import balanced_point, sensitive_point, specific_point


def test_the_threshold_lies_midway_between_neighbouring_scores():
    point = sensitive_point([False, False, True, True], [0.1, 0.3, 0.7, 0.9], 1.0)
    assert point.threshold == pytest.approx(0.5)
    assert (point.sensitivity, point.specificity) == (1, 1)


def test_neighbouring_floats_have_no_middle():
    low = 0.5
    high = float(np.nextafter(low, 1))
    point = sensitive_point([False, True], [low, high], 1.0)
    assert (point.sensitivity, point.specificity) == (1, 1)
    assert low < point.threshold <= high


def test_useless_scores_call_everything():
    point = sensitive_point([True, False], [0.3, 0.3], 1.0)
    assert (point.sensitivity, point.specificity) == (1, 0)


def test_points_for_a_wanted_sensitivity_or_specificity():
    truth = [False, False, False, False, True, True, True, True]
    score = [0.1, 0.2, 0.3, 0.6, 0.25, 0.5, 0.7, 0.9]
    sensitive = sensitive_point(truth, score, 0.75)
    assert (sensitive.name, sensitive.sensitivity, sensitive.specificity) == ("sensitive", 0.75, 0.75)
    assert sensitive.threshold == pytest.approx(0.4)
    specific = specific_point(truth, score, 1.0)
    assert (specific.name, specific.sensitivity, specific.specificity) == ("specific", 0.5, 1.0)
    assert specific.threshold == pytest.approx(0.65)
    assert sensitive_point(truth, score, 1.0).sensitivity == 1


def test_a_specificity_out_of_reach_is_refused():
    with pytest.raises(ValueError, match="no threshold"):
        specific_point([True, False], [0.4, 0.4], 0.9)


@pytest.mark.parametrize(("truth", "score"), [([True], [0.4]), ([False], [0.4]), ([True, False], [0.4, 1.2])])
def test_an_operating_point_needs_both_classes_and_sensible_scores(truth, score):
    with pytest.raises(ValueError, match="score"):
        sensitive_point(truth, score, 0.5)


def scores_with_a_gap(generator, outliers):
    """Scores of 100 normals below 0.4 and 100 pneumonias above 0.6, and a few normals on the wrong side."""
    low, high = generator.uniform(0.01, 0.4, 100), generator.uniform(0.6, 0.99, 100)
    low[:outliers] = 0.62
    return np.repeat([False, True], 100), np.concatenate([low, high])


def test_the_balanced_threshold_lies_in_a_gap():
    truth, score = scores_with_a_gap(np.random.default_rng(0), 0)
    point = balanced_point(truth, score, [str(k) for k in range(200)])
    assert 0.4 < point.threshold < 0.6
    assert (point.sensitivity, point.specificity) == (1, 1)


def test_the_balanced_threshold_moves_less_than_that_of_the_greatest_index():
    generator = np.random.default_rng(1)
    balanced, best = [], []
    for _ in range(30):
        truth = generator.random(300) < 0.7
        score = 1 / (1 + np.exp(-generator.normal(np.where(truth, 2.0, -2.0), 1.5)))
        balanced.append(balanced_point(truth, score, [str(k) for k in range(300)]).threshold)
        false, true, cuts = reference.roc_curve(truth, score, drop_intermediate=False)
        best.append(cuts[np.argmax(true - false)])
    assert np.std(balanced) < 0.75 * np.std(best)
    # Both distributions cross at a log-odds of 0.
    assert np.mean(balanced) == pytest.approx(0.5, abs=0.06)


def test_patients_are_drawn_not_images():
    truth, score = scores_with_a_gap(np.random.default_rng(2), 3)
    alone = balanced_point(truth, score, [str(k) for k in range(200)])
    # One patient has all three normals that look diseased: often no resample has any of them.
    same = balanced_point(truth, score, ["one" if k < 3 else str(k) for k in range(200)])
    assert same.threshold != alone.threshold


def test_it_repeats_and_tells_what_it_reaches():
    generator = np.random.default_rng(3)
    truth = generator.random(80) < 0.5
    score = np.clip(generator.normal(np.where(truth, 0.7, 0.3), 0.2), 0, 1)
    point, again = (balanced_point(truth, score, [str(k) for k in range(80)], name="x") for _ in range(2))
    assert point == again
    assert point.sensitivity == pytest.approx((score[truth] >= point.threshold).mean())
    assert point.specificity == pytest.approx((score[~truth] < point.threshold).mean())


def test_a_resample_without_a_class_is_left_out():
    point = balanced_point([True, False], [0.8, 0.2], ["a", "b"])
    assert 0.2 < point.threshold < 0.8


def test_it_needs_both_classes():
    with pytest.raises(ValueError, match="both normal and pneumonia"):
        balanced_point([True, True], [0.8, 0.2], ["a", "b"])
