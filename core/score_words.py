"""A model score in words, the same on screen and on what is saved."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = 2
_MOST_DIGITS: Final = 4


def score_line(score: float, call: str, threshold: float) -> str:
    """Return score and call beside the operating point, one line."""
    point = f"{threshold:.{digits_apart(score, threshold)}f}"
    return f"Model score {score_text(score, threshold)}: {call} (operating point {point})"


def score_text(score: float, threshold: float | None = None) -> str:
    """Return a score with two digits.

    It never pretends to be certain (neither 0.00 nor 1.00), and where two digits would make a score below
    the operating point look as if it had reached it, there are more.
    """
    digits = digits_apart(score, threshold)
    if digits == _DIGITS and not 0.005 <= score < 0.995:
        return "< 0.01" if score < 0.5 else "> 0.99"
    return f"{score:.{digits}f}"


def digits_apart(score: float, threshold: float | None) -> int:
    """Return how many digits tell a score from the operating point above it: 2, or up to 4."""
    digits = _DIGITS
    if threshold is not None and score < threshold:
        while digits < _MOST_DIGITS and f"{score:.{digits}f}" == f"{threshold:.{digits}f}":
            digits += 1
    return digits
