"""Where lungs are on a radiograph of the chest, roughly: to keep training from leaning on everything else.

The places are drawn by hand from anatomy, not taken from any segmentation: squashed frontal films of the chest show
the lungs as two ovals beside the middle line.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

_OVALS: Final = ((0.29, 0.43), (0.71, 0.43))
"""Middle (x, y) of each lung, as shares of the side."""
_HALF_WIDTH: Final = 0.155
_HALF_HEIGHT: Final = 0.30
_FINENESS: Final = 16
_LITTLE: Final = 0.1
"""Added to the evidence, in log-odds: next to nothing need not lie anywhere."""


def centre_mask(size: tuple[int, int], generator: np.random.Generator) -> Image.Image:
    """Draw a soft-edged rounded box around both lungs, a little different each time.

    Parameters
    ----------
    size : tuple of int
        Width and height in pixels.
    generator : Generator
        The only source of chance.

    Returns
    -------
    Image of mode L
        255 inside, 0 outside.
    """
    middle = np.array([0.5, 0.45]) + generator.uniform(-0.03, 0.03, size=2)
    half = generator.uniform((0.36, 0.34), (0.44, 0.42))
    y, x = np.mgrid[0 : size[1], 0 : size[0]] + 0.5
    across = np.abs(x / size[0] - middle[0]) / half[0]
    down = np.abs(y / size[1] - middle[1]) / half[1]
    # A superellipse (Lame): between an oval and a box, as the chest is.
    radius = (across**4 + down**4) ** 0.25
    softness = generator.uniform(0.02, 0.15)
    mask = np.clip((1 - radius) / softness + 0.5, 0, 1)
    return Image.fromarray((mask * 255).astype(np.uint8))


@cache
def lung_cover(cells: int) -> NDArray[np.float32]:
    """Return the share (cells, cells) of each cell of a square grid that the two ovals cover, in [0, 1]."""
    side = cells * _FINENESS
    y, x = (np.mgrid[0:side, 0:side] + 0.5) / side
    inside = np.zeros((side, side), dtype=bool)
    for middle_x, middle_y in _OVALS:
        inside |= ((x - middle_x) / _HALF_WIDTH) ** 2 + ((y - middle_y) / _HALF_HEIGHT) ** 2 <= 1
    shares = inside.reshape(cells, _FINENESS, cells, _FINENESS).mean(axis=(1, 3))
    cover: NDArray[np.float32] = shares.astype(np.float32)
    return cover


def stray_evidence(logits: Tensor, activation_maps: Tensor, diseased: Tensor) -> Tensor:
    """Return the mean share of the evidence for pneumonia that lies outside the lungs' usual places.

    The evidence is the map that the viewer shows: the positive part of the Grad-CAM of the log-odds of pneumonia
    (`core.engine.prediction`).

    Parameters
    ----------
    logits : Tensor, shape (N, K)
        The first class is normal.
    activation_maps : Tensor, shape (N, K, H, H)
        As `core.learning.network.ExplainedNetwork` gives them.
    diseased : Tensor of bool, shape (N,)
        Images that count; without any the result is 0.

    Returns
    -------
    Tensor, shape ()
        Between 0 and 1.
    """
    logits, maps = logits[diseased].float(), activation_maps[diseased].float()
    if not len(maps):
        return activation_maps.sum() * 0
    # The weights only say which kind's map counts; the network shall not move them to please this term.
    shares = torch.softmax(logits[:, 1:].detach(), dim=1)[:, :, None, None]
    evidence = torch.relu((shares * maps[:, 1:]).sum(dim=1) - maps[:, 0])
    stray = evidence * (1 - torch.from_numpy(lung_cover(maps.shape[-1])).to(maps.device))
    total = evidence.sum(dim=(1, 2))
    result: Tensor = (stray.sum(dim=(1, 2)) / (total + _LITTLE)).mean()
    return result
