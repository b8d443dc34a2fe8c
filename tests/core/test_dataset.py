from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.dataset import (
    DatasetError,
    Item,
    apply_split,
    find_items,
    label_of,
    patient_of,
    read_split,
    write_split,
)


def put(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.zeros((8, 8), np.uint8)).save(path)


@pytest.mark.parametrize(
    ("name", "patient"),
    [
        ("person1945_bacteria_4872.jpeg", "person1945_bacteria"),
        ("person7_virus_10.jpeg", "person7_virus"),
        ("IM-0115-0001.jpeg", "normal115"),
        ("NORMAL2-IM-0115-0001-0002.jpeg", "normal115"),
        ("NORMAL/person.png", "NORMAL/person"),
        ("a/0001.png", "a/0001"),
    ],
)
def test_patients_of_the_public_set(name, patient):
    assert patient_of(name) == patient


@pytest.mark.parametrize(
    ("folder", "name", "label"),
    [
        ("PNEUMONIA", "person1_bacteria_1.jpeg", "bacterial"),
        ("PNEUMONIA", "person1_virus_1.jpeg", "viral"),
        ("PNEUMONIA", "case.jpeg", "pneumonia"),
        ("Bacterial Pneumonia", "x.png", "bacterial"),
        ("virus", "x.png", "viral"),
        ("NORMAL", "x.png", "normal"),
        ("cats", "x.png", None),
    ],
)
def test_labels(folder, name, label):
    assert label_of(folder, name) == label


def test_kaggle_layout(tmp_path):
    put(
        tmp_path,
        "train/NORMAL/IM-0010-0001.png",
        "train/NORMAL/IM-0002-0001.png",
        "train/PNEUMONIA/person1_virus_6.png",
        "val/PNEUMONIA/person2_bacteria_1.png",
        "test/NORMAL/IM-0001-0001.png",
        "elsewhere/x.png",
    )
    items = {item.file: item for item in find_items(tmp_path)}
    assert set(items) == {
        "train/NORMAL/IM-0010-0001.png",
        "train/NORMAL/IM-0002-0001.png",
        "train/PNEUMONIA/person1_virus_6.png",
        "val/PNEUMONIA/person2_bacteria_1.png",
        "test/NORMAL/IM-0001-0001.png",
    }
    viral = items["train/PNEUMONIA/person1_virus_6.png"]
    assert (viral.label, viral.subtype, viral.is_pneumonia, viral.part) == ("viral", "viral", True, "train")
    assert items["val/PNEUMONIA/person2_bacteria_1.png"].part == "val"
    assert items["test/NORMAL/IM-0001-0001.png"].subtype is None
    assert list(items).index("train/NORMAL/IM-0002-0001.png") < list(items).index(
        "train/NORMAL/IM-0010-0001.png"
    )


def test_class_folders(tmp_path):
    put(tmp_path, "bacterial/a.png", "viral/b.png", "normal/c.png")
    assert [(item.label, item.part) for item in find_items(tmp_path)] == [
        ("bacterial", None),
        ("normal", None),
        ("viral", None),
    ]


def test_manifest(tmp_path):
    put(tmp_path, "images/a.png", "images/b.png")
    manifest = tmp_path / "labels.csv"
    manifest.write_text("file,label,patient,part\nimages/a.png,NORMAL,p1,test\nimages\\b.png,viral,,\n")
    first, second = find_items(manifest)
    assert first == Item(tmp_path / "images/a.png", "images/a.png", "p1", "normal", "test")
    assert second == Item(tmp_path / "images/b.png", "images/b.png", "images/b", "viral", None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("file\na.png\n", "column 'label' is missing"),
        ("file,label\na.png,cat\n", "line 2: 'cat'"),
        ("file,label,part\na.png,viral,tost\n", "line 2: 'tost'"),
        ("file,label\na.png,NORMAL\na.png,PNEUMONIA\n", "line 3: 'a.png' is listed twice"),
    ],
)
def test_manifests_that_cannot_be_used(tmp_path, text, sentence):
    manifest = tmp_path / "labels.csv"
    manifest.write_text(text)
    with pytest.raises(DatasetError, match=sentence):
        find_items(manifest)


