"""What became of one image, as the store keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.certainty import UncertainBand
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
        Of an image with the status ``"ok"``, or one that was refused only after the model had seen it. Kept without
        its features, and without its refusal, which is `reason`; whether it may be shown is for the reader to say.
    notes : tuple of str
        What a careful reader should know of the file.
    """

    status: KeptStatus
    reason: str = ""
    prediction: Prediction | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of_prediction(cls, prediction: Prediction, notes: tuple[str, ...] = ()) -> Result:
        """Return the result of an image that has a score, on request or not."""
        if prediction.refusal is None:
            return cls("ok", "", prediction, notes)
        return cls("refused", prediction.refusal, replace(prediction, refusal=None), notes)


Fields = tuple[str, str, bytes | None, bytes | None, str | None]
"""Columns of a result: status, reason, logits, activation maps, and what else there is as JSON."""


def to_fields(result: Result) -> Fields:
    """Return the columns of a result."""
    prediction, more = result.prediction, _more_of(result)
    if prediction is None:
        return result.status, result.reason, None, None, more
    logits = prediction.logits.astype("<f4").tobytes()
    maps = prediction.activation_maps.astype("<f4").tobytes()
    return result.status, result.reason, logits, maps, more


def from_fields(fields: Fields, card: Card, band: UncertainBand | None) -> Result | None:
    """Return the result in some columns, None where they hold none of this card's.

    Parameters
    ----------
    fields : tuple
    card : Card
        Of the model that made it; all that it says of how to read logits is used.
    band : UncertainBand or None
        `core.certainty.uncertain_band` of the card.
    """
    status, reason, logits, maps, more = fields
    if status not in _STATUSES:
        return None
    try:
        extra = json.loads(more or "{}")
        prediction = None
        if logits is not None and maps is not None:
            prediction = _prediction(logits, maps, extra, card, band)
        elif status == "ok":
            return None
        notes = tuple(extra.get("notes", ()))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return Result(status, reason, prediction, notes)  # type: ignore[arg-type]


def _prediction(
    logits: bytes, maps: bytes, more: Mapping[str, Any], card: Card, band: UncertainBand | None
) -> Prediction:
    values = _floats(logits)
    if len(values) != len(card.class_names):
        raise ValueError("another number of classes")
    cells = _floats(maps).reshape(len(values), *more["map_shape"])
    familiarity, probabilities = more.get("familiarity"), calibrate(values, card.temperature)
    return Prediction(
        class_names=card.class_names,
        logits=values,
        probabilities=probabilities,
        activation_maps=cells,
        features=_NO_FEATURES,
        threshold=card.operating_point.threshold,
        model=card.title,
        familiarity=None if familiarity is None else Familiarity(**familiarity),
        prediction_set=card.prediction_set(probabilities),
        band=band,
    )


def _more_of(result: Result) -> str | None:
    more: dict[str, object] = {}
    if result.notes:
        more["notes"] = result.notes
    if result.prediction is not None:
        more["map_shape"] = result.prediction.activation_maps.shape[1:]
        if result.prediction.familiarity is not None:
            more["familiarity"] = asdict(result.prediction.familiarity)
    return json.dumps(more, ensure_ascii=True) if more else None


def _floats(content: bytes) -> NDArray[np.float32]:
    values: NDArray[np.float32] = np.frombuffer(content, "<f4").astype(np.float32, copy=False)
    return values
