"""The card of a trained network: where it comes from, and what was chosen and measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import numpy as np

from core.calibration import allowed_classes, fit_temperature
from core.conformal import Conformal, fit_conformal
from core.dataset import LABELS, Item, is_public_name, patient_mark
from core.engine.card import Card, OperatingPoint
from core.engine.prediction import calibrate
from core.learning.predictions import Predictions
from core.learning.recipe import Recipe
from core.metrics import evaluate
from core.notice import NOTICE
from core.operating_points import balanced_point, sensitive_point, specific_point
from core.preprocess import MEAN, STD
from core.report import measures_for_card, sets_for_card

_INTENDED_USE: Final = (
    f"{NOTICE}. Teaching how a network reads paediatric chest radiographs, and research on such networks."
)
_LIMITS: Final = (
    "The network tells normal from pneumonia on radiographs like those it was trained on, and nothing else.",
    "A heatmap shows where the score came from, not where disease is.",
)
_PUBLIC_LIMITS: Final = (
    "Trained on frontal (AP) radiographs of children aged one to five at one hospital in Guangzhou; "
    "it knows nothing of adults, lateral views or other diseases.",
    "A model trained on this set fell from an AUROC of 0.95 to 0.54 on children of other hospitals (Xin 2021).",
    "The labels of the set are noisy, those of bacterial and viral pneumonia most of all.",
    "In this set compression and sharpness betray the label; training varies both, which weakens the shortcut "
    "but cannot prove its absence.",
)
_PUBLIC_LICENCE: Final = (
    "MIT for the weights; the training data are under CC BY 4.0, the ImageNet weights of torchvision under "
    "BSD-3-Clause"
)
IMAGENET: Final = "torchvision's ImageNet weights (IMAGENET1K_V1, BSD-3-Clause)"
OURS: Final = ("best", "focus")
"""Recipes whose networks bear the program's name."""
SCREENING_SENSITIVITY: Final = 0.98
RULE_IN_SPECIFICITY: Final = 0.98
PUBLIC_SET: Final = (
    "file names of the public set (Kermany, Zhang, Goldbaum: Large Dataset of Labeled Optical Coherence "
    "Tomography (OCT) and Chest X-Ray Images, Mendeley Data, doi:10.17632/rscbjbr9sj, CC BY 4.0)"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where weights come from.

    Attributes
    ----------
    recipe : Recipe
    items : tuple of Item
        All radiographs of the run with their parts.
    init : str
        ``none``, ``imagenet`` or the name of a file of weights.
    epoch : int
        The epoch that is kept, from 1.
    weights : str
        SHA-256 of the checkpoint.
    """

    recipe: Recipe
    items: tuple[Item, ...]
    init: str
    epoch: int
    weights: str

    @property
    def is_public(self) -> bool:
        """Whether all files are named as those of the public set are."""
        return all(is_public_name(item.file) for item in self.items)

    def describe(self) -> str:
        """Say in words what the network was trained on and how."""
        recipe, labels = self.recipe, Counter(item.label for item in self.items)
        kinds = ", ".join(f"{labels[label]} {label}" for label in LABELS if labels[label])
        parts = Counter(item.part for item in self.items)
        split = "by a split file" if recipe.data.split.endswith(".csv") else recipe.data.split
        start = {"none": "random weights", "imagenet": IMAGENET}.get(self.init, f"the weights of {self.init}")
        return (
            f"{len(self.items)} radiographs of {len({item.patient for item in self.items})} patients ({kinds}); "
            f"{PUBLIC_SET if self.is_public else 'not the public set, its file names are other ones'}. "
            f"{parts['train']} for training, {parts['val']} for validation and {parts['test']} for the test, split "
            f"{split} by patient with seed {recipe.data.split_seed}. Recipe '{recipe.name}' from {start}, "
            f"weights of epoch {self.epoch} of {recipe.training.epochs}."
        )


def make_card(
    origin: Origin, validation: Predictions, test: Predictions | None, today: date | None = None
) -> Card:
    """Choose temperature and operating points on validation, measure, and write everything down."""
    recipe, limits = origin.recipe, list(_LIMITS)
    fitted = fit_temperature(
        validation.logits, allowed_classes(validation.labels, validation.classes, kinds=False)
    )
    temperature = 1.0 if fitted.at_bound else fitted.temperature
    if fitted.at_bound:
        limits.append("The scores are not calibrated: there were too few validation images for it.")
    points = _operating_points(validation, temperature)
    conformal = fit_conformal(
        calibrate(validation.logits, temperature), validation.labels, validation.classes
    )
    if conformal is None:
        limits.append(
            "There are no prediction sets: there were too few validation images of a class for them."
        )
    metrics = {"validation": _figures(validation, temperature, points[0].threshold, conformal)}
    if test is not None:
        metrics["test"] = _figures(test, temperature, points[0].threshold, conformal)
    ours = origin.is_public and recipe.name in OURS
    seen = {patient_mark(item.patient) for item in origin.items if item.part in ("train", "val")}
    return Card(
        name="DeepPneumo ResNet-18" if ours else f"ResNet-18 {recipe.name}",
        version=origin.weights[:8],
        date=(today or date.today()).isoformat(),
        architecture="resnet18",
        class_names=recipe.data.classes,
        input_size=recipe.data.input_size,
        mean=MEAN,
        std=STD,
        temperature=temperature,
        operating_points=points,
        default_operating_point=points[0].name,
        conformal=conformal,
        provenance=origin.describe(),
        licence=_PUBLIC_LICENCE if origin.is_public else "not stated; add the licence of the training data",
        intended_use=_INTENDED_USE,
        limits=(*(_PUBLIC_LIMITS if origin.is_public else ()), *limits),
        metrics=metrics,
        seen_patients=tuple(sorted(seen)) if origin.is_public else (),
    )


def _operating_points(validation: Predictions, temperature: float) -> tuple[OperatingPoint, ...]:
    """Balanced (the default), screening and rule-in, all chosen on validation.

    A model that is better than the wanted sensitivity or specificity keeps what it has: screening is never less
    sensitive than balanced, and rule-in never less specific.
    """
    scores = calibrate(validation.logits, temperature)[:, 1:].sum(axis=1)
    positive = np.array([label != "normal" for label in validation.labels])
    balanced = balanced_point(positive, scores, validation.patients)
    wanted = max(SCREENING_SENSITIVITY, balanced.sensitivity)
    screening = sensitive_point(positive, scores, wanted, name="screening")
    if screening.threshold > balanced.threshold:
        screening = replace(balanced, name="screening")
    wanted = max(RULE_IN_SPECIFICITY, balanced.specificity)
    rule_in = specific_point(positive, scores, wanted, name="rule-in")
    if rule_in.threshold < balanced.threshold:
        rule_in = replace(balanced, name="rule-in")
    return balanced, screening, rule_in


def _figures(
    predictions: Predictions, temperature: float, threshold: float, conformal: Conformal | None
) -> Mapping[str, Any]:
    evaluation = evaluate(
        predictions.labels,
        calibrate(predictions.logits, temperature),
        predictions.patients,
        class_names=predictions.classes,
        threshold=threshold,
        conformal=conformal,
    )
    return {
        "images": evaluation.cases["all"].images,
        "patients": evaluation.cases["all"].patients,
        "confidence": evaluation.confidence,
        "measures": measures_for_card(evaluation),
        "prediction_sets": sets_for_card(evaluation),
    }
