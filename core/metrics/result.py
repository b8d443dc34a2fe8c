"""What an evaluation holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.metrics.probability import ReliabilityBin
from core.metrics.ranking import PrecisionRecallCurve, RocCurve
from core.metrics.selective import RiskCoverageCurve
from core.metrics.sets import SetCoverage
from core.metrics.threshold import Flags, Floats


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure with its interval.

    Attributes
    ----------
    value : float or None
        None where undefined; `reason` then says why.
    low, high : float or None
        Ends of the interval, both None where there is none; `reason` then says why.
    undefined_resamples : int
        Bootstrap resamples in which the measure was undefined; the interval is made of the others.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    undefined_resamples: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """Interval around a ROC curve: sensitivities at evenly spaced false positive rates."""

    false_positive_rate: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Cases:
    """Number of images and of patients."""

    images: int
    patients: int


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """A model measured on N radiographs.

    Attributes
    ----------
    class_names : tuple of str, length K
        The model's classes, in the order of `probabilities`.
    threshold : float
        Scores of at least this are called pneumonia.
    confidence : float
        Of the intervals, such as 0.95.
    resamples, seed : int
        Of the bootstrap over patients.
    labels : tuple of str, length N
        ``normal``, ``bacterial``, ``viral`` or ``pneumonia`` (kind unknown).
    probabilities : ndarray, shape (N, K)
    score : ndarray, shape (N,)
        P(pneumonia) = 1 - P(normal).
    positive, called : ndarray of bool, shape (N,)
        Whether it is pneumonia, and whether it is called so.
    measures : mapping
        From the keys of `core.metrics.catalogue` to `Measure`. Measures of kinds of pneumonia are there
        only where the truth has kinds, three-class measures only where the model has them too.
    confusion : ndarray of int, shape (2, 2)
        Rows are the truth, columns the call; normal first.
    class_confusion : ndarray of int, shape (3, 3), or None
        The same for normal, bacterial, viral, by the most probable class.
    roc, roc_band, precision_recall
        None where undefined.
    reliability : tuple of ReliabilityBin
    risk_coverage : RiskCoverageCurve or None
        Wrong calls by how many images are answered, those farthest from the threshold first; None without images.
    class_risk_coverage : RiskCoverageCurve or None
        The same for the most probable of three classes, the most probable ones first.
    sets : SetCoverage or None
        None where the model gives no prediction sets.
    cases : mapping
        Images and patients by label, and under ``all``.
    """

    class_names: tuple[str, ...]
    threshold: float
    confidence: float
    resamples: int
    seed: int
    labels: tuple[str, ...]
    probabilities: Floats
    score: Floats
    positive: Flags
    called: Flags
    measures: Mapping[str, Measure]
    confusion: NDArray[np.int64]
    class_confusion: NDArray[np.int64] | None
    roc: RocCurve | None
    roc_band: Band | None
    precision_recall: PrecisionRecallCurve | None
    reliability: tuple[ReliabilityBin, ...]
    cases: Mapping[str, Cases]
    risk_coverage: RiskCoverageCurve | None = None
    class_risk_coverage: RiskCoverageCurve | None = None
    sets: SetCoverage | None = None