def test_binary_file_as_manifest(tmp_path):
    manifest = tmp_path / "labels.csv"
    manifest.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(DatasetError, match="column 'file' is missing"):
        find_items(manifest)


def test_empty_and_missing_folders(tmp_path):
    with pytest.raises(DatasetError, match="NORMAL and PNEUMONIA"):
        find_items(tmp_path)
    with pytest.raises(DatasetError, match="no such folder"):
        find_items(tmp_path / "nothing")


def test_split_file_round_trip(tmp_path):
    items = [
        Item(tmp_path / "a,b.png", "a,b.png", 'p"1', "normal", "train"),
        Item(tmp_path / "c.png", "c.png", "p2", "viral", "test"),
    ]
    write_split(tmp_path / "split.csv", items)
    parts = read_split(tmp_path / "split.csv")
    assert parts == {"a,b.png": "train", "c.png": "test"}
    assert apply_split(items, parts, "split.csv") == items
    assert apply_split(items, {"c.png": "val"}, "split.csv")[0].part == "val"


def test_split_that_does_not_fit(tmp_path):
    (tmp_path / "split.csv").write_text("file,part\na.png,exam\n")
    with pytest.raises(DatasetError, match="'exam' is not train, val or test"):
        read_split(tmp_path / "split.csv")
    with pytest.raises(DatasetError, match=r"1 of 1 files are not in the data folder, the first is a\.png"):
        apply_split([], {"a.png": "test"}, "split.csv")


def test_a_file_in_two_parts_is_refused(tmp_path):
    (tmp_path / "split.csv").write_text("file,part\na/b.png,train\na\\b.png,test\n")
    with pytest.raises(DatasetError, match=r"line 3: 'b\.png' is in two parts"):
        read_split(tmp_path / "split.csv")


def test_absolute_paths_do_not_leak_folders(tmp_path):
    manifest = tmp_path / "here" / "labels.csv"
    manifest.parent.mkdir()
    inside, outside = manifest.parent / "x" / "a.png", tmp_path / "smith" / "b.png"
    manifest.write_text(f"file,label\n{inside},NORMAL\n{outside},viral\n")
    first, second = find_items(manifest)
    assert (first.file, first.path) == ("x/a.png", inside)
    assert (second.file, second.path) == ("b.png", outside)
    with pytest.raises(DatasetError) as caught:
        apply_split([], {"/home/smith/a.png": "test"}, "split.csv")
    assert "smith" not in str(caught.value)


def test_a_way_out_of_the_folder_is_not_written_down(tmp_path):
    manifest = tmp_path / "here" / "labels.csv"
    manifest.parent.mkdir()
    manifest.write_text("file,label\n../john smith/a.png,NORMAL\n")
    (item,) = find_items(manifest)
    assert (item.file, item.path) == ("a.png", tmp_path / "john smith" / "a.png")


def test_a_locked_folder_is_not_passed_over(tmp_path, monkeypatch):
    put(tmp_path, "NORMAL/a.png", "PNEUMONIA/b.png")
    monkeypatch.setattr("core.dataset.find_radiographs", lambda _: [tmp_path / "NORMAL"])
    with pytest.raises(DatasetError, match="NORMAL: this folder of the data could not be opened"):
        find_items(tmp_path)


def test_a_copy_of_the_tree_inside_itself_counts_once(tmp_path):
    data = tmp_path / "chest_xray"
    put(data, "train/NORMAL/a.png", "chest_xray/train/NORMAL/a.png", "chest_xray/train/NORMAL/b.png")
    assert [item.file for item in find_items(data)] == ["chest_xray/train/NORMAL/b.png", "train/NORMAL/a.png"]


def test_names_that_are_no_utf8_survive(tmp_path):
    item = Item(tmp_path / "a.png", "caf\udce9.png", "p", "normal", "train")
    write_split(tmp_path / "split.csv", [item])
    assert read_split(tmp_path / "split.csv") == {"caf\udce9.png": "train"}


def test_items_without_a_part_make_no_split(tmp_path):
    with pytest.raises(ValueError, match="no part"):
        write_split(tmp_path / "split.csv", [Item(tmp_path / "a.png", "a.png", "p", "normal")])
    assert not (tmp_path / "split.csv").exists()
