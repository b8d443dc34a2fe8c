"""How good the calls, the probabilities and the sets are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.conformal import Conformal
from core.engine.card import Card
from core.examination.answering import CALLS_NOTE, CLASSES_NOTE, call_rows, class_rows, halved
from core.examination.images import Images
from core.examination.row import Bound, Row, Section
from core.examination.scoring import Scores
from core.metrics import KINDS, Evaluation, evaluate

BOUNDS: Final[Mapping[str, Bound]] = {
    "auroc": Bound("at least", 0.996),
    "accuracy": Bound("at least", 0.98),
    "balanced_accuracy": Bound("at least", 0.975),
    "three_class_accuracy": Bound("at least", 0.84),
    "bacterial_viral_auroc": Bound("at least", 0.88),
    "ece": Bound("at most", 0.02),
}
_SHOWN: Final = (
    "auroc",
    "accuracy",
    "balanced_accuracy",
    "sensitivity",
    "specificity",
    "three_class_accuracy",
    "three_class_mcc",
    "bacterial_viral_auroc",
    "ece",
    "set_size",
    "set_open",
)
_HALVED: Final = {"error_at_80": "accuracy", "three_class_error_at_80": "three_class_accuracy"}


def examine_performance(
    images: Images, plain: Scores, card: Card, call_sets: Conformal | None = None
) -> Section:
    """Measure the scores against the labels at the default operating point.

    Parameters
    ----------
    images : Images
    plain : Scores
        Of the unchanged images.
    card : Card
    call_sets : Conformal, optional
        Sets over normal and pneumonia, fitted on other images; the rows that need them are left out without.
    """
    evaluation = evaluate(
        [item.label for item in images.items],
        plain.probabilities,
        images.patients,
        class_names=card.class_names,
        threshold=card.operating_point.threshold,
        conformal=card.conformal,
    )
    rows = [_row(key, evaluation, BOUNDS.get(key)) for key in _SHOWN if key in evaluation.measures]
    rows += _coverage_rows(evaluation)
    for key, whole in _HALVED.items():
        bound = halved(evaluation, whole)
        if bound is not None and key in evaluation.measures:
            rows.append(_row(key, evaluation, bound))
    notes = ["The model has no prediction sets."]
    if card.conformal is not None:
        rows += class_rows(images, plain, card.conformal, evaluation)
        notes = [CLASSES_NOTE, *_coverage_notes(evaluation)]
    if call_sets is not None:
        rows += call_rows(images, plain, call_sets, evaluation)
        notes.append(CALLS_NOTE)
    return Section("performance", "Calls, probabilities and sets", tuple(rows), tuple(notes))


def _coverage_notes(evaluation: Evaluation) -> list[str]:
    """Say how far the coverage varies by patient: images of one child resemble each other."""
    told = []
    for found in evaluation.sets.classes if evaluation.sets else ():
        measure = evaluation.measures[f"set_coverage_{found.name}"]
        if measure.low is not None and measure.high is not None:
            told.append(f"{found.name} {100 * measure.low:.1f} to {100 * measure.high:.1f} %")
    return (
        [f"By resampling patients, the intervals of what the sets hold are: {', '.join(told)}."]
        if told
        else []
    )


def _row(key: str, evaluation: Evaluation, bound: Bound | None) -> Row:
    kind, measure = KINDS[key], evaluation.measures[key]
    ends = None if measure.low is None or measure.high is None else (measure.low, measure.high)
    return Row(
        key=key,
        title=kind.title,
        value=measure.value,
        n=len(evaluation.labels),
        interval=ends,
        method="patients",
        bound=bound,
        unit="share" if kind.percent else "figure",
        reason=measure.reason,
    )


def _coverage_rows(evaluation: Evaluation) -> list[Row]:
    if evaluation.sets is None:
        return []
    return [
        Row(
            key=f"set_coverage_{found.name}",
            title=KINDS[f"set_coverage_{found.name}"].title,
            value=found.covered / found.images,
            n=found.images,
            interval=(found.low, found.high),
            method="clopper-pearson",
            bound=Bound("covers", evaluation.sets.level),
            unit="share",
        )
        for found in evaluation.sets.classes
    ]
