import hashlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.dataset import find_items
from core.engine.engine import Engine
from core.metrics import KINDS
from core.notice import NOTICE
from core.pipeline import score_files
from tests.helpers.tiny_model import Weights, write_tiny_bundle
from training import evaluate as command

TWO = Weights(
    head=np.array([[-2, 2, 0, 0.5], [2, -1, 0.3, 0]], np.float32), bias=np.array([0.1, -0.2], np.float32)
)


@pytest.fixture(autouse=True)
def _small_figures(monkeypatch):
    """Figures are looked at elsewhere; here they only take time."""
    monkeypatch.setattr("core.report.style.DPI", 40)


def write_image(path, brightness, seed):
    """A grey picture with enough contrast to be scored; the tiny model likes brightness."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).normal(brightness, 25, (64, 64))
    Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8)).save(path)


@pytest.fixture
def data(tmp_path):
    """The public layout: 6 images in train, 12 in test."""
    folder = tmp_path / "Ada Lovelace" / "chest_xray"
    seed = 0
    for part, count in (("train", 2), ("test", 4)):
        for n in range(count):
            seed += 1
            write_image(folder / part / "NORMAL" / f"IM-{seed:04}-0001.png", 80 + 8 * n, seed)
            write_image(folder / part / "PNEUMONIA" / f"person{seed}_bacteria_{n}.png", 150 + 8 * n, seed)
            write_image(folder / part / "PNEUMONIA" / f"person{seed}_virus_{n}.png", 140 + 8 * n, seed)
    return folder


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "tiny.bundle"
    write_tiny_bundle(path)
    return path


@pytest.fixture
def out(tmp_path):
    return tmp_path / "made" / "report"


def run(data, model, out, *more):
    return command.main(["--data", str(data), "--model", str(model), "--out", str(out), *more])


def report_of(out):
    return json.loads((out / "report.json").read_text(encoding="utf-8"))


def test_the_official_test_part_is_measured_as_the_program_scores_it(data, model, out, capsys):
    assert run(data, model, out) == 0
    report = report_of(out)
    items = [item for item in find_items(data) if item.part == "test"]
    rows = list(score_files([item.path for item in items], Engine(model, threads=1)))
    assert {image["file"]: image["score"] for image in report["images"]} == pytest.approx(
        {item.file: row.score for item, row in zip(items, rows, strict=True)}
    )
    right = [(row.call == "pneumonia") == item.is_pneumonia for item, row in zip(items, rows, strict=True)]
    assert report["measures"]["accuracy"]["value"] == pytest.approx(np.mean(right))
    assert report["cases"]["all"] == {"images": 12, "patients": 12}
    assert report["split"]["name"] == "the official test part"
    assert report["model"]["name"] == "tiny"
    assert report["model"]["operating_point"] == {"name": "balanced", "threshold": 0.6}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", report["date"])
    assert set(report["versions"]) == {"DeepPneumo", "Python", "NumPy", "Pillow", "ONNX Runtime"}
    assert report["confusion_three_class"] is not None
    assert sorted(path.suffix for path in out.iterdir()) == [".html", ".json", *[".png"] * 14]
    printed = capsys.readouterr()
    assert "tiny 1.0 on the official test part: 12 images of 12 patients" in printed.out
    assert NOTICE in printed.out
    # Titles, of whatever length, stand in a column of their own.
    titles = [KINDS[key].title for key in report["measures"] if key != "recall"]
    lines = [line for line in printed.out.splitlines() if line.startswith("  ")]
    assert [line[2 : 2 + max(map(len, titles))].rstrip() for line in lines] == titles
    assert {line[2 + max(map(len, titles)) :][:2] for line in lines} == {"  "}
    assert printed.err == ""


def test_two_class_models_are_measured_too(data, tmp_path, out):
    model = tmp_path / "two.bundle"
    write_tiny_bundle(model, TWO, class_names=("normal", "pneumonia"))
    assert run(data, model, out) == 0
    report = report_of(out)
    assert report["confusion_three_class"] is None
    assert "sensitivity_viral" in report["measures"]
    assert "three_class_mcc" not in report["measures"]
    assert all(sum(image["probabilities"]) == pytest.approx(1) for image in report["images"])


def test_all_and_other_parts(data, model, out):
    assert run(data, model, out, "--split", "all") == 0
    assert report_of(out)["cases"]["all"]["images"] == 18
    assert run(data, model, out, "--part", "train") == 0
    assert report_of(out)["cases"]["all"]["images"] == 6
    assert report_of(out)["split"]["name"] == "the official train part"


def write_split(path, items, parts):
    lines = [
        f"{item.file},{item.patient},{item.label},{part}" for item, part in zip(items, parts, strict=True)
    ]
    path.write_text("\n".join(["file,patient,label,part", *lines]) + "\n", encoding="utf-8")


def test_a_split_file_chooses_the_images(data, model, out, tmp_path):
    items = find_items(data)
    split = tmp_path / "mine.csv"
    write_split(split, items, ["val"] * 5 + ["test"] * 10 + ["train"] * 3)
    assert run(data, model, out, "--split", str(split)) == 0
    report = report_of(out)
    assert {image["file"] for image in report["images"]} == {item.file for item in items[5:15]}
    assert report["split"]["name"] == "part test of mine.csv"
    lines = sorted(f"{item.file}\t{item.patient}\t{item.label}\n" for item in items[5:15])
    assert report["split"]["sha256"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    assert run(data, model, out, "--split", str(split), "--part", "val") == 0
    assert report_of(out)["cases"]["all"]["images"] == 5


def test_what_cannot_be_scored_is_listed_and_left_out(data, model, out, capsys):
    (data / "test" / "NORMAL" / "IM-0900-0001.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    Image.new("L", (64, 64), 90).save(data / "test" / "PNEUMONIA" / "person901_virus_1.png")
    assert run(data, model, out) == 0
    report = report_of(out)
    assert report["cases"]["all"]["images"] == 12
    listed = {row["file"]: (row["label"], row["status"]) for row in report["exclusions"]}
    assert listed == {
        "test/NORMAL/IM-0900-0001.png": ("normal", "unreadable"),
        "test/PNEUMONIA/person901_virus_1.png": ("viral", "refused"),
    }
    assert all(row["reason"].endswith(".") for row in report["exclusions"])
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "IM-0900-0001.png" in page
    assert "2 images could not be scored" in capsys.readouterr().err


def test_files_of_one_name_are_told_apart(model, out, tmp_path):
    for n, brightness in enumerate((90, 140, 200)):
        for seed, label in enumerate(("NORMAL", "PNEUMONIA")):
            write_image(tmp_path / "data" / label / f"{n:04}.png", brightness, 2 * n + seed)
    for label in ("NORMAL", "PNEUMONIA"):
        (tmp_path / "data" / label / "9999.png").write_bytes(b"damaged")
    assert run(tmp_path / "data", model, out, "--split", "all") == 0
    report = report_of(out)
    both = [f"{label}/{n}.png" for label in ("NORMAL", "PNEUMONIA") for n in ("0000", "0001", "0002")]
    assert [image["file"] for image in report["images"]] == both
    assert report["errors"]
    wrong = {(error["file"], error["truth"]) for error in report["errors"]}
    assert all(file.startswith(truth.upper()) for file, truth in wrong)
    assert [row["file"] for row in report["exclusions"]] == ["NORMAL/9999.png", "PNEUMONIA/9999.png"]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert all(file in page for file, _ in wrong)


def test_the_report_names_no_folder_above_the_data_and_no_patient(data, model, out):
    assert run(data, model, out) == 0
    for name in ("report.json", "report.html"):
        text = (out / name).read_text(encoding="utf-8")
        assert "Lovelace" not in text
        assert "chest_xray" not in text
        assert not re.search(r"person\d+_bacteria(?!_\d)", text)


def test_a_csv_manifest_works_with_files_that_are_gone(data, model, out):
    manifest = data / "list.csv"
    rows = [f"{item.file},{item.label},{item.part}" for item in find_items(data)]
    manifest.write_text("\n".join(["file,label,part", *rows, "gone.png,viral,test"]) + "\n", encoding="utf-8")
    assert run(manifest, model, out) == 0
    assert [row["file"] for row in report_of(out)["exclusions"]] == ["gone.png"]


def complaint(capsys):
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    assert "Lovelace" not in printed.err
    lines = printed.err.strip().splitlines()
    assert len(lines) == 1
    return lines[0].removeprefix("deeppneumo-evaluate: ")


def test_no_such_data(tmp_path, model, out, capsys):
    assert run(tmp_path / "nowhere", model, out) == 2
    assert complaint(capsys) == "nowhere: there is no such folder or CSV file."


def test_no_test_part(data, model, out, capsys):
    (data / "test").rename(data / "spare")
    assert run(data, model, out) == 2
    assert complaint(capsys).startswith("The data has no part named test; ")
    assert not out.exists()


def test_no_such_split_file(data, model, out, capsys, tmp_path):
    assert run(data, model, out, "--split", str(tmp_path / "none.csv")) == 2
    assert complaint(capsys) == "There is no split file named none.csv."


def test_a_split_of_other_data(data, model, out, capsys, tmp_path):
    split = tmp_path / "other.csv"
    split.write_text(
        "file,patient,label,part\ntest/NORMAL/IM-7777-0001.png,p,normal,test\n", encoding="utf-8"
    )
    assert run(data, model, out, "--split", str(split)) == 2
    assert complaint(capsys).startswith("other.csv: 1 of 1 files are not in the data folder")


def test_a_split_without_the_part(data, model, out, capsys, tmp_path):
    split = tmp_path / "short.csv"
    write_split(split, find_items(data), ["train"] * 18)
    assert run(data, model, out, "--split", str(split)) == 2
    assert complaint(capsys) == "short.csv: no image is in the part test."


def test_a_part_of_everything(data, model, out, capsys):
    assert run(data, model, out, "--split", "all", "--part", "val") == 2
    assert complaint(capsys).startswith("--part makes no sense with --split all")


@pytest.mark.parametrize("content", [None, b"not a bundle", b""])
def test_not_a_bundle(data, out, capsys, tmp_path, content):
    path = tmp_path / "model.bundle"
    if content is not None:
        path.write_bytes(content)
    assert run(data, path, out) == 2
    assert re.fullmatch(r"(This file is not a|The) model bundle .*\.", complaint(capsys))
    assert not out.exists()


def test_nothing_that_can_be_scored(model, out, capsys, tmp_path):
    folder = tmp_path / "set"
    for name in ("NORMAL/IM-0001.png", "PNEUMONIA/person1_virus_1.png"):
        path = folder / "test" / name
        path.parent.mkdir(parents=True)
        path.write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    assert run(folder, model, out) == 2
    assert complaint(capsys).startswith("None of the 2 images could be scored, IM-0001.png for example: ")


def test_a_folder_that_cannot_be_made(data, model, tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert run(data, model, blocked / "report") == 2
    assert complaint(capsys).startswith("The report could not be written: ")


@pytest.mark.parametrize("place", ["test/NORMAL", "test/PNEUMONIA/report"])
def test_a_report_among_the_radiographs(data, model, capsys, place):
    assert run(data, model, data / place) == 2
    assert complaint(capsys).startswith("The report would lie among the radiographs")
    assert len(find_items(data)) == 18


def test_a_report_beside_the_class_folders_is_fine(data, model):
    assert run(data, model, data / "report") == 0
    assert len(find_items(data)) == 18


def test_an_interruption_says_so(data, model, out, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "score_items", interrupted)
    assert run(data, model, out) == 130
    assert "Stopped; no report was written." in capsys.readouterr().err
    assert not out.parent.exists()


@pytest.mark.parametrize("missing", ["--data", "--model", "--out"])
def test_missing_options(missing, data, model, out, capsys):
    options = {"--data": str(data), "--model": str(model), "--out": str(out)}
    del options[missing]
    with pytest.raises(SystemExit) as stopped:
        command.main([word for pair in options.items() for word in pair])
    assert stopped.value.code == 2
    assert missing in capsys.readouterr().err


def test_progress_with_time_left_on_a_terminal(data, model, out, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert run(data, model, out) == 0
    assert re.search(r"Scoring: 100%.*12/12 \[\d\d:\d\d<\d\d:\d\d", capsys.readouterr().err)


def test_the_installed_command_is_this_one():
    import tomllib

    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"]["deeppneumo-evaluate"] == "training.evaluate:main"
