"""What is left wrong where a model may keep silent: on sets that leave a question open, and on the unfamiliar."""

from __future__ import annotations

from typing import Final

import numpy as np

from core.conformal import LEVEL, Conformal, class_indices, fit_conformal
from core.examination.images import Images
from core.examination.intervals import estimate, mean_of
from core.examination.row import Bound, Row
from core.examination.scoring import Scores
from core.metrics import Evaluation
from core.metrics.threshold import Flags, Floats

CALLS: Final = ("normal", "pneumonia")
CLASSES_NOTE: Final = (
    "At 80 % coverage the least certain fifth is not answered. Leaving out sets of two classes or none, and the "
    "unfamiliar, is another rule: sets of two mostly leave the kind of pneumonia open, not the call."
)
CALLS_NOTE: Final = (
    f"Sets of normal and pneumonia alone, at {100 * LEVEL:.0f} % for each too, leave the call open and nothing else. "
    "Their limits come from the scores of the split's validation part; they are no part of the bundle."
)


def fit_call_sets(images: Images, scores: Scores) -> Conformal | None:
    """Fit sets over normal and pneumonia on validation images; None where a class has too few of them."""
    labels = [CALLS[int(positive)] for positive in images.positive]
    return fit_conformal(_call_table(scores), labels, CALLS)


def class_rows(images: Images, plain: Scores, conformal: Conformal, evaluation: Evaluation) -> list[Row]:
    """Return what is left wrong where only familiar images with one class in their set are answered."""
    answered = _familiar(plain) & (conformal.members(plain.probabilities).sum(axis=1) == 1)
    truth = class_indices([item.label for item in images.items], evaluation.class_names)
    wrong_class = plain.probabilities.argmax(axis=1) != truth
    rows = [_share_row("answered", "Answered: familiar, and one class in the set", images, answered)]
    bound = halved(evaluation, "accuracy")
    if bound is not None:
        title = "Wrong calls among the answered"
        rows.append(
            _wrong_row("answered_wrong_calls", title, _wrong_calls(images, plain), images, answered, bound)
        )
    bound = halved(evaluation, "three_class_accuracy")
    if bound is not None:
        title, known = "Wrong classes among the answered", truth >= 0
        # A pneumonia of unknown kind says nothing of a model that tells kinds apart.
        rows.append(_wrong_row("answered_wrong_classes", title, wrong_class, images, answered & known, bound))
    return rows


def call_rows(images: Images, plain: Scores, sets: Conformal, evaluation: Evaluation) -> list[Row]:
    """Return what is left wrong where only familiar images are answered whose set holds normal or pneumonia alone."""
    answered = _familiar(plain) & (sets.members(_call_table(plain)).sum(axis=1) == 1)
    title = "Answered: familiar, and normal or pneumonia alone in a set of these"
    rows = [_share_row("answered_calls", title, images, answered)]
    bound = halved(evaluation, "accuracy")
    if bound is not None:
        title, wrong = "Wrong calls among these", _wrong_calls(images, plain)
        rows.append(_wrong_row("answered_calls_wrong", title, wrong, images, answered, bound))
    return rows


def halved(evaluation: Evaluation, whole: str) -> Bound | None:
    """Ask for half of the error at full coverage; None where that is not known."""
    right = evaluation.measures[whole].value if whole in evaluation.measures else None
    return None if right is None else Bound("at most", (1 - right) / 2)


def _call_table(scores: Scores) -> Floats:
    return np.stack([1 - scores.score, scores.score], axis=1)


def _familiar(plain: Scores) -> Flags:
    return np.ones(len(plain.score), np.bool_) if plain.familiar is None else plain.familiar


def _wrong_calls(images: Images, plain: Scores) -> Flags:
    return np.asarray(plain.called != images.positive)


def _share_row(key: str, title: str, images: Images, answered: Flags) -> Row:
    found = estimate({"share": mean_of(answered)}, images.patients)["share"]
    return Row(key, title, found.value, len(images), found.interval, "patients", unit="share")


def _wrong_row(key: str, title: str, wrong: Flags, images: Images, answered: Flags, bound: Bound) -> Row:
    places = np.flatnonzero(answered)
    patients = [images.items[place].patient for place in places]
    found = estimate({"wrong": mean_of(wrong[places])}, patients)["wrong"]
    reason = None if found.value is not None else "nothing is answered"
    return Row(
        key, title, found.value, len(places), found.interval, "patients", bound, unit="share", reason=reason
    )
