import numpy as np
import pytest

from core.metrics import risk_coverage
from core.metrics.selective import Selection


def test_a_hand_worked_curve():
    got = risk_coverage([True, False, False, True], [0.1, 0.9, 0.8, 0.5])
    np.testing.assert_allclose(got.coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(got.error, [0, 0, 1 / 3, 0.5])


def test_equally_certain_images_are_answered_together():
    got = risk_coverage([True, False, False, True], [0.5, 0.5, 0.9, 0.5])
    np.testing.assert_allclose(got.coverage, [0.25, 1])
    np.testing.assert_allclose(got.error, [0, 0.5])


def test_the_error_at_a_coverage_takes_images_in_part():
    selection = Selection(np.array([True, False, False, True]), np.array([0.1, 0.9, 0.8, 0.5]))
    ones = np.ones(4)
    assert selection.error_at(ones, 0.5) == 0
    assert selection.error_at(ones, 0.75) == pytest.approx(1 / 3)
    assert selection.error_at(ones, 0.8) == pytest.approx(1.2 / 3.2)
    assert selection.error_at(ones, 1.0) == 0.5


def test_weights_are_repetitions():
    random = np.random.default_rng(4)
    wrong, certainty = random.random(40) < 0.3, random.random(40).round(1)
    times = random.integers(0, 4, 40)
    weighted = Selection(wrong, certainty).error_at(times.astype(float)[None, :], 0.8)
    repeated = Selection(np.repeat(wrong, times), np.repeat(certainty, times)).error_at(
        np.ones(times.sum()), 0.8
    )
    assert weighted[0] == pytest.approx(float(repeated))


def test_no_images_have_no_error():
    assert np.isnan(Selection(np.zeros(0, bool), np.zeros(0)).error_at(np.zeros(0)))
    assert Selection(np.zeros(0, bool), np.zeros(0)).curve(np.zeros(0)) is None
    with pytest.raises(ValueError, match="not be empty"):
        risk_coverage([], [])
    with pytest.raises(ValueError, match="match"):
        risk_coverage([True], [0.1, 0.2])
