import re

import numpy as np
import pytest
from PIL import Image

from core.learning.phantom import write_dataset

NAMES = {
    "NORMAL": re.compile(r"IM-(\d{4})-\d{4}\.jpeg"),
    "PNEUMONIA": re.compile(r"person(\d+)_(bacteria|virus)_\d+\.jpeg"),
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("phantoms")
    return folder, write_dataset(folder, 40, seed=3, size=48)


def test_layout_and_names(dataset):
    folder, written = dataset
    assert len(written) == len(set(written)) == 40
    assert sorted(folder.rglob("*.*")) == sorted(written)
    for path in written:
        part, label = path.relative_to(folder).parts[:2]
        assert part in {"train", "test"}
        assert NAMES[label].fullmatch(path.name)


def test_every_part_holds_every_class(dataset):
    _, written = dataset
    for part in ("train", "test"):
        names = " ".join(str(path) for path in written if f"/{part}/" in path.as_posix())
        assert "/NORMAL/" in names
        assert "_bacteria_" in names
        assert "_virus_" in names


def test_patients_have_several_images_but_lie_in_one_part(dataset):
    folder, written = dataset
    parts: dict[tuple[str, str], set[str]] = {}
    counts: dict[tuple[str, str], int] = {}
    for path in written:
        part, label = path.relative_to(folder).parts[:2]
        patient = (label, NAMES[label].fullmatch(path.name)[1])
        parts.setdefault(patient, set()).add(part)
        counts[patient] = counts.get(patient, 0) + 1
    assert all(len(where) == 1 for where in parts.values())
    assert max(counts.values()) > 1
    assert min(counts.values()) == 1


def test_images_are_grey_jpegs_that_say_they_are_synthetic(dataset):
    _, written = dataset
    for path in written[::7]:
        with Image.open(path) as image:
            assert image.format == "JPEG"
            assert image.mode == "L"
            assert image.width == 48
            assert b"SYNTHETIC" in image.info["comment"]
            assert np.asarray(image).std() > 20


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    first = write_dataset(tmp_path / "a", 12, seed=8, size=32)
    second = write_dataset(tmp_path / "b", 12, seed=8, size=32)
    other = write_dataset(tmp_path / "c", 12, seed=9, size=32)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert first[0].read_bytes() != other[0].read_bytes()


def test_too_few_images_are_refused(tmp_path):
    with pytest.raises(ValueError, match="at least 12"):
        write_dataset(tmp_path, 6, seed=1)
