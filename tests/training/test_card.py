"""The command that makes the model card."""

import json
from dataclasses import replace

import pytest

from core.report import write_report
from core.report.model_card import NAME
from tests.core.report.conftest import make_evaluation, names_of
from tests.core.report.test_model_card import ABOUT, EXAMINATION
from tests.helpers.tiny_model import make_card, write_tiny_bundle
from training.card import main


@pytest.fixture
def material(tmp_path, monkeypatch):
    """Bundle, evaluation and examination of one model."""
    monkeypatch.setattr("core.report.style.DPI", 30)
    bundle = write_tiny_bundle(tmp_path / "tiny.bundle")
    digest = bundle.card.content_hash
    evaluation = make_evaluation(resamples=20)
    write_report(tmp_path / "evaluation", evaluation, replace(ABOUT, model_hash=digest), names_of(evaluation))
    (tmp_path / "examination").mkdir()
    text = json.dumps(EXAMINATION | {"model": {"sha256": digest}})
    (tmp_path / "examination" / "examination.json").write_text(text, encoding="utf-8")
    return tmp_path


def run(folder, **changes):
    options = {
        "--bundle": folder / "tiny.bundle",
        "--evaluation": folder / "evaluation",
        "--examination": folder / "examination",
        "--out": folder / "card",
    } | {f"--{name}": value for name, value in changes.items()}
    return main([str(word) for pair in options.items() for word in pair])


def test_it_writes_the_card_of_the_bundle(material, capsys):
    assert run(material) == 0
    text = (material / "card" / NAME).read_text(encoding="utf-8")
    assert text.startswith("# Model card: tiny 1.0\n")
    assert "MB |" in text
    assert NAME in capsys.readouterr().out


def test_other_seeds_come_in_by_their_cards(material, capsys):
    measures = {"auroc": {"value": 0.9, "interval": None}}
    metrics = {"test": {"measures": measures}}
    write_tiny_bundle(material / "tiny.bundle", metrics=metrics)
    (material / "seed-7.json").write_text(
        make_card(metrics=metrics, content_hash="c" * 64).to_json(), encoding="utf-8"
    )
    assert run(material, seeds=material / "seed-7.json") == 0
    assert "| Seed 7 |" in (material / "card" / NAME).read_text(encoding="utf-8")
    assert run(material, seeds=material / "seed-8.json") == 2
    assert "seed-8.json: the card of this seed could not be read." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"bundle": "none.bundle"}, "bundle"),
        ({"evaluation": "nowhere"}, "nowhere: there is no report.json in this folder."),
        ({"examination": "nowhere"}, "nowhere: there is no examination.json in this folder."),
    ],
)
def test_one_sentence_says_what_is_missing(material, capsys, changes, sentence):
    assert run(material, **{name: material / value for name, value in changes.items()}) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert str(material) not in error
    assert not (material / "card").exists()


def test_a_folder_that_cannot_be_made(material, capsys):
    (material / "file").touch()
    assert run(material, out=material / "file" / "card") == 2
    assert "could not be written" in capsys.readouterr().err
