"""Where training starts from: random weights, torchvision's ImageNet weights, or a file of them.

All ImageNet weights expect three standardised colour channels. A radiograph is grey, so `conv1` is summed over
the colours and rescaled once, and the constant that this leaves behind is taken up by the first batch norm.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from core.errors import DeepPneumoError
from core.learning.vision import ResNet, ResNet18_Weights
from core.preprocess import MEAN, STD

_COLOUR_MEAN: Final = torch.tensor([0.485, 0.456, 0.406])
_COLOUR_STD: Final = torch.tensor([0.229, 0.224, 0.225])


class InitialisationError(DeepPneumoError):
    """Initial weights that cannot be had or do not fit."""


def grey_conv1(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Fold three standardised colour channels of `conv1` into one standardised grey channel.

    With grey g = STD z + MEAN in every colour, sum_c W_c (g - m_c) / s_c is a convolution of z plus a
    constant per output channel (away from the border).

    Parameters
    ----------
    weight : Tensor, shape (64, 3, 7, 7)

    Returns
    -------
    tuple of Tensor
        Weight (64, 1, 7, 7) and constant (64,).
    """
    scaled = weight / _COLOUR_STD[None, :, None, None]
    grey = scaled.sum(dim=1, keepdim=True) * STD
    constant = (scaled * (MEAN - _COLOUR_MEAN)[None, :, None, None]).sum(dim=(1, 2, 3))
    return grey, constant


def load_imagenet_download(network: ResNet) -> None:
    """Load torchvision's IMAGENET1K_V1, downloaded or from torch's cache; the classifier stays random.

    Raises
    ------
    InitialisationError
        If the weights cannot be downloaded.
    """
    try:
        state = dict(ResNet18_Weights.IMAGENET1K_V1.get_state_dict(progress=True, check_hash=True))
    except (OSError, RuntimeError) as error:  # a download with a wrong hash is a RuntimeError
        raise InitialisationError(
            "The ImageNet weights could not be downloaded; connect to the internet, or give a file to --init."
        ) from error
    state["conv1.weight"], constant = grey_conv1(state["conv1.weight"])
    state["bn1.running_mean"] = state["bn1.running_mean"] - constant
    state = {name: tensor for name, tensor in state.items() if not name.startswith("fc.")}
    network.load_state_dict(state, strict=False)


def load_folded_file(network: ResNet, path: Path) -> list[str]:
    """Load an ``.npz`` of convolutions with their batch norms folded in.

    ``NAME.weight`` is W gamma / sigma and ``NAME.bias`` is beta - mu gamma / sigma. Batch norms start as the
    identity plus the given bias. Convolutions that the file lacks keep their He initialisation, and the last
    batch norm of a residual block that holds one starts at weight zero.

    Parameters
    ----------
    network : ResNet
        Changed in place.
    path : Path
        File without pickled objects; those are refused.

    Returns
    -------
    list of str
        Batch norms behind a loaded convolution, for `recalibrate`.

    Raises
    ------
    InitialisationError
        If the file is unreadable, or a shape does not fit.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = {name: torch.from_numpy(archive[name].astype(np.float32)) for name in archive.files}
    except (OSError, ValueError, EOFError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise InitialisationError(f"{path.name}: this is no readable .npz file of weights.") from error
    modules = dict(network.named_modules())
    loaded = []
    for name, convolution in modules.items():
        if not isinstance(convolution, nn.Conv2d):
            continue
        norm_name = _norm_behind(name)
        norm = modules[norm_name]
        assert isinstance(norm, nn.BatchNorm2d)
        _reset(norm)
        weight, bias = arrays.pop(f"{name}.weight", None), arrays.pop(f"{name}.bias", None)
        if weight is not None and name == "conv1" and weight.shape[1] == 3:
            weight, constant = grey_conv1(weight)
            bias = constant if bias is None else bias + constant
        _copy(f"{name}.bias", norm.bias, bias)
        if weight is None:
            continue
        _copy(f"{name}.weight", convolution.weight, weight)
        loaded.append(norm_name)
    if not loaded or arrays:
        odd = next(iter(arrays), None)
        raise InitialisationError(
            f"{path.name}: "
            + (f"'{odd}' belongs to no layer." if odd else "no layer of a ResNet-18 is in it.")
        )
    _silence_incomplete_blocks(network, set(loaded))
    return loaded


def _norm_behind(convolution: str) -> str:
    if convolution.endswith("downsample.0"):
        return convolution[:-1] + "1"
    return convolution.replace("conv", "bn")


def _reset(norm: nn.BatchNorm2d) -> None:
    with torch.no_grad():
        norm.weight.fill_(1.0)
        norm.bias.zero_()
        norm.running_mean.zero_()  # type: ignore[union-attr]
        # The evaluation output must be x + bias exactly, so the variance makes up for eps.
        norm.running_var.fill_(1.0 - norm.eps)  # type: ignore[union-attr]


def _copy(name: str, target: Tensor, values: Tensor | None) -> None:
    if values is None:
        return
    if values.shape != target.shape:
        raise InitialisationError(f"'{name}' has the shape {tuple(values.shape)}, not {tuple(target.shape)}.")
    with torch.no_grad():
        target.copy_(values)


def _silence_incomplete_blocks(network: ResNet, loaded: set[str]) -> None:
    for name, module in network.named_modules():
        if hasattr(module, "bn2") and f"{name}.bn2" not in loaded:
            nn.init.zeros_(module.bn2.weight)
            nn.init.zeros_(module.bn2.bias)


@torch.no_grad()
def recalibrate(network: ResNet, norms: Iterable[str], radiographs: Tensor) -> None:
    """Give identity batch norms real statistics without changing what the network puts out.

    A norm that adds the bias b to its input gets the input's mean m and variance v over `radiographs` as running
    statistics, the weight sqrt(v + eps) and the bias m + b. Training mode is sane from then on.

    Parameters
    ----------
    network : ResNet
        Changed in place; left in evaluation mode.
    norms : iterable of str
        Names of the batch norms.
    radiographs : Tensor, shape (N, 1, S, S)
        A few hundred standardised radiographs of the training part.
    """
    network.eval()
    wanted = {name: network.get_submodule(name) for name in norms}
    sums: dict[str, list[Tensor]] = {name: [] for name in wanted}

    def record(name: str) -> object:
        def hook(_module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            x = inputs[0].double()
            sums[name].append(torch.stack([x.mean(dim=(0, 2, 3)), x.square().mean(dim=(0, 2, 3))]) * len(x))

        return hook

    handles = [norm.register_forward_pre_hook(record(name)) for name, norm in wanted.items()]
    for batch in radiographs.split(32):
        network(batch)
    for handle in handles:
        handle.remove()
    for name, norm in wanted.items():
        assert isinstance(norm, nn.BatchNorm2d)
        mean, square = (torch.stack(sums[name]).sum(dim=0) / len(radiographs)).unbind()
        variance = (square - mean.square()).clamp_min(0.0)
        norm.running_mean.copy_(mean)  # type: ignore[union-attr]
        norm.running_var.copy_(variance)  # type: ignore[union-attr]
        norm.bias.add_(mean)
        norm.weight.copy_((variance + norm.eps).sqrt())
