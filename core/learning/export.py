"""From a checkpoint to a bundle: the graph, its card, and what is familiar to the network."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import torch

from core.calibration import allowed_classes, fit_shift
from core.dataset import apply_split, find_items, read_split
from core.engine.bundle import Bundle, write_bundle
from core.engine.engine import Engine
from core.learning.checkpoint import CheckpointError, load_checkpoint
from core.learning.exported_card import Origin, make_card
from core.learning.familiarity import fit_to_run
from core.learning.half_precision import store_in_half_precision
from core.learning.network import ExplainedNetwork, build_network
from core.learning.predictions import read_predictions
from core.learning.recipe import parse_recipe
from core.learning.run import SPLIT, read_record
from core.learning.trainer import BEST, TEST, VALIDATION
from core.learning.vision import ResNet

OPSET: Final = 18
OUTPUTS: Final = ("logits", "activation_maps", "features", "layer_features")


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
