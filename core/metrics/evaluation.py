"""Everything that is measured about a model's scores on labelled radiographs, in one pure function."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.conformal import Conformal
from core.metrics import bootstrap
from core.metrics.catalogue import KINDS
from core.metrics.result import Band, Cases, Evaluation, Measure
from core.metrics.sample import THREE, Sample
from core.metrics.threshold import Floats

BAND_POINTS: Final = 101
_TRUTHS: Final = ("normal", "pneumonia", "bacterial", "viral")
_ONE_PATIENT: Final = "one patient alone gives no interval"


def evaluate(
    labels: Sequence[str],
    probabilities: ArrayLike,
    patients: Sequence[str],
    *,
    class_names: Sequence[str],
    threshold: float,
    conformal: Conformal | None = None,
    resamples: int = bootstrap.RESAMPLES,
    seed: int = bootstrap.SEED,
    confidence: float = bootstrap.CONFIDENCE,
) -> Evaluation:
    """Measure scores against the truth, each figure with an interval from resampled patients.

    Parameters
    ----------
    labels : sequence of str, length N
        ``normal``, ``bacterial``, ``viral``, or ``pneumonia`` where the kind is unknown.
    probabilities : array_like, shape (N, K)
        The model's probabilities, each row adding up to 1 (within 1e-3).
    patients : sequence of str, length N
        Who each image is of.
    class_names : sequence of str, length K
        ``normal`` first, then ``pneumonia`` or ``bacterial`` and ``viral``.
    threshold : float
        Scores of at least this are called pneumonia.
    conformal : Conformal, optional
        What decides the model's prediction sets, with a limit for each of its classes.
    resamples : int
        Bootstrap resamples; 0 leaves the intervals out, which is quick enough for every training epoch.
    seed : int
        Of the bootstrap. The same input and seed give the same figures.
    confidence : float
        Of the intervals.

    Returns
    -------
    Evaluation

    Raises
    ------
    ValueError
        If the lengths disagree, a label is unknown, or a row is no probability distribution.
    """
    table = _checked(labels, probabilities, patients, tuple(class_names))
    sample = Sample(tuple(labels), table, tuple(class_names), threshold, conformal)
    ones = np.ones(len(table))
    drawn, band = _resampled(sample, patients, resamples, seed, confidence)
    single = len(set(patients)) == 1
    return Evaluation(
        class_names=tuple(class_names),
        threshold=threshold,
        confidence=confidence,
        resamples=resamples,
        seed=seed,
        labels=tuple(labels),
        probabilities=table,
        score=sample.score,
        positive=sample.positive,
        called=sample.called,
        measures={
            key: _measure(key, float(value), drawn.get(key), confidence, single)
            for key, value in sample.measure(ones).items()
        },
        confusion=_whole(sample.confusion(ones)),
        class_confusion=_whole(sample.class_confusion(ones)) if sample.three_classes else None,
        roc=sample.ranking.roc(ones),
        roc_band=band,
        precision_recall=sample.ranking.precision_recall(ones),
        reliability=sample.bins.reliability(),
        cases=_cases(labels, patients),
        risk_coverage=sample.selection.curve(ones),
        class_risk_coverage=sample.class_risk_coverage(),
        sets=sample.sets.coverage(conformal.level, confidence) if conformal and sample.sets else None,
    )


def _resampled(
    sample: Sample, patients: Sequence[str], resamples: int, seed: int, confidence: float
) -> tuple[dict[str, Floats], Band | None]:
    rates = np.linspace(0, 1, BAND_POINTS)
    figures: dict[str, list[Floats]] = {}
    curves = []
    for weights in bootstrap.patient_weights(patients, resamples, seed):
        for key, value in sample.measure(weights).items():
            figures.setdefault(key, []).append(value)
        curves.append(sample.ranking.sensitivities(weights, rates))
    joined = {key: np.concatenate(parts) for key, parts in figures.items()}
    if not curves or len(set(patients)) == 1:
        return joined, None
    ends = [bootstrap.interval(column, confidence) for column in np.concatenate(curves).T]
    defined = [pair for pair in ends if pair is not None]
    if len(defined) < len(ends):
        return joined, None
    low, high = np.array(defined).T
    return joined, Band(rates, low, high)


def _measure(key: str, value: float, drawn: Floats | None, confidence: float, single: bool) -> Measure:
    if not np.isfinite(value):
        return Measure(None, reason=KINDS[key].undefined)
    if drawn is None:
        return Measure(value)
    undefined = int(np.isnan(drawn).sum())
    if single:
        return Measure(value, undefined_resamples=undefined, reason=_ONE_PATIENT)
    ends = bootstrap.interval(drawn, confidence)
    if ends is None:
        reason = f"undefined in {undefined} of {len(drawn)} resamples, too many for an interval"
        return Measure(value, undefined_resamples=undefined, reason=reason)
    return Measure(value, *ends, undefined_resamples=undefined)


def _whole(matrix: Floats) -> NDArray[np.int64]:
    return np.rint(matrix).astype(np.int64)


def _cases(labels: Sequence[str], patients: Sequence[str]) -> dict[str, Cases]:
    cases = {"all": Cases(len(labels), len(set(patients)))}
    for name in _TRUTHS:
        members = [who for label, who in zip(labels, patients, strict=True) if label == name]
        if members:
            cases[name] = Cases(len(members), len(set(members)))
    return cases


def _checked(
    labels: Sequence[str], probabilities: ArrayLike, patients: Sequence[str], class_names: tuple[str, ...]
) -> Floats:
    if class_names not in (THREE, ("normal", "pneumonia")):
        raise ValueError(f"unknown classes {class_names}")
    table = np.asarray(probabilities, dtype=np.float64).reshape(-1, len(class_names))
    if not len(labels) == len(table) == len(patients):
        raise ValueError(f"{len(labels)} labels, {len(table)} rows and {len(patients)} patients do not match")
    if unknown := set(labels) - set(_TRUTHS):
        raise ValueError(f"unknown labels {sorted(unknown)}")
    fine = np.isfinite(table).all() and (table >= 0).all() and (np.abs(table.sum(axis=1) - 1) < 1e-3).all()
    if not fine:
        raise ValueError("every row of probabilities must be non-negative and add up to 1")
    return table
