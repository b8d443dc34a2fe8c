"""Whether heatmaps depend on what the network learned (Adebayo 2018, Sanity Checks for Saliency Maps).

The weights are shuffled from the last layer to the first, each stage on top of the ones before, and the maps are held
against those of the trained network. Shuffling keeps the values of every layer, and with them the size of its answers,
and destroys their arrangement; it needs nothing but the bundle's graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from core.engine.bundle import Bundle
from core.engine.engine import Engine
from core.examination.images import Images, Tick
from core.examination.intervals import estimate, mean_of, rank
from core.examination.row import Bound, Row
from core.examination.scoring import Scorer
from core.metrics.threshold import Floats

SEEDS: Final = 5
NOTES: Final = (
    "The weights are shuffled from the last layer to the first, each on top of the ones before, five times over. "
    "Similarity is Spearman's correlation between the cells of a shuffled network's heatmap and of the trained one's, "
    "0 where either is empty; unrelated maps are the trained network's of other patients, which have the place of the "
    "lungs in common.",
)
_WEIGHTED: Final = ("Conv", "Gemm", "MatMul")
_STAGE: Final = re.compile(r"(?:network\.)?(layer\d+\.\d+|conv\d+|fc)\.")


@dataclass(frozen=True, slots=True)
class Stage:
    """Weights that are shuffled together.

    Attributes
    ----------
    name : str
        ``fc``, ``layer4.1``, ... ``conv1``; the name of the weights in a graph that is named otherwise.
    groups : tuple of tuple of str
        Initialisers of the graph; those in one group hold the same values and stay equal.
    """

    name: str
    groups: tuple[tuple[str, ...], ...]


def find_stages(model: onnx.ModelProto) -> list[Stage]:
    """List the weights of a graph from its outputs to its input."""
    held = {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}
    producers = {output: node for node in model.graph.node for output in node.output}
    groups: dict[bytes, list[str]] = {}
    labels: dict[bytes, str] = {}
    for node in reversed(model.graph.node):
        if node.op_type not in _WEIGHTED:
            continue
        names = [name for given in node.input[1:] if (name := _origin(given, held, producers))]
        for name in names:
            # The activation maps' kernel is the linear layer again, by another name and perhaps another scale.
            key = _scaled(held[name]).tobytes()
            group = groups.setdefault(key, [])
            if name not in group:
                group.append(name)
                labels[key] = names[0]
    stages: dict[str, list[tuple[str, ...]]] = {}
    for key, group in groups.items():
        label = labels[key]
        match = _STAGE.match(label)
        stages.setdefault(match[1] if match else label, []).append(tuple(group))
    return [Stage(name, tuple(members)) for name, members in stages.items()]


def _scaled(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """Values in a row, rounded, as multiples of the largest."""
    row = values.ravel().astype(np.float64)
    largest = np.abs(row).max(initial=0.0)
    return np.round(row / largest if largest > 0 else row, 5).astype(np.float32)


def _origin(
    name: str, held: dict[str, NDArray[np.generic]], producers: dict[str, onnx.NodeProto]
) -> str | None:
    """Follow a weight through casts and reshapes to the initialiser that it comes from."""
    while name not in held:
        node = producers.get(name)
        if node is None or not node.input:
            return None
        name = node.input[0]
    return name


def shuffle_weights(model: onnx.ModelProto, stage: Stage, generator: np.random.Generator) -> None:
    """Shuffle the values of every weight of a stage in place; copies alike."""
    initialisers = {item.name: item for item in model.graph.initializer}
    for group in stage.groups:
        order = None
        for name in group:
            values = numpy_helper.to_array(initialisers[name])
            order = generator.permutation(values.size) if order is None else order
            shuffled = np.ascontiguousarray(values.ravel()[order].reshape(values.shape))
            initialisers[name].CopyFrom(numpy_helper.from_array(shuffled, name))


def cascade(bundle: Bundle, seed: int) -> Iterator[tuple[str, Bundle]]:
    """Yield the bundle with more and more of its stages shuffled, from the last layer to the first."""
    model = onnx.load_from_string(bundle.graph)
    generator = np.random.default_rng(seed)
    for stage in find_stages(model):
        shuffle_weights(model, stage, generator)
        yield stage.name, Bundle(replace(bundle.card, familiarity=None), model.SerializeToString())


def similarity(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Spearman's correlation of the cells of two maps; 0 where one says nothing (all cells alike)."""
    x, y = rank(first.ravel()), rank(second.ravel())
    size = float(np.sqrt((x**2).sum() * (y**2).sum()))
    return float(x @ y) / size if size > 0 else 0.0


def check_sanity(
    images: Images,
    maps: NDArray[np.float32],
    bundle: Bundle,
    *,
    seeds: int = SEEDS,
    tick: Tick = lambda _: None,
) -> tuple[Row, ...]:
    """Compare the maps of the trained network with those of networks shuffled layer by layer.

    Parameters
    ----------
    images : Images
    maps : ndarray, shape (M, h, w)
        The trained network's.
    bundle : Bundle
    seeds : int
        Shuffles; similarities are averaged over them.
    tick : callable
        Called with the number of images scored.

    Returns
    -------
    tuple of Row
        The similarity after each stage, that of unrelated maps (the trained network's, of another patient's image),
        and the difference at the end, which is to be at most 0.
    """
    found: dict[str, list[Floats]] = {}
    for seed in range(seeds):
        for name, shuffled in cascade(bundle, seed):
            scorer = Scorer(Engine(shuffled, threads=1), tick)
            new = scorer.score(len(images), lambda place: images.grey[place]).maps
            alike = [similarity(before, after) for before, after in zip(maps, new, strict=True)]
            found.setdefault(name, []).append(np.array(alike))
    stages = {name: np.mean(values, axis=0) for name, values in found.items()}
    unrelated = unrelated_similarity(maps, images.patients)
    rows = [
        _row(f"to_{name}", f"Similarity, shuffled down to {name}", stages[name], images) for name in stages
    ]
    rows.append(_row("unrelated", "Similarity of unrelated maps", unrelated, images))
    excess = list(stages.values())[-1] - unrelated
    title = "Similarity beyond unrelated maps, all shuffled"
    rows.append(_row("excess", title, excess, images, Bound("at most", 0.0)))
    return tuple(rows)


def unrelated_similarity(maps: NDArray[np.float32], patients: Sequence[str]) -> Floats:
    """Compare every map with those of the images of other patients; the mean for each image, shape (M,)."""
    ranks = np.array([rank(found.ravel()) for found in maps])
    sizes = np.sqrt((ranks**2).sum(axis=1, keepdims=True))
    unit = np.divide(ranks, sizes, out=np.zeros_like(ranks), where=sizes > 0)
    names = np.asarray(patients)
    other = names[:, np.newaxis] != names
    totals: Floats = np.where(other, unit @ unit.T, 0.0).sum(axis=1)
    means: Floats = totals / np.maximum(other.sum(axis=1), 1)
    return means


def _row(key: str, title: str, values: Floats, images: Images, bound: Bound | None = None) -> Row:
    found = estimate({"mean": mean_of(values)}, images.patients)["mean"]
    return Row(f"sanity_{key}", title, found.value, len(images), found.interval, "patients", bound=bound)
