"""Intervals by resampling patients.

Images of one child resemble each other, so the child, not the image, is drawn (the cluster bootstrap);
drawing images would make every interval too narrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from core.metrics.threshold import Floats

RESAMPLES: Final = 2000
SEED: Final = 20180222
CONFIDENCE: Final = 0.95

# Below this share of resamples in which a measure is defined, an interval would describe the lucky ones.
_ENOUGH: Final = 0.9
_CHUNK_ELEMENTS: Final = 1_000_000


def patient_weights(patients: Sequence[str], resamples: int, seed: int) -> Iterator[Floats]:
    """Draw patients with replacement and say how often each image counts.

    Parameters
    ----------
    patients : sequence of str, length N
        The patient of each image.
    resamples : int
    seed : int
        The same seed and patients give the same weights, in whatever order the images come.

    Yields
    ------
    ndarray of float, shape (b, N)
        Whole numbers; as many blocks as add up to `resamples` rows, each small enough for a few
        temporaries of its size to be cheap.
    """
    names, member = np.unique(np.asarray(patients, dtype=np.str_), return_inverse=True)
    count = len(names)
    if count == 0:
        return
    generator = np.random.default_rng(seed)
    step = max(1, _CHUNK_ELEMENTS // len(member))
    for start in range(0, resamples, step):
        rows = min(step, resamples - start)
        drawn = generator.integers(0, count, size=(rows, count))
        drawn += np.arange(rows)[:, None] * count
        times = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count)
        yield times[:, member].astype(np.float64)


def interval(values: Floats, confidence: float) -> tuple[float, float] | None:
    """Percentile interval over the resamples in which the measure is defined.

    Parameters
    ----------
    values : ndarray, shape (B,)
        One figure for each resample, NaN where undefined.
    confidence : float
        Such as 0.95.

    Returns
    -------
    (low, high) or None
        None where the measure is undefined in more than a tenth of the resamples.
    """
    defined = values[np.isfinite(values)]
    if len(defined) == 0 or len(defined) < _ENOUGH * len(values):
        return None
    tail = (1 - confidence) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    return float(low), float(high)
