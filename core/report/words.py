"""Figures in words, the same in pictures and text."""

from __future__ import annotations

from typing import Final

from core.metrics import KINDS, Measure

_SPACE: Final = "\N{NARROW NO-BREAK SPACE}"
PERCENT: Final = _SPACE + "%"
_DASH: Final = "\N{EN DASH}"


def percent(value: float) -> str:
    """Write a share as a percentage with one decimal.

    100 and 0 stand only where they are exact: what would look like them gets two decimals, and ``>`` or ``<`` where
    those do not tell either.
    """
    if value < 0:
        return f"-{percent(-value)}"
    shown = f"{100 * value:.1f}"
    if shown in ("0.0", "100.0"):
        closer = {"0.00": "<0.01", "100.00": ">99.99"}
        shown = f"{100 * value:.0f}" if value in (0, 1) else f"{100 * value:.2f}"
        shown = closer.get(shown, shown)
    return shown + PERCENT


def probability(value: float) -> str:
    """Write a probability with three decimals, 1 and 0 only when they are exact."""
    if 0 < value < 0.001:
        return f"<{_SPACE}0.001"
    if 0.999 < value < 1:
        return f">{_SPACE}0.999"
    return f"{value:.3f}"


def figure(key: str, value: float) -> str:
    """Write a measure's value in its own unit."""
    return percent(value) if KINDS[key].percent else f"{value:.3f}"


def interval(key: str, measure: Measure) -> str | None:
    """Write a measure's interval, or return None where it has none."""
    if measure.low is None or measure.high is None:
        return None
    if KINDS[key].percent:
        return f"{percent(measure.low).removesuffix(PERCENT)}{_DASH}{percent(measure.high)}"
    return f"{measure.low:.3f}{_DASH}{measure.high:.3f}"


def with_interval(key: str, measure: Measure) -> str:
    """Write value and interval in one go; undefined measures are a dash."""
    if measure.value is None:
        return _DASH
    ends = interval(key, measure)
    return figure(key, measure.value) + (f" ({ends})" if ends else "")
