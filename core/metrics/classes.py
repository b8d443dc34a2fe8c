"""Measures over several classes, all from the confusion matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.metrics.threshold import Floats, ratio


def confusion(truth: NDArray[np.intp], called: NDArray[np.intp], classes: int, weights: Floats) -> Floats:
    """Count truth against call.

    Parameters
    ----------
    truth, called : ndarray of int, shape (N,)
        Class numbers from 0 to classes - 1.
    classes : int
    weights : ndarray, shape (..., N)

    Returns
    -------
    ndarray, shape (..., classes, classes)
        Rows are the truth, columns the call.
    """
    cell = np.eye(classes * classes)[truth * classes + called]
    counts: Floats = weights @ cell
    return counts.reshape(*weights.shape[:-1], classes, classes)


def accuracy(matrix: Floats) -> Floats:
    """Share on the diagonal; NaN for an empty matrix. Shape (..., K, K) to (...)."""
    return ratio(np.trace(matrix, axis1=-2, axis2=-1), matrix.sum(axis=(-2, -1)))


def mcc(matrix: Floats) -> Floats:
    """Matthews correlation for K classes, R_K of Gorodkin 2004 (Comput Biol Chem 28:367).

    (c s - sum_k p_k t_k) / sqrt((s^2 - sum_k p_k^2)(s^2 - sum_k t_k^2)) with s images, c of them right,
    t_k of class k and p_k called k. NaN where all images share one class or one call; 1 is perfect,
    0 no better than chance.
    """
    truth, called = matrix.sum(axis=-1), matrix.sum(axis=-2)
    total = matrix.sum(axis=(-2, -1))
    right = np.trace(matrix, axis1=-2, axis2=-1)
    covariance = right * total - (truth * called).sum(axis=-1)
    spread = (total**2 - (truth**2).sum(axis=-1)) * (total**2 - (called**2).sum(axis=-1))
    return ratio(covariance, np.sqrt(spread))
