"""Splits that keep every patient, and every duplicate, in one part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from core.dataset import DatasetError, Item, apply_split, read_split
from core.learning.recipe import Data, fold_count

FRACTIONS: Final = {"train": 0.70, "val": 0.15, "test": 0.15}


def split_items(items: Sequence[Item], digests: Sequence[bytes], settings: Data) -> list[Item]:
    """Give every item its part, as a recipe asks.

    Parameters
    ----------
    items : sequence of Item
    digests : sequence of bytes
        Content hash of each image; equal images are kept together like images of one patient.
    settings : Data
        ``70/15/15`` and ``K-fold`` are drawn with `split_seed` and stratified by label; in ``K-fold``, fold k is the
        test part and fold k + 1 the validation part. ``official`` keeps the test part of the data folder and deals
        the rest anew, 15 % of it for validation, since the 16 images of the public set's own part decide nothing.
        ``given`` keeps all three parts, a split file those that it lists.

    Returns
    -------
    list of Item
        In the order of `items`. Items without a part, and training images of a patient or with a twin in the
        official test part, are left out.

    Raises
    ------
    DatasetError
        If parts are missing, share a patient or an image, or there are too few patients for them.
    """
    groups = patient_groups(items, digests)
    labels = [item.label for item in items]
    generator = np.random.default_rng(settings.split_seed)
    if settings.split == "official":
        return _official(items, groups, generator)
    if settings.split == "given":
        return _given(items, groups)
    if settings.split.endswith(".csv"):
        path = Path(settings.split)
        placed = apply_split(items, read_split(path), path.name)
        part_of = {item.file: item.part for item in placed}
        return _given([replace(item, part=part_of.get(item.file)) for item in items], groups)
    count = fold_count(settings.split)
    if count is not None:
        folds = deal(groups, labels, [1 / count] * count, generator)
        names = {settings.fold: "test", (settings.fold + 1) % count: "val"}
        parts = [names.get(fold, "train") for fold in folds]
    else:
        names_in_order = list(FRACTIONS)
        parts = [names_in_order[k] for k in deal(groups, labels, list(FRACTIONS.values()), generator)]
    return _checked([replace(item, part=part) for item, part in zip(items, parts, strict=True)])


def patient_groups(items: Sequence[Item], digests: Sequence[bytes]) -> list[int]:
    """Give a number to each group of items linked by a patient or by equal content, in order of appearance."""
    root: dict[object, object] = {}

    def find(key: object) -> object:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for item, digest in zip(items, digests, strict=True):
        root[find(("digest", digest))] = find(("patient", item.patient))
    numbers: dict[object, int] = {}
    return [numbers.setdefault(find(("patient", item.patient)), len(numbers)) for item in items]


def deal(
    groups: Sequence[int], labels: Sequence[str], fractions: Sequence[float], generator: np.random.Generator
) -> list[int]:
    """Deal whole groups to parts so that each part holds its fraction of every label.

    The groups of a label come in random order, and each goes to the part that lacks most of its share of the items
    dealt so far. The size of the group that comes next plays no role in that, so every part gets small and large
    groups alike; a rule that fills the parts neatly would send all patients with many images to the small parts.

    Parameters
    ----------
    groups, labels : sequence
        Group and label of each item. A group of several labels counts as the one it has most of.
    fractions : sequence of float
        Share of each part; sums to 1.
    generator : Generator

    Returns
    -------
    list of int
        Part of each item.
    """
    labels_of: dict[int, Counter[str]] = defaultdict(Counter)
    for group, label in zip(groups, labels, strict=True):
        labels_of[group][label] += 1
    strata: dict[str, list[int]] = defaultdict(list)
    for group in sorted(labels_of):
        strata[labels_of[group].most_common(1)[0][0]].append(group)
    part_of = {}
    for label in sorted(strata):
        held, seen = np.zeros(len(fractions)), 0
        for group in map(int, generator.permutation(strata[label])):
            part = int(np.argmax(np.asarray(fractions) * seen - held))
            size = labels_of[group].total()
            held[part] += size
            seen += size
            part_of[group] = part
    return [part_of[group] for group in groups]


def _official(items: Sequence[Item], groups: Sequence[int], generator: np.random.Generator) -> list[Item]:
    if not any(item.part == "test" for item in items) or not any(item.part == "train" for item in items):
        raise DatasetError("The official split needs the folders train and test in the data folder.")
    in_test = {group for item, group in zip(items, groups, strict=True) if item.part == "test"}
    # An image whose twin or patient is in the official test part would be a leak: it is left out of training.
    rest = [
        (item, group)
        for item, group in zip(items, groups, strict=True)
        if item.part != "test" and group not in in_test
    ]
    dealt = deal([group for _, group in rest], [item.label for item, _ in rest], [0.85, 0.15], generator)
    part_of = {item.file: ("train", "val")[part] for (item, _), part in zip(rest, dealt, strict=True)}
    part_of |= {item.file: "test" for item in items if item.part == "test"}
    return _checked([replace(item, part=part_of[item.file]) for item in items if item.file in part_of])


def _given(items: Sequence[Item], groups: Sequence[int]) -> list[Item]:
    part_of: dict[int, str] = {}
    placed = []
    for item, group in zip(items, groups, strict=True):
        if item.part is None:
            continue
        if part_of.setdefault(group, item.part) != item.part:
            raise DatasetError(
                f"{item.file}: its patient, or the same image, is in the part '{part_of[group]}' and in '{item.part}'."
            )
        placed.append(item)
    return _checked(placed)


def _checked(items: list[Item]) -> list[Item]:
    for part in FRACTIONS:
        labels = {item.is_pneumonia for item in items if item.part == part}
        if labels != {True, False}:
            raise DatasetError(
                f"There are too few patients: the part '{part}' does not hold both normal and pneumonia."
            )
    return items
