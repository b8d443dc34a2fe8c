"""A run held against its lesson: figures worked by hand and by scikit-learn."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from core.teaching.agreement import fleiss_kappa, side_by_side
from core.teaching.answer import Answer, Confidence, LearnerCall, MachineView
from core.teaching.debrief import Debrief, make_debrief
from core.teaching.lesson import Item, Lesson, Region
from core.teaching.result_rows import COLUMNS, result_rows
from core.teaching.run import Run, RunError
from core.truth.truth import Truth
from tests.core.teaching.lessons import content_of, make_lesson

Reading = tuple[LearnerCall, Confidence, "float | None", LearnerCall]
"""Blind call and confidence, the model's score (threshold 0.5), the call after it."""

WORDS = ("bacterial", "viral", "pneumonia", "pneumonia", "normal", "normal", "normal", "normal")
READINGS: tuple[Reading, ...] = (
    ("pneumonia", 5, 0.9, "pneumonia"),  # right together
    ("normal", 4, 0.8, "pneumonia"),  # rescued
    ("normal", 5, 0.7, "normal"),  # wrongly resisted
    ("pneumonia", 2, 0.3, "normal"),  # led astray
    ("normal", 3, 0.1, "normal"),  # right together
    ("normal", 1, 0.6, "normal"),  # rightly resisted
    ("pneumonia", 1, 0.95, "pneumonia"),  # wrong together
    ("normal", 5, None, "normal"),  # no score
)


def lesson(words: Sequence[str] = WORDS) -> Lesson:
    box = Region("rectangle", ((0.2, 0.2), (0.4, 0.4)))
    items = [
        Item(content_of(number), 0, Truth.from_word(word, "folder"), () if word == "normal" else (box,))
        for number, word in enumerate(words)
    ]
    return dataclasses.replace(make_lesson(items), shuffled=False, seconds=None)


def read(whole: Lesson, readings: Sequence[Reading] = READINGS, code: str = "K7-Q2") -> Run:
    run, now = Run.begin(whole, 0.0, code=code), 0.0
    for number, (before, confidence, score, after) in enumerate(readings):
        run.set_call(before)
        run.set_confidence(confidence)
        if before == "pneumonia":
            run.set_mark((0.3, 0.3) if number == 0 else (0.9, 0.9))
        now += number + 1.0
        machine = None if score is None else MachineView(score, 0.5, (0.3, 0.3), "Model 1")
        assert run.commit(now, machine)
        assert run.change(Answer(after, None, confidence, None))
        assert run.reveal()
        assert run.next(now)
    return run


def debrief() -> Debrief:
    whole = lesson()
    return make_debrief(read(whole), whole)


def test_calls_before_and_after_the_machine_are_counted() -> None:
    told = debrief()
    assert told.before is not None
    assert told.after is not None
    assert told.model is not None
    matrix = ("true_positive", "false_positive", "true_negative", "false_negative")
    assert [getattr(told.before, name) for name in matrix] == [2, 1, 3, 2]
    assert [getattr(told.after, name) for name in matrix] == [2, 1, 3, 2]
    assert [getattr(told.model, name) for name in matrix] == [3, 2, 1, 1]
    sensitivity = told.before.measures["sensitivity"]
    # Wilson's interval of 2 of 4, worked by hand.
    assert (sensitivity.value, sensitivity.low, sensitivity.high) == pytest.approx(
        (0.5, 0.15, 0.85), abs=5e-3
    )


def test_what_became_of_each_case_beside_the_machine() -> None:
    told = debrief()
    assert [case.outcome for case in told.cases] == [
        "right together", "rescued", "wrongly resisted", "led astray",
        "right together", "rightly resisted", "wrong together", "no score",
    ]  # fmt: skip
    assert [
        told.count(name) for name in ("rescued", "led astray", "rightly resisted", "wrongly resisted")
    ] == [1] * 4


def test_the_cases_that_taught_most_come_first() -> None:
    told = debrief()
    assert [case.index for case in told.taught_most] == [3, 2, 6, 1, 5]


def test_ratings_agree_with_scikit_learn() -> None:
    told = debrief()
    truth = [word != "normal" for word in WORDS]
    ratings = [5 + sure if call == "pneumonia" else 6 - sure for call, sure, *_ in READINGS]
    assert told.roc_before.auroc.value == pytest.approx(roc_auc_score(truth, ratings))
    scored = [
        (is_ill, score) for is_ill, (_, _, score, _) in zip(truth, READINGS, strict=True) if score is not None
    ]
    assert told.roc_model.auroc.value == pytest.approx(roc_auc_score(*zip(*scored, strict=True)))
    assert told.roc_model.cases == 7
    assert told.roc_before.auroc.low is not None


def test_marks_and_heatmaps_are_held_against_the_regions() -> None:
    told = debrief()
    assert (told.marks.hits, told.marks.misses, told.marks.none) == (1, 1, 2)
    assert (told.peaks.hits, told.peaks.misses, told.peaks.none) == (4, 0, 0)
    assert told.marks.share.value == 0.5


