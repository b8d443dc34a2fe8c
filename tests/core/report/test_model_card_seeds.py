"""Other training seeds beside the model: their figures, and where it stands among them."""

from dataclasses import replace

import pytest

from core.report.model_card.seeds import SeedError, read_seeds, seed_table
from tests.helpers.tiny_model import make_card


def figures(auroc, **more):
    measures = {
        "auroc": {"value": auroc, "interval": [auroc - 0.01, auroc + 0.002]},
        "accuracy": {"value": 0.98, "interval": None},
        "balanced_accuracy": {"value": None, "interval": None},
    }
    return {"images": 786, "patients": 518, "measures": measures | more}


def seed(digit, validation, test, **more):
    metrics = {"validation": figures(validation), "test": figures(test, **more)}
    return make_card(content_hash=digit * 64, metrics=metrics)


MODEL = seed("a", 0.99, 0.98)
OTHERS = {"seed 43": seed("b", 0.97, 0.99), "seed 44": seed("c", 0.96, 0.985)}


def test_every_measure_has_all_values_their_mean_and_their_range():
    table = seed_table(MODEL, OTHERS)
    assert table.names == ("seed 43", "seed 44")
    assert [line.title for line in table.lines] == ["AUROC", "Accuracy"]  # what one of them lacks is left out
    auroc, accuracy = table.lines
    assert auroc.values == ("0.980 (0.970 to 0.982)", "0.990 (0.980 to 0.992)", "0.985 (0.975 to 0.987)")
    assert (auroc.mean, auroc.ends) == ("0.985", "0.980 to 0.990")
    assert (accuracy.values[0], accuracy.ends) == ("98.0\u202f%", "98.0 to 98.0\u202f%")


def test_it_says_where_the_model_stands_also_where_others_are_better():
    words = seed_table(MODEL, OTHERS).standing
    assert "number 1 of 3 on the validation part (0.9900, 0.9700, 0.9600)" in words
    assert "number 3 of 3 on the test part (0.9800, 0.9900, 0.9850)" in words
    silent = replace(MODEL, metrics={})
    assert seed_table(silent, OTHERS).standing == ""
    assert seed_table(MODEL, {}) is None


def test_cards_are_read_and_named_by_their_files(tmp_path):
    path = tmp_path / "seed-43.json"
    path.write_text(OTHERS["seed 43"].to_json(), encoding="utf-8")
    found = read_seeds(MODEL, [path])
    assert list(found) == ["seed 43"]
    assert found["seed 43"].content_hash == "b" * 64


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "could not be read"),
        ("{", "seed-43.json: The card of the model is damaged."),
        (MODEL.to_json(), "the card of the model itself"),
        (
            replace(seed("b", 0.9, 0.9), metrics={"test": figures(0.9)}).to_json(),
            "not measured on the same parts",
        ),
        (
            replace(seed("b", 0.9, 0.9), class_names=("normal", "pneumonia")).to_json(),
            "not measured on the same parts",
        ),
    ],
)
def test_what_cannot_stand_beside_the_model_is_refused_in_a_sentence(tmp_path, text, sentence):
    path = tmp_path / "seed-43.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(SeedError, match="seed-43") as caught:
        read_seeds(MODEL, [path])
    assert sentence in str(caught.value)
    assert str(tmp_path) not in str(caught.value)
