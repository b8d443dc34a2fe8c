"""What a batch is asked to become: labels, the teachers' probabilities, and mixtures of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from core.learning.recipe import Training


class Targets(NamedTuple):
    """The targets of N images.

    Attributes
    ----------
    allowed : Tensor of bool, shape (N, K)
        Classes that the label allows; more than one where it leaves the class open.
    taught : Tensor, shape (N, K)
        The teachers' mean probabilities; without teachers of no importance.
    weights : Tensor, shape (N,)
        Weight of each image in the loss.
    """

    allowed: Tensor
    taught: Tensor
    weights: Tensor


def batch_loss(logits: Tensor, targets: Targets, settings: Training) -> Tensor:
    """Return the mean loss of a batch, by label and by teacher in the recipe's shares."""
    share = settings.teacher_share
    log_scores = torch.log_softmax(logits.float(), dim=1)
    loss = class_losses(log_scores, targets.allowed, settings.label_smoothing)
    if share > 0:
        loss = (1 - share) * loss - share * (targets.taught * log_scores).sum(dim=1)
    mean: Tensor = (loss * targets.weights).mean()
    return mean


def class_losses(log_scores: Tensor, allowed: Tensor, smoothing: float) -> Tensor:
    """Return the cross-entropy (N,) of the allowed classes taken together.

    With one allowed class this is the usual cross-entropy with label smoothing (Szegedy et al. 2016). A label that
    leaves the class open (pneumonia of unknown kind) asks for the sum of the allowed probabilities.

    Parameters
    ----------
    log_scores : Tensor, shape (N, K)
        Logarithms of the probabilities.
    allowed : Tensor of bool, shape (N, K)
    smoothing : float
        Share of the target that is spread over all classes.
    """
    hit = -torch.logsumexp(log_scores.masked_fill(~allowed, -torch.inf), dim=1)
    losses: Tensor = (1 - smoothing) * hit - smoothing * log_scores.mean(dim=1)
    return losses


class Mixture:
    """Mixes each image of a batch with another one of it (mixup, Zhang et al. 2018).

    Parameters
    ----------
    alpha : float
        Both parameters of the beta distribution of the share; 0 leaves everything as it is.
    key : sequence of int
        What the mixture is drawn by: the same numbers give the same mixture.
    count : int
        Images of the batch.
    """

    def __init__(self, alpha: float, key: Sequence[int], count: int) -> None:
        generator = np.random.default_rng(tuple(key))
        self._share = float(generator.beta(alpha, alpha)) if alpha > 0 else 1.0
        self._partner = torch.from_numpy(generator.permutation(count))

    def images(self, inputs: Tensor) -> Tensor:
        """Mix inputs (N, 1, S, S)."""
        if self._share == 1.0:
            return inputs
        return self._share * inputs + (1 - self._share) * inputs[self._partner]

    def loss(self, logits: Tensor, targets: Targets, settings: Training) -> Tensor:
        """Return the loss of the mixed images: that by their own targets and by their partners', mixed alike."""
        own = batch_loss(logits, targets, settings)
        if self._share == 1.0:
            return own
        partners = Targets(*(part[self._partner] for part in targets))
        return self._share * own + (1 - self._share) * batch_loss(logits, partners, settings)
