"""From logits to scores that mean what they say, and to the threshold on them.

Both are chosen on validation data, never on the data that a model is judged by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.engine.card import OperatingPoint

LOWEST_TEMPERATURE: Final = 0.05
HIGHEST_TEMPERATURE: Final = 20.0
_GRID: Final = 97
_GOLDEN: Final = (5**0.5 - 1) / 2
_TOLERANCE: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Calibration:
    """A fitted temperature.

    Attributes
    ----------
    temperature : float
        Divide logits by it before the softmax.
    log_loss_before, log_loss_after : float
        Mean negative log likelihood in nats at a temperature of 1 and at the fitted one.
    at_bound : bool
        Whether the fit ran into the end of its range: the logits separate the classes perfectly
        (lowest) or carry no information (highest), and more validation data is needed.
    """

    temperature: float
    log_loss_before: float
    log_loss_after: float
    at_bound: bool


def allowed_classes(labels: Sequence[str], class_names: Sequence[str], *, kinds: bool) -> NDArray[np.bool_]:
    """Say which classes count as right for each image.

    Parameters
    ----------
    labels : sequence of str, length N
        ``normal``, ``pneumonia``, ``bacterial`` or ``viral``.
    class_names : sequence of str, length K
        The model's classes, ``normal`` first.
    kinds : bool
        Whether a bacterial or viral pneumonia must be given to its own class. Otherwise, and always
        where the kind is unknown or the model does not have it, any pneumonia class is right.

    Returns
    -------
    ndarray of bool, shape (N, K)
    """
    names = tuple(class_names)
    table = np.zeros((len(labels), len(names)), dtype=np.bool_)
    for row, label in zip(table, labels, strict=True):
        if label == "normal":
            row[0] = True
        elif kinds and label in names:
            row[names.index(label)] = True
        else:
            row[1:] = True
    return table


def fit_temperature(logits: ArrayLike, allowed: ArrayLike) -> Calibration:
    """Fit one temperature by minimising the log loss (Guo, Pleiss, Sun, Weinberger 2017).

    A single number cannot change which class is most probable. It sharpens or softens all
    probabilities alike. The loss of an image is minus the log of the probability of its allowed classes
    together. With several of them the loss need not have a single minimum, so a grid over the
    logarithm of the temperature comes first, then a golden-section search around its best point.

    Parameters
    ----------
    logits : array_like, shape (N, K)
        On validation images, finite.
    allowed : array_like of bool, shape (N, K)
        Classes that count as right, from `allowed_classes`; at least one for each image.

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        If there are no images, the shapes differ, or an image has no allowed class.
    """
    values = np.asarray(logits, dtype=np.float64)
    right = np.asarray(allowed, dtype=np.bool_)
    if values.ndim != 2 or len(values) == 0 or values.shape != right.shape:
        raise ValueError(
            f"logits {values.shape} and allowed classes {right.shape} must match and not be empty"
        )
    if not np.isfinite(values).all() or not right.any(axis=1).all():
        raise ValueError("logits must be finite and every image needs an allowed class")
    ends = np.log(LOWEST_TEMPERATURE), np.log(HIGHEST_TEMPERATURE)
    grid = np.linspace(*ends, _GRID)
    best = int(np.argmin([_loss(values, right, t) for t in grid]))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, _GRID - 1)]
    found = _golden_section(values, right, float(low), float(high))
    at_bound = min(abs(found - end) for end in ends) < 1e-4
    return Calibration(float(np.exp(found)), _loss(values, right, 0.0), _loss(values, right, found), at_bound)


def _loss(logits: NDArray[np.float64], allowed: NDArray[np.bool_], log_temperature: float) -> float:
    scaled = logits * np.exp(-log_temperature)
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    chosen = np.where(allowed, scaled, -np.inf)
    top = chosen.max(axis=1, keepdims=True)
    everything = np.log(np.exp(scaled).sum(axis=1))
    return float(np.mean(everything - top[:, 0] - np.log(np.exp(chosen - top).sum(axis=1))))


def _golden_section(
    logits: NDArray[np.float64], allowed: NDArray[np.bool_], low: float, high: float
) -> float:
    # scipy.optimize.minimize_scalar would do the same, but `core` stays free of SciPy, which the program
    # would have to bring along for this alone.
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = _loss(logits, allowed, left), _loss(logits, allowed, right)
    while high - low > _TOLERANCE:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = _loss(logits, allowed, left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = _loss(logits, allowed, right)
    return (low + high) / 2


def balanced_point(positive: ArrayLike, score: ArrayLike, *, name: str = "balanced") -> OperatingPoint:
    """Choose the threshold with the greatest Youden index, that is, the greatest balanced accuracy.

    Where several thresholds share it, the one with the greatest sensitivity wins, since a missed
    pneumonia weighs more than a false alarm. The threshold lies midway between the two neighbouring
    scores that it parts, so that rounding cannot move an image across it.

    Parameters
    ----------
    positive : array_like of bool, shape (N,)
        Truth on validation images, with both classes present.
    score : array_like of float, shape (N,)
        P(pneumonia), calibrated, in [0, 1].
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
    cuts, sensitivity, specificity = _candidates(positive, score)
    youden = sensitivity + specificity - 1
    # Candidates run from the strictest threshold to the most lenient, so the last of the best is the
    # most sensitive. Sums of ratios that are equal on paper may differ in the last bits.
    best = int(np.flatnonzero(youden >= youden.max() - 1e-12)[-1])
    return _point(name, cuts, sensitivity, specificity, best)


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
