"""When an answer is uncertain, and why, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from core.engine.card import Card
    from core.engine.prediction import Prediction

_ODDS_FACTOR: Final = 2.0
_LEAST: Final = 1e-300
OPEN_BOTH: Final = "normal and pneumonia are both in the prediction set"
OPEN_NEITHER: Final = "no class fits the image well enough to be in the prediction set"


@dataclass(frozen=True, slots=True)
class UncertainBand:
    """Scores whose call is uncertain.

    Attributes
    ----------
    low, high : float
        Scores from `low` to below `high`. Where the model has several operating points, those between the lowest
        and the highest, about which its own points disagree; else those whose odds are within a factor of two
        of the operating point's.
    words : str
        Where they lie, such as ``"between the model's operating points"``.
    """

    low: float
    high: float
    words: str

    def __contains__(self, score: float) -> bool:
        return self.low <= score < self.high


def uncertain_band(card: Card) -> UncertainBand:
    """Return the scores about which a model's operating points leave a doubt."""
    thresholds = [point.threshold for point in card.operating_points]
    low, high = min(thresholds), max(thresholds)
    if low < high:
        return UncertainBand(low, high, "between the model's operating points")
    low, high = (_multiply_odds(low, factor) for factor in (1 / _ODDS_FACTOR, _ODDS_FACTOR))
    return UncertainBand(low, high, "close to the operating point")


def set_doubt(prediction_set: tuple[str, ...]) -> str | None:
    """Say why a set of classes leaves open whether it is pneumonia, or None where it does not."""
    if not prediction_set:
        return OPEN_NEITHER
    return OPEN_BOTH if "normal" in prediction_set and len(prediction_set) > 1 else None


def find_doubts(prediction: Prediction) -> tuple[str, ...]:
    """Say why it is uncertain whether an image shows pneumonia; empty where nothing speaks for that.

    Each reason goes on after "uncertain:". Which kind of pneumonia it is has no part in this.
    """
    doubts = []
    if prediction.prediction_set is not None and (doubt := set_doubt(prediction.prediction_set)):
        doubts.append(doubt)
    if prediction.band is not None and prediction.score in prediction.band:
        doubts.append(f"the score lies {prediction.band.words}")
    return tuple(doubts)


def call_certainty(probabilities: NDArray[np.float64], threshold: float) -> NDArray[np.float64]:
    """Return how far scores lie from the operating point, in nats of log-odds.

    Of the orders tried on validation images by patient-grouped cross-fitting, this one and the larger of the two
    probabilities left the fewest wrong calls; the conformal p-value of the answer that was not given is as coarse
    as the number of images of its class, and left more.

    Parameters
    ----------
    probabilities : ndarray, shape (..., K)
        Normal first.
    threshold : float
        On the score.

    Returns
    -------
    ndarray, shape (...)
        0 at the operating point.
    """
    normal, pneumonia = probabilities[..., 0], probabilities[..., 1:].sum(axis=-1)
    odds = np.log(np.maximum(pneumonia, _LEAST)) - np.log(np.maximum(normal, _LEAST))
    point = np.log(max(threshold, _LEAST)) - np.log(max(1.0 - threshold, _LEAST))
    certainty: NDArray[np.float64] = np.abs(odds - point)
    return certainty


def class_certainty(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of the most probable class, shape (..., K) to (...)."""
    certainty: NDArray[np.float64] = probabilities.max(axis=-1)
    return certainty


def _multiply_odds(probability: float, factor: float) -> float:
    return probability * factor / (probability * factor + 1.0 - probability)
