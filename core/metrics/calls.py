"""Yes/no calls against the truth, with intervals that also hold for a handful of images and for few patients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from core.metrics import bootstrap
from core.metrics.result import Measure
from core.metrics.threshold import Flags, Floats

_Z: Final = {0.95: 1.959963984540054}
KEYS: Final = ("sensitivity", "specificity", "ppv", "npv", "accuracy")
_RATES: Final = KEYS[:2]


@dataclass(frozen=True, slots=True)
class CallMeasures:
    """How calls agree with the truth.

    Attributes
    ----------
    true_positive, false_positive, true_negative, false_negative : int
        Images; positive is pneumonia.
    measures : dict
        A `Measure` for each of `KEYS`.
    patients : int or None
        How many were resampled; None where images were taken as independent.
    resamples : int
        0 while the intervals are Wilson's.
    draws : ndarray of float, shape (B, 2)
        Sensitivity and specificity as they vary from sample to sample, for figures that follow from both.
    """

    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int
    measures: dict[str, Measure]
    patients: int | None
    resamples: int
    draws: Floats = field(repr=False, compare=False)

    @property
    def images(self) -> int:
        """How many were called."""
        return self.true_positive + self.false_positive + self.true_negative + self.false_negative

    def at_prevalence(self, prevalence: float) -> tuple[Measure, Measure]:
        """Return positive and negative predictive value where so much of what is examined is pneumonia.

        By Bayes from sensitivity and specificity, whose own uncertainty makes the intervals.

        Parameters
        ----------
        prevalence : float
            In [0, 1].
        """
        rates = self.measures["sensitivity"].value, self.measures["specificity"].value
        if None in rates:
            missing = Measure(None, reason="needs both normal and pneumonia among the images")
            return missing, missing
        values = predictive_values(np.array([rates], dtype=np.float64), prevalence)
        spread = predictive_values(self.draws, prevalence)
        return tuple(  # type: ignore[return-value]
            _with_interval(float(value[0]), _around(float(value[0]), drawn))
            for value, drawn in zip(values, spread, strict=True)
        )


def predictive_values(rates: Floats, prevalence: float) -> tuple[Floats, Floats]:
    """Positive and negative predictive value by Bayes.

    Parameters
    ----------
    rates : ndarray, shape (B, 2)
        Sensitivity and specificity.
    prevalence : float
        In [0, 1].

    Returns
    -------
    ppv, npv : ndarray, shape (B,)
        NaN where nothing would be called so.
    """
    sensitivity, specificity = rates[:, 0], rates[:, 1]
    found, missed = sensitivity * prevalence, (1 - sensitivity) * prevalence
    right, false = specificity * (1 - prevalence), (1 - specificity) * (1 - prevalence)
    with np.errstate(invalid="ignore"):
        return found / (found + false), right / (right + missed)


def wilson(hits: int, images: int) -> tuple[float, float] | None:
    """95 % interval of a share, taking images as independent (Wilson 1927); None without images."""
    if images == 0:
        return None
    z = _Z[bootstrap.CONFIDENCE]
    share, slack = hits / images, z**2 / images
    middle = (share + slack / 2) / (1 + slack)
    half = z * np.sqrt(share * (1 - share) / images + slack / images / 4) / (1 + slack)
    # Exact at the ends, which rounding errors would miss by so little that it shows: as 99 % for 10 of 10.
    low = 0.0 if hits == 0 else float(middle - half)
    return low, 1.0 if hits == images else float(middle + half)


def measure_calls(
    positive: Flags,
    called: Flags,
    patients: Sequence[str] | None = None,
    *,
    resamples: int = bootstrap.RESAMPLES,
    seed: int = bootstrap.SEED,
) -> CallMeasures:
    """Hold calls against the truth.

    Parameters
    ----------
    positive, called : ndarray of bool, shape (N,)
        Whether it is pneumonia, and whether it is called so.
    patients : sequence of str, length N, or None
        Who each image is of. With two patients or more they are resampled (images of one child resemble each
        other); where that leaves no spread, because all calls are right for example, and without patients,
        intervals are Wilson's.
    resamples, seed : int
        Of the bootstrap, or of the draws behind `CallMeasures.at_prevalence`.
    """
    cells = np.stack([positive & called, ~positive & called, ~positive & ~called, positive & ~called], axis=1)
    tp, fp, tn, fn = (int(count) for count in cells.sum(axis=0))
    shares = _shares(np.array([tp, fp, tn, fn], dtype=np.float64))
    sizes = {"sensitivity": tp + fn, "specificity": tn + fp, "ppv": tp + fp, "npv": tn + fn}
    hits = {"sensitivity": tp, "specificity": tn, "ppv": tp, "npv": tn, "accuracy": tp + tn}
    sizes["accuracy"] = tp + fp + tn + fn
    many = patients is not None and len(set(patients)) > 1 and resamples > 0
    drawn = _resampled(cells, patients, resamples, seed) if many and patients is not None else None
    # Those that all resamples agree on, as on a specificity without a single false alarm, are not known exactly.
    spread = {key: None if drawn is None else _spread(drawn[:, place]) for place, key in enumerate(KEYS)}
    measures = {
        key: _with_interval(float(shares[place]), spread[key] or wilson(hits[key], sizes[key]))
        for place, key in enumerate(KEYS)
    }
    draws = _posterior(tp, fn, tn, fp, resamples, seed)
    for place, key in enumerate(_RATES):
        if drawn is not None and spread[key] is not None:
            draws[:, place] = drawn[:, place]
    count = len(set(patients)) if drawn is not None and patients is not None else None
    return CallMeasures(tp, fp, tn, fn, measures, count, 0 if drawn is None else resamples, draws)


def _shares(cells: Floats) -> Floats:
    """Return the five measures for cells of shape (..., 4)."""
    tp, fp, tn, fn = np.moveaxis(cells, -1, 0)
    with np.errstate(invalid="ignore"):
        return np.stack(
            [tp / (tp + fn), tn / (tn + fp), tp / (tp + fp), tn / (tn + fn), (tp + tn) / cells.sum(axis=-1)],
            axis=-1,
        )


def _resampled(cells: Flags, patients: Sequence[str], resamples: int, seed: int) -> Floats:
    """Return the five measures under resampled patients, shape (B, 5)."""
    names, member = np.unique(np.asarray(patients, dtype=np.str_), return_inverse=True)
    # Images of one patient are always drawn together, so their cells may be added up beforehand.
    totals = np.stack([np.bincount(member, cell, len(names)) for cell in cells.T], axis=1)
    blocks = bootstrap.patient_weights(list(names), resamples, seed)
    return np.concatenate([_shares(weights @ totals) for weights in blocks])


def _spread(drawn: Floats) -> tuple[float, float] | None:
    """Return the interval of a measure over resamples, None where there is none or it has no width."""
    ends = bootstrap.interval(drawn, bootstrap.CONFIDENCE)
    return None if ends is None or ends[0] == ends[1] else ends


def _around(value: float, drawn: Floats) -> tuple[float, float] | None:
    """Return the interval of a measure with its value in it: draws of a share that was 100 % all lie below."""
    ends = bootstrap.interval(drawn, bootstrap.CONFIDENCE)
    return None if ends is None else (min(ends[0], value), max(ends[1], value))


def _posterior(tp: int, fn: int, tn: int, fp: int, draws: int, seed: int) -> Floats:
    """Draw sensitivity and specificity from their Jeffreys posteriors, which also spread at 0 and at 1."""
    generator = np.random.default_rng(seed)
    rates = [generator.beta(hits + 0.5, misses + 0.5, draws) for hits, misses in ((tp, fn), (tn, fp))]
    return np.stack(rates, axis=1)


def _with_interval(value: float, ends: tuple[float, float] | None) -> Measure:
    if not np.isfinite(value):
        return Measure(None, reason="nothing to divide by")
    return Measure(value) if ends is None else Measure(value, *ends)
