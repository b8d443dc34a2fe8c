import numpy as np
import pytest

from core.metrics.bootstrap import interval, patient_weights


def weights_of(patients, resamples=200, seed=1):
    return np.concatenate(list(patient_weights(patients, resamples, seed)))


def test_images_of_a_patient_are_drawn_together():
    patients = ["a", "b", "a", "c", "a", "b"]
    weights = weights_of(patients)
    assert weights.shape == (200, 6)
    np.testing.assert_array_equal(weights[:, 0], weights[:, 2])
    np.testing.assert_array_equal(weights[:, 0], weights[:, 4])
    np.testing.assert_array_equal(weights[:, 1], weights[:, 5])
    assert set((weights[:, 0] + weights[:, 1] + weights[:, 3]).tolist()) == {3.0}
    assert weights.std(axis=0).min() > 0


def test_the_seed_decides_and_the_order_of_images_does_not():
    patients = ["a", "b", "a", "c"]
    np.testing.assert_array_equal(weights_of(patients), weights_of(patients))
    assert not np.array_equal(weights_of(patients), weights_of(patients, seed=2))
    np.testing.assert_array_equal(weights_of(patients)[:, ::-1], weights_of(patients[::-1]))


def test_blocks_stay_small():
    blocks = list(patient_weights([f"p{n}" for n in range(6000)], 400, 1))
    assert len(blocks) > 1
    assert sum(map(len, blocks)) == 400


def test_nobody_gives_nothing():
    assert list(patient_weights([], 10, 1)) == []


def test_interval_is_made_of_percentiles():
    assert interval(np.arange(101) / 100, 0.95) == pytest.approx((0.025, 0.975))
    assert interval(np.arange(101) / 100, 0.5) == pytest.approx((0.25, 0.75))


def test_undefined_resamples_are_left_out_until_they_are_too_many():
    values = np.arange(100) / 100
    values[:10] = np.nan
    assert interval(values, 0.95)[0] == pytest.approx(0.1 + 0.025 * 0.89)
    values[10] = np.nan
    assert interval(values, 0.95) is None
    assert interval(np.full(5, np.nan), 0.95) is None


def test_share_of_a_patient_level_proportion_is_covered():
    """Ninety-five in a hundred intervals hold the true share, although images of a child agree."""
    random = np.random.default_rng(11)
    hits = 0
    for trial in range(120):
        truth = random.random(80) < 0.7
        right, patients = truth.repeat(3), np.arange(80).repeat(3).astype(str)
        means = np.concatenate(
            [w @ right / w.sum(axis=1) for w in patient_weights(patients.tolist(), 300, trial)]
        )
        low, high = interval(means, 0.95)
        hits += low <= 0.7 <= high
    assert 0.88 <= hits / 120 <= 0.99
