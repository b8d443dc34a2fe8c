import numpy as np
import pytest
from scipy import stats

from core.examination.intervals import correlation_of, estimate, mean_of, median_of, rank


def test_a_mean_and_its_interval_are_over_patients():
    values = np.array([True] * 10 + [False] * 10)
    alone = estimate({"m": mean_of(values)}, [f"p{n}" for n in range(20)])["m"]
    together = estimate({"m": mean_of(values)}, [f"p{n // 10}" for n in range(20)])["m"]
    assert alone.value == together.value == 0.5
    assert together.interval == (0.0, 1.0)  # two patients, drawn twice: all, half or nothing
    assert 0.25 <= alone.interval[0] < alone.interval[1] <= 0.75


def test_one_patient_has_no_interval_and_nothing_no_value():
    assert estimate({"m": mean_of(np.ones(3))}, ["p"] * 3)["m"].interval is None
    assert estimate({"m": mean_of(np.ones(0))}, [])["m"].value is None


@pytest.mark.parametrize("values", [[3.0, 1.0, 2.0], [4.0, 1.0, 2.0, 10.0], [5.0]])
def test_median_is_numpys_and_follows_weights(values):
    statistic = median_of(np.array(values))
    assert statistic(np.ones(len(values))) == np.median(values)
    weights = np.arange(1.0, len(values) + 1)
    assert statistic(weights) == np.median(np.repeat(values, weights.astype(int)))


def test_ranks_share_the_places_of_equal_values():
    assert (rank(np.array([5.0, 1.0, 5.0, 0.0])) + 1.5).tolist() == [2.5, 1.0, 2.5, 0.0]


def test_correlation_is_spearmans():
    generator = np.random.default_rng(3)
    x = generator.normal(size=40).round(1)
    y = (x + generator.normal(size=40)).round(1)
    expected = stats.spearmanr(x, y).statistic
    assert correlation_of(x, y)(np.ones(40)) == pytest.approx(expected)
    assert np.isnan(correlation_of(x, np.ones(40))(np.ones(40)))
