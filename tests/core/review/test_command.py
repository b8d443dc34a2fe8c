from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.commands import EXIT_OK, EXIT_USAGE
from core.predict import main as predict
from core.review import command
from core.review.command import main
from core.store.content import Picture, content_hash
from core.store.judgement import Judgement
from core.store.store import Store
from deeppneumo_gui.cli import main as deeppneumo
from tests.core.review.test_workbook import cells
from tests.helpers.tiny_model import write_tiny_bundle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        place = tmp_path / "val" / ("NORMAL" if number % 2 else "PNEUMONIA")
        place.mkdir(parents=True, exist_ok=True)
        grey = np.random.default_rng(number).integers(0, 256, (60, 70)).astype(np.uint8)
        Image.fromarray(grey).save(place / f"smith-{number}.png")
    return tmp_path / "val"


@pytest.fixture
def kept(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    write_tiny_bundle(tmp_path / "model.bundle")
    file = tmp_path / "reviews"
    predict([str(folder), "--model", str(tmp_path / "model.bundle"), "--store", str(file)])
    store = Store(file)
    store.judge(
        Picture(content_hash(folder / "NORMAL" / "smith-1.png")),
        Judgement("pneumonia", note="A note of mine."),
    )
    store.close()
    capsys.readouterr()
    return file


def pages(path: Path) -> int:
    return len(re.findall(rb"/Type /Page\b", path.read_bytes()))


def test_a_report_shows_what_was_judged(
    kept: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "report.pdf"
    assert deeppneumo(["report", "--store", str(kept), "--out", str(out), str(folder)]) == EXIT_OK
    assert pages(out) == 2
    assert b"smith" not in out.read_bytes()
    assert "report.pdf: 4 images." in capsys.readouterr().out


def test_a_workbook_has_truth_and_judgements_and_names_on_request(
    kept: Path, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "a.xlsx"
    arguments = ["--store", str(kept), "--out", str(out), str(folder), "--truth", "folders"]
    assert main(arguments) == EXIT_OK
    head, *rows = cells(out)
    lines = [dict(zip(head, row, strict=True)) for row in rows]
    assert [line["file"] for line in lines] == [f"Case {n}" for n in range(1, 5)]
    assert [line["truth"] for line in lines] == ["normal", "normal", "pneumonia", "pneumonia"]
    assert [line["note"] for line in lines] == ["A note of mine.", "", "", ""]
    assert {line["status"] for line in lines} == {"ok"}
    assert main([*arguments, "--names"]) == EXIT_OK
    assert cells(out)[1][0] == str(Path("NORMAL", "smith-1.png"))


def test_without_paths_there_is_a_first_page(kept: Path, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    assert main(["--store", str(kept), "--out", str(out), "--cases", "all"]) == EXIT_OK
    assert pages(out) == 1


def test_a_contact_sheet_is_a_report_of_twenty_four_on_a_page(
    kept: Path, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "sheet.pdf"
    arguments = ["--store", str(kept), "--out", str(out), str(folder), "--per-page", "24"]
    assert main([*arguments, "--cases", "all"]) == EXIT_OK
    assert pages(out) == 1
    assert main([*arguments, "--cases", "none"]) == EXIT_USAGE


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"--out": "report.doc"}, "must end in"),
        ({"--store": "missing"}, "no such store"),
        ({"--out": "nowhere/report.pdf"}, "cannot be written"),
        ({"--store": "model.bundle"}, "no store of this program"),
        ({"PATH": "missing-folder-of-nothing/"}, "1 images"),
    ],
)
def test_what_cannot_be_is_a_sentence(
    kept: Path,
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, str],
    word: str,
) -> None:
    options = {"--store": "reviews", "--out": "report.pdf", "PATH": "val"} | change
    arguments = [str(tmp_path / options.pop("PATH"))]
    for name, value in options.items():
        arguments += [name, str(tmp_path / value)]
    status = main(arguments)
    captured = capsys.readouterr()
    assert word in captured.err + captured.out
    assert status == (EXIT_OK if "images" in word else EXIT_USAGE)


def test_a_store_without_results_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Store(tmp_path / "s").close()
    assert main(["--store", str(tmp_path / "s"), "--out", str(tmp_path / "a.pdf")]) == EXIT_USAGE
    assert "no results" in capsys.readouterr().err


def test_a_full_disk_is_a_sentence(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(command, "write_report", full)
    assert main(["--store", str(kept), "--out", str(tmp_path / "a.pdf")]) == 1
    assert "No space left" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_without_a_console_a_report_is_written_all_the_same(
    kept: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a windowed program."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, name, None)
        try:
            assert main(["--store", str(kept), "--out", str(tmp_path / "a.pdf")]) == EXIT_OK
            assert main(["--store", str(kept), "--out", str(tmp_path / "a.txt")]) == EXIT_USAGE
        finally:
            getattr(sys, name).close()
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
