"""The card: what a model is, how its numbers are to be read, and where it must not be used."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Final, TypeVar

from core.errors import BundleError

SCHEMA_VERSION: Final = 1
CLASS_SETS: Final = (("normal", "bacterial", "viral"), ("normal", "pneumonia"))

_T = TypeVar("_T")
# Names end up in tables and spreadsheets: one printable line that nobody takes for a formula.
_LABEL: Final = re.compile(r"[^\W_][^\x00-\x1f\x7f]{0,79}")
_DATE: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_HASH: Final = re.compile(r"([0-9a-f]{64})?")


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A threshold on the score, and what it gave on the data it was chosen on.

    Attributes
    ----------
    name : str
        For example ``"balanced"`` or ``"sensitive"``.
    threshold : float
        Scores at or above it are called pneumonia; in [0, 1].
    sensitivity, specificity : float
        Measured at this threshold, in [0, 1].
    """

    name: str
    threshold: float
    sensitivity: float
    specificity: float

    def __post_init__(self) -> None:
        _require(_LABEL.fullmatch(self.name) is not None, "an operating point has no usable name")
        for value in (self.threshold, self.sensitivity, self.specificity):
            _require(0.0 <= value <= 1.0, f"the operating point {self.name!r} lies outside 0 to 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything about a model that is not its weights; stored as JSON in the bundle.

    Attributes
    ----------
    name, version : str
        One printable line each, at most 80 characters.
    date : str
        Day of the export, ``YYYY-MM-DD``.
    architecture : str
        For example ``"resnet18"``.
    class_names : tuple of str
        In the order of the logits: ``("normal", "bacterial", "viral")`` or ``("normal", "pneumonia")``.
    input_size : int
        Side S of the square network input in pixels.
    mean, std : float
        Normalisation of grey values in [0, 1]; std > 0.
    temperature : float
        Logits are divided by it before the softmax; > 0.
    operating_points : tuple of OperatingPoint
        At least one, with different names.
    default_operating_point : str
        The one that decides `Prediction.call`.
    provenance, licence, intended_use : str
        Training data and how it was split; the licence of the weights; what the model is for.
    limits : tuple of str
        Known limits, one sentence each.
    metrics : mapping
        Free JSON: figures with their confidence intervals.
    content_hash : str
        SHA-256 of the graph, hexadecimal; `write_bundle` fills it in.
    seen_patients : tuple of str
        Marks (`core.dataset.patient_mark`) of the patients of the training and validation parts, so that an
        evaluation on them can be told; only where the data are public.
    extra : mapping
        Keys of the file that this version does not know. They are kept, so that a card survives being
        read and written again.

    Raises
    ------
    BundleError
        From the constructor too, with one sentence, when a value makes no sense.
    """

    name: str
    version: str
    date: str
    architecture: str
    class_names: tuple[str, ...]
    input_size: int
    mean: float
    std: float
    temperature: float
    operating_points: tuple[OperatingPoint, ...]
    default_operating_point: str
    provenance: str
    licence: str
    intended_use: str
    limits: tuple[str, ...]
    metrics: Mapping[str, object] = field(default_factory=dict)
    content_hash: str = ""
    seen_patients: tuple[str, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in ("name", "version", "architecture"):
            _require(_LABEL.fullmatch(getattr(self, key)) is not None, f"its {key} is not a usable name")
        _require(_DATE.fullmatch(self.date) is not None, "its date is not of the form YYYY-MM-DD")
        _require(self.class_names in CLASS_SETS, "its classes are not the ones this program knows")
        _require(32 <= self.input_size <= 1024, "its input size is not between 32 and 1024 pixels")
        _require(0.0 <= self.mean <= 1.0 and 0.0 < self.std <= 1.0, "its normalisation makes no sense")
        _require(0.01 <= self.temperature <= 100.0, "its temperature is not between 0.01 and 100")
        names = [point.name for point in self.operating_points]
        _require(len(set(names)) == len(names), "two of its operating points have the same name")
        _require(
            self.default_operating_point in names, "its default operating point is not among the listed ones"
        )
        _require(_HASH.fullmatch(self.content_hash) is not None, "its content hash is not a SHA-256")

    @property
    def operating_point(self) -> OperatingPoint:
        """The default operating point."""
        return next(point for point in self.operating_points if point.name == self.default_operating_point)

    @property
    def title(self) -> str:
        """Name and version, as tables and exports show them."""
        return f"{self.name} {self.version}"

    def to_json(self) -> str:
        """Return the card as indented JSON with the schema version first."""
        values = asdict(self)
        extra = values.pop("extra")
        document = {"schema_version": SCHEMA_VERSION, **values, **extra}
        return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)

    @classmethod
    def from_json(cls, text: bytes | str) -> Card:
        """Read a card.

        Parameters
        ----------
        text : bytes or str
            JSON as `to_json` writes it; bytes are UTF-8.

        Raises
        ------
        BundleError
            When the text is no JSON object, comes from a newer schema, or lacks or garbles a value.
        """
        try:
            values = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            raise BundleError("The card of the model is damaged.") from None
        _require(isinstance(values, dict), "it is not a JSON object")
        _check_schema(values.pop("schema_version", None))
        known = {item.name for item in fields(cls)} - {"extra"}
        return cls(
            name=_get(values, "name", _text),
            version=_get(values, "version", _text),
            date=_get(values, "date", _text),
            architecture=_get(values, "architecture", _text),
            class_names=_get(values, "class_names", _texts),
            input_size=_get(values, "input_size", _integer),
            mean=_get(values, "mean", _number),
            std=_get(values, "std", _number),
            temperature=_get(values, "temperature", _number),
            operating_points=_get(values, "operating_points", _points),
            default_operating_point=_get(values, "default_operating_point", _text),
            provenance=_get(values, "provenance", _text),
            licence=_get(values, "licence", _text),
            intended_use=_get(values, "intended_use", _text),
            limits=_get(values, "limits", _texts),
            metrics=_get(values, "metrics", _object),
            content_hash=_get(values, "content_hash", _text),
            seen_patients=_get({"seen_patients": [], **values}, "seen_patients", _texts),
            extra={key: value for key, value in values.items() if key not in known},
        )


def _require(condition: bool, problem: str) -> None:
    if not condition:
        raise BundleError(f"The card of the model cannot be used: {problem}.")


def _check_schema(version: object) -> None:
    _require(isinstance(version, int) and not isinstance(version, bool), "it does not say its schema version")
    assert isinstance(version, int)
    if version > SCHEMA_VERSION:
        raise BundleError(
            "This model was made by a newer version of the program; update the program to open it."
        )
    _require(version == SCHEMA_VERSION, f"its schema version {version} is unknown")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _get(values: Mapping[str, object], key: str, convert: Callable[[object], _T]) -> _T:
    """Return `values[key]` as the type that `convert` stands for, or refuse the card."""
    _require(key in values, f"its {key!r} is missing")
    try:
        return convert(values[key])
    except (TypeError, OverflowError):  # OverflowError: an integer that no float can hold
        raise BundleError(f"The card of the model cannot be used: its {key!r} has the wrong form.") from None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError
    return float(value)


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(item) for item in value)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _points(value: object) -> tuple[OperatingPoint, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_point(_object(item)) for item in value)


def _point(values: Mapping[str, object]) -> OperatingPoint:
    return OperatingPoint(
        name=_get(values, "name", _text),
        threshold=_get(values, "threshold", _number),
        sensitivity=_get(values, "sensitivity", _number),
        specificity=_get(values, "specificity", _number),
    )
