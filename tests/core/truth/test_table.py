from dataclasses import replace
from pathlib import Path

import pytest

from core.truth import Reading, Table, TableError, apply_table, propose, read_table


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "truth.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_tables_of_all_common_kinds_are_read(tmp_path: Path, delimiter: str, encoding: str) -> None:
    text = 'File,Label\r\n\r\nä.png,Normal\r\n"b,c.png","Pneumonia"\r\nshort\r\n'.replace(",", delimiter)
    table = read_table(write(tmp_path, text, encoding))
    assert table.columns == ("File", "Label")
    assert table.rows == (("ä.png", "Normal"), (f"b{delimiter}c.png", "Pneumonia"), ("short", ""))


@pytest.mark.parametrize("text", ["", "file,label\n", "file\na.png\n", "a\0b,c\nd,e\n"])
def test_what_is_no_table_is_a_sentence(tmp_path: Path, text: str) -> None:
    with pytest.raises(TableError):
        read_table(write(tmp_path, text))


def test_a_table_that_is_not_there_is_a_sentence_without_its_folder(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        read_table(tmp_path / "missing.csv")
    assert str(tmp_path) not in str(caught.value)


def test_columns_and_plain_words_are_proposed_and_others_left_to_the_reader(tmp_path: Path) -> None:
    table = read_table(
        write(
            tmp_path, "patient,image,subtype,label\n1,a.png,Virus,PNEUMONIA\n2,b.png,,Normal\n3,c.png,?,1\n"
        )
    )
    reading = propose(table)
    assert (reading.file, reading.label, reading.kind) == (1, 3, 2)
    assert reading.meanings == {"PNEUMONIA": "pneumonia", "Normal": "normal", "Virus": "viral"}


def test_nothing_is_guessed_of_numbers(tmp_path: Path) -> None:
    reading = propose(read_table(write(tmp_path, "x,y\na.png,1\nb.png,0\n")))
    assert (reading.file, reading.label, reading.kind) == (0, 1, None)
    assert reading.meanings == {}


TABLE = Table(
    ("file", "label", "kind"),
    (
        ("a.png", "1", "v"),
        ("sub/b.png", "0", "v"),
        ("C:\\scans\\other\\b.png", "1", ""),
        ("c", "1", ""),
        ("gone.png", "1", "v"),
        ("d.png", "unknown", "v"),
        ("e.png", "1", ""),
        ("e.png", "0", ""),
        ("f.png", "1", ""),
        ("f.png", "1", "v"),
    ),
)
READING = Reading(0, 1, 2, {"1": "pneumonia", "0": "normal", "v": "viral"})
PATHS = [
    Path("/x") / name
    for name in ("a.png", "sub/b.png", "other/b.png", "c.jpeg", "d.png", "e.png", "f.png", "g.png")
]


def test_lines_find_their_files_and_the_rest_is_listed() -> None:
    found = apply_table(TABLE, READING, PATHS)
    assert {path.relative_to("/x").as_posix(): truth.word for path, truth in found.truths.items()} == {
        "a.png": "viral",
        "sub/b.png": "normal",
        "other/b.png": "pneumonia",
        "c.jpeg": "pneumonia",
        "f.png": "viral",
    }
    assert [(conflict.path, conflict.reason) for conflict in found.conflicts] == [
        (Path("/x/e.png"), "The table says different things of it.")
    ]
    assert [path.name for path in found.missing] == ["d.png", "g.png"]
    assert found.unmatched == ("gone.png",)


def test_a_name_that_may_mean_several_files_is_a_conflict() -> None:
    table = Table(("file", "label"), (("b.png", "0"),))
    found = apply_table(table, Reading(0, 1, None, {"0": "normal"}), PATHS)
    (conflict,) = found.conflicts
    assert conflict.path is None
    assert conflict.reason == "b.png may mean any of 2 images."
    assert found.truths == {}


def test_words_without_a_meaning_say_nothing() -> None:
    found = apply_table(TABLE, replace(READING, meanings={}), PATHS)
    assert found.truths == {}
    assert found.unmatched == ()
    assert len(found.missing) == len(PATHS)


def test_the_words_of_a_column_come_with_the_most_frequent_first() -> None:
    assert TABLE.words(1) == ["1", "0", "unknown"]
