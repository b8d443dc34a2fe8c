from pathlib import Path

import pytest

from core.truth import truths_from_folders, truths_from_names


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/x/test/NORMAL/IM-0001-0001.jpeg", "normal"),
        ("/x/test/NORMAL/anything.png", "normal"),
        ("/x/test/PNEUMONIA/person1_virus_6.jpeg", "viral"),
        ("/x/test/PNEUMONIA/person100_bacteria_475.jpeg", "bacterial"),
        ("/x/test/PNEUMONIA/other.png", "pneumonia"),
        ("/x/pneumonia/viral/other.png", "viral"),
        ("/x/Viral Pneumonia/case 7/frame/other.dcm", "viral"),
    ],
)
def test_folders_say_the_class_and_public_names_the_kind(path: str, word: str) -> None:
    found = truths_from_folders([Path(path)])
    assert found.truths[Path(path)].word == word
    assert found.truths[Path(path)].source == "folder"
    assert not found.conflicts
    assert not found.missing


@pytest.mark.parametrize(
    "path",
    [
        "/x/NORMAL/person1_virus_6.jpeg",
        "/x/viral/person1_bacteria_6.jpeg",
        "/x/normal/pneumonia/a.png",
        "/x/pneumonia/bacterial/viral/a.png",
    ],
)
def test_what_contradicts_itself_is_a_conflict_and_no_truth(path: str) -> None:
    found = truths_from_folders([Path(path)])
    (conflict,) = found.conflicts
    assert conflict.path == Path(path)
    assert "both" in conflict.reason
    assert "/" not in conflict.reason
    assert found.truths == {}
    assert found.missing == ()


@pytest.mark.parametrize(
    "path", ["/x/cases/a.png", "/x/person1_virus_6.jpeg", "/normal/1/2/3/4/a.png", "/x/a.png/normal.png"]
)
def test_what_no_folder_says_is_missing(path: str) -> None:
    found = truths_from_folders([Path(path)])
    assert found.missing == (Path(path),)
    assert found.truths == {}


def test_names_of_the_public_set_say_the_kind() -> None:
    paths = [
        Path(name)
        for name in (
            "person1_virus_6.jpeg", "person100_bacteria_475.jpeg", "IM-0001-0001.jpeg", "NORMAL2-IM-0007-0001.jpeg",
            "other.png", "pneumonia.png",
        )
    ]  # fmt: skip
    found = truths_from_names(paths)
    assert [truth.word for truth in found.truths.values()] == ["viral", "bacterial", "normal", "normal"]
    assert {truth.source for truth in found.truths.values()} == {"file name"}
    assert [path.name for path in found.missing] == ["other.png", "pneumonia.png"]
