"""The self-test finds what is broken and says so in one sentence."""

from __future__ import annotations

import errno
import io
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from imagecodecs.imagecodecs import DelayedImportError
from PIL import Image
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from core.engine import default
from core.engine.prediction import Prediction
from core.teaching import lesson_file
from deeppneumo_gui import screenshots
from deeppneumo_gui.assets import asset
from deeppneumo_gui.selftest import __main__ as command
from deeppneumo_gui.selftest import examination
from deeppneumo_gui.selftest.check import CheckFailedError
from deeppneumo_gui.selftest.examination import examine
from deeppneumo_gui.selftest.recorded import write_record
from deeppneumo_gui.selftest.scoring import record_samples
from tests.helpers.tiny_model import Weights, write_tiny_bundle

STRONG = Weights(head=np.array([[-2, 2, 0, 0.5], [2, -1, 0.3, 0], [1, -1, 0, 0.2]], np.float32) * 20)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of resources with three samples, a tiny model and its recorded scores."""
    resources = tmp_path / "resources"
    (resources / "samples").mkdir(parents=True)
    shutil.copytree(asset("formats"), resources / "formats")
    numbers = np.random.default_rng(0)
    for number in range(3):
        coarse = Image.fromarray(numbers.integers(0, 255, (6, 7), dtype=np.uint8))
        coarse.resize((140, 120)).save(resources / "samples" / f"sample-{number}.png")
    write_tiny_bundle(resources / "model.bundle", STRONG, temperature=40.0)
    monkeypatch.setattr(default, "default_bundle_path", lambda: resources / "model.bundle")
    _record(resources)
    return resources


def _record(resources: Path) -> None:
    write_record(resources / "samples" / "expected.json", record_samples(resources / "samples"))


def _change_record(resources: Path, change: Callable[[Any], None]) -> None:
    path = resources / "samples" / "expected.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def _examine(resources: Path, screenshot: Path | None = None) -> tuple[int, list[str]]:
    out = io.StringIO()
    status = examine(screenshot, resources=resources, out=out)
    return status, out.getvalue().splitlines()


def test_a_sound_installation_passes(installed: Path, tmp_path: Path) -> None:
    picture = tmp_path / "pictures" / "window.png"
    status, lines = _examine(installed, picture)
    assert (status, lines[-1].split(":")[0]) == (0, "Self-test passed")
    with Image.open(picture) as image:
        assert image.size == (1360, 860)
    table = lines[2:-2]
    column = table[0].index("result")
    assert {line[column:].split()[0] for line in table[1:]} == {"ok"}
    steps = {line[:column].strip() for line in table[1:]}
    formats = {f"read {path.name}" for path in (installed / "formats").iterdir()}
    scored = {f"score sample-{number}.png" for number in range(3)}
    taught = {"lesson", "lesson as slides and pages"}
    assert steps == formats | scored | taught | {"model", "recorded scores", "window with heatmap"}


def test_a_sample_that_the_model_refuses_is_not_the_one_that_the_window_shows(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    def show(sample: Path, picture: Path | None) -> str:
        shown.append(sample.name)
        return "seen"

    monkeypatch.setattr(examination, "check_window", show)
    assert _examine(installed)[0] == 0
    record = json.loads((installed / "samples" / "expected.json").read_text())["samples"]
    refused = record[shown[0]]["score"]

    def refuse(objection: str | None, prediction: Prediction) -> str | None:
        return "Unlike." if abs(prediction.score - refused) < 1e-3 else None

    monkeypatch.setattr(examination, "find_refusal", refuse)
    assert _examine(installed)[0] == 0
    assert shown[1] != shown[0]


def test_a_lesson_that_comes_back_as_another_one_is_found(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    genuine = lesson_file.read_lesson

    def read(path: Path) -> Any:
        found = genuine(path)
        return replace(found, lesson=replace(found.lesson, items=()))

    monkeypatch.setattr(lesson_file, "read_lesson", read)
    status, lines = _examine(installed)
    assert status == 1
    assert lines[-1] == "  The lesson was read as another one than was written."


def test_slides_without_their_template_are_found(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pptx.api

    gone = str(installed / "default.pptx")
    monkeypatch.setattr(pptx.api, "_default_pptx_path", lambda: gone)
    status, lines = _examine(installed)
    assert status == 1
    assert lines[-1].startswith('  The step "lesson as slides and pages" stopped with PackageNotFoundError')


def _cut(name: str) -> Callable[[Path], None]:
    def cut(resources: Path) -> None:
        path = resources / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return cut


def _another_model(resources: Path) -> None:
    write_tiny_bundle(resources / "model.bundle", Weights(bias=np.array([1, 0, 0], np.float32)))


def _another_score(resources: Path) -> None:
    _change_record(resources, lambda content: content["samples"]["sample-1.png"].update(score=0.0123))


def _another_map(resources: Path) -> None:
    def change(content: Any) -> None:
        content["samples"]["sample-1.png"]["map"][3][3] += 5.0

    _change_record(resources, change)


def _smaller_map(resources: Path) -> None:
    def change(content: Any) -> None:
        content["samples"]["sample-1.png"]["map"].pop()

    _change_record(resources, change)


def _weak_map(resources: Path) -> None:
    write_tiny_bundle(resources / "model.bundle", Weights(head=STRONG.head / 1000))
    _record(resources)


def _blank_sample(resources: Path) -> None:
    Image.new("L", (140, 120), 90).save(resources / "samples" / "sample-0.png")


def _new_sample(resources: Path) -> None:
    shutil.copy(resources / "samples" / "sample-0.png", resources / "samples" / "sample-9.png")


def _no_samples(resources: Path) -> None:
    shutil.rmtree(resources / "samples")
    (resources / "samples").mkdir()


@pytest.mark.parametrize(
    ("break_", "sentence"),
    [
        (lambda r: (r / "model.bundle").unlink(), "The model bundle was not found."),
        (_cut("model.bundle"), "The model bundle is damaged; get the file again."),
        (
            _another_model,
            "The recorded scores belong to another model (tiny 1.0); record them anew with `make record`.",
        ),
        (
            lambda r: (r / "samples" / "expected.json").unlink(),
            "There are no recorded scores of the samples; record them anew with `make record`.",
        ),
        (
            _cut("samples/expected.json"),
            "The recorded scores of the samples cannot be read; record them anew with `make record`.",
        ),
        (_another_score, "sample-1.png scored 0.??? where 0.012 is recorded."),
        (_another_map, "The map of sample-1.png differs from the recorded one by 5.000."),
        (_smaller_map, "The map of sample-1.png has another form than the recorded one."),
        (
            _new_sample,
            "The sample sample-9.png has no recorded score; record them anew with `make record`.",
        ),
        (
            lambda r: (r / "samples" / "sample-2.png").unlink(),
            "sample-2.png: The file is no longer there.",
        ),
        (_no_samples, "The samples are missing."),
        (_blank_sample, "sample-0.png was refused: The image is blank or nearly so."),
        (
            _cut("formats/dicom-jpeg-ls.dcm"),
            "dicom-jpeg-ls.dcm: The file ends before its image does; it is incomplete.",
        ),
        (
            lambda r: (r / "formats" / "dicom-rle.dcm").unlink(),
            "dicom-rle.dcm: The file is no longer there.",
        ),
        (lambda r: shutil.rmtree(r / "formats"), "The files of every format are missing."),
        (_weak_map, "The heatmap does not show in the window."),
    ],
)
def test_what_is_broken_is_told(break_: Callable[[Path], None], sentence: str, installed: Path) -> None:
    break_(installed)
    status, lines = _examine(installed)
    told = [line.strip() for line in lines[lines.index("") + 1 :] if line.startswith("  ")]
    assert status == 1
    assert any(_alike(line, sentence) for line in told), told
    assert "Traceback" not in "".join(lines)


def _alike(line: str, sentence: str) -> bool:
    return len(line) == len(sentence) and all(b in ("?", a) for a, b in zip(line, sentence, strict=True))


def test_without_a_model_nothing_is_scored(installed: Path) -> None:
    (installed / "model.bundle").unlink()
    _, lines = _examine(installed)
    assert [line.split("not run")[1].strip() for line in lines if "not run" in line] == [
        "There is no model to do it with.",
        *2 * ["There is no scored sample to teach with."],
        "There is no scored sample to show.",
    ]


def test_a_blank_window_is_told(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def save(window: object, target: Path) -> bool:
        Image.new("RGB", (1360, 860), "black").save(target)
        return True

    monkeypatch.setattr(screenshots, "save", save)
    status, lines = _examine(installed)
    assert (status, lines[-1].strip()) == (1, "The window is blank.")


def test_a_screenshot_that_cannot_be_written_is_told(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    status, lines = _examine(installed, tmp_path / "file" / "window.png")
    assert status == 1
    assert lines[-1].strip() == "The picture of the window could not be written."


def test_on_a_full_disk_no_piece_of_a_screenshot_is_left(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    window = QWidget()
    qtbot.addWidget(window)
    folder = tmp_path / "pictures"
    assert not screenshots.save(window, folder / "window.png")
    assert list(folder.iterdir()) == []


def test_a_stream_without_chinese_takes_the_table_all_the_same(
    installed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: Path) -> str:
        raise CheckFailedError("胸片 is missing.")

    monkeypatch.setattr(examination, "check_format", fail)
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding="cp1252")
    assert examine(resources=installed, out=stream) == 1
    stream.flush()
    assert rb"\u80f8\u7247 is missing." in data.getvalue()


def test_a_missing_library_is_told(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> str:
        raise ImportError("No module named 'codec'")

    monkeypatch.setattr(examination, "check_format", fail)
    status, lines = _examine(installed)
    assert status == 1
    assert "The step \"read bmp.bmp\" stopped with ImportError: No module named 'codec'." in [
        line.strip() for line in lines
    ]


def test_a_missing_codec_is_no_damaged_file(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(data: bytes) -> None:
        raise DelayedImportError("jpegls_decode")

    monkeypatch.setattr(imagecodecs, "jpegls_decode", missing)
    status, lines = _examine(installed)
    told = [line for line in lines if line.startswith("  The step")]
    assert status == 1
    assert [line.split('"')[1] for line in told] == ["read dicom-jpeg-ls-near.dcm", "read dicom-jpeg-ls.dcm"]
    assert all("needs a part that is missing (could not import name 'jpegls_decode'" in line for line in told)


def test_a_missing_platform_is_told(installed: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(QCoreApplication, "libraryPaths", lambda: [str(tmp_path)])
    status, lines = _examine(installed)
    assert (status, lines[-1].strip()) == (1, "The part of Qt that draws without a screen is missing.")


def test_recording_makes_another_model_pass(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tiny_bundle(installed / "model.bundle", Weights(head=STRONG.head * 1.5), version="2.0")
    assert _examine(installed)[0] == 1
    monkeypatch.setattr(command, "asset", installed.joinpath)
    assert command.main(["--record"]) == 0
    assert capsys.readouterr().out == "Recorded 3 samples scored by tiny 2.0.\n"
    assert _examine(installed)[0] == 0


def test_recording_without_a_model_is_refused(
    installed: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (installed / "samples" / "expected.json").read_bytes()
    (installed / "model.bundle").unlink()
    monkeypatch.setattr(command, "asset", installed.joinpath)
    assert command.main(["--record"]) == 1
    assert capsys.readouterr().err == "The model bundle was not found.\n"
    assert (installed / "samples" / "expected.json").read_bytes() == before
