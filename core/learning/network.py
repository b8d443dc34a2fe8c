"""The network: torchvision's ResNet-18 with one grey input channel."""

from __future__ import annotations

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from core.learning.vision import ResNet, resnet18
from core.preprocess import standardise

FEATURES: Final = 512
"""Channels of the last feature map."""


def build_network(class_count: int) -> ResNet:
    """Build a randomly initialised ResNet-18 for (N, 1, S, S) inputs and `class_count` logits.

    Parameter names are torchvision's, so that its weights load after `conv1` is summed over the colours
    (`core.learning.initialise`).
    """
    network = resnet18(num_classes=class_count)
    network.conv1 = nn.Conv2d(1, 64, kernel_size=7, stride=2, padding=3, bias=False)
    nn.init.kaiming_normal_(network.conv1.weight, mode="fan_out", nonlinearity="relu")
    return network


def feature_maps(network: ResNet, radiographs: Tensor) -> Tensor:
    """Compute the last feature maps, (N, 512, S/32, S/32), of standardised inputs (N, 1, S, S)."""
    return layer_maps(network, radiographs)[-1]


def layer_maps(network: ResNet, radiographs: Tensor) -> list[Tensor]:
    """Compute the feature maps of layer1 to layer4, with 64, 128, 256 and 512 channels."""
    x = network.maxpool(network.relu(network.bn1(network.conv1(radiographs))))
    maps = []
    for layer in (network.layer1, network.layer2, network.layer3, network.layer4):
        x = layer(x)
        maps.append(x)
    return maps


class ExplainedNetwork(nn.Module):
    """A ResNet-18 that returns logits, class activation maps and pooled features of all layers from one forward pass.

    The network ends in global average pooling and one linear layer, so the gradient of logit k with respect
    to the last feature map A (C x H x W) is w[k, c] / (H W) everywhere. Grad-CAM (Selvaraju et al. 2017) weights
    channels by the mean of that gradient; the map returned here is that weighted sum before its ReLU, divided
    by H W, which makes the cells of map k sum to logit k less its bias (CAM, Zhou et al. 2016).
    """

    def __init__(self, network: ResNet) -> None:
        super().__init__()
        self.network = network

    def forward(self, radiographs: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return logits (N, K), activation maps (N, K, H, W), features (N, 512) and layer features (N, 768).

        The layer features, by which familiarity is judged, are means over the upper and the lower half of layer2 and
        layer3: they say more of what is up and what is down than means over the whole.
        """
        _, second, third, maps = layer_maps(self.network, radiographs)
        features = maps.mean(dim=(2, 3))
        logits: Tensor = self.network.fc(features)
        weights = self.network.fc.weight
        cells = maps.shape[2] * maps.shape[3]
        activation_maps = F.conv2d(maps, weights[:, :, None, None]) / cells
        layer_features = torch.cat([_mean_of_halves(second), _mean_of_halves(third)], dim=1)
        return logits, activation_maps, features, layer_features


def _mean_of_halves(maps: Tensor) -> Tensor:
    """Means (N, 2 C) over the upper and the lower half of maps (N, C, H, W), H > 1, less the middle row of an odd H."""
    height, width = maps.shape[2] // 2, maps.shape[3]
    halves = F.avg_pool2d(maps, (height, width), stride=(maps.shape[2] - height, width))
    return halves.flatten(1)


def parameter_groups(network: ResNet, rate: float, head_rate: float, decay: float) -> list[dict[str, object]]:
    """Split parameters into early and late layers, with and without weight decay.

    Late layers are `layer4` and `fc`. Biases and batch norms are never decayed (He et al. 2019).
    """
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        late = name.startswith(("layer4", "fc"))
        groups.setdefault((late, parameter.ndim > 1), []).append(parameter)
    return [
        {
            "params": parameters,
            "lr": head_rate if late else rate,
            "weight_decay": decay if decayed else 0.0,
        }
        for (late, decayed), parameters in sorted(groups.items())
    ]


@torch.no_grad()
def network_logits(
    network: ResNet, grey: NDArray[np.uint8], device: torch.device, batch_size: int = 64
) -> NDArray[np.float64]:
    """Logits (N, K) of images (N, S, S) as `core.preprocess.resize_grey` gives them; in evaluation mode."""
    was_training = network.training
    network.eval()
    logits = []
    for start in range(0, len(grey), batch_size):
        inputs = torch.from_numpy(standardise(grey[start : start + batch_size])[:, np.newaxis])
        logits.append(network(inputs.to(device, memory_format=torch.channels_last)).double().cpu())
    network.train(was_training)
    if not logits:
        return np.zeros((0, network.fc.out_features))
    return torch.cat(logits).numpy()
