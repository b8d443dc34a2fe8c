"""Reading the values of a card: each is of the type that it must be, or the card is refused by name."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TypeVar

from core.errors import BundleError

_T = TypeVar("_T")


def require(condition: bool, problem: str) -> None:
    """Refuse the card unless a condition holds; `problem` goes on after "cannot be used:"."""
    if not condition:
        raise BundleError(f"The card of the model cannot be used: {problem}.")


def get(values: Mapping[str, object], key: str, convert: Callable[[object], _T]) -> _T:
    """Return `values[key]` as the type that `convert` stands for, or refuse the card.

    The `as_...` functions below are such; they raise `TypeError`.
    """
    require(key in values, f"its {key!r} is missing")
    try:
        return convert(values[key])
    except (TypeError, OverflowError):  # OverflowError: an integer that no float can hold
        raise BundleError(f"The card of the model cannot be used: its {key!r} has the wrong form.") from None


def as_text(value: object) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise TypeError
    return value


def as_number(value: object) -> float:
    """Read a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise TypeError
    return float(value)


def as_integer(value: object) -> int:
    """Read a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def as_list(value: object) -> list[object]:
    """Read a list of anything."""
    if not isinstance(value, list):
        raise TypeError
    return value


def as_texts(value: object) -> tuple[str, ...]:
    """Read a list of texts."""
    return tuple(as_text(item) for item in as_list(value))


def as_object(value: object) -> dict[str, object]:
    """Read an object."""
    if not isinstance(value, dict):
        raise TypeError
    return value
