"""Measures of a model's scores, with intervals from resampled patients; numpy only."""

from core.metrics.bootstrap import CONFIDENCE, RESAMPLES, SEED
from core.metrics.catalogue import BINARY, KINDS, SUBTYPES, THREE_CLASSES, Kind
from core.metrics.evaluation import evaluate
from core.metrics.probability import EqualMassBins, ReliabilityBin
from core.metrics.ranking import PrecisionRecallCurve, Ranking, RocCurve
from core.metrics.result import Band, Cases, Evaluation, Measure

__all__ = [
    "BINARY",
    "CONFIDENCE",
    "KINDS",
    "RESAMPLES",
    "SEED",
    "SUBTYPES",
    "THREE_CLASSES",
    "Band",
    "Cases",
    "EqualMassBins",
    "Evaluation",
    "Kind",
    "Measure",
    "PrecisionRecallCurve",
    "Ranking",
    "ReliabilityBin",
    "RocCurve",
    "evaluate",
]
