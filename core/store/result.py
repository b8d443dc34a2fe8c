"""What became of one image, as the store keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from math import prod
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.certainty import UncertainBand
from core.engine.card import Card
from core.engine.prediction import Familiarity, Prediction, calibrate
from core.engine.values import as_integer

KeptStatus = Literal["ok", "refused", "unreadable"]

_STATUSES: Final = ("ok", "refused", "unreadable")
_FLOAT_BYTES: Final = 4
_MAP_SIDES: Final = 2
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


def from_fields(
    rows: Sequence[tuple[Any, ...]], card: Card, band: UncertainBand | None
) -> list[Result | None]:
    """Return the results in the columns of some rows, None where they hold none of this card's.

    All together, for a folder may have ten thousand: what numpy does for one row takes it as long for a hundred.

    Parameters
    ----------
    rows : sequence of tuple
        `Fields` of each.
    card : Card
        Of the model that made them; all that it says of how to read logits is used.
    band : UncertainBand or None
        `core.certainty.uncertain_band` of the card.
    """
    kept = [_kept_of(row, len(card.class_names)) for row in rows]
    alike: dict[tuple[int, ...], list[_Kept]] = {}
    for one in kept:
        if one is not None and one.map_shape is not None:
            alike.setdefault(one.map_shape, []).append(one)
    predictions: dict[int, Prediction] = {}
    for shape, some in alike.items():
        made = _predictions(some, shape, card, band)
        predictions.update((id(one), prediction) for one, prediction in zip(some, made, strict=True))
    return [
        None if one is None else Result(one.status, one.reason, predictions.get(id(one)), one.notes)
        for one in kept
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """A row whose columns fit each other; `map_shape` is None where there is no prediction."""

    status: KeptStatus
    reason: str
    notes: tuple[str, ...]
    logits: bytes = b""
    maps: bytes = b""
    map_shape: tuple[int, ...] | None = None
    familiarity: Familiarity | None = None


def _kept_of(row: tuple[Any, ...], classes: int) -> _Kept | None:
    status, reason, logits, maps, more = row
    if status not in _STATUSES:
        return None
    try:
        extra = json.loads(more) if more else {}
        notes = tuple(extra.get("notes", ()))
        if logits is None or maps is None:
            return None if status == "ok" else _Kept(status, reason, notes)
        shape = tuple(as_integer(side) for side in extra["map_shape"])
        sized = len(shape) == _MAP_SIDES and min(shape) >= 1
        if not sized or len(logits) != _FLOAT_BYTES * classes or len(maps) != len(logits) * prod(shape):
            return None
        told = extra.get("familiarity")
        familiarity = None if told is None else Familiarity(**told)
        return _Kept(status, reason, notes, logits, maps, shape, familiarity)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _predictions(
    some: Sequence[_Kept], map_shape: tuple[int, ...], card: Card, band: UncertainBand | None
) -> Iterator[Prediction]:
    """Return the predictions of rows whose maps are of one shape."""
    names = card.class_names
    logits = _floats([one.logits for one in some]).reshape(len(some), len(names))
    maps = _floats([one.maps for one in some]).reshape(len(some), len(names), *map_shape)
    probabilities = calibrate(logits, card.temperature)
    threshold, title, sets = card.operating_point.threshold, card.title, card.prediction_sets(probabilities)
    for place, one in enumerate(some):
        yield Prediction(
            class_names=names,
            logits=logits[place],
            probabilities=probabilities[place],
            activation_maps=maps[place],
            features=_NO_FEATURES,
            threshold=threshold,
            model=title,
            familiarity=one.familiarity,
            prediction_set=None if sets is None else sets[place],
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


def _floats(contents: Sequence[bytes]) -> NDArray[np.float32]:
    values: NDArray[np.float32] = np.frombuffer(b"".join(contents), "<f4").astype(np.float32, copy=False)
    return values
