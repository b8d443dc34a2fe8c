"""From a checkpoint to a bundle: the graph, and a card with what was chosen and measured."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from core.calibration import allowed_classes, fit_shift, fit_temperature
from core.conformal import Conformal, fit_conformal
from core.dataset import (
    LABELS,
    Item,
    apply_split,
    find_items,
    is_public_name,
    patient_mark,
    read_split,
)
from core.engine.bundle import Bundle, write_bundle
from core.engine.card import Card, OperatingPoint
from core.engine.engine import Engine
from core.engine.prediction import calibrate
from core.learning.checkpoint import CheckpointError, load_checkpoint
from core.learning.familiarity import fit_to_run
from core.learning.half_precision import store_in_half_precision
from core.learning.network import ExplainedNetwork, build_network
from core.learning.predictions import Predictions, read_predictions
from core.learning.recipe import Recipe, parse_recipe
from core.learning.run import SPLIT, read_record
from core.learning.trainer import BEST, TEST, VALIDATION
from core.learning.vision import ResNet
from core.metrics import evaluate
from core.notice import NOTICE
from core.operating_points import balanced_point, sensitive_point, specific_point
from core.preprocess import MEAN, STD
from core.report import measures_for_card, sets_for_card

OPSET: Final = 18
OUTPUTS: Final = ("logits", "activation_maps", "features", "layer_features")

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


def export_bundle(folder: Path, out: Path, *, data: Path | None = None, today: date | None = None) -> Bundle:
    """Export the best weights of a run.

    Shift, temperature, operating points and prediction sets are chosen on the run's validation predictions; the shift
    goes into the network's last bias. The figures of
    its test predictions go onto the card and decide nothing.

    Parameters
    ----------
    folder : Path
        Folder of a training run.
    out : Path
        Bundle to write.
    data : Path, optional
        The run's data, from whose training and validation parts the bundle learns what is familiar to the model;
        without it, it does not say.
    today : date, optional
        Day on the card.

    Returns
    -------
    Bundle

    Raises
    ------
    CheckpointError
        If the run has no usable checkpoint or validation predictions.
    BundleError
        If the bundle cannot be made.
    DatasetError
        If the data are not those of the run.
    """
    checkpoint = load_checkpoint(folder, BEST)
    recipe = parse_recipe(checkpoint.values["recipe"])
    network = build_network(len(recipe.data.classes))
    try:
        network.load_state_dict(checkpoint.part("network"))
    except RuntimeError as error:
        raise CheckpointError(f"{folder.name}: the weights do not fit the recipe's classes.") from error
    validation = read_predictions(folder / VALIDATION, checkpoint.values["validation"])
    test = read_predictions(folder / TEST) if (folder / TEST).exists() else None
    # The score that is shown is P(pneumonia), so that is what is made honest.
    shift = fit_shift(validation.logits, allowed_classes(validation.labels, validation.classes, kinds=False))
    with torch.no_grad():
        network.fc.bias[0] += shift
    validation, test = validation.shifted(shift), test.shifted(shift) if test is not None else None
    origin = Origin(
        recipe=recipe,
        items=tuple(find_items(folder / SPLIT)),
        init=read_record(folder)["init"],
        epoch=checkpoint.values["epoch"],
        weights=checkpoint.values["sha256"],
    )
    card = make_card(origin, validation, test, today)
    graph = store_in_half_precision(export_graph(network, recipe.data.input_size))
    if data is None:
        return write_bundle(out, card, graph)
    split = folder / SPLIT
    items = apply_split(find_items(data), read_split(split), split.name)
    engine = Engine(Bundle(card, graph))
    statistics, mark = fit_to_run(engine, items, recipe.augmentation, recipe.training.seed)
    return write_bundle(out, replace(card, familiarity=mark), graph, statistics.to_bytes())


def export_graph(network: ResNet, size: int) -> bytes:
    """Export a network as a self-contained ONNX graph with one input, ``radiograph`` (N, 1, S, S).

    Outputs are ``logits`` (N, K), ``activation_maps`` (N, K, S/32, S/32), ``features`` (N, 512) and
    ``layer_features`` (N, 768); batch norms are folded into their convolutions, and no trace of the exporting machine
    is kept.
    """
    explained = ExplainedNetwork(network.to("cpu", memory_format=torch.contiguous_format)).eval()
    with warnings.catch_warnings():
        # Deprecations inside torch's own exporter say nothing about this program.
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            explained,
            (torch.zeros(2, 1, size, size),),
            dynamo=True,
            verbose=False,
            opset_version=OPSET,
            input_names=["radiograph"],
            output_names=list(OUTPUTS),
            dynamic_shapes=({0: torch.export.Dim("batch")},),
        )
    assert program is not None
    model = program.model_proto
    # The exporter notes the source lines of every node, folders included.
    for record in (model, model.graph, *model.graph.node, *model.graph.initializer, *model.graph.value_info):
        record.ClearField("metadata_props")
        record.ClearField("doc_string")
    return bytes(model.SerializeToString(deterministic=True))


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
