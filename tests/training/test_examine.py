import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.dataset import find_items, patient_mark, patient_of
from core.engine.bundle import write_bundle
from core.engine.engine import Engine
from core.pipeline import score_files
from tests.helpers.tiny_model import graph_bytes, make_card, write_tiny_bundle
from training import examine as command


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Figures and thousands of resamples are looked at elsewhere; here they only take time."""
    monkeypatch.setattr("core.report.style.DPI", 40)
    monkeypatch.setattr(command, "SPOILED", 2)
    monkeypatch.setattr(command, "CHECKED", 3)


def write_image(path, brightness, seed, side=64):
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).normal(brightness, 25, (64, 64))
    grey = np.clip(noise, 0, 255).astype(np.uint8)
    Image.fromarray(np.kron(grey, np.ones((side // 64, side // 64), np.uint8))).save(path)


@pytest.fixture
def world(tmp_path):
    """Radiographs of both parts with masks, two originals and two photographs."""
    names = []
    for part, count in (("val", 1), ("test", 3)):
        for n in range(count):
            seed = 10 * (part == "test") + n
            files = {
                f"NORMAL/IM-{seed:04}-0001.png": 60,
                f"PNEUMONIA/person{seed}_bacteria_1.png": 190,
                f"PNEUMONIA/person{seed}_virus_1.png": 180,
            }
            for name, brightness in files.items():
                write_image(tmp_path / "Ada Lovelace" / part / name, brightness, seed)
                names.append((name.split("/")[1], brightness, seed))
    (tmp_path / "masks").mkdir()
    mask = np.zeros((224, 224), bool)
    mask[60:160, 60:160] = True
    for name, _, _ in names:
        Image.fromarray(mask).save(tmp_path / "masks" / name)
    for name, brightness, seed in names[-3:-1]:
        kind = "NORMAL" if name.startswith("IM") else "PNEUMONIA"
        write_image(tmp_path / "originals" / kind / name, brightness, seed, 256)
    (tmp_path / "foreign" / "photos").mkdir(parents=True)
    colours = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(colours).save(tmp_path / "foreign" / "photos" / "cat.png")
    write_tiny_bundle(tmp_path / "tiny.bundle")
    return tmp_path


def run(world, *more):
    return command.main(
        [
            *("--data", str(world / "Ada Lovelace"), "--model", str(world / "tiny.bundle")),
            *("--split", "official", "--out", str(world / "out"), *more),
        ]
    )


def document_of(world):
    return json.loads((world / "out" / "examination.json").read_text(encoding="utf-8"))


def everything(world):
    return (
        *("--masks", str(world / "masks"), "--originals", str(world / "originals")),
        *("--not-chest", str(world / "foreign")),
    )


def test_the_whole_examination_of_the_test_part(world, capsys):
    assert run(world, *everything(world)) == 0
    document = document_of(world)
    assert list(document["sections"]) == list(command.SECTIONS)
    assert document["data"]["images"] == 9
    assert document["data"]["limited_to"] is None
    rows = {key: section["rows"] for key, section in document["sections"].items()}
    items = [item for item in find_items(world / "Ada Lovelace") if item.part == "test"]
    scored = list(score_files([item.path for item in items], Engine(world / "tiny.bundle", threads=1)))
    right = [(row.call == "pneumonia") == item.is_pneumonia for item, row in zip(items, scored, strict=True)]
    assert rows["performance"]["accuracy"]["value"] == pytest.approx(np.mean(right))
    assert {row["n"] for row in rows["robustness"].values()} == {9}
    assert rows["shortcuts"]["lungs_blanked"]["n"] == 9
    assert rows["explanation"]["energy"]["n"] == rows["explanation"]["deletion_random_blurred"]["n"] == 6
    assert rows["sanity"]["sanity_excess"]["n"] == 3
    assert rows["refusal"]["photos"]["value"] == 1
    assert rows["originals"]["originals"]["n"] == 2
    text = capsys.readouterr().out
    assert "| JPEG, quality 40 |" in text
    bounded = [row for section in rows.values() for row in section.values() if row["bound"]]
    missed = [row["title"] for row in bounded if row["met"] is False]
    assert f"{len(bounded) - len(missed)} of {len(bounded)} bounds met." in text
    assert missed
    assert all(f"Missed: {title}, " in text for title in missed)
    assert "Ada" not in (world / "out" / "examination.json").read_text(encoding="utf-8") + text
    made = {path.name for path in (world / "out").iterdir()}
    assert made == {"examination.json", "examination.md", "robustness.png", "explanation.png", "sanity.png"}


def test_a_part_of_it_on_a_draw_of_the_validation_part(world):
    assert run(world, "--part", "val", "--only", "robustness", "originals", "--limit", "2") == 0
    document = document_of(world)
    assert list(document["sections"]) == ["robustness"]  # no folder of originals was named
    assert document["data"]["images"] == document["data"]["limited_to"] == 2
    assert "a draw of 2" in (world / "out" / "examination.md").read_text(encoding="utf-8")


def test_sets_of_calls_have_their_limits_from_the_validation_part(world):
    def answered(*more):
        assert run(world, "--only", "performance", *more) == 0
        return document_of(world)["sections"]["performance"]["rows"].get("answered_calls")

    assert answered() is None  # three images are too few
    for seed in range(100, 109):
        write_image(world / "Ada Lovelace" / "val" / "NORMAL" / f"IM-{seed:04}-0001.png", 60, seed)
        name = f"person{seed}_bacteria_1.png"
        write_image(world / "Ada Lovelace" / "val" / "PNEUMONIA" / name, 190, seed)
    assert answered()["n"] == 9
    assert answered("--part", "val") is None  # its limits would be those of the images they are tried on
    assert answered("--limit", "3") is None
    assert answered("--split", "all") is None


def test_what_could_not_be_measured_is_no_miss(world, capsys):
    for mask in (world / "masks").iterdir():
        mask.unlink()
    assert run(world, *everything(world), "--only", "shortcuts") == 0
    text = capsys.readouterr().out
    assert "Not measured: AUROC lost when all but the lungs is blanked" in text
    assert "Missed" not in text


def test_a_limit_beyond_the_images_is_none(world):
    assert run(world, "--only", "performance", "--limit", "500") == 0
    assert document_of(world)["data"]["limited_to"] is None


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--masks", "/nowhere/Ada/lungs"), "There is no folder named lungs."),
        (("--limit", "0"), "--limit takes at least one image."),
        (("--part", "train"), "The data has no part named train"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(world, capsys, more, sentence):
    assert run(world, *more) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert "Ada" not in error
    assert error.count("\n") == 1
    assert not (world / "out").exists()


def test_stopping_leaves_nothing_behind(world, capsys, monkeypatch):
    def stop(*given):
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "examine_robustness", stop)
    assert run(world, "--only", "performance", "robustness") == 130
    assert "nothing was written" in capsys.readouterr().err
    assert not (world / "out").exists()


def test_results_among_the_radiographs_are_refused(world, capsys):
    for place in ("NORMAL", "NORMAL/new"):
        out = world / "Ada Lovelace" / "test" / place
        assert run(world, "--only", "performance", "--out", str(out)) == 2
        assert "among the radiographs" in capsys.readouterr().err


def test_a_folder_that_cannot_be_made_is_told_before_anything_is_scored(world, capsys, monkeypatch):
    def begin(*given):
        pytest.fail("began to read")

    monkeypatch.setattr(command, "load_images", begin)
    (world / "file").write_text("", encoding="utf-8")
    assert run(world, "--out", str(world / "file" / "out")) == 2
    assert "could not be written" in capsys.readouterr().err


def test_patients_that_the_model_knows_are_told(world, capsys):
    seen = tuple(patient_mark(patient_of(path.name)) for path in (world / "Ada Lovelace").rglob("*.png"))
    write_bundle(world / "tiny.bundle", make_card(seen_patients=seen), graph_bytes())
    assert run(world, "--only", "performance") == 0
    assert "the figures are too good" in capsys.readouterr().err
    assert "trained on or chosen by" in document_of(world)["data"]["name"]


def test_the_installed_command_is_this_one():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"]["deeppneumo-examine"] == "training.examine:main"
