"""Measures of scores as probabilities: are they sharp, and do they mean what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.metrics.threshold import Flags, Floats, ratio

ECE_BINS: Final = 15
_SMALLEST: Final = float(np.finfo(np.float64).eps)


def log_loss(positive: Flags, score: Floats, weights: Floats) -> Floats:
    """Mean negative log likelihood of the truth, in nats.

    Scores are kept 2.2e-16 away from 0 and 1, so that one confident error stays finite.
    """
    likelihood = np.clip(np.where(positive, score, 1 - score), _SMALLEST, 1 - _SMALLEST)
    return ratio(weights @ -np.log(likelihood), weights.sum(axis=-1))


def brier(positive: Flags, score: Floats, weights: Floats) -> Floats:
    """Mean squared distance between score and truth, 0 (best) to 1."""
    return ratio(weights @ (score - positive) ** 2, weights.sum(axis=-1))


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Images of similar score: what the score promised and what was found.

    Attributes
    ----------
    images : int
    mean_score : float
        Mean of P(pneumonia) in the bin.
    observed : float
        Share of the bin that is pneumonia. Where equal scores straddle two bins both get their mean.
    """

    images: int
    mean_score: float
    observed: float


class EqualMassBins:
    """Images in the order of their score, cut into bins that hold the same number (plus or minus one).

    The k-th cut lies after floor(k n / bins) images. Equal scores that straddle a cut are shared out
    evenly between its sides, so the result does not depend on the order in which the images came.

    Parameters
    ----------
    positive : ndarray of bool, shape (N,)
    score : ndarray of float, shape (N,)
        P(positive), between 0 and 1.
    bins : int
        At least 1. With fewer images than bins some stay empty.
    """

    def __init__(self, positive: Flags, score: Floats, bins: int = ECE_BINS) -> None:
        self._order = np.argsort(score, kind="stable")
        self._score = score[self._order]
        self._positive = positive[self._order].astype(np.float64)
        self._bins = bins
        # Only the last image of each group of equal scores is a place where a running sum may be read.
        changes = np.flatnonzero(self._score[1:] != self._score[:-1])
        self._ends = np.append(changes, len(score) - 1) if len(score) else changes

    def _running(self, values: Floats) -> Floats:
        """Return running sums, shape (..., G + 1), from 0 in one step for each group of equal scores."""
        sums = np.cumsum(values, axis=-1)[..., self._ends]
        return np.concatenate([np.zeros((*sums.shape[:-1], 1)), sums], axis=-1)

    def _cuts(self, total: float) -> Floats:
        return np.floor(np.arange(self._bins + 1) * total / self._bins)

    def ece(self, weights: Floats) -> Floats:
        """Return the expected calibration error of P(positive), the mean of |observed - mean score|.

        Guo, Pleiss, Sun, Weinberger 2017 with equal-mass bins (Nguyen and O'Connor 2015), each bin
        weighing as many images as it holds.

        Parameters
        ----------
        weights : ndarray of whole numbers, shape (..., N)

        Returns
        -------
        ndarray, shape (...)
            Between 0 (best) and 1; NaN without weight.
        """
        ordered = np.atleast_2d(weights)[..., self._order]
        mass = self._running(ordered)
        gap = self._running(ordered * (self._positive - self._score))
        out = np.full(len(mass), np.nan)
        for row, (m, g) in enumerate(zip(mass, gap, strict=True)):
            if m[-1] > 0:
                out[row] = np.abs(np.diff(np.interp(self._cuts(m[-1]), m, g))).sum() / m[-1]
        return out.reshape(weights.shape[:-1])

    def reliability(self) -> tuple[ReliabilityBin, ...]:
        """Return the bins behind `ece` with every image counted once, empty ones left out."""
        mass = self._running(np.ones_like(self._score))
        cuts = self._cuts(mass[-1])
        images = np.diff(cuts)
        scores = np.diff(np.interp(cuts, mass, self._running(self._score)))
        found = np.diff(np.interp(cuts, mass, self._running(self._positive)))
        return tuple(
            ReliabilityBin(int(n), float(s / n), float(f / n))
            for n, s, f in zip(images, scores, found, strict=True)
            if n > 0
        )
