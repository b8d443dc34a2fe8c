"""The card: what a model is, how its numbers are to be read, and where it must not be used."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.conformal import Conformal
from core.engine.values import (
    as_integer,
    as_number,
    as_object,
    as_text,
    as_texts,
    get,
    require,
)
from core.errors import BundleError
from core.familiarity.mark import FamiliarityMark

SCHEMA_VERSION: Final = 1
CLASS_SETS: Final = (("normal", "bacterial", "viral"), ("normal", "pneumonia"))

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
        require(_LABEL.fullmatch(self.name) is not None, "an operating point has no usable name")
        for value in (self.threshold, self.sensitivity, self.specificity):
            require(0.0 <= value <= 1.0, f"the operating point {self.name!r} lies outside 0 to 1")


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
    conformal : Conformal or None
        Limits of the prediction sets, one for each class; None where the model gives no sets.
    familiarity : FamiliarityMark or None
        None where the bundle does not say what the model is familiar with.
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
    conformal: Conformal | None = None
    familiarity: FamiliarityMark | None = None
    extra: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for key in ("name", "version", "architecture"):
            require(_LABEL.fullmatch(getattr(self, key)) is not None, f"its {key} is not a usable name")
        require(_DATE.fullmatch(self.date) is not None, "its date is not of the form YYYY-MM-DD")
        require(self.class_names in CLASS_SETS, "its classes are not the ones this program knows")
        require(32 <= self.input_size <= 1024, "its input size is not between 32 and 1024 pixels")
        require(0.0 <= self.mean <= 1.0 and 0.0 < self.std <= 1.0, "its normalisation makes no sense")
        require(0.01 <= self.temperature <= 100.0, "its temperature is not between 0.01 and 100")
        names = [point.name for point in self.operating_points]
        require(len(set(names)) == len(names), "two of its operating points have the same name")
        require(
            self.default_operating_point in names, "its default operating point is not among the listed ones"
        )
        known = self.conformal is None or len(self.conformal.lowest) == len(self.class_names)
        require(known, "its prediction sets are not of its classes")
        require(_HASH.fullmatch(self.content_hash) is not None, "its content hash is not a SHA-256")

    @property
    def operating_point(self) -> OperatingPoint:
        """The default operating point."""
        return next(point for point in self.operating_points if point.name == self.default_operating_point)

    @property
    def title(self) -> str:
        """Name and version, as tables and exports show them."""
        return f"{self.name} {self.version}"

    def prediction_set(self, probabilities: NDArray[np.float64]) -> tuple[str, ...] | None:
        """Return the classes of the prediction set, None where the model gives none.

        Parameters
        ----------
        probabilities : ndarray of float, shape (K,)
            Calibrated.
        """
        sets = self.prediction_sets(probabilities[np.newaxis])
        return None if sets is None else sets[0]

    def prediction_sets(self, probabilities: NDArray[np.float64]) -> list[tuple[str, ...]] | None:
        """Return the same of many images.

        Parameters
        ----------
        probabilities : ndarray of float, shape (N, K)
            Calibrated.
        """
        if self.conformal is None:
            return None
        return [
            tuple(name for name, inside in zip(self.class_names, members, strict=True) if inside)
            for members in self.conformal.members(probabilities).tolist()
        ]

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
        require(isinstance(values, dict), "it is not a JSON object")
        _check_schema(values.pop("schema_version", None))
        known = {item.name for item in fields(cls)} - {"extra"}
        return cls(
            name=get(values, "name", as_text),
            version=get(values, "version", as_text),
            date=get(values, "date", as_text),
            architecture=get(values, "architecture", as_text),
            class_names=get(values, "class_names", as_texts),
            input_size=get(values, "input_size", as_integer),
            mean=get(values, "mean", as_number),
            std=get(values, "std", as_number),
            temperature=get(values, "temperature", as_number),
            operating_points=get(values, "operating_points", _points),
            default_operating_point=get(values, "default_operating_point", as_text),
            provenance=get(values, "provenance", as_text),
            licence=get(values, "licence", as_text),
            intended_use=get(values, "intended_use", as_text),
            limits=get(values, "limits", as_texts),
            metrics=get(values, "metrics", as_object),
            content_hash=get(values, "content_hash", as_text),
            seen_patients=get({"seen_patients": [], **values}, "seen_patients", as_texts),
            conformal=get({"conformal": None, **values}, "conformal", Conformal.from_json),
            familiarity=get({"familiarity": None, **values}, "familiarity", FamiliarityMark.from_json),
            extra={key: value for key, value in values.items() if key not in known},
        )


def _check_schema(version: object) -> None:
    require(isinstance(version, int) and not isinstance(version, bool), "it does not say its schema version")
    assert isinstance(version, int)
    if version > SCHEMA_VERSION:
        raise BundleError(
            "This model was made by a newer version of the program; update the program to open it."
        )
    require(version == SCHEMA_VERSION, f"its schema version {version} is unknown")


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _points(value: object) -> tuple[OperatingPoint, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_point(as_object(item)) for item in value)


def _point(values: Mapping[str, object]) -> OperatingPoint:
    return OperatingPoint(
        name=get(values, "name", as_text),
        threshold=get(values, "threshold", as_number),
        sensitivity=get(values, "sensitivity", as_number),
        specificity=get(values, "specificity", as_number),
    )
