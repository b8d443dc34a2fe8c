"""What a run changes as it goes, and what a checkpoint keeps of it: the weights, their average, the optimiser."""

from __future__ import annotations

from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from core.learning.checkpoint import Checkpoint
from core.learning.optimise import make_optimiser, optimiser_tensors, restore_optimiser
from core.learning.recipe import Training
from core.learning.vision import ResNet


class State:
    """The weights in training and all that goes with them.

    Parameters
    ----------
    network : ResNet
        With its initial weights, on the device that it is trained on.
    settings : Training

    Attributes
    ----------
    network : ResNet
    optimiser : Optimizer
    """

    def __init__(self, network: ResNet, settings: Training) -> None:
        self.network = network
        self.optimiser = make_optimiser(network, settings)
        self._average = _averaged(network, settings.ema_decay)

    @property
    def kept(self) -> ResNet:
        """The weights that are validated and kept: the averaged ones where the recipe averages."""
        module = self._average.module if self._average is not None else self.network
        assert isinstance(module, ResNet)
        return module

    def step(self) -> None:
        """Take a step along the gradients, and the average with it."""
        self.optimiser.step()
        if self._average is not None:
            self._average.update_parameters(self.network)

    def tensors(self, *, weights_only: bool) -> dict[str, Tensor]:
        """Name the kept weights and, unless they are all that is asked for, what is needed to go on."""
        tensors = {f"network.{key}": value for key, value in self.kept.state_dict().items()}
        if not weights_only:
            tensors |= dict(optimiser_tensors(self.optimiser))
            if self._average is not None:
                tensors |= {f"raw.{key}": value for key, value in self.network.state_dict().items()}
                tensors["average.count"] = self._average.n_averaged
        return tensors

    def restore(self, checkpoint: Checkpoint) -> None:
        """Take over what `tensors` named."""
        self.kept.load_state_dict(checkpoint.part("network"))
        if self._average is not None:
            self.network.load_state_dict(checkpoint.part("raw"))
            self._average.n_averaged.copy_(checkpoint.tensors["average.count"])
        restore_optimiser(self.optimiser, checkpoint.part("optimiser"))


def _averaged(network: ResNet, decay: float) -> AveragedModel | None:
    if decay == 0:
        return None
    return AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(decay), use_buffers=True)
