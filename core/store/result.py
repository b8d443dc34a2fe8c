"""What became of one image, as the store keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.certainty import uncertain_band
from core.engine.card import Card
from core.engine.prediction import Familiarity, Prediction, calibrate

KeptStatus = Literal["ok", "refused", "unreadable"]

_STATUSES: Final = ("ok", "refused", "unreadable")
_NO_FEATURES: Final = np.empty(0, np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """What became of one image.

    Attributes
    ----------
    status : {"ok", "refused", "unreadable"}
    reason : str
        One plain sentence where the status is not ``"ok"``, else empty.
    prediction : Prediction or None
        Kept without its features.
    """

    status: KeptStatus
    reason: str = ""
    prediction: Prediction | None = None


Fields = tuple[str, str, bytes | None, bytes | None, str | None]
"""Columns of a result: status, reason, logits, activation maps, and what else a prediction says as JSON."""


def to_fields(result: Result) -> Fields:
    """Return the columns of a result."""
    prediction = result.prediction
    if prediction is None:
        return result.status, result.reason, None, None, None
    logits = prediction.logits.astype("<f4").tobytes()
    maps = prediction.activation_maps.astype("<f4").tobytes()
    return result.status, result.reason, logits, maps, _more_of(prediction)


def from_fields(fields: Fields, card: Card) -> Result | None:
    """Return the result in some columns, None where they hold none of this card's.

    Parameters
    ----------
    fields : tuple
    card : Card
        Of the model that made it; class names, temperature and threshold are its.
    """
    status, reason, logits, maps, more = fields
    if status not in _STATUSES:
        return None
    if logits is None or maps is None:
        return Result(status, reason) if status != "ok" else None  # type: ignore[arg-type]
    try:
        prediction = _prediction(logits, maps, json.loads(more or "{}"), card)
    except (ValueError, TypeError, KeyError):
        return None
    return Result(status, reason, prediction)  # type: ignore[arg-type]


def _prediction(logits: bytes, maps: bytes, more: Mapping[str, Any], card: Card) -> Prediction:
    values = _floats(logits)
    if len(values) != len(card.class_names):
        raise ValueError("another number of classes")
    cells = _floats(maps).reshape(len(values), *more["map_shape"])
    familiarity = more.get("familiarity")
    probabilities = calibrate(values, card.temperature)
    return Prediction(
        class_names=card.class_names,
        logits=values,
        probabilities=probabilities,
        activation_maps=cells,
        features=_NO_FEATURES,
        threshold=card.operating_point.threshold,
        model=card.title,
        prediction_set=card.prediction_set(probabilities),
        band=uncertain_band(card),
        familiarity=None if familiarity is None else Familiarity(**familiarity),
        refusal=more.get("refusal"),
    )


def _more_of(prediction: Prediction) -> str:
    more: dict[str, object] = {"map_shape": prediction.activation_maps.shape[1:]}
    if prediction.refusal is not None:
        more["refusal"] = prediction.refusal
    if prediction.familiarity is not None:
        more["familiarity"] = asdict(prediction.familiarity)
    return json.dumps(more, ensure_ascii=True)


def _floats(content: bytes) -> NDArray[np.float32]:
    values: NDArray[np.float32] = np.frombuffer(content, "<f4").astype(np.float32, copy=False)
    return values
