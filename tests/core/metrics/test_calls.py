"""Calls against the truth: hand-worked tables, published intervals, and what happens at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta, binomtest

from core.metrics.calls import KEYS, measure_calls, predictive_values, wilson


def table(tp: int, fp: int, tn: int, fn: int) -> tuple[np.ndarray, np.ndarray]:
    positive = np.repeat([True, False, False, True], [tp, fp, tn, fn])
    called = np.repeat([True, True, False, False], [tp, fp, tn, fn])
    return positive, called


@pytest.mark.parametrize(("hits", "images"), [(0, 5), (5, 5), (3, 7), (81, 263), (1, 1)])
def test_wilson_is_that_of_scipy(hits: int, images: int) -> None:
    expected = binomtest(hits, images).proportion_ci(method="wilson")
    assert wilson(hits, images) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert wilson(0, 0) is None


@pytest.mark.parametrize("images", [1, 3, 8, 10, 786])
def test_the_ends_of_an_interval_are_exact_where_all_or_none_hit(images: int) -> None:
    all_hit, none_hit = wilson(images, images), wilson(0, images)
    assert all_hit is not None
    assert none_hit is not None
    assert (all_hit[1], none_hit[0]) == (1.0, 0.0)


def test_a_table_by_hand() -> None:
    result = measure_calls(*table(tp=8, fp=3, tn=27, fn=2))
    values = [result.measures[key].value for key in KEYS]
    assert values == pytest.approx([0.8, 0.9, 8 / 11, 27 / 29, 35 / 40])
    assert (result.images, result.patients, result.resamples) == (40, None, 0)
    sensitivity = result.measures["sensitivity"]
    assert (sensitivity.low, sensitivity.high) == pytest.approx(wilson(8, 10))


def test_predictive_values_at_the_prevalence_of_the_sample_are_its_own() -> None:
    result = measure_calls(*table(tp=8, fp=3, tn=27, fn=2))
    ppv, npv = result.at_prevalence(10 / 40)
    assert ppv.value == pytest.approx(8 / 11)
    assert npv.value == pytest.approx(27 / 29)
    # Gigerenzer's example: 1 % of women, sensitivity 90 %, specificity 91 %: about one in eleven.
    rare, _ = predictive_values(np.array([[0.9, 0.91]]), 0.01)
    assert rare[0] == pytest.approx(0.0917, abs=5e-5)


def test_intervals_at_another_prevalence_follow_from_both_rates() -> None:
    result = measure_calls(*table(tp=45, fp=10, tn=90, fn=5), resamples=4000)
    ppv, npv = result.at_prevalence(0.05)
    assert ppv.value is not None
    assert ppv.low is not None
    assert ppv.high is not None
    assert ppv.low < ppv.value < ppv.high
    # Specificity decides: its ends alone give nearly the same.
    ends = beta.ppf([0.025, 0.975], 90.5, 10.5)
    rough = predictive_values(np.array([[0.9, ends[0]], [0.9, ends[1]]]), 0.05)[0]
    assert (ppv.low, ppv.high) == pytest.approx(tuple(rough), abs=0.03)
    assert npv.high is not None
    assert npv.high < 1


def test_perfect_calls_still_have_an_interval() -> None:
    patients = [f"p{number % 6}" for number in range(12)]
    result = measure_calls(*table(tp=6, fp=0, tn=6, fn=0), patients=patients)
    measure = result.measures["sensitivity"]
    assert (measure.value, measure.low, measure.high) == pytest.approx((1.0, *wilson(6, 6)))
    ppv, _ = measure_calls(*table(tp=6, fp=0, tn=6, fn=0)).at_prevalence(0.1)
    assert ppv.value == 1.0
    assert ppv.low is not None
    assert ppv.low < 0.9


def test_predictive_values_are_not_certain_because_no_false_alarm_was_seen() -> None:
    """However patients are drawn, twenty calls without a false alarm have none; the next might be one."""
    patients = [f"p{number % 30}" for number in range(50)]
    calls = measure_calls(*table(tp=25, fp=0, tn=20, fn=5), patients=patients)
    assert calls.patients == 30
    ppv, npv = calls.at_prevalence(0.1)
    assert ppv.value == 1.0
    assert ppv.low is not None
    assert ppv.low < 0.6
    assert ppv.high == 1.0
    assert npv.low is not None
    assert npv.high is not None
    assert npv.low < npv.value < npv.high  # type: ignore[operator]


def test_images_of_one_patient_count_together() -> None:
    """Ten images each of eight children, four of them wrong throughout: eight observations, not eighty."""
    positive = np.ones(80, dtype=bool)
    called = np.repeat([True, False], 40)
    by_child = measure_calls(positive, called, [f"c{number // 10}" for number in range(80)])
    by_image = measure_calls(positive, called)

    def width(result: object) -> float:
        measure = result.measures["sensitivity"]  # type: ignore[attr-defined]
        return float(measure.high - measure.low)

    assert width(by_child) > 2.5 * width(by_image)
    assert (by_child.patients, by_child.resamples) == (8, 2000)


def test_what_cannot_be_known_is_none() -> None:
    result = measure_calls(*table(tp=0, fp=0, tn=4, fn=0))
    assert result.measures["sensitivity"].value is None
    assert result.measures["ppv"].value is None
    assert result.measures["npv"].value == 1.0
    assert result.at_prevalence(0.2)[0].value is None
    empty = measure_calls(np.zeros(0, dtype=bool), np.zeros(0, dtype=bool), [])
    assert [empty.measures[key].value for key in KEYS] == [None] * 5


def test_the_same_input_gives_the_same_intervals() -> None:
    patients = [f"p{number % 9}" for number in range(40)]
    one, other = (measure_calls(*table(8, 3, 27, 2), patients=patients) for _ in range(2))
    assert one == other
    assert one.at_prevalence(0.3) == other.at_prevalence(0.3)
