"""Measures of the order that scores put images into, whatever the threshold.

The images are sorted once; each bootstrap resample is then a vector of weights over that order.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.metrics.threshold import Flags, Floats, ratio


@dataclass(frozen=True, slots=True)
class RocCurve:
    """Points of a ROC curve, from (0, 0) to (1, 1), with the score at which each is reached.

    Attributes
    ----------
    false_positive_rate, true_positive_rate : ndarray, shape (P,)
        Between 0 and 1, never falling.
    threshold : ndarray, shape (P,)
        Images with a score of at least this are called; infinity at the first point.
    """

    false_positive_rate: Floats
    true_positive_rate: Floats
    threshold: Floats


@dataclass(frozen=True, slots=True)
class PrecisionRecallCurve:
    """Points of a precision-recall curve by rising recall, without an invented first point."""

    recall: Floats
    precision: Floats
    threshold: Floats


class Ranking:
    """Images in the order of falling score, equal scores in one group.

    Parameters
    ----------
    positive : ndarray of bool, shape (N,)
        The truth.
    score : ndarray of float, shape (N,)
        Higher means more likely positive.
    """

    def __init__(self, positive: Flags, score: Floats) -> None:
        self._order: NDArray[np.intp] = np.argsort(-score, kind="stable")
        self._score = score[self._order]
        self._positive = positive[self._order].astype(np.float64)
        changes = np.flatnonzero(self._score[1:] != self._score[:-1]) + 1
        self._starts = np.concatenate([np.zeros(min(len(score), 1), dtype=np.intp), changes])

    def _grouped(self, weights: Floats) -> tuple[Floats, Floats]:
        """Positive and negative weight of each group of equal scores, shape (..., G)."""
        ordered = weights[..., self._order]
        positive = ordered * self._positive
        negative = ordered - positive
        if len(self._starts) == len(self._score):
            return positive, negative
        return (
            np.add.reduceat(positive, self._starts, axis=-1),
            np.add.reduceat(negative, self._starts, axis=-1),
        )

    def auroc(self, weights: Floats) -> Floats:
        """Area under the ROC curve; equal scores count half (Mann-Whitney U).

        Parameters
        ----------
        weights : ndarray, shape (..., N)

        Returns
        -------
        ndarray, shape (...)
            Between 0 and 1; NaN unless both classes have weight.
        """
        positive, negative = self._grouped(weights)
        below = negative.sum(axis=-1, keepdims=True) - np.cumsum(negative, axis=-1)
        pairs = (positive * (below + negative / 2)).sum(axis=-1)
        return ratio(pairs, positive.sum(axis=-1) * negative.sum(axis=-1))

    def average_precision(self, weights: Floats) -> Floats:
        """Mean precision over the steps in recall, without interpolation.

        The sum over n of (R_n - R_{n-1}) P_n, as in scikit-learn; NaN without a positive.
        """
        positive, negative = self._grouped(weights)
        found = np.cumsum(positive, axis=-1)
        called = found + np.cumsum(negative, axis=-1)
        share = np.divide(found, called, out=np.zeros_like(found), where=called > 0)
        return ratio((positive * share).sum(axis=-1), positive.sum(axis=-1))

    def roc(self, weights: Floats) -> RocCurve | None:
        """Return the curve for one vector of weights, or None unless both classes have weight."""
        positive, negative = self._grouped(weights)
        if positive.sum() == 0 or negative.sum() == 0:
            return None
        return RocCurve(
            np.concatenate([[0.0], np.cumsum(negative) / negative.sum()]),
            np.concatenate([[0.0], np.cumsum(positive) / positive.sum()]),
            np.concatenate([[np.inf], self._score[self._starts]]),
        )

    def precision_recall(self, weights: Floats) -> PrecisionRecallCurve | None:
        """Return the curve for one vector of weights, or None without a positive."""
        positive, negative = self._grouped(weights)
        if positive.sum() == 0:
            return None
        found = np.cumsum(positive)
        called = found + np.cumsum(negative)
        seen = called > 0
        return PrecisionRecallCurve(
            (found / positive.sum())[seen], found[seen] / called[seen], self._score[self._starts][seen]
        )

    def sensitivities(self, weights: Floats, false_positive_rates: Floats) -> Floats:
        """Read many ROC curves at the same false positive rates, for a band around the curve.

        Parameters
        ----------
        weights : ndarray, shape (B, N)
        false_positive_rates : ndarray, shape (F,)
            Between 0 and 1.

        Returns
        -------
        ndarray, shape (B, F)
            NaN rows where a class has no weight.
        """
        positive, negative = self._grouped(weights)
        found = ratio(np.cumsum(positive, axis=-1), positive.sum(axis=-1, keepdims=True))
        false = ratio(np.cumsum(negative, axis=-1), negative.sum(axis=-1, keepdims=True))
        out = np.full((len(weights), len(false_positive_rates)), np.nan)
        for row, (x, y) in enumerate(zip(false, found, strict=True)):
            if np.isfinite(x[-1]) and np.isfinite(y[-1]):
                # The point (0, 0) belongs to every curve; where the curve rises vertically
                # np.interp takes the last, that is the upper, point.
                out[row] = np.interp(false_positive_rates, np.append(0.0, x), np.append(0.0, y))
        return out
