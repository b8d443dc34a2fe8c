"""What the model card is made of: the bundle's own card, an evaluation and an examination, all of one model."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from core.engine.card import Card
from core.errors import DeepPneumoError
from core.examination.row import Section
from core.report.model_card.sections import read_sections
from core.report.model_card.seeds import read_seeds

EVALUATION: Final = "report.json"
EXAMINATION: Final = "examination.json"
_NEEDED: Final = {"date", "versions", "split", "cases", "measures", "exclusions"}


class SourceError(DeepPneumoError):
    """A report that is missing, damaged or of another model."""


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """Everything that the card tells.

    Attributes
    ----------
    card : Card
        Of the bundle.
    size : int
        Of the bundle in bytes.
    evaluation, examination : mapping
        The two reports as they lie on the disk.
    sections : tuple of Section
        Of the examination.
    pictures : Path
        Folder of the evaluation's figures.
    seeds : mapping of str to Card
        Models by the same recipe with other training seeds, by their names.
    """

    card: Card
    size: int
    evaluation: Mapping[str, Any]
    examination: Mapping[str, Any]
    sections: tuple[Section, ...]
    pictures: Path
    seeds: Mapping[str, Card] = field(default_factory=dict)


def read_sources(
    card: Card, size: int, evaluation: Path, examination: Path, seeds: Sequence[Path] = ()
) -> Sources:
    """Read both reports and see that they are of this model.

    Parameters
    ----------
    card : Card
    size : int
    evaluation, examination : Path
        Folders that `deeppneumo-evaluate` and `deeppneumo-examine` wrote.
    seeds : sequence of Path
        Cards of models by the same recipe with other training seeds.

    Raises
    ------
    SourceError
        If a report is missing, damaged or of another model.
    SeedError
        If a seed's card cannot stand beside this one.
    """
    read = [_read(evaluation, EVALUATION), _read(examination, EXAMINATION)]
    for folder, name, report in zip((evaluation, examination), (EVALUATION, EXAMINATION), read, strict=True):
        if report["model"].get("sha256") != card.content_hash:
            raise SourceError(f"{folder.name}: its {name} is of another model than the bundle.")
    if not set(read[0]) >= _NEEDED:
        raise SourceError(f"{evaluation.name}: its {EVALUATION} is of another version.")
    try:
        sections = read_sections(read[1])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise SourceError(f"{examination.name}: its {EXAMINATION} is of another version.") from error
    return Sources(card, size, read[0], read[1], sections, evaluation, read_seeds(card, seeds))


def _read(folder: Path, name: str) -> Mapping[str, Any]:
    try:
        report = json.loads((folder / name).read_text(encoding="utf-8"))
        if not isinstance(report, dict) or not isinstance(report.get("model"), dict):
            raise ValueError
    except FileNotFoundError as error:
        raise SourceError(f"{folder.name}: there is no {name} in this folder.") from error
    except (OSError, ValueError) as error:
        raise SourceError(f"{folder.name}: its {name} could not be read.") from error
    return report
