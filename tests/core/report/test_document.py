import json

import numpy as np
import pytest

from core.metrics import evaluate
from core.notice import NOTICE
from core.report import Exclusion, find_errors, measures_for_card
from core.report.document import to_json
from tests.core.report.conftest import make_evaluation, names_of


def strict(text):
    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_report_says_what_was_measured_with_what(evaluation, about):
    exclusions = [Exclusion("bad.png", "viral", "unreadable", "The file ends early.")]
    got = strict(to_json(evaluation, about, names_of(evaluation), exclusions))
    assert got["notice"] == NOTICE
    assert got["date"] == "2026-11-23"
    assert got["versions"] == {"DeepPneumo": "0.1.0"}
    assert got["model"]["name"] == "tiny"
    assert got["model"]["sha256"] == "ab" * 32
    assert got["model"]["operating_point"] == {"name": "balanced", "threshold": 0.6}
    assert got["split"] == {"name": "the official test part", "sha256": "cd" * 32}
    assert got["intervals"]["resamples"] == 100
    assert got["intervals"]["seed"] == evaluation.seed
    assert got["cases"]["all"] == {"images": 60, "patients": 30}
    assert {name: got["cases"][name]["images"] for name in ("normal", "bacterial", "viral")} == {
        name: evaluation.labels.count(name) for name in ("normal", "bacterial", "viral")
    }
    assert got["exclusions"] == [
        {"file": "bad.png", "label": "viral", "status": "unreadable", "reason": "The file ends early."}
    ]


def test_every_number_survives(evaluation, about):
    got = strict(to_json(evaluation, about, names_of(evaluation), []))
    for key, measure in evaluation.measures.items():
        assert got["measures"][key]["value"] == measure.value
        assert got["measures"][key]["interval"] == [measure.low, measure.high]
        assert got["measures"][key]["undefined_resamples"] == measure.undefined_resamples
    assert got["confusion"]["counts"] == evaluation.confusion.tolist()
    assert got["confusion_three_class"]["counts"] == evaluation.class_confusion.tolist()
    assert got["curves"]["roc"]["threshold"][0] is None
    assert got["curves"]["roc"]["true_positive_rate"] == evaluation.roc.true_positive_rate.tolist()
    assert len(got["reliability"]) == 15
    scores = [image["score"] for image in got["images"]]
    np.testing.assert_array_equal(scores, evaluation.score)
    assert "p0" not in json.dumps(got)


@pytest.mark.parametrize("labels", [("normal",), ("bacterial",), ("pneumonia",)])
def test_undefined_is_null_with_a_reason(about, labels):
    evaluation = make_evaluation(8, labels=labels)
    got = strict(to_json(evaluation, about, names_of(evaluation), []))
    assert got["measures"]["auroc"]["value"] is None
    assert got["measures"]["auroc"]["interval"] is None
    assert got["measures"]["auroc"]["reason"] == "needs both normal and pneumonia among the images"
    assert got["curves"]["roc"] is None


def test_nothing_is_still_a_report(about):
    empty = evaluate([], np.zeros((0, 2)), [], class_names=("normal", "pneumonia"), threshold=0.5)
    got = strict(to_json(empty, about, [], []))
    assert got["cases"]["all"]["images"] == 0
    assert got["images"] == got["errors"] == got["reliability"] == []


def test_errors_come_worst_first():
    evaluation = evaluate(
        ["normal", "viral", "normal", "bacterial", "viral"],
        [[0.3, 0.5, 0.2], [0.9, 0.05, 0.05], [0.1, 0.4, 0.5], [0.2, 0.5, 0.3], [0.9, 0.05, 0.05]],
        list("abcde"),
        class_names=("normal", "bacterial", "viral"),
        threshold=0.5,
        resamples=0,
    )
    errors = find_errors(evaluation, ["n1", "v2", "n2", "b1", "v1"])
    assert [(error.file, error.truth, error.call) for error in errors] == [
        ("n2", "normal", "pneumonia"),
        ("v1", "viral", "normal"),
        ("v2", "viral", "normal"),
        ("n1", "normal", "pneumonia"),
    ]
    assert [error.distance for error in errors] == pytest.approx([0.9, 0.9, 0.9, 0.7])


def test_measures_for_a_card_are_plain_json(evaluation):
    figures = json.loads(json.dumps(measures_for_card(evaluation), allow_nan=False))
    accuracy = evaluation.measures["accuracy"]
    assert figures["accuracy"]["value"] == accuracy.value
    assert figures["accuracy"]["interval"] == [accuracy.low, accuracy.high]
