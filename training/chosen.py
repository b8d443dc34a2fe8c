"""Which radiographs a command measures a model on."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from core.dataset import PARTS, Item, apply_split, patient_mark, read_split
from core.engine.card import Card
from core.errors import DeepPneumoError

OFFICIAL: Final = "official"
ALL: Final = "all"


class ChoiceError(DeepPneumoError):
    """A choice of radiographs that leaves none, or that cannot be made."""


def add_images(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which model is measured, and on which radiographs but for the split."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="class folders, or a CSV manifest"
    )
    parser.add_argument("--model", type=Path, required=True, metavar="BUNDLE", help="the model")
    parser.add_argument("--part", choices=PARTS, help="which part of the split (default: test)")


def select_items(items: Sequence[Item], split: str, part: str | None) -> tuple[list[Item], str]:
    """Choose the radiographs to be measured, and name the choice in words.

    Parameters
    ----------
    items : sequence of Item
        What the data folder holds.
    split : str
        ``official`` for the parts that the data itself names, ``all``, or the path of a split CSV.
    part : str or None
        ``train``, ``val`` or ``test``; None means ``test``.

    Raises
    ------
    ChoiceError, DatasetError
        If the part is empty, or the split file is missing, unreadable or of other data.
    """
    if split == ALL:
        if part is not None:
            raise ChoiceError("--part makes no sense with --split all, which takes every part.")
        return list(items), "all images"
    wanted = part or "test"
    if split == OFFICIAL:
        chosen = [item for item in items if item.part == wanted]
        if not chosen:
            raise ChoiceError(
                f"The data has no part named {wanted}; choose another with --part, or give a split file or "
                "'all' to --split."
            )
        return chosen, f"the official {wanted} part"
    path = Path(split)
    if not path.is_file():
        raise ChoiceError(f"There is no split file named {path.name}.")
    chosen = [item for item in apply_split(items, read_split(path), path.name) if item.part == wanted]
    if not chosen:
        raise ChoiceError(f"{path.name}: no image is in the part {wanted}.")
    return chosen, f"part {wanted} of {path.name}"


def warn_of_seen_patients(items: Sequence[Item], card: Card, command: str) -> str:
    """Say on the error stream when images are of patients that the model knows.

    Returns
    -------
    str
        What is to be added to the name of the images; empty where the model knows none of the patients.
    """
    seen = set(card.seen_patients)
    overlap = sum(patient_mark(item.patient) in seen for item in items)
    if not overlap:
        return ""
    warning = f"{overlap} images are of patients that the model was trained on or chosen by"
    print(f"{command}: {warning}; the figures are too good.", file=sys.stderr)
    return f" ({warning})"


def split_hash(items: Iterable[Item]) -> str:
    """SHA-256 over the sorted lines ``file,patient,label``, tab-separated: the same images, the same hash."""
    lines = sorted(f"{item.file}\t{item.patient}\t{item.label}\n" for item in items)
    return hashlib.sha256("".join(lines).encode("utf-8", "backslashreplace")).hexdigest()
