"""One line of the examination: a figure, how sure it is, and what was asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Relation = Literal["below", "at most", "at least", "above", "covers"]
Unit = Literal["share", "figure", "count"]


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure must reach.

    Attributes
    ----------
    relation : str
        ``below``, ``at most``, ``at least``, ``above``; with ``covers`` the figure's interval must hold the value.
    value : float
    """

    relation: Relation
    value: float

    def is_met(self, value: float) -> bool:
        """Whether a figure reaches it; never with ``covers``, which only an interval can."""
        met = {
            "below": value < self.value,
            "at most": value <= self.value,
            "at least": value >= self.value,
            "above": value > self.value,
            "covers": False,
        }
        return met[self.relation]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    Attributes
    ----------
    key, title : str
        Its name in JSON and in words.
    value : float or None
        None where undefined; `reason` then says why.
    interval : (low, high) or None
        95 %.
    method : str or None
        How the interval was made: ``patients`` (percentile bootstrap over patients), ``wilson`` or
        ``clopper-pearson`` (both of shares of images).
    bound : Bound or None
        None where the figure is only reported.
    n : int
        Images behind the figure.
    certain : bool
        Whether the whole interval must meet the bound, not only the value.
    unit : str
        ``share`` (shown in per cent), ``figure`` or ``count``.
    reason : str or None
        Why there is no value, or what else must be known to read it.
    details : mapping
        Further figures, for JSON.
    """

    key: str
    title: str
    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    method: str | None = None
    bound: Bound | None = None
    certain: bool = False
    unit: Unit = "figure"
    reason: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the bound is met; None without a bound or a value."""
        if self.bound is None or self.value is None:
            return None
        if self.bound.relation == "covers":
            return self.interval is not None and self.interval[0] <= self.bound.value <= self.interval[1]
        if not self.certain:
            return self.bound.is_met(self.value)
        return self.interval is not None and all(self.bound.is_met(end) for end in self.interval)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the examination.

    Attributes
    ----------
    key, title : str
    rows : tuple of Row
    notes : tuple of str
        What must be known to read the rows.
    columns : mapping
        Details that a table shows beside each row, and their headings.
    curves : mapping
        Series for figures, for JSON.
    """

    key: str
    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    curves: Mapping[str, object] = field(default_factory=dict)
