"""The same recipe run again with other training seeds: how far its figures scatter, and where this model stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core.engine.card import Card
from core.errors import BundleError, DeepPneumoError
from core.metrics import KINDS
from core.report.model_card.tables import number
from core.report.words import PERCENT

SHOWN: Final = (
    "auroc",
    "accuracy",
    "balanced_accuracy",
    "three_class_accuracy",
    "bacterial_viral_auroc",
    "ece",
    "error_at_80",
    "three_class_error_at_80",
)
CHOSEN_BY: Final = "auroc"
"""On validation: by this the best of several runs is the one that ships."""


class SeedError(DeepPneumoError):
    """A card of another seed that cannot stand beside this one."""


@dataclass(frozen=True, slots=True)
class SeedLine:
    """One measure of every seed on the test part: values with their intervals, then mean and range."""

    title: str
    values: tuple[str, ...]
    mean: str
    ends: str


@dataclass(frozen=True, slots=True)
class SeedTable:
    """The measures by seed.

    Attributes
    ----------
    names : tuple of str
        Of the other seeds; this model's values come first in every line.
    lines : tuple of SeedLine
    standing : str
        Where this model stands on validation and test, in words.
    """

    names: tuple[str, ...]
    lines: tuple[SeedLine, ...]
    standing: str


def read_seeds(card: Card, paths: Sequence[Path]) -> dict[str, Card]:
    """Read the cards of models that were trained by the same recipe with other seeds.

    Parameters
    ----------
    card : Card
        Of this model.
    paths : sequence of Path
        The ``card.json`` of each bundle; the file's name, such as ``seed-43.json``, is the name in the table.

    Raises
    ------
    SeedError
        If a file is missing or no card, or not of the same classes and numbers of images, or of this same model.
    """
    found = {}
    for path in paths:
        try:
            other = Card.from_json(path.read_bytes())
        except OSError as error:
            raise SeedError(f"{path.name}: the card of this seed could not be read.") from error
        except BundleError as error:
            raise SeedError(f"{path.name}: {error}") from error
        if other.content_hash == card.content_hash:
            raise SeedError(f"{path.name}: it is the card of the model itself.")
        if other.class_names != card.class_names or any(
            _cases(other, part) != _cases(card, part) for part in ("validation", "test")
        ):
            raise SeedError(f"{path.name}: its model was not measured on the same parts.")
        found[path.stem.replace("-", " ")] = other
    return found


def seed_table(card: Card, others: Mapping[str, Card]) -> SeedTable | None:
    """Put the seeds side by side; None where there are no others."""
    if not others:
        return None
    cards = (card, *others.values())
    lines = [_line(key, [_measures(one, "test").get(key) for one in cards]) for key in SHOWN]
    return SeedTable(tuple(others), tuple(line for line in lines if line is not None), _standing(cards))


def _line(key: str, measures: Sequence[Mapping[str, Any] | None]) -> SeedLine | None:
    if any(measure is None or measure["value"] is None for measure in measures):
        return None
    known = [measure for measure in measures if measure is not None]
    unit = "share" if KINDS[key].percent else "figure"
    values = [float(measure["value"]) for measure in known]
    ends = f"{number(min(values), unit).removesuffix(PERCENT)} to {number(max(values), unit)}"
    mean = number(sum(values) / len(values), unit)
    return SeedLine(KINDS[key].title, tuple(_value(measure, unit) for measure in known), mean, ends)


def _value(measure: Mapping[str, Any], unit: str) -> str:
    value, interval = number(measure["value"], unit), measure["interval"]
    if interval is None:
        return value
    low, high = (number(end, unit).removesuffix(PERCENT) for end in interval)
    return f"{value} ({low} to {high})"


def _standing(cards: Sequence[Card]) -> str:
    told = []
    for part in ("validation", "test"):
        values = [_measures(one, part).get(CHOSEN_BY, {}).get("value") for one in cards]
        if None not in values:
            place = 1 + sum(value > values[0] for value in values)
            listed = ", ".join(f"{value:.4f}" for value in values)
            told.append(f"number {place} of {len(values)} on the {part} part ({listed})")
    return f"By its {KINDS[CHOSEN_BY].title} this model is {' and '.join(told)}." if told else ""


def _measures(card: Card, part: str) -> Mapping[str, Any]:
    measures = _figures(card, part).get("measures")
    return measures if isinstance(measures, Mapping) else {}


def _cases(card: Card, part: str) -> tuple[object, object]:
    figures = _figures(card, part)
    return figures.get("images"), figures.get("patients")


def _figures(card: Card, part: str) -> Mapping[str, Any]:
    figures = card.metrics.get(part)
    return figures if isinstance(figures, Mapping) else {}
