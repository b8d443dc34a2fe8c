"""What `make train`, `make evaluate` and `make card` run: commands that exist, with options that they take."""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from core.engine.bundle import read_bundle
from core.report.model_card.seeds import read_seeds
from training import card, evaluate, examine, export, train

ROOT = Path(__file__).parents[2]
COMMANDS = {
    "deeppneumo-train": train,
    "deeppneumo-export": export,
    "deeppneumo-evaluate": evaluate,
    "deeppneumo-examine": examine,
    "training.card": card,
}

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")


@pytest.fixture
def data(tmp_path):
    """A data folder with two of the three folders that may lie beside it."""
    for name in ("set", "lung_masks", "not_chest"):
        (tmp_path / name).mkdir()
    return tmp_path / "set"


def dry_run(*words):
    environment = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")
    }
    done = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", *words],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.replace("\\\n", " ")


def options_of(output, monkeypatch):
    """Parse the options of each command that make would run with the command's own parser, in order."""
    found = []

    def remember(self, arguments=None, namespace=None):
        raise Parsed(real(self, arguments, namespace))

    real = argparse.ArgumentParser.parse_args
    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", remember)
    for line in output.splitlines():
        words = [word for word in shlex.split(line) if word != "-m"]
        names = {Path(word).name for word in words[:2]} & set(COMMANDS)
        if names:
            (name,) = names
            start = next(place for place, word in enumerate(words) if word.startswith("--"))
            with pytest.raises(Parsed) as parsed:
                COMMANDS[name].main(words[start:])
            found.append((name, parsed.value.options))
    return found


class Parsed(Exception):  # noqa: N818  (no error)
    """Carries what a command was given out of it before it does anything."""

    def __init__(self, options):
        super().__init__()
        self.options = options


def test_evaluate_measures_examines_and_writes_the_card(data, monkeypatch):
    found = options_of(dry_run("evaluate", f"DATA={data}", "REPORT=out/r"), monkeypatch)
    assert [name for name, _ in found] == ["deeppneumo-evaluate", "deeppneumo-examine", "training.card"]
    measured, examined, written = (options for _, options in found)
    for options in (measured, examined):
        assert options.data == data
        assert (ROOT / options.model).is_file()
        assert (ROOT / options.split).is_file()
    assert examined.masks.samefile(data.parent / "lung_masks")
    assert examined.not_chest.samefile(data.parent / "not_chest")
    assert examined.originals is None
    assert (written.evaluation, written.examination) == (measured.out, examined.out)
    assert written.bundle == measured.model
    assert written.out == Path("out/r")


def test_train_exports_everything_and_measures_it(data, monkeypatch):
    found = options_of(dry_run("train", f"DATA={data}", "OUT=out/x", "TEACHERS=out/a out/b"), monkeypatch)
    assert [name for name, _ in found] == ["deeppneumo-train", *COMMANDS]
    trained, focused, exported, measured, _, written = (options for _, options in found)
    assert (trained.recipe, trained.init, trained.resume) == ("best", "imagenet", False)
    assert trained.teachers == [Path("out/a"), Path("out/b")]
    assert trained.out == Path("out/x")
    assert (focused.recipe, focused.init, focused.teachers) == ("focus", "out/x", [Path("out/x")])
    assert exported.checkpoint == focused.out == Path("out/x/focus")
    # Without the data the bundle would not know what is familiar to the model.
    assert exported.data == data
    assert measured.model == exported.out == written.bundle
    assert measured.split == "out/x/focus/split.csv"
    assert written.out == Path("out/x")


def test_another_recipe_has_one_stage(data, monkeypatch):
    found = options_of(dry_run("train", f"DATA={data}", "RECIPE=course", "OUT=out/c"), monkeypatch)
    trained, exported, measured, *_ = (options for _, options in found)
    assert [name for name, _ in found] == list(COMMANDS)
    assert trained.recipe == "course"
    assert exported.checkpoint == trained.out == Path("out/c")
    assert measured.split == "out/c/split.csv"


def test_an_interrupted_training_goes_on(data, monkeypatch):
    (_, trained), (_, focused), *_ = options_of(dry_run("train", f"DATA={data}", "RESUME=1"), monkeypatch)
    assert trained.resume
    assert trained.init is None
    # The second stage had not begun.
    assert not focused.resume
    assert focused.init == "out/best"


def test_the_card_of_the_program_is_one_command(monkeypatch):
    ((_, written),) = options_of(dry_run("card"), monkeypatch)
    assert (written.out, written.evaluation) == (Path("resources"), Path("out/evaluation"))
    assert (ROOT / written.bundle).is_file()
    # The other training seeds are those of the program's model, and stand beside no other.
    model = read_bundle(ROOT / written.bundle).card
    assert set(read_seeds(model, [ROOT / path for path in written.seeds])) == {"seed 43", "seed 44"}
    ((_, written),) = options_of(dry_run("card", "MODEL=out/own.bundle"), monkeypatch)
    assert not written.seeds


@pytest.mark.parametrize("target", ["train", "evaluate"])
def test_without_data_a_sentence_says_so(target):
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Say where the radiographs lie" in done.stderr
