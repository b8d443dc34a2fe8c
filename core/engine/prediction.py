"""What the model says about one radiograph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from core.certainty import UncertainBand, call_certainty, find_doubts

Call = Literal["normal", "pneumonia"]


@dataclass(frozen=True, slots=True)
class Familiarity:
    """Whether an image resembles those that the model was trained on.

    Attributes
    ----------
    familiar : bool
        False where the score should not be trusted.
    reason : str or None
        Why not, in one sentence for the reader; None where the image is familiar.
    distance, limit : float
        Distance from the training images, and the most that counts as familiar; 1 is about usual. An image
        within the limit may still be unfamiliar, because it looks rotated or inverted.
    """

    familiar: bool
    reason: str | None
    distance: float
    limit: float


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Model score and explanation of one radiograph.

    Attributes
    ----------
    class_names : tuple of str
        ``("normal", "bacterial", "viral")`` or ``("normal", "pneumonia")``.
    logits : ndarray of float32, shape (K,)
        The network's raw output.
    probabilities : ndarray of float64, shape (K,)
        Calibrated: softmax of logits / temperature.
    activation_maps : ndarray of float32, shape (K, h, w)
        Signed class activation maps before the ReLU, in logits per cell: w[k] . A / (h w), so that the sum
        over all cells is the logit less the bias.
    features : ndarray of float32, shape (F,)
        The pooled features before the linear layer.
    threshold : float
        The operating point's threshold on `score`.
    model : str
        Name and version of the model.
    familiarity : Familiarity or None
        None where the model's bundle does not say what it is familiar with.
    prediction_set : tuple of str or None
        The classes that hold the truth with the chance that the card promises (`core.conformal`), in the order of
        `class_names`; may be empty. None where the model gives no sets.
    band : UncertainBand or None
        Scores whose call is uncertain.
    refusal : str or None
        Why the program would not have scored the image, had nobody asked for it, in one sentence; None where
        nothing speaks against a score. The engine leaves it to those who know whether somebody asked.
    """

    class_names: tuple[str, ...]
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float64]
    activation_maps: NDArray[np.float32]
    features: NDArray[np.float32]
    threshold: float
    model: str
    familiarity: Familiarity | None = None
    prediction_set: tuple[str, ...] | None = None
    band: UncertainBand | None = None
    refusal: str | None = None

    @property
    def score(self) -> float:
        """The model score P(pneumonia) = 1 - P(normal), in [0, 1]."""
        # Summed rather than subtracted, so that a score of 1e-20 does not become 0.
        return min(1.0, float(sum(self.probabilities[k] for k in self._pneumonia)))

    @property
    def call(self) -> Call:
        """``"pneumonia"`` where the score reaches the threshold."""
        return "pneumonia" if self.score >= self.threshold else "normal"

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why it is uncertain whether the image shows pneumonia; empty where it is not."""
        return find_doubts(self)

    @property
    def certainty(self) -> float:
        """Distance of the score from the operating point in nats of log-odds: 0 is the least certain call."""
        return float(call_certainty(self.probabilities, self.threshold))

    def probability(self, name: str) -> float | None:
        """Return the probability of a class, or None where the model does not know the class."""
        return float(self.probabilities[self.class_names.index(name)]) if name in self.class_names else None

    def activation_map(self, target: str = "pneumonia") -> NDArray[np.float32]:
        """Return the Grad-CAM of a target.

        For a network that ends in global average pooling and one linear layer the gradient of a logit with
        respect to the last feature map is constant, so Grad-CAM (Selvaraju et al. 2017) is the rectified
        class activation map (Zhou et al. 2016). For pneumonia it is the gradient of the log-odds
        log(sum_k exp(z_k) / exp(z_normal)), which weighs each pneumonia class k by its share
        q_k = exp(z_k) / sum_j exp(z_j) among them.

        Parameters
        ----------
        target : str
            ``"pneumonia"`` or one of `class_names`. With two classes ``"pneumonia"`` means the log-odds too.

        Returns
        -------
        ndarray of float32, shape (h, w)
            Non-negative, in logits per cell, not normalised.

        Raises
        ------
        ValueError
            For a target that the model does not know.
        """
        if target == "pneumonia":
            kinds = self._pneumonia
            share = _softmax(self.logits[kinds].astype(np.float64)).astype(np.float32)
            evidence = np.tensordot(share, self.activation_maps[kinds], axes=1)
            evidence = evidence - self.activation_maps[self.class_names.index("normal")]
        elif target in self.class_names:
            evidence = self.activation_maps[self.class_names.index(target)]
        else:
            raise ValueError(f"the model has no class {target!r}")
        positive: NDArray[np.float32] = np.maximum(evidence, np.float32(0))
        return positive

    @property
    def _pneumonia(self) -> list[int]:
        return [k for k, name in enumerate(self.class_names) if name != "normal"]


def calibrate(logits: NDArray[np.floating], temperature: float) -> NDArray[np.float64]:
    """Return softmax(logits / temperature) over the last axis, in double precision.

    Parameters
    ----------
    logits : ndarray of float, shape (..., K)
    temperature : float
        Positive; 1 leaves the probabilities as they are, more makes them less extreme (Guo et al. 2017).
    """
    return _softmax(logits.astype(np.float64) / temperature)


def _softmax(values: NDArray[np.float64]) -> NDArray[np.float64]:
    powers: NDArray[np.float64] = np.exp(values - values.max(axis=-1, keepdims=True))
    total: NDArray[np.float64] = powers.sum(axis=-1, keepdims=True)
    return powers / total
