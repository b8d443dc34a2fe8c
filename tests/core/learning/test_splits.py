from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.dataset import DatasetError, Item, write_split
from core.learning.splits import patient_groups, split_items
from training.recipes import load_recipe

SETTINGS = load_recipe("best").data


def make_items(patients_per_label: int, images: int = 3, part: str | None = None) -> list[Item]:
    items = []
    for label in ("normal", "bacterial", "viral"):
        for patient in range(patients_per_label):
            for image in range(1 + (patient + image_offset(label)) % images):
                file = f"{part or 'x'}/{label}-{patient}-{image}.png"
                items.append(Item(Path(file), file, f"{part}{label}{patient}", label, part))
    return items


def image_offset(label: str) -> int:
    return len(label)


def digests_of(items: list[Item]) -> list[bytes]:
    return [item.file.encode() for item in items]


@given(seed=st.integers(0, 10_000), patients=st.integers(25, 50), twins=st.integers(0, 10))
def test_patients_and_duplicates_stay_together(seed, patients, twins):
    items = make_items(patients)
    digests = digests_of(items)
    generator = np.random.default_rng(seed)
    for _ in range(twins):
        one, other = generator.integers(len(items), size=2)
        digests[one] = digests[other]
    placed = split_items(items, digests, replace(SETTINGS, split_seed=seed))
    assert [item.file for item in placed] == [item.file for item in items]
    for key in ([item.patient for item in placed], digests):
        parts: dict[object, set[str]] = {}
        for value, item in zip(key, placed, strict=True):
            parts.setdefault(value, set()).add(item.part)
        assert all(len(found) == 1 for found in parts.values())


def test_fractions_hold_for_every_label():
    placed = split_items(make_items(200), digests_of(make_items(200)), SETTINGS)
    for label in ("normal", "bacterial", "viral"):
        counts = Counter(item.part for item in placed if item.label == label)
        total = counts.total()
        assert abs(counts["train"] / total - 0.70) < 0.01
        assert abs(counts["val"] / total - 0.15) < 0.01
        assert abs(counts["test"] / total - 0.15) < 0.01


def test_every_part_gets_small_and_large_groups():
    """Patients with many images must not gather in the small parts."""
    generator = np.random.default_rng(0)
    items = [
        Item(Path(f"{label}{patient}-{n}"), f"{label}{patient}-{n}", f"{label}{patient}", label)
        for label in ("normal", "viral")
        for patient, count in enumerate(generator.geometric(0.5, size=600))
        for n in range(count)
    ]
    placed = split_items(items, digests_of(items), SETTINGS)
    for part in ("train", "val", "test"):
        chosen = [item for item in placed if item.part == part]
        assert 1.8 < len(chosen) / len({item.patient for item in chosen}) < 2.2


def test_seed_decides():
    items = make_items(30)
    parts = [[i.part for i in split_items(items, digests_of(items), SETTINGS)] for _ in range(2)]
    other = [i.part for i in split_items(items, digests_of(items), replace(SETTINGS, split_seed=1))]
    assert parts[0] == parts[1] != other


def test_every_item_is_tested_in_one_of_five_folds():
    items = make_items(30)
    tested: Counter[str] = Counter()
    for fold in range(5):
        placed = split_items(items, digests_of(items), replace(SETTINGS, split="5-fold", fold=fold))
        tested.update(item.file for item in placed if item.part == "test")
        assert {item.part for item in placed} == {"train", "val", "test"}
    assert tested == Counter(item.file for item in items)


def test_official_split_keeps_the_test_folder_and_drops_leaks():
    items = make_items(30, part="train") + make_items(6, part="test")
    digests = digests_of(items)
    leak = 0
    digests[leak] = digests[-1]  # the same image lies in train and in test
    placed = split_items(items, digests, replace(SETTINGS, split="official"))
    assert all((item.part == "test") == item.file.startswith("test/") for item in placed)
    assert items[leak].file not in {item.file for item in placed}
    assert {item.part for item in placed} == {"train", "val", "test"}


def given_items():
    parts = ("train", "val", "test")
    return [
        Item(Path(f"{label}{n}"), f"{label}{n}.png", f"{label}{n}", label, parts[n % 3])
        for label in ("normal", "viral")
        for n in range(9)
    ]


def test_given_parts_are_kept():
    items = [*given_items(), Item(Path("x"), "x.png", "x", "viral", None)]
    placed = split_items(items, digests_of(items), replace(SETTINGS, split="given"))
    assert placed == items[:-1]


def test_given_parts_that_share_a_patient_are_refused():
    items = given_items()
    items[1] = replace(items[1], patient=items[0].patient)
    with pytest.raises(DatasetError, match="is in the part 'train' and in 'val'"):
        split_items(items, digests_of(items), replace(SETTINGS, split="given"))


def test_a_split_file_is_followed(tmp_path):
    items = given_items()
    write_split(tmp_path / "mine.csv", items)
    blank = [replace(item, part=None) for item in items]
    settings = replace(SETTINGS, split=str(tmp_path / "mine.csv"))
    assert split_items(blank, digests_of(blank), settings) == items


def test_official_split_needs_its_folders():
    items = make_items(10)
    with pytest.raises(DatasetError, match="folders train and test"):
        split_items(items, digests_of(items), replace(SETTINGS, split="official"))


def test_too_few_patients():
    items = make_items(1)
    with pytest.raises(DatasetError, match="too few patients"):
        split_items(items, digests_of(items), SETTINGS)


def test_groups_join_through_chains():
    items = [Item(Path(f"{n}"), f"{n}", patient, "normal") for n, patient in enumerate("aabbc")]
    assert patient_groups(items, [b"1", b"2", b"2", b"3", b"4"]) == [0, 0, 0, 0, 1]
