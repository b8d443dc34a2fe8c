import math

import numpy as np
import pytest
from scipy import optimize, special
from sklearn import metrics as reference

from core.calibration import (
    HIGHEST_TEMPERATURE,
    LOWEST_TEMPERATURE,
    allowed_classes,
    balanced_point,
    fit_temperature,
    sensitive_point,
    specific_point,
)

THREE = ("normal", "bacterial", "viral")


def overconfident(n=2000, factor=2.5, seed=0):
    """Logits whose true temperature is `factor`, with labels drawn from them."""
    random = np.random.default_rng(seed)
    logits = random.normal(size=(n, 3)) * 2
    chances = special.softmax(logits, axis=1)
    kinds = [random.choice(3, p=row) for row in chances]
    return logits * factor, [THREE[k] for k in kinds]


def test_the_true_temperature_is_found():
    logits, labels = overconfident()
    fit = fit_temperature(logits, allowed_classes(labels, THREE, kinds=True))
    assert fit.temperature == pytest.approx(2.5, rel=0.1)
    assert fit.log_loss_after < fit.log_loss_before
    assert not fit.at_bound


@pytest.mark.parametrize("kinds", [True, False])
def test_losses_are_those_of_scikit_learn_and_the_minimum_that_of_scipy(kinds):
    logits, labels = overconfident(400, seed=3)

    def loss(temperature):
        chances = special.softmax(logits / temperature, axis=1)
        if kinds:
            return reference.log_loss([THREE.index(name) for name in labels], chances)
        return reference.log_loss([name != "normal" for name in labels], 1 - chances[:, 0])

    fit = fit_temperature(logits, allowed_classes(labels, THREE, kinds=kinds))
    best = optimize.minimize_scalar(loss, bounds=(0.1, 10), method="bounded", options={"xatol": 1e-8})
    assert fit.temperature == pytest.approx(best.x, rel=1e-4)
    assert fit.log_loss_before == pytest.approx(loss(1.0))
    assert fit.log_loss_after == pytest.approx(loss(fit.temperature))


def test_an_image_by_hand():
    # Two images, logits (0, 1) right and (0, 1) wrong 3:1, so the best probability is 3/4 = sigmoid(1/T).
    fit = fit_temperature(
        [[0, 1]] * 4, allowed_classes(["pneumonia"] * 3 + ["normal"], ["normal", "pneumonia"], kinds=False)
    )
    assert fit.temperature == pytest.approx(1 / math.log(3), rel=1e-5)


def test_perfect_and_useless_logits_run_into_the_bounds():
    classes = allowed_classes(["normal", "viral"], THREE, kinds=True)
    perfect = fit_temperature([[5, 0, 0], [0, 0, 5]], classes)
    assert perfect.temperature == pytest.approx(LOWEST_TEMPERATURE, rel=1e-3)
    assert perfect.at_bound
    inverted = fit_temperature([[0, 0, 5], [5, 0, 0]], classes)
    assert inverted.temperature == pytest.approx(HIGHEST_TEMPERATURE, rel=1e-3)
    assert inverted.at_bound


def test_huge_logits_do_not_overflow():
    fit = fit_temperature(
        [[1e4, 0, 0], [0, 1e4, 0], [1e4, 0, 0]], allowed_classes(["normal"] * 3, THREE, kinds=True)
    )
    assert np.isfinite([fit.temperature, fit.log_loss_before, fit.log_loss_after]).all()


def test_which_classes_count_as_right():
    labels = ["normal", "bacterial", "viral", "pneumonia"]
    assert allowed_classes(labels, THREE, kinds=True).tolist() == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
        [False, True, True],
    ]
    assert allowed_classes(labels, THREE, kinds=False)[1:].tolist() == [[False, True, True]] * 3
    assert (
        allowed_classes(labels, ["normal", "pneumonia"], kinds=True).tolist()
        == [[True, False]] + [[False, True]] * 3
    )


@pytest.mark.parametrize(
    ("logits", "allowed"),
    [
        (np.zeros((0, 3)), np.zeros((0, 3), dtype=bool)),
        (np.zeros((2, 3)), np.ones((2, 2), dtype=bool)),
        ([[0.0, np.nan]], [[True, False]]),
        ([[0.0, 1.0]], [[False, False]]),
    ],
)
def test_nothing_to_fit_is_refused(logits, allowed):
    with pytest.raises(ValueError, match=r"logits"):
        fit_temperature(logits, allowed)


def test_the_balanced_point_is_the_greatest_youden_index():
    random = np.random.default_rng(4)
    truth = random.random(200) < 0.6
    score = np.clip(random.normal(0.4 + 0.3 * truth, 0.2), 0, 1).round(2)
    point = balanced_point(truth, score)
    false, true, _ = reference.roc_curve(truth, score, drop_intermediate=False)
    assert point.sensitivity + point.specificity - 1 == pytest.approx((true - false).max())
    called = score >= point.threshold
    assert point.sensitivity == pytest.approx(called[truth].mean())
    assert point.specificity == pytest.approx((~called)[~truth].mean())


def test_the_threshold_lies_midway_between_neighbouring_scores():
    point = balanced_point([False, False, True, True], [0.1, 0.3, 0.7, 0.9])
    assert point.threshold == pytest.approx(0.5)
    assert (point.sensitivity, point.specificity) == (1, 1)


def test_of_equal_youden_indices_the_most_sensitive_wins():
    # Above 0.8: sensitivity 1/2, specificity 1; above 0.3: sensitivity 1, specificity 1/2.
    point = balanced_point([False, True, False, True], [0.1, 0.4, 0.6, 0.9])
    assert (point.sensitivity, point.specificity) == (1, 0.5)
    assert point.threshold == pytest.approx(0.25)


def test_equal_youden_indices_that_rounding_tells_apart_still_tie():
    # By fifths: 4/5 + 2/5 and 1 + 1/5 are equal on paper and differ in the last bit.
    point = balanced_point([True, False] * 5, np.linspace(0.95, 0.05, 10))
    assert point.sensitivity == 1


def test_neighbouring_floats_have_no_middle():
    low = 0.5
    high = float(np.nextafter(low, 1))
    point = balanced_point([False, True], [low, high])
    assert (point.sensitivity, point.specificity) == (1, 1)
    assert low < point.threshold <= high


def test_useless_scores_call_everything():
    point = balanced_point([True, False], [0.3, 0.3])
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
        balanced_point(truth, score)
