"""From a checkpoint to a bundle: the graph, and a card with what was chosen and measured."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from core.calibration import allowed_classes, balanced_point, fit_temperature
from core.dataset import LABELS, Item, find_items, is_public_name
from core.engine.bundle import Bundle, write_bundle
from core.engine.card import Card
from core.engine.prediction import calibrate
from core.learning.checkpoint import CheckpointError, load_checkpoint
from core.learning.network import ExplainedNetwork, build_network
from core.learning.predictions import Predictions, read_predictions
from core.learning.recipe import Recipe, parse_recipe
from core.learning.trainer import BEST
from core.learning.vision import ResNet
from core.metrics import evaluate
from core.notice import NOTICE
from core.preprocess import MEAN, STD
from core.report import measures_for_card
from core.version import VERSION

OPSET: Final = 18
OUTPUTS: Final = ("logits", "activation_maps", "features")

_INTENDED_USE: Final = (
    f"{NOTICE}. Teaching how a network reads paediatric chest radiographs, and research on such networks."
)
_LIMITS: Final = (
    "Trained on frontal (AP) radiographs of children aged one to five at one hospital in Guangzhou; "
    "it knows nothing of adults, lateral views or other diseases.",
    "A model trained on this set fell from an AUROC of 0.95 to 0.54 on children of other hospitals (Xin 2021).",
    "The labels of the set are noisy, those of bacterial and viral pneumonia most of all.",
    "In this set compression and sharpness betray the label; training varies both, which weakens the shortcut "
    "but cannot prove its absence.",
    "A heatmap shows where the score came from, not where disease is.",
)
PUBLIC_SET: Final = (
    "file names of the public set (Kermany, Zhang, Goldbaum: Large Dataset of Labeled Optical Coherence "
    "Tomography (OCT) and Chest X-Ray Images, Mendeley Data, doi:10.17632/rscbjbr9sj, CC BY 4.0)"
)


def export_bundle(folder: Path, out: Path, *, today: date | None = None) -> Bundle:
    """Export the best weights of a run.

    Temperature and operating point are chosen on the run's validation predictions. The figures of its test
    predictions go onto the card and decide nothing.

    Parameters
    ----------
    folder : Path
        Folder of a training run.
    out : Path
        Bundle to write.
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
    """
    checkpoint = load_checkpoint(folder, BEST)
    recipe = parse_recipe(checkpoint.values["recipe"])
    network = build_network(len(recipe.data.classes))
    try:
        network.load_state_dict(checkpoint.part("network"))
    except RuntimeError as error:
        raise CheckpointError(f"{folder.name}: the weights do not fit the recipe's classes.") from error
    validation = read_predictions(folder / "validation.csv")
    test = folder / "test.csv"
    provenance = describe_data(find_items(folder / "split.csv"), recipe, checkpoint.values["epoch"])
    card = make_card(recipe, provenance, validation, read_predictions(test) if test.exists() else None, today)
    return write_bundle(out, card, export_graph(network, recipe.data.input_size))


def export_graph(network: ResNet, size: int) -> bytes:
    """Export a network as a self-contained ONNX graph with one input, ``radiograph`` (N, 1, S, S).

    Outputs are ``logits`` (N, K), ``activation_maps`` (N, K, S/32, S/32) and ``features`` (N, 512); batch norms are
    folded into their convolutions, and no trace of the exporting machine is kept.
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


def make_card(
    recipe: Recipe,
    provenance: str,
    validation: Predictions,
    test: Predictions | None,
    today: date | None = None,
) -> Card:
    """Choose temperature and operating point on validation, measure, and write everything down."""
    # The score that is shown is P(pneumonia), so that is what the temperature makes honest.
    allowed = allowed_classes(validation.labels, validation.classes, kinds=False)
    temperature = fit_temperature(validation.logits, allowed).temperature
    scores = 1.0 - calibrate(validation.logits.astype(np.float32), temperature)[:, 0]
    positive = np.array([label != "normal" for label in validation.labels])
    point = balanced_point(positive, scores)
    metrics = {"validation": _figures(validation, temperature, point.threshold)}
    if test is not None:
        metrics["test"] = _figures(test, temperature, point.threshold)
    return Card(
        name="DeepPneumo ResNet-18" if recipe.name == "best" else f"ResNet-18 ({recipe.name})",
        version=VERSION,
        date=(today or date.today()).isoformat(),
        architecture="resnet18",
        class_names=recipe.data.classes,
        input_size=recipe.data.input_size,
        mean=MEAN,
        std=STD,
        temperature=temperature,
        operating_points=(point,),
        default_operating_point=point.name,
        provenance=provenance,
        licence="MIT for the weights; the training data are under CC BY 4.0",
        intended_use=_INTENDED_USE,
        limits=_LIMITS,
        metrics=metrics,
    )


def describe_data(items: Sequence[Item], recipe: Recipe, epoch: int) -> str:
    """Say in words what a network was trained on, from the split file of its run."""
    counts = Counter(item.label for item in items)
    kinds = ", ".join(f"{counts[label]} {label}" for label in LABELS if counts[label])
    parts = Counter(item.part for item in items)
    known = all(is_public_name(item.file) for item in items)
    return (
        f"{len(items)} radiographs of {len({item.patient for item in items})} patients ({kinds}); "
        f"{PUBLIC_SET if known else 'not the public set, its file names are other ones'}. "
        f"{parts['train']} for training, {parts['val']} for validation and {parts['test']} for the test, split "
        f"{recipe.data.split} by patient with seed {recipe.data.split_seed}. "
        f"Recipe '{recipe.name}', weights of epoch {epoch} of {recipe.training.epochs}."
    )


def _figures(predictions: Predictions, temperature: float, threshold: float) -> Mapping[str, Any]:
    probabilities = calibrate(predictions.logits.astype(np.float32), temperature)
    evaluation = evaluate(
        predictions.labels,
        probabilities,
        predictions.patients,
        class_names=predictions.classes,
        threshold=threshold,
    )
    return {
        "images": evaluation.cases["all"].images,
        "patients": evaluation.cases["all"].patients,
        "confidence": evaluation.confidence,
        "measures": measures_for_card(evaluation),
    }
