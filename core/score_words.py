"""A model score in words, the same on screen and on what is saved."""

from __future__ import annotations

from typing import Final

_DIGITS: Final = 2
_MOST_DIGITS: Final = 4


def score_line(score: float, call: str, threshold: float) -> str:
    """Return score and call beside the operating point, one line."""
    return (
        f"Model score {score_text(score, threshold)}: {call} (operating point {point_text(score, threshold)})"
    )


def score_text(score: float, threshold: float | None = None) -> str:
    """Return a score with two digits.

    It never pretends to be certain (neither 0.00 nor 1.00), and where two digits would make a score below
    the operating point look as if it had reached it, there are more.
    """
    text = f"{score:.{digits_apart(score, threshold)}f}"
    if float(text) in (0.0, 1.0):
        return "< 0.01" if score < 0.5 else "> 0.99"
    return text


def point_text(score: float, threshold: float) -> str:
    """Return the operating point as it stands beside a score, with as many digits."""
    return f"{threshold:.{digits_apart(score, threshold)}f}"


def digits_apart(score: float, threshold: float | None) -> int:
    """Return how many digits tell a score from the operating point above it: 2, or up to 4."""
    digits = _DIGITS
    if threshold is not None and score < threshold:
        while digits < _MOST_DIGITS and f"{score:.{digits}f}" == f"{threshold:.{digits}f}":
            digits += 1
    return digits
