"""A model score in words."""

from __future__ import annotations

import pytest

from core.score_words import score_line, score_text


@pytest.mark.parametrize(
    ("score", "text"),
    [(0.0, "< 0.01"), (0.004, "< 0.01"), (0.006, "0.01"), (0.5, "0.50"), (0.994, "0.99"), (0.9999, "> 0.99")],
)
def test_a_score_never_looks_certain(score: float, text: str) -> None:
    assert score_text(score) == text


@pytest.mark.parametrize(
    ("score", "text"), [(0.598, "0.598"), (0.5996, "0.5996"), (0.6, "0.60"), (0.601, "0.60"), (0.59, "0.59")]
)
def test_a_score_below_the_operating_point_looks_lower_than_it(score: float, text: str) -> None:
    assert score_text(score, 0.6) == text


def test_more_digits_do_not_make_it_certain_either() -> None:
    assert score_text(0.99996, 0.99999) == "> 0.99"


@pytest.mark.parametrize(
    ("score", "line"),
    [
        (0.99999, "Model score > 0.99: pneumonia (operating point 0.60)"),
        (0.598, "Model score 0.598: normal (operating point 0.600)"),
    ],
)
def test_score_and_operating_point_in_one_line(score: float, line: str) -> None:
    assert score_line(score, "pneumonia" if score >= 0.6 else "normal", 0.6) == line
