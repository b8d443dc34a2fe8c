"""The exact interval of a share."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

_STEPS: Final = 60


def clopper_pearson(found: int, total: int, confidence: float) -> tuple[float, float]:
    """Return the exact interval of a binomial share (C. J. Clopper and E. S. Pearson, Biometrika 26:404, 1934).

    It takes the images as independent, which images of one patient are not.

    Parameters
    ----------
    found, total : int
        So many of so many; `total` at least 1.
    confidence : float
        Such as 0.95.

    Returns
    -------
    low, high : float
        The shares at which `found` or more, and `found` or fewer, become as rare as half of 1 - `confidence`.
    """
    if not 0 <= found <= total or total < 1:
        raise ValueError(f"{found} of {total} is no share")
    tail = (1 - confidence) / 2
    low = 0.0 if found == 0 else _solve(least=found, total=total, tail=tail)
    high = 1.0 if found == total else 1 - _solve(least=total - found, total=total, tail=tail)
    return low, high


def _solve(least: int, total: int, tail: float) -> float:
    """Return the share p with P(X >= k) = tail, which grows with p; by bisection, for want of a beta quantile."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_least(least, total, middle) < tail:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_least(least: int, total: int, share: float) -> float:
    counts = np.arange(least, total + 1)
    ways = np.array(
        [math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1) for k in counts]
    )
    return float(np.exp(ways + counts * math.log(share) + (total - counts) * math.log1p(-share)).sum())
