"""A show of hands: counted, added up, written down."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from core.notice import NOTICE
from core.teaching.hands import (
    COLUMNS,
    MAX_HANDS,
    CaseHands,
    Hands,
    class_rows,
    class_totals,
    write_class_results,
)
from core.truth.truth import Truth

NORMAL, BACTERIAL = Truth("normal", None, "folder"), Truth("pneumonia", "bacterial", "folder")


def test_hands_stay_within_their_range() -> None:
    hands = Hands().counted("pneumonia", MAX_HANDS + 5).counted("normal", -3).counted("viral", 2)
    assert hands == Hands(0, MAX_HANDS, 0, 2)
    assert hands.total == MAX_HANDS
    with pytest.raises(ValueError, match="hands are from 0"):
        Hands(-1)


def test_totals_of_a_class_count_what_is_right() -> None:
    counted = [(CaseHands(Hands(3, 1), Hands(4, 0)), NORMAL), (CaseHands(Hands(2, 8)), BACTERIAL)]
    totals = class_totals([*counted, (CaseHands(), NORMAL)])
    assert (totals.cases, totals.before, totals.after) == (2, (11, 14), (4, 4))


def test_results_of_the_class_are_a_table(tmp_path: Path) -> None:
    rows = class_rows([CaseHands(Hands(1, 7), Hands(0, 8)), CaseHands()], [BACTERIAL, NORMAL], [None, None])
    write_class_results(tmp_path / "class.csv", rows)
    read = list(csv.DictReader((tmp_path / "class.csv").read_text(encoding="utf-8").splitlines()))
    assert list(read[0]) == list(COLUMNS)
    assert (read[0]["truth"], read[0]["kind"]) == ("pneumonia", "bacterial")
    assert (read[0]["before_pneumonia"], read[0]["after_normal"], read[0]["model_score"]) == ("7", "0", "")
    assert (read[1]["before_normal"], read[1]["notice"]) == ("", NOTICE)
