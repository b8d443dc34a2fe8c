"""From logits to scores that mean what they say.

The temperature is chosen on validation data, never on the data that a model is judged by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

LOWEST_TEMPERATURE: Final = 0.05
HIGHEST_TEMPERATURE: Final = 20.0
_GRID: Final = 97
_GOLDEN: Final = (5**0.5 - 1) / 2
_TOLERANCE: Final = 1e-7
_LARGEST_SHIFT: Final = 5.0


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
    found = _least(lambda value: _loss(values, right, value), float(low), float(high), _TOLERANCE)
    at_bound = min(abs(found - end) for end in ends) < 1e-4
    return Calibration(float(np.exp(found)), _loss(values, right, 0.0), _loss(values, right, found), at_bound)


def fit_shift(logits: ArrayLike, allowed: ArrayLike) -> float:
    """Find what has to be added to the first class's logit for the smallest log loss at its best temperature.

    A temperature alone cannot help a model that leans to one class for all images alike. Together with this shift it
    is bias-corrected temperature scaling (Alexandari, Kundaje, Shrikumar 2020).

    Parameters
    ----------
    logits, allowed : array_like, shape (N, K)
        As for `fit_temperature`.

    Returns
    -------
    float
        In logits, between -5 and 5; 0 where the temperature runs into its bounds, for then there is nothing to fit.
    """
    values = np.asarray(logits, dtype=np.float64)

    def shifted(shift: float) -> Calibration:
        return fit_temperature(values + shift * (np.arange(values.shape[1]) == 0), allowed)

    if shifted(0.0).at_bound:
        return 0.0
    shift = _least(lambda value: shifted(value).log_loss_after, -_LARGEST_SHIFT, _LARGEST_SHIFT, 1e-4)
    return 0.0 if shifted(shift).at_bound else shift


def _loss(logits: NDArray[np.float64], allowed: NDArray[np.bool_], log_temperature: float) -> float:
    scaled = logits * np.exp(-log_temperature)
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    chosen = np.where(allowed, scaled, -np.inf)
    top = chosen.max(axis=1, keepdims=True)
    everything = np.log(np.exp(scaled).sum(axis=1))
    return float(np.mean(everything - top[:, 0] - np.log(np.exp(chosen - top).sum(axis=1))))


def _least(loss: Callable[[float], float], low: float, high: float, tolerance: float) -> float:
    """Return where a function with one minimum between two ends is smallest, by golden-section search."""
    # scipy.optimize.minimize_scalar would do the same, but `core` stays free of SciPy, which the program
    # would have to bring along for this alone.
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    while high - low > tolerance:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = loss(right)
    return (low + high) / 2
