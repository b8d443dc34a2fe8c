"""Several runs in words."""

from __future__ import annotations

from core.teaching.agreement import SideBySide, side_by_side
from core.teaching.class_words import (
    CASE_COLUMNS,
    LEARNER_COLUMNS,
    agreement_words,
    case_cells,
    learner_cells,
)
from core.teaching.debrief import make_debrief
from core.teaching.run import Run
from tests.core.teaching.test_debrief import READINGS, Reading, lesson, read

ARROW = "\N{RIGHTWARDS ARROW}"
RIGHT, WRONG = "\N{CHECK MARK}", "\N{BALLOT X}"
DASH = "\N{EN DASH}"
ALL_NORMAL: list[Reading] = [("normal", 3, 0.2, "normal")] * 8


def side(*runs: Run) -> SideBySide:
    return side_by_side([make_debrief(run, lesson()) for run in runs])


def test_a_learner_is_a_row() -> None:
    told = side(read(lesson()), Run.begin(lesson(), 0.0, code="B3-C4"))
    rows = [
        dict(zip(LEARNER_COLUMNS, learner_cells(name, debrief), strict=True))
        for name, debrief in zip(told.labels, told.debriefs, strict=True)
    ]
    assert rows[0]["Learner"] == "K7-Q2"
    assert rows[0]["Cases read"] == "8 of 8"
    # 5 of 8 before (right: 1, 4, 5, 6, 8), 5 of 8 after (right: 1, 2, 5, 6, 8).
    assert rows[0]["Accuracy"] == f"62 {ARROW} 62\N{NARROW NO-BREAK SPACE}%"
    assert (rows[0]["Rescued"], rows[0]["Led astray"]) == ("1", "1")
    assert (rows[0]["Resisted rightly"], rows[0]["Resisted wrongly"]) == ("1", "1")
    assert rows[0]["Marks in region"] == "1 of 2"
    assert rows[0]["Minutes"] == "0.6"  # 36 seconds
    assert rows[1]["Cases read"] == "0 of 8"
    assert (rows[1]["Accuracy"], rows[1]["Marks in region"]) == (DASH, DASH)


def test_a_case_is_a_row_with_what_everybody_made_of_it() -> None:
    told = side(read(lesson()), read(lesson(), ALL_NORMAL[:2], "B3-C4"))
    rows = [case_cells(case) for case in told.cases]
    assert rows[1] == (
        *("2", "viral", "P 0.80", "0 of 2", "1 of 2"),
        f"N 4 {ARROW} P 4 {RIGHT}",
        f"N 3 {WRONG}",
    )
    assert rows[7] == ("8", "normal", DASH, "1 of 1", "1 of 1", f"N 5 {RIGHT}", "")
    assert len(CASE_COLUMNS) == 5


def test_agreement_is_told_with_what_it_is_made_of() -> None:
    alone = side(read(lesson()))
    assert agreement_words(alone.before, alone.after).endswith("cannot be told: needs two finished runs.")
    pair = side(read(lesson()), read(lesson(), READINGS, "B3-C4"))
    words = agreement_words(pair.before, pair.after)
    assert words.startswith("Fleiss' kappa: 1.00")
    assert "From 2 finished runs and the 8 cases that all of them called" in words
    same = side(read(lesson(), ALL_NORMAL), read(lesson(), ALL_NORMAL, "B3-C4"))
    assert "cannot be told: all calls are the same" in agreement_words(same.before, same.after)
