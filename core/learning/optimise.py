"""Loss, optimiser and learning rate of a recipe."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer

from core.learning.network import parameter_groups
from core.learning.recipe import Training
from core.learning.vision import ResNet

_FIRST_FACTOR: Final = 0.04
_LAST_FACTOR: Final = 1e-4


def make_optimiser(network: ResNet, settings: Training) -> Optimizer:
    """Make the optimiser; every group remembers its full rate as ``initial_lr``."""
    groups = parameter_groups(
        network, settings.learning_rate, settings.head_learning_rate, settings.weight_decay
    )
    for group in groups:
        group["initial_lr"] = group["lr"]
    if settings.optimiser == "sgd":
        return SGD(groups, momentum=0.9, nesterov=True)
    return Adam(groups) if settings.optimiser == "adam" else AdamW(groups)


def set_rate(optimiser: Optimizer, settings: Training, progress: float) -> float:
    """Set the learning rates for a moment of the run (0 to 1) and return the factor on the full rates.

    ``one_cycle`` rises along a half cosine over `warmup_share` and falls along another to nearly nothing
    (Smith and Topin 2018), with the momentum left alone.
    """
    factor = 1.0
    if settings.schedule == "one_cycle":
        warmup = settings.warmup_share
        if progress < warmup:
            factor = _half_cosine(_FIRST_FACTOR, 1.0, progress / warmup)
        else:
            factor = _half_cosine(1.0, _LAST_FACTOR, (progress - warmup) / (1.0 - warmup))
    for group in optimiser.param_groups:
        group["lr"] = group["initial_lr"] * factor
    return factor


def _half_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def balanced_weights(allowed: Tensor) -> Tensor:
    """Weight per item that makes every label count equally; the weights' mean is 1.

    Parameters
    ----------
    allowed : Tensor of bool, shape (N, K)
        Items with the same row have the same label.
    """
    _, label, counts = torch.unique(allowed, dim=0, return_inverse=True, return_counts=True)
    weight_of_label = len(allowed) / (len(counts) * counts.double())
    weights: Tensor = weight_of_label[label].float()
    return weights


def optimiser_tensors(optimiser: Optimizer) -> Iterator[tuple[str, Tensor]]:
    """Name every tensor of an optimiser's state, for a checkpoint."""
    for index, state in optimiser.state_dict()["state"].items():
        for name, value in state.items():
            yield f"optimiser.{index}.{name}", value


def restore_optimiser(optimiser: Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Give an optimiser the state that `optimiser_tensors` named, less the prefix ``optimiser.``."""
    state: dict[int, dict[str, Any]] = {}
    for key, value in tensors.items():
        index, name = key.split(".")
        state.setdefault(int(index), {})[name] = value
    optimiser.load_state_dict({"state": state, "param_groups": optimiser.state_dict()["param_groups"]})
