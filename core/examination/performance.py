"""How good the calls, the probabilities and the sets are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from core.conformal import Conformal, class_indices
from core.engine.card import Card
from core.examination.images import Images
from core.examination.intervals import estimate, mean_of
from core.examination.row import Bound, Row, Section
from core.examination.scoring import Scores
from core.metrics import KINDS, Evaluation, evaluate
from core.metrics.threshold import Flags

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
ANSWERED_NOTE: Final = (
    "At 80 % coverage the least certain fifth is not answered. Leaving out sets of two classes or none, and the "
    "unfamiliar, is another rule: sets of two mostly leave the kind of pneumonia open, not the call."
)
_HALVED: Final = {"error_at_80": "accuracy", "three_class_error_at_80": "three_class_accuracy"}


def examine_performance(images: Images, plain: Scores, card: Card) -> Section:
    """Measure the scores against the labels at the default operating point."""
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
        right = evaluation.measures[whole].value if whole in evaluation.measures else None
        if right is not None and key in evaluation.measures:
            rows.append(_row(key, evaluation, Bound("at most", (1 - right) / 2)))
    if card.conformal is None:
        notes = ["The model has no prediction sets."]
    else:
        rows += _answered_rows(images, plain, card.conformal, evaluation)
        notes = [ANSWERED_NOTE, *_coverage_notes(evaluation)]
    return Section("performance", "Calls, probabilities and sets", tuple(rows), tuple(notes))


def _answered_rows(images: Images, plain: Scores, conformal: Conformal, evaluation: Evaluation) -> list[Row]:
    """Return what is left wrong where only familiar images with one class in their set are answered."""
    answered = conformal.members(plain.probabilities).sum(axis=1) == 1
    if plain.familiar is not None:
        answered &= plain.familiar
    truth = class_indices([item.label for item in images.items], evaluation.class_names)
    wrong_class = plain.probabilities.argmax(axis=1) != truth
    found = estimate({"share": mean_of(answered)}, images.patients)["share"]
    title, n = "Answered: familiar, and one class in the set", len(images)
    rows = [Row("answered", title, found.value, n, found.interval, "patients", unit="share")]
    # A pneumonia of unknown kind says nothing of a model that tells kinds apart.
    for key, title, wrong, asked, whole in (
        ("answered_wrong_calls", "Wrong calls", plain.called != images.positive, answered, "accuracy"),
        (
            "answered_wrong_classes",
            "Wrong classes",
            wrong_class,
            answered & (truth >= 0),
            "three_class_accuracy",
        ),
    ):
        right = evaluation.measures[whole].value if whole in evaluation.measures else None
        if right is not None:
            bound = Bound("at most", (1 - right) / 2)
            rows.append(_wrong_row(key, f"{title} among the answered", wrong, images, asked, bound))
    return rows


def _wrong_row(key: str, title: str, wrong: Flags, images: Images, asked: Flags, bound: Bound) -> Row:
    places = np.flatnonzero(asked)
    patients = [images.items[place].patient for place in places]
    found = estimate({"wrong": mean_of(wrong[places])}, patients)["wrong"]
    reason = None if found.value is not None else "nothing is answered"
    return Row(
        key, title, found.value, len(places), found.interval, "patients", bound, unit="share", reason=reason
    )


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
