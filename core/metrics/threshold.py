"""Measures of a yes/no call: how often it agrees with the truth.

Every function takes weights of shape (..., N) and returns one figure per leading index, so that the
figure itself (weights of one) and all its bootstrap resamples come from the same few lines.
Undefined figures (a division by zero) are NaN, never 0 and never a warning.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide element by element; NaN where the denominator is zero."""
    out = np.full(np.broadcast_shapes(np.shape(numerator), np.shape(denominator)), np.nan)
    np.divide(numerator, denominator, out=out, where=np.asarray(denominator) != 0)
    return out


@dataclass(frozen=True, slots=True)
class Counts:
    """The four cells of a two-by-two table, each of shape (...)."""

    true_positive: Floats
    false_positive: Floats
    true_negative: Floats
    false_negative: Floats


def count(positive: Flags, called: Flags, weights: Floats) -> Counts:
    """Fill the two-by-two table.

    Parameters
    ----------
    positive, called : ndarray of bool, shape (N,)
        Truth and call.
    weights : ndarray of float, shape (..., N)
        How often each image counts.
    """
    cells = np.stack([positive & called, ~positive & called, ~positive & ~called, positive & ~called], axis=1)
    table = weights @ cells.astype(np.float64)
    return Counts(table[..., 0], table[..., 1], table[..., 2], table[..., 3])


def accuracy(table: Counts) -> Floats:
    """Share of calls that are right."""
    right = table.true_positive + table.true_negative
    return ratio(right, right + table.false_positive + table.false_negative)


def sensitivity(table: Counts) -> Floats:
    """Share of the positives that are called (also named recall)."""
    return ratio(table.true_positive, table.true_positive + table.false_negative)


def specificity(table: Counts) -> Floats:
    """Share of the negatives that are not called."""
    return ratio(table.true_negative, table.true_negative + table.false_positive)


def precision(table: Counts) -> Floats:
    """Share of the calls that are positives (positive predictive value)."""
    return ratio(table.true_positive, table.true_positive + table.false_positive)


def balanced_accuracy(table: Counts) -> Floats:
    """Mean of sensitivity and specificity; undefined unless both classes are there."""
    return (sensitivity(table) + specificity(table)) / 2


def f1(table: Counts) -> Floats:
    """Harmonic mean of precision and recall, as 2 TP / (2 TP + FP + FN)."""
    doubled = 2 * table.true_positive
    return ratio(doubled, doubled + table.false_positive + table.false_negative)
