"""Fitting the statistics of what a model knows, through the model itself; numpy only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.engine.engine import Engine
from core.familiarity.mark import FamiliarityMark
from core.familiarity.statistics import Statistics, root_mean_square, roots
from core.familiarity.synthetic import CHANGES, Grey
from core.preprocess import standardise

MOST_IMAGES: Final = 1600
"""Training images looked at; more change little and take time."""

VARIED: Final = 4
"""One of so many training images is taken into the statistics a second time, varied as in training."""

MOST_OF_A_KIND: Final = 200
MOST_FOR_LIMITS: Final = 600

AXES: Final = 128
SHRINKAGE: Final = 0.1
"""Share of the mean variance in every variance (Ledoit and Wolf 2004), for axes that few images determine."""

QUANTILE: Final = 0.995
HEADROOM: Final = 1.2
"""The limit lies so far above that quantile of the validation images: films of other devices shall pass too."""

BORDER: Final = 0.5
"""Images of a kind begin halfway, as Fisher's discriminant has it, ..."""

BORDER_ROOM: Final = 0.05
"""... but so far at least beyond the validation image that comes nearest."""

KIND_QUANTILE: Final = 0.99
"""So many validation images of a kind are named by it; more would give it knees, too."""

_BATCH: Final = 16

Vary = Callable[[Grey, np.random.Generator], Grey]


def fit(
    engine: Engine, train: NDArray[np.uint8], validation: NDArray[np.uint8], vary: Vary, seed: int = 0
) -> tuple[Statistics, FamiliarityMark]:
    """Fit the statistics to a model and its training images; images of other things are not needed.

    Parameters
    ----------
    engine : Engine
        One whose graph describes its layers.
    train, validation : ndarray of uint8, shape (N, S, S)
        As `core.preprocess.resize_grey` gives them. The validation images decide the limits.
    vary : callable
        Changes an image at random as far as the model shall put up with, given a random generator.
    seed : int

    Returns
    -------
    Statistics, FamiliarityMark

    Raises
    ------
    ValueError
        For fewer than two images of a part.
    EngineError
        When the model could not be run, or does not describe its layers.
    """
    if len(train) < 2 or len(validation) < 2:
        raise ValueError("familiarity needs at least two training and two validation images")
    generator = np.random.default_rng(seed)
    train = _chosen(train, MOST_IMAGES, generator)
    validation = _chosen(validation, MOST_FOR_LIMITS, generator)
    varied = np.stack([vary(image, generator) for image in train[::VARIED]])
    known = roots(np.concatenate([_describe(engine, train), _describe(engine, varied)]))
    statistics = _spread_out(known.astype(np.float64))
    described = _describe(engine, validation)
    limit = HEADROOM * np.quantile(statistics.locate(described)[1], QUANTILE)
    centres, limits = _find_kinds(engine, statistics, train, validation, generator)
    statistics = replace(
        statistics, limit=np.array(limit, np.float32), kind_centres=centres, kind_limits=limits
    )
    varied = np.stack([vary(image, generator) for image in validation[:MOST_OF_A_KIND]])
    known = np.concatenate([described, _describe(engine, varied)])
    nearest = statistics.approach(statistics.locate(known)[0]).max(axis=0) + BORDER_ROOM
    statistics = replace(statistics, kind_borders=np.maximum(nearest, BORDER).astype(np.float32))
    accepted = np.mean([answer.familiar for answer in statistics.judge(described)])
    return statistics, FamiliarityMark(images=len(train), accepted=float(accepted))


def _find_kinds(
    engine: Engine,
    statistics: Statistics,
    train: NDArray[np.uint8],
    validation: NDArray[np.uint8],
    generator: np.random.Generator,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return centres (K, E) of the kinds, from training images, and limits (K,), from validation images."""
    centres, limits = [], []
    for change in CHANGES:
        places = []
        for images in (train, validation):
            changed = np.stack([change(image, generator) for image in images[:MOST_OF_A_KIND]])
            places.append(statistics.locate(_describe(engine, changed))[0])
        centres.append(places[0].mean(axis=0))
        limits.append(np.quantile(root_mean_square(places[1] - centres[-1]), KIND_QUANTILE))
    return np.stack(centres), np.array(limits, np.float32)


def _chosen(images: NDArray[np.uint8], most: int, generator: np.random.Generator) -> NDArray[np.uint8]:
    return images[generator.permutation(len(images))[:most]]


def _describe(engine: Engine, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    starts = range(0, len(images), _BATCH)
    return np.concatenate(
        [engine.describe(standardise(images[start : start + _BATCH])[:, np.newaxis]) for start in starts]
    )


def _spread_out(values: NDArray[np.float64]) -> Statistics:
    """Return statistics of (N, D) values with all that concerns their spread; the limits are to be set."""
    centre = values.mean(axis=0)
    deviation = values.std(axis=0)
    # A feature that never varied tells nothing until it does; it then counts as much as the one that varied most.
    deviation = np.where(deviation > 0, deviation, deviation.max() or 1.0)
    standard = (values - centre) / deviation
    variances, axes = np.linalg.eigh(standard.T @ standard / len(values))
    variances, axes = np.maximum(variances[::-1], 0), axes[:, ::-1]
    variances = (1 - SHRINKAGE) * variances + SHRINKAGE * max(float(variances.mean()), 1e-6)
    kept = min(AXES, len(centre))
    across = variances[kept:].mean() if kept < len(centre) else 1.0
    single = np.float32
    return Statistics(
        centre=centre.astype(single),
        scale=(1 / (deviation * np.sqrt(across))).astype(single),
        axes=np.ascontiguousarray(axes[:, :kept], single),
        spread=np.sqrt(across / variances[:kept]).astype(single),
        limit=np.array(1, single),
        kind_centres=np.ones((len(CHANGES), kept), single),
        kind_borders=np.ones(len(CHANGES), single),
        kind_limits=np.ones(len(CHANGES), single),
    )
