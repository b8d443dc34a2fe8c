"""Everything the dock shows about some labelled cases, free of Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.metrics import bootstrap
from core.metrics.calls import CallMeasures, measure_calls
from core.metrics.probability import EqualMassBins, ReliabilityBin
from core.metrics.ranking import Ranking, RocCurve
from core.metrics.result import Measure
from core.metrics.threshold import Flags, Floats
from deeppneumo_gui.measures.labelled import NORMAL, PNEUMONIA, UNSURE, Labelled

_MOST_BINS: Final = 10
_FEWEST_A_BIN: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """Model and reader held against the truth.

    Attributes
    ----------
    labelled : Labelled
    model, reader : CallMeasures or None
        None where nothing was scored, or nothing called.
    auroc : Measure
    roc : RocCurve or None
        None unless both classes are scored.
    reliability : tuple of ReliabilityBin
        As many bins as the images are enough for.
    unsure : int
        How many of the labelled the reader left unsure; they are in no figure.
    complete : bool
        Whether patients and scores have been resampled too; a first, quick answer comes without.
    """

    labelled: Labelled
    model: CallMeasures | None
    reader: CallMeasures | None
    auroc: Measure
    roc: RocCurve | None
    reliability: tuple[ReliabilityBin, ...]
    unsure: int
    complete: bool


def measure(labelled: Labelled, *, complete: bool = True) -> Review:
    """Measure some labelled cases; without intervals that take long when not `complete`."""
    resamples = bootstrap.RESAMPLES if complete else 0
    scored = labelled.scored if labelled.threshold is not None else np.zeros(len(labelled.score), dtype=bool)
    positive, score = labelled.positive[scored], labelled.score[scored]
    ranking = Ranking(positive, score)
    bins = min(_MOST_BINS, max(1, len(score) // _FEWEST_A_BIN))
    called = np.isin(labelled.reader, (NORMAL, PNEUMONIA))
    return Review(
        labelled,
        model_calls(labelled, labelled.threshold, resamples) if scored.any() else None,
        _calls(labelled, called, labelled.reader == PNEUMONIA, resamples) if called.any() else None,
        _auroc(ranking, len(score), _patients(labelled, scored), resamples),
        ranking.roc(np.ones(len(score))) if len(score) else None,
        EqualMassBins(positive, score, bins).reliability() if len(score) else (),
        int((labelled.reader == UNSURE).sum()),
        complete,
    )


def model_calls(labelled: Labelled, threshold: float | None, resamples: int = 0) -> CallMeasures:
    """Hold the model's calls at a threshold against the truth."""
    cut = np.inf if threshold is None else threshold
    return _calls(labelled, labelled.scored, labelled.score >= cut, resamples)


def _calls(labelled: Labelled, which: Flags, called: Flags, resamples: int) -> CallMeasures:
    # Without resampled patients the draws behind other prevalences are cheap; they always come.
    patients = _patients(labelled, which) if resamples else None
    return measure_calls(labelled.positive[which], called[which], patients)


def _patients(labelled: Labelled, which: Flags) -> list[str] | None:
    if labelled.patients is None:
        return None
    return [labelled.patients[place] for place in np.flatnonzero(which)]


def _auroc(ranking: Ranking, images: int, patients: list[str] | None, resamples: int) -> Measure:
    value = float(ranking.auroc(np.ones(images))) if images else float("nan")
    if not np.isfinite(value):
        return Measure(None, reason="needs both normal and pneumonia")
    owners = patients or [str(number) for number in range(images)]
    if resamples == 0 or len(set(owners)) < 2:
        return Measure(value)
    drawn: Floats = np.concatenate(
        [ranking.auroc(weights) for weights in bootstrap.patient_weights(owners, resamples, bootstrap.SEED)]
    )
    ends = bootstrap.interval(drawn, bootstrap.CONFIDENCE)
    # Without any overlap of the scores every resample says 1, which is no interval.
    return Measure(value) if ends is None or ends[0] == ends[1] else Measure(value, *ends)
