"""Intervals for the examination's figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.metrics.bootstrap import CONFIDENCE, RESAMPLES, SEED, interval, patient_weights
from core.metrics.threshold import Floats, ratio

Statistic = Callable[[Floats], Floats]
"""From weights of shape (..., N) to one figure per leading index."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its interval over resampled patients; None where undefined."""

    value: float | None
    interval: tuple[float, float] | None


def estimate(
    statistics: Mapping[str, Statistic], patients: Sequence[str], resamples: int = RESAMPLES
) -> dict[str, Estimate]:
    """Compute figures and their percentile intervals over the same resampled patients.

    Parameters
    ----------
    statistics : mapping of str to callable
    patients : sequence of str, length N
        The patient of each image.
    resamples : int

    Returns
    -------
    dict of str to Estimate
    """
    drawn: dict[str, list[Floats]] = {key: [] for key in statistics}
    if len(set(patients)) > 1:
        for weights in patient_weights(patients, resamples, SEED):
            for key, statistic in statistics.items():
                drawn[key].append(statistic(weights))
    ones = np.ones(len(patients))
    found = {}
    for key, statistic in statistics.items():
        value = float(statistic(ones)) if len(patients) else math.nan
        ends = interval(np.concatenate(drawn[key]), CONFIDENCE) if drawn[key] else None
        found[key] = Estimate(value, ends) if math.isfinite(value) else Estimate(None, None)
    return found


def mean_of(values: NDArray[np.floating] | NDArray[np.bool_]) -> Statistic:
    """Return the statistic that is the mean of one value per image."""
    column = values.astype(np.float64)
    return lambda weights: ratio(weights @ column, weights.sum(axis=-1))


def median_of(values: Floats) -> Statistic:
    """Return the statistic that is the median of one value per image."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]

    def median(weights: Floats) -> Floats:
        heaped = np.cumsum(weights[..., order], axis=-1)
        half = heaped[..., -1:] / 2
        lower, upper = (heaped >= half).argmax(axis=-1), (heaped > half).argmax(axis=-1)
        middle: Floats = np.asarray((ordered[lower] + ordered[upper]) / 2)
        return middle

    return median


def correlation_of(first: Floats, second: Floats) -> Statistic:
    """Return Spearman's correlation; the ranks are those among all images, for every resample."""
    x, y = rank(first), rank(second)

    def correlation(weights: Floats) -> Floats:
        total = weights.sum(axis=-1)
        mean_x, mean_y = weights @ x / total, weights @ y / total
        covariance = weights @ (x * y) / total - mean_x * mean_y
        spread_x = np.sqrt(np.maximum(weights @ x**2 / total - mean_x**2, 0))
        spread_y = np.sqrt(np.maximum(weights @ y**2 / total - mean_y**2, 0))
        return ratio(covariance, spread_x * spread_y)

    return correlation


def rank(values: NDArray[np.floating]) -> Floats:
    """Return ranks from 0, centred on their mean; equal values share the mean of their ranks."""
    _, member, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Floats = (last - (counts + 1) / 2)[member].reshape(values.shape)
    return ranks - ranks.mean() if len(ranks) else ranks
