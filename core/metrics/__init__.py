"""Measures of a model's scores, with intervals from resampled patients; numpy only."""

from core.metrics.bootstrap import CONFIDENCE, RESAMPLES, SEED
from core.metrics.catalogue import ABSTENTION, BINARY, KINDS, SETS, SUBTYPES, THREE_CLASSES, Kind
from core.metrics.evaluation import evaluate
from core.metrics.probability import EqualMassBins, ReliabilityBin
from core.metrics.ranking import PrecisionRecallCurve, Ranking, RocCurve
from core.metrics.result import Band, Cases, Evaluation, Measure
from core.metrics.selective import RiskCoverageCurve, risk_coverage
from core.metrics.sets import ClassCoverage, SetCoverage

__all__ = [
    "ABSTENTION",
    "BINARY",
    "CONFIDENCE",
    "KINDS",
    "RESAMPLES",
    "SEED",
    "SETS",
    "SUBTYPES",
    "THREE_CLASSES",
    "Band",
    "Cases",
    "ClassCoverage",
    "EqualMassBins",
    "Evaluation",
    "Kind",
    "Measure",
    "PrecisionRecallCurve",
    "Ranking",
    "ReliabilityBin",
    "RiskCoverageCurve",
    "RocCurve",
    "SetCoverage",
    "evaluate",
    "risk_coverage",
]
