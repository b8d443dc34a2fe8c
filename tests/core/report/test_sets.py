"""What a report says of prediction sets and of the errors that abstention leaves."""

import json

import numpy as np
import pytest

from core.conformal import Conformal
from core.metrics import evaluate
from core.report import sets_for_card
from core.report.abstention import draw_risk_coverage
from core.report.document import to_json
from core.report.page import to_html
from core.report.style import LIGHT
from core.report.words import PERCENT, percent
from tests.core.report.conftest import THREE, names_of


@pytest.fixture(scope="module")
def evaluation():
    labels = ["normal"] * 10 + ["viral"] * 10
    table = np.array([[0.9, 0.05, 0.05]] * 9 + [[0.4, 0.5, 0.1]] + [[0.1, 0.3, 0.6]] * 10)
    conformal = Conformal(0.9, (0.5, 0.3, 0.3), (30, 30, 30))
    patients = [str(n) for n in range(20)]
    return evaluate(
        labels, table, patients, class_names=THREE, threshold=0.5, conformal=conformal, resamples=50
    )


def test_the_document_counts_the_sets(evaluation, about):
    sets = json.loads(to_json(evaluation, about, names_of(evaluation), []))["prediction_sets"]
    assert sets["level"] == 0.9
    assert sets["images_by_size"] == [0, 10, 10, 0]
    normal, viral = sets["classes"]["normal"], sets["classes"]["viral"]
    assert (normal["images"], normal["covered"], normal["agrees"]) == (10, 9, True)
    assert normal["interval"][0] == pytest.approx(0.5550, abs=1e-4)
    assert (viral["covered"], viral["interval"][1]) == (10, 1.0)
    assert sets_for_card(evaluation) == sets


def test_the_document_has_the_curves(evaluation, about):
    curves = json.loads(to_json(evaluation, about, names_of(evaluation), []))["curves"]
    assert curves["risk_coverage"]["coverage"][-1] == 1
    assert curves["risk_coverage"]["error"][-1] == pytest.approx(0.05)
    assert curves["class_risk_coverage"]["error"][-1] == pytest.approx(0.05)


def test_a_model_without_sets_says_nothing_of_them(evaluation, about):
    plain = evaluate(
        evaluation.labels, evaluation.probabilities, names_of(evaluation), class_names=THREE, threshold=0.5
    )
    assert json.loads(to_json(plain, about, names_of(plain), []))["prediction_sets"] is None
    assert sets_for_card(plain) is None
    assert "Size of the sets" not in to_html(plain, about, names_of(plain), [], {})


def test_the_page_has_a_table_of_them(evaluation, about):
    page = to_html(evaluation, about, names_of(evaluation), [], {})
    table = page[page.index("What the model leaves open") : page.index("<h2>Figures")]
    for words in ("Sets that hold the truth, normal", "Size of the sets", "coverage", "1.500"):
        assert words in table


def test_the_curves_are_drawn_with_their_ends_in_words(evaluation):
    axes = draw_risk_coverage(evaluation, LIGHT).axes[0]
    calls, classes, mark = axes.get_lines()
    fewer = evaluation.measures["error_at_80"].value
    assert fewer == 0
    assert calls.get_ydata()[-1] == pytest.approx(0.05)
    assert calls.get_label() == f"pneumonia or not: {percent(0.05)}, {percent(fewer)} at 80{PERCENT}"
    assert classes.get_label().startswith("three classes")
    assert set(mark.get_xdata()) == {0.8}
