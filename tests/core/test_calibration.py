import math

import numpy as np
import pytest
from scipy import optimize, special
from sklearn import metrics as reference

from core.calibration import (
    HIGHEST_TEMPERATURE,
    LOWEST_TEMPERATURE,
    allowed_classes,
    fit_shift,
    fit_temperature,
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


def test_a_lean_to_one_class_is_found_and_taken_back():
    logits, labels = overconfident()
    allowed = allowed_classes(labels, THREE, kinds=False)
    leaning = logits - 1.5 * (np.arange(3) == 0)
    shift = fit_shift(leaning, allowed)
    assert shift == pytest.approx(fit_shift(logits, allowed) + 1.5, abs=2e-3)
    assert shift == pytest.approx(1.5, abs=0.5)
    straight = leaning + shift * (np.arange(3) == 0)
    fitted = fit_temperature(straight, allowed)
    assert fitted.log_loss_after < fit_temperature(leaning, allowed).log_loss_after - 0.01
    # At the minimum the mean score is the share of pneumonias (the score equation of the bias).
    scores = special.softmax(straight / fitted.temperature, axis=1)[:, 1:].sum(axis=1)
    assert scores.mean() == pytest.approx((~allowed[:, 0]).mean(), abs=1e-3)


def test_nothing_is_shifted_where_there_is_nothing_to_fit():
    assert fit_shift([[5, 0, 0], [0, 0, 5]], [[True, False, False], [False, True, True]]) == 0.0
