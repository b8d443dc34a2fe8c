"""Finished runs that another one learns from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.dataset import Item, find_items
from core.learning.checkpoint import CheckpointError, load_checkpoint
from core.learning.network import build_network, network_logits
from core.learning.vision import ResNet

_BEST: Final = "best"
_SPLIT: Final = "split.csv"


def teacher_marks(teachers: Sequence[Path]) -> list[str]:
    """Return the SHA-256 of each teacher's weights; raises `CheckpointError` for one without any."""
    return [load_checkpoint(folder, _BEST).values["sha256"] for folder in teachers]


def check_teachers(teachers: Sequence[Path], items: Sequence[Item]) -> None:
    """Refuse runs that were trained on images, or on patients, which this one validates or tests on.

    Raises
    ------
    CheckpointError
        For such a run.
    DatasetError
        When a run's list of images cannot be read.
    """
    kept_apart = {mark for item in items if item.part != "train" for mark in (item.file, item.patient)}
    for folder in teachers:
        # A split file is a manifest too, and tells the patients.
        trained_on = [item for item in find_items(folder / _SPLIT) if item.part == "train"]
        if not kept_apart.isdisjoint(mark for item in trained_on for mark in (item.file, item.patient)):
            raise CheckpointError(
                f"{folder.name}: this run was trained on images or patients that are kept for validation or test "
                "here."
            )


def taught_probabilities(
    teachers: Sequence[Path], grey: NDArray[np.uint8], classes: Sequence[str], device: torch.device
) -> Tensor:
    """Return the mean probabilities (N, K) that the best weights of finished runs give unchanged images.

    Parameters
    ----------
    teachers : sequence of Path
        Folders of runs.
    grey : ndarray of uint8, shape (N, S, S)
    classes : sequence of str, length K

    Raises
    ------
    CheckpointError
        When a run has no usable weights, or was trained for other classes.
    """
    total = torch.zeros(len(grey), len(classes), dtype=torch.float64)
    for folder in teachers:
        network = build_network(len(classes))
        load_best(network, folder)
        logits = network_logits(network.to(device, memory_format=torch.channels_last), grey, device)
        total += torch.softmax(torch.from_numpy(logits), dim=1)
    return (total / len(teachers)).float()


def load_best(network: ResNet, folder: Path) -> None:
    """Load the best weights of a finished run; raises `CheckpointError` when it has none, or for other classes."""
    checkpoint = load_checkpoint(folder, _BEST)
    try:
        network.load_state_dict(checkpoint.part("network"))
    except RuntimeError as error:
        raise CheckpointError(f"{folder.name}: this run was trained for other classes.") from error
