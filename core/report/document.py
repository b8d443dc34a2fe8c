"""The report as data: `report.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import numpy as np

from core.metrics import KINDS, Evaluation, Measure, SetCoverage
from core.notice import NOTICE
from core.report.about import About, Exclusion
from core.report.averages import AverageHeatmap

SCHEMA_VERSION: Final = 1
_ECE: Final = "P(pneumonia) against observed share, 15 bins of equally many images"
_BOOTSTRAP: Final = "percentile bootstrap over patients"
_CLOPPER_PEARSON: Final = "Clopper-Pearson, taking images as independent"


@dataclass(frozen=True, slots=True)
class ModelError:
    """An image on which call and truth disagree.

    Attributes
    ----------
    file : str
        Path below the data folder, as in `find_errors`.
    truth, call : str
    score : float
    distance : float
        Between score and truth (1 for pneumonia, 0 for normal): how wrong it is, up to 1.
    """

    file: str
    truth: str
    score: float
    call: str
    distance: float


def find_errors(evaluation: Evaluation, files: Sequence[str]) -> list[ModelError]:
    """List the wrong calls, the worst first.

    Parameters
    ----------
    evaluation : Evaluation
    files : sequence of str, length N
        Paths below the data folder, in the order of the evaluation.
    """
    errors = [
        ModelError(
            files[n],
            evaluation.labels[n],
            float(evaluation.score[n]),
            "pneumonia" if evaluation.called[n] else "normal",
            float(abs(evaluation.score[n] - evaluation.positive[n])),
        )
        for n in np.flatnonzero(evaluation.called != evaluation.positive).tolist()
    ]
    return sorted(errors, key=lambda error: (-error.distance, error.file))


def to_json(
    evaluation: Evaluation,
    about: About,
    files: Sequence[str],
    exclusions: Sequence[Exclusion],
    averages: Sequence[AverageHeatmap] = (),
) -> str:
    """Return the whole report as JSON; what is undefined is null, and a reason stands beside it."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "notice": NOTICE,
        "date": about.date,
        "versions": dict(about.versions),
        "model": {
            "name": about.model_name,
            "version": about.model_version,
            "sha256": about.model_hash,
            "class_names": evaluation.class_names,
            "operating_point": {"name": about.operating_point, "threshold": evaluation.threshold},
            "limits": about.limits,
        },
        "split": {"name": about.split_name, "sha256": about.split_hash},
        "cases": {name: asdict(cases) for name, cases in evaluation.cases.items()},
        "intervals": {
            "method": _BOOTSTRAP,
            "confidence": evaluation.confidence,
            "resamples": evaluation.resamples,
            "seed": evaluation.seed,
        },
        "ece": _ECE,
        "measures": {key: _measure(key, measure) for key, measure in evaluation.measures.items()},
        "confusion": _matrix(("normal", "pneumonia"), evaluation.confusion.tolist()),
        "confusion_three_class": None
        if evaluation.class_confusion is None
        else _matrix(evaluation.class_names, evaluation.class_confusion.tolist()),
        "prediction_sets": evaluation.sets and _sets(evaluation.sets),
        "curves": _curves(evaluation),
        "reliability": [asdict(row) for row in evaluation.reliability],
        "heatmaps": [_heatmap(average) for average in averages],
        "errors": [asdict(error) for error in find_errors(evaluation, files)],
        "exclusions": [asdict(exclusion) for exclusion in exclusions],
        "images": _images(evaluation, files),
    }
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def measures_for_card(evaluation: Evaluation) -> dict[str, object]:
    """Return the figures with their intervals, as a model's card keeps them."""
    return {key: _measure(key, measure) for key, measure in evaluation.measures.items()}


def _measure(key: str, measure: Measure) -> dict[str, object]:
    return {
        "title": KINDS[key].title,
        "value": measure.value,
        "interval": None if measure.low is None else [measure.low, measure.high],
        "undefined_resamples": measure.undefined_resamples,
        "reason": measure.reason,
    }


def _matrix(names: Sequence[str], counts: list[list[int]]) -> dict[str, object]:
    return {"rows": "truth", "columns": "call", "classes": names, "counts": counts}


def _curves(evaluation: Evaluation) -> Mapping[str, object]:
    roc, band, curve = evaluation.roc, evaluation.roc_band, evaluation.precision_recall
    risks = {"risk_coverage": evaluation.risk_coverage, "class_risk_coverage": evaluation.class_risk_coverage}
    return {
        **{
            key: risk and {"coverage": risk.coverage.tolist(), "error": risk.error.tolist()}
            for key, risk in risks.items()
        },
        "roc": roc
        and {
            "false_positive_rate": roc.false_positive_rate.tolist(),
            "true_positive_rate": roc.true_positive_rate.tolist(),
            # The curve starts above every score, at an infinite threshold, which JSON does not know.
            "threshold": [None, *roc.threshold[1:].tolist()],
        },
        "roc_band": band
        and {
            "false_positive_rate": band.false_positive_rate.tolist(),
            "low": band.low.tolist(),
            "high": band.high.tolist(),
        },
        "precision_recall": curve
        and {
            "recall": curve.recall.tolist(),
            "precision": curve.precision.tolist(),
            "threshold": curve.threshold.tolist(),
        },
    }


def _heatmap(average: AverageHeatmap) -> dict[str, object]:
    return {
        "label": average.label,
        "images": average.images,
        "patients": average.patients,
        "logits_per_cell": average.activation_map.tolist(),
    }


def sets_for_card(evaluation: Evaluation) -> dict[str, object] | None:
    """Return the coverage of the prediction sets, class by class, as a model's card keeps it."""
    return None if evaluation.sets is None else _sets(evaluation.sets)


def _sets(sets: SetCoverage) -> dict[str, object]:
    return {
        "level": sets.level,
        "interval": _CLOPPER_PEARSON,
        "classes": {
            row.name: {
                "images": row.images,
                "covered": row.covered,
                "interval": [row.low, row.high],
                "agrees": row.agrees_with(sets.level),
            }
            for row in sets.classes
        },
        "images_by_size": list(sets.sizes),
    }


def _images(evaluation: Evaluation, files: Sequence[str]) -> list[dict[str, object]]:
    return [
        {"file": file, "truth": label, "score": float(score), "probabilities": row.tolist()}
        for file, label, score, row in zip(
            files, evaluation.labels, evaluation.score, evaluation.probabilities, strict=True
        )
    ]
