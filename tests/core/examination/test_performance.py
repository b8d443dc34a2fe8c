from dataclasses import replace

import numpy as np
import pytest

from core.conformal import Conformal
from core.examination.answering import CALLS_NOTE, fit_call_sets
from core.examination.performance import examine_performance
from core.examination.scoring import Scores
from tests.core.examination.conftest import flat
from tests.helpers.tiny_model import make_card


def scores_of(table, threshold=0.6):
    table = np.array(table)
    score = 1 - table[:, 0]
    return Scores(score, score >= threshold, np.log(table), table, np.zeros((len(table), 7, 7), np.float32))


@pytest.fixture
def images(images_of):
    return images_of(*((label, flat(100)) for label in ("normal",) * 4 + ("bacterial",) * 3 + ("viral",) * 3))


RIGHT = [[0.9, 0.05, 0.05]] * 4 + [[0.05, 0.9, 0.05]] * 3 + [[0.05, 0.05, 0.9]] * 3


def test_figures_stand_beside_what_is_asked(images):
    rows = {row.key: row for row in examine_performance(images, scores_of(RIGHT), make_card()).rows}
    assert {key: row.met for key, row in rows.items() if row.bound} | {"ece": None} == {
        "auroc": True,
        "accuracy": True,
        "balanced_accuracy": True,
        "three_class_accuracy": True,
        "bacterial_viral_auroc": True,
        "ece": None,
        "error_at_80": True,
        "three_class_error_at_80": True,
    }
    wrong = [[0.05, 0.9, 0.05], *RIGHT[1:]]
    rows = {row.key: row for row in examine_performance(images, scores_of(wrong), make_card()).rows}
    assert rows["accuracy"].value == pytest.approx(0.9)
    assert rows["accuracy"].met is False
    assert rows["accuracy"].unit == "share"
    assert rows["error_at_80"].bound.value == pytest.approx(0.05)


def test_the_coverage_of_sets_must_be_the_promised_one(images):
    exact = make_card(conformal=Conformal(0.9, (0.5, 0.5, 0.5), (9, 9, 9)))
    rows = {row.key: row for row in examine_performance(images, scores_of(RIGHT), exact).rows}
    assert rows["set_coverage_normal"].value == 1
    assert rows["set_coverage_normal"].n == 4
    assert rows["set_coverage_normal"].met is True  # with four images nearly everything agrees with 90 %
    empty = make_card(conformal=Conformal(0.9, (0.95, 0.5, 0.5), (9, 9, 9)))
    rows = {row.key: row for row in examine_performance(images, scores_of(RIGHT), empty).rows}
    assert rows["set_coverage_normal"].value == 0
    assert rows["set_coverage_normal"].met is False
    assert "no prediction sets" in examine_performance(images, scores_of(RIGHT), make_card()).notes[0]


def test_what_is_answered_has_one_class_in_its_set_and_is_familiar(images):
    card = make_card(conformal=Conformal(0.9, (0.5, 0.5, 0.5), (9, 9, 9)))
    table = [[0.05, 0.9, 0.05], *RIGHT[1:4], [0.05, 0.05, 0.9], *RIGHT[5:9], [0.1, 0.45, 0.45]]
    plain = scores_of(table)
    rows = {row.key: row for row in examine_performance(images, plain, card).rows}
    assert (rows["answered"].value, rows["answered"].n) == (
        pytest.approx(0.9),
        10,
    )  # the last one's set is empty
    assert rows["answered_wrong_calls"].value == pytest.approx(1 / 9)
    assert rows["answered_wrong_calls"].bound.value == pytest.approx(0.05)
    assert rows["answered_wrong_calls"].met is False
    assert rows["answered_wrong_classes"].value == pytest.approx(2 / 9)
    unknown = np.array([False] + [True] * 9)
    rows = {row.key: row for row in examine_performance(images, replace(plain, familiar=unknown), card).rows}
    assert rows["answered"].value == pytest.approx(0.8)
    assert rows["answered_wrong_calls"].value == 0
    assert rows["answered_wrong_calls"].met


def test_nothing_answered_has_no_error(images):
    card = make_card(conformal=Conformal(0.9, (1.0, 1.0, 1.0), (9, 9, 9)))
    rows = {row.key: row for row in examine_performance(images, scores_of(RIGHT), card).rows}
    assert rows["answered"].value == 0
    assert (rows["answered_wrong_calls"].value, rows["answered_wrong_calls"].met) == (None, None)


def test_coverage_is_told_by_patient_too(images):
    card = make_card(conformal=Conformal(0.9, (0.5, 0.5, 0.5), (9, 9, 9)))
    notes = examine_performance(images, scores_of(RIGHT), card).notes
    assert any("normal 100.0 to 100.0 %" in note for note in notes)


def test_sets_of_calls_are_fitted_on_the_scores_of_each_class(images_of):
    labels = ("normal",) * 9 + ("bacterial",) * 5 + ("viral",) * 4
    normal = np.concatenate([np.linspace(0.9, 0.98, 9), np.linspace(0.02, 0.18, 9)])
    table = np.stack([normal, (1 - normal) / 2, (1 - normal) / 2], axis=1)
    images = images_of(*((label, flat(100)) for label in labels))
    sets = fit_call_sets(images, scores_of(table))
    assert sets.lowest == pytest.approx((0.9, 0.82))  # the lowest of nine, at nine tenths
    assert sets.images == (9, 9)
    assert fit_call_sets(images.take(range(1, 18)), scores_of(table[1:])) is None


def test_a_set_of_calls_leaves_out_what_it_leaves_open(images):
    table = [[0.5, 0.3, 0.2], *RIGHT[1:4], [0.9, 0.05, 0.05], [0.2, 0.4, 0.4], *RIGHT[6:]]
    plain = scores_of(table)
    sets = Conformal(0.9, (0.4, 0.45), (9, 9))

    def measured(plain):
        section = examine_performance(images, plain, make_card(), sets)
        assert section.notes[-1] == CALLS_NOTE
        return {row.key: row for row in section.rows}

    rows = measured(plain)
    assert rows["answered_calls"].value == pytest.approx(0.9)  # the first one's set holds both
    assert (rows["answered_calls_wrong"].value, rows["answered_calls_wrong"].n) == (pytest.approx(1 / 9), 9)
    assert rows["answered_calls_wrong"].bound.value == pytest.approx(0.05)  # one wrong call of ten, halved
    assert rows["answered_calls_wrong"].met is False
    unknown = np.arange(10) != 4
    assert measured(replace(plain, familiar=unknown))["answered_calls_wrong"].met
    neither = Conformal(0.9, (0.99, 0.99), (9, 9))
    rows = {row.key: row for row in examine_performance(images, plain, make_card(), neither).rows}
    assert (rows["answered_calls"].value, rows["answered_calls_wrong"].met) == (0, None)
    assert not any(
        row.key.startswith("answered") for row in examine_performance(images, plain, make_card()).rows
    )