def test_times_are_those_of_the_reading() -> None:
    times = debrief().times
    assert (times.total, times.median, times.longest) == (36.0, 4.5, 8.0)


def test_an_unfinished_run_tells_only_of_what_was_revealed() -> None:
    whole = lesson()
    run = read(whole, READINGS[:2])
    run.set_call("normal")
    run.set_confidence(1)
    run.commit(99.0, None)
    told = make_debrief(run, whole)
    assert (len(told.cases), told.finished) == (2, False)
    assert told.notes[0] == "This run is not finished: 2 of 8 cases read."
    assert told.roc_before.curve is None
    assert told.roc_before.auroc.value is None


def test_a_lesson_that_changed_is_said_to_have() -> None:
    whole = lesson()
    run = read(whole)
    smaller = dataclasses.replace(whole, items=whole.items[1:])
    told = make_debrief(run, smaller)
    assert (told.changed, told.gone, len(told.cases)) == (True, 1, 7)
    assert [case.index for case in told.cases] == list(range(7))
    assert any("has changed" in note for note in told.notes)
    with pytest.raises(RunError, match="another lesson"):
        make_debrief(run, dataclasses.replace(whole, lesson_id="f" * 32))


def test_rows_of_a_table_hold_codes_and_numbers_of_cases_only() -> None:
    rows = result_rows([debrief()])
    assert all(len(row) == len(COLUMNS) for row in rows)
    first = dict(zip(COLUMNS, rows[0], strict=True))
    assert (first["code"], first["case"], first["truth"], first["mark"]) == ("K7-Q2", "1", "pneumonia", "hit")
    assert (first["model_score"], first["rating_before"], first["outcome"]) == (
        "0.900000",
        "10",
        "right together",
    )
    assert not any(content_of(0) in cell for row in rows for cell in row)


FLEISS_1971 = (
    (0, 0, 0, 6, 0), (0, 3, 0, 0, 3), (0, 1, 4, 0, 1), (0, 0, 0, 0, 6), (0, 3, 0, 3, 0), (2, 0, 4, 0, 0),
    (0, 0, 4, 0, 2), (2, 0, 3, 1, 0), (2, 0, 0, 4, 0), (0, 0, 0, 0, 6), (1, 0, 0, 5, 0), (1, 1, 0, 4, 0),
    (0, 3, 3, 0, 0), (1, 0, 0, 5, 0), (0, 2, 0, 3, 1), (0, 0, 5, 0, 1), (3, 0, 0, 1, 2), (5, 1, 0, 0, 0),
    (0, 2, 0, 4, 0), (1, 0, 2, 0, 3), (0, 0, 0, 0, 6), (0, 1, 0, 5, 0), (0, 2, 0, 1, 3), (2, 0, 0, 4, 0),
    (1, 0, 0, 4, 1), (0, 5, 0, 1, 0), (4, 0, 0, 0, 2), (0, 2, 0, 4, 0), (1, 0, 5, 0, 0), (0, 0, 0, 0, 6),
)  # fmt: skip
"""Thirty patients, six psychiatrists, five diagnoses; kappa 0.430 in the paper."""


def test_kappa_is_that_of_the_paper() -> None:
    assert fleiss_kappa(FLEISS_1971) == pytest.approx(0.430, abs=5e-4)


def test_kappa_at_its_ends() -> None:
    assert fleiss_kappa([[2, 0], [0, 2]]) == 1.0
    assert fleiss_kappa([[1, 1], [1, 1]]) == -1.0
    assert np.isnan(fleiss_kappa([[2, 0], [2, 0]]))
    for counts in ([[1, 0]], [[2, 0], [2, 1]], [2, 0], [[3, -1]]):
        with pytest.raises(ValueError, match=r"raters|shape"):
            fleiss_kappa(counts)


def test_runs_side_by_side() -> None:
    whole = lesson()
    other = [
        (("pneumonia" if call == "normal" else "normal"), sure, score, "normal")
        for call, sure, score, _ in READINGS
    ]
    told = side_by_side([
        make_debrief(read(whole), whole),
        make_debrief(read(whole, other), whole),
        make_debrief(read(whole, READINGS[:1], "B3-C4"), whole),
    ])  # fmt: skip
    assert told.labels == ("K7-Q2 (1)", "K7-Q2 (2)", "B3-C4")
    assert (told.before.learners, told.before.cases, told.before.observed) == (2, 8, 0.0)
    table = [[1, 1]] * 8
    assert told.before.kappa.value == pytest.approx(fleiss_kappa(table))
    assert [case.answered for case in told.cases] == [3] + [2] * 7
    assert [case.right_before for case in told.cases][:2] == [2, 1]
    with pytest.raises(RunError, match="one lesson"):
        side_by_side(
            [
                make_debrief(read(whole), whole),
                make_debrief(read(lesson(WORDS[:7]), READINGS[:7]), lesson(WORDS[:7])),
            ]
        )
    with pytest.raises(RunError, match="one lesson"):
        side_by_side([])
