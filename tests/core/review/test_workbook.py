from __future__ import annotations

import gc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from core.engine.card import Card
from core.notice import NOTICE
from core.review.cases import ReviewCase
from core.review.workbook import COLUMNS, write_workbook
from core.store.judgement import Judgement

Make = Callable[[int], list[ReviewCase]]
_NAMESPACE = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def cells(path: Path, sheet: int = 1) -> list[list[str]]:
    """Texts and numbers of a sheet, read without the library that wrote them."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        shared = [
            "".join(node.text or "" for node in item.iter(f"{{{_NAMESPACE['m']}}}t"))
            for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        root = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{sheet}.xml"))
    rows = []
    for row in root.iterfind(".//m:row", _NAMESPACE):
        values: dict[int, str] = {}
        for cell in row:
            assert cell.find("m:f", _NAMESPACE) is None
            value = cell.findtext("m:v", "", _NAMESPACE)
            letters = "".join(letter for letter in cell.attrib["r"] if letter.isalpha())
            values[_column(letters)] = shared[int(value)] if cell.get("t") == "s" else value
        rows.append([values.get(place, "") for place in range(len(COLUMNS))])
    return rows


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def test_every_image_is_a_row_with_what_model_reader_and_truth_say(
    tmp_path: Path, make_cases: Make, card: Card
) -> None:
    cases = make_cases(12)
    write_workbook(tmp_path / "a.xlsx", cases, card, "2026-11-23")
    head, *rows = cells(tmp_path / "a.xlsx")
    assert head == [name for name, _ in COLUMNS]
    assert len(rows) == 12
    by_name = dict(zip(head, rows[3], strict=True))
    assert by_name["file"] == "Case 4"
    assert float(by_name["score"]) == pytest.approx(0.897)
    assert by_name["call"] == "pneumonia"
    assert (by_name["truth"], by_name["truth_kind"], by_name["truth_source"]) == ("pneumonia", "", "folder")
    assert (by_name["reader_call"], by_name["reader_kind"]) == ("pneumonia", "viral")
    assert by_name["note"] == "Note 3: costs $5 & {braces}."
    for case, row in zip(cases, rows, strict=True):
        told, truth = dict(zip(head, row, strict=True)), case.truth
        assert truth is not None
        judged = {"yes": True, "no": False, "": None}
        assert judged[told["model_errs"]] is (None if case.call is None else case.is_error)
        assert judged[told["reader_errs"]] is (case.judgement.call != truth.label)
        assert judged[told["reader_differs"]] is (
            None if case.call is None else case.judgement.call != case.call
        )
    unsure = [replace(cases[0], judgement=Judgement("unsure")), replace(cases[1], truth=None)]
    assert cases[0].is_error
    write_workbook(tmp_path / "b.xlsx", unsure, card, "2026-11-23")
    _, *others = (dict(zip(head, row, strict=True)) for row in cells(tmp_path / "b.xlsx"))
    assert [row["reader_errs"] for row in others] == ["", ""]
    assert [row["model_errs"] for row in others] == ["yes", ""]
    refused = dict(zip(head, rows[9], strict=True))
    assert (refused["status"], refused["score"]) == ("refused", "")
    about = [row[0] for row in cells(tmp_path / "a.xlsx", 2)]
    assert about[0] == NOTICE
    assert any(card.title in line for line in about)
    assert b"smith" not in (tmp_path / "a.xlsx").read_bytes()


def test_nothing_becomes_a_formula_or_a_link_and_nothing_breaks_the_file(
    tmp_path: Path, make_cases: Make, card: Card
) -> None:
    nasty = (
        "=1+1",
        "+1",
        "-1",
        "@x",
        "http://x.y",
        "a\x00b\x0bc",
        "\ud83d",
        "x" * 40_000,
        "mailto:a@b",
        "12",
    )
    cases = [
        replace(case, name=text, judgement=Judgement(note=text))
        for case, text in zip(make_cases(len(nasty)), nasty, strict=True)
    ]
    write_workbook(tmp_path / "a.xlsx", cases, card, "2026-11-23")
    rows = cells(tmp_path / "a.xlsx")[1:]
    assert [row[0] for row in rows[:5]] == list(nasty[:5])
    assert rows[5][0] == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"
    assert len(rows[7][0]) == 32_767
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert not [name for name in archive.namelist() if "rels" in name and "sheet" in name]


def test_a_workbook_that_is_given_up_is_not_there(tmp_path: Path, make_cases: Make) -> None:
    class GivenUpError(Exception):
        pass

    def progress(done: int, total: int) -> None:
        if done == 3:
            raise GivenUpError

    (tmp_path / "a.xlsx").write_text("the one before")
    with pytest.raises(GivenUpError):
        write_workbook(tmp_path / "a.xlsx", make_cases(9), None, "2026-11-23", progress)
    assert (tmp_path / "a.xlsx").read_text() == "the one before"
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]


def test_no_images_are_a_workbook_too(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", [], None, "2026-11-23")
    assert len(cells(tmp_path / "a.xlsx")) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_disk_is_one_error(make_cases: Make) -> None:
    """Anything that Python says of what was thrown away would fail this test, too."""
    with pytest.raises(OSError, match="No space left"):
        write_workbook("/dev/full", make_cases(3), None, "2026-11-23")
    gc.collect()
