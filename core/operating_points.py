"""Thresholds on the score, chosen on validation data and never on the data that a model is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.engine.card import OperatingPoint
from core.metrics.bootstrap import SEED, patient_weights

_RESAMPLES: Final = 1000
_SMALLEST: Final = 1e-6
"""Scores nearer to 0 or 1 count as so near, for their log-odds must be finite."""


def balanced_point(
    positive: ArrayLike, score: ArrayLike, patients: Sequence[str], *, name: str = "balanced"
) -> OperatingPoint:
    """Choose the threshold for the greatest Youden index, that is, the greatest balanced accuracy.

    The greatest index of one sample lies on a plateau and jumps from end to end of it when a few images change.
    Therefore patients are drawn again and again, and the log-odds of the best thresholds averaged (bagging, Breiman
    1996).

    Parameters
    ----------
    positive : array_like of bool, shape (N,)
        Truth on validation images, with both classes present.
    score : array_like of float, shape (N,)
        P(pneumonia), calibrated, in [0, 1].
    patients : sequence of str, length N
        The patient of each image.
    name : str
        Of the operating point.

    Returns
    -------
    core.engine.card.OperatingPoint
        With the sensitivity and specificity reached on these images.

    Raises
    ------
    ValueError
        If a class is missing or a score lies outside 0 to 1.
    """
    truth, values = np.asarray(positive, dtype=np.bool_), np.asarray(score, dtype=np.float64)
    cuts, *_ = _candidates(truth, values)
    above = values[:, None] >= cuts
    found = []
    for times in patient_weights(patients, _RESAMPLES, SEED):
        diseased, healthy = times * truth, times * ~truth
        both = (diseased.sum(axis=1) > 0) & (healthy.sum(axis=1) > 0)
        diseased, healthy = diseased[both], healthy[both]
        youden = diseased @ above / diseased.sum(axis=1, keepdims=True)
        youden -= healthy @ above / healthy.sum(axis=1, keepdims=True)
        best = youden >= youden.max(axis=1, keepdims=True) - 1e-12
        log_odds = _log_odds(cuts)
        found += list((best * log_odds).sum(axis=1) / best.sum(axis=1))
    threshold = float(1 / (1 + np.exp(-np.mean(found))))
    called = values >= threshold
    return OperatingPoint(name, threshold, float(called[truth].mean()), float((~called)[~truth].mean()))


def _log_odds(score: NDArray[np.float64]) -> NDArray[np.float64]:
    inner = np.clip(score, _SMALLEST, 1 - _SMALLEST)
    return np.asarray(np.log(inner / (1 - inner)))


def sensitive_point(
    positive: ArrayLike, score: ArrayLike, sensitivity: float, *, name: str = "sensitive"
) -> OperatingPoint:
    """Choose the highest threshold that still reaches a sensitivity.

    Parameters
    ----------
    positive, score : array_like, shape (N,)
        As for `balanced_point`.
    sensitivity : float
        In (0, 1].
    name : str
        Of the operating point.
    """
    cuts, reached, specificity = _candidates(positive, score)
    best = int(np.flatnonzero(reached >= sensitivity - 1e-12)[0])
    return _point(name, cuts, reached, specificity, best)


def specific_point(
    positive: ArrayLike, score: ArrayLike, specificity: float, *, name: str = "specific"
) -> OperatingPoint:
    """Choose the lowest threshold that still reaches a specificity.

    Parameters
    ----------
    positive, score : array_like, shape (N,)
        As for `balanced_point`.
    specificity : float
        In [0, 1]. Where normal images share the highest score no threshold may reach it.
    name : str
        Of the operating point.

    Raises
    ------
    ValueError
        If no threshold reaches it, besides the reasons of `balanced_point`.
    """
    cuts, sensitivity, reached = _candidates(positive, score)
    enough = np.flatnonzero(reached >= specificity - 1e-12)
    if len(enough) == 0:
        raise ValueError(f"no threshold reaches a specificity of {specificity}")
    return _point(name, cuts, sensitivity, reached, int(enough[-1]))


def _candidates(
    positive: ArrayLike, score: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Thresholds from strict to lenient, one below each distinct score, with what they reach."""
    truth, values = np.asarray(positive, dtype=np.bool_), np.asarray(score, dtype=np.float64)
    if truth.shape != values.shape or truth.ndim != 1 or not truth.any() or truth.all():
        raise ValueError("an operating point needs both normal and pneumonia images, each with one score")
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("scores must lie between 0 and 1")
    distinct, place = np.unique(values, return_inverse=True)
    found = np.bincount(place, truth)[::-1].cumsum() / truth.sum()
    false = np.bincount(place, ~truth)[::-1].cumsum() / (~truth).sum()
    below = np.append(0.0, distinct[:-1])
    cuts = (distinct + below) / 2
    # Between two neighbouring floating-point numbers there is no middle.
    cuts = np.where(cuts > below, cuts, distinct)
    return cuts[::-1], found, 1 - false


def _point(
    name: str,
    cuts: NDArray[np.float64],
    sensitivity: NDArray[np.float64],
    specificity: NDArray[np.float64],
    index: int,
) -> OperatingPoint:
    return OperatingPoint(name, float(cuts[index]), float(sensitivity[index]), float(specificity[index]))
