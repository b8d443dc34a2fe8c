"""Figures of the reports as lines of tables: value, interval, what was asked, and whether it was reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from core.examination.row import Bound, Row, Section
from core.metrics import KINDS
from core.report.words import PERCENT, percent

DASH: Final = "\N{EN DASH}"
_DIGITS: Final = 3
_MOST_DIGITS: Final = 6
_METHODS: Final = {"wilson": "Wilson's", "clopper-pearson": "Clopper-Pearson's"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table.

    Attributes
    ----------
    title, value, interval : str
        `interval` is empty where there is none.
    asked : str
        In words, empty where nothing was asked.
    met : bool or None
        None where nothing was asked or there is no value.
    images : str
        How many images are behind it, empty where that is said above the table.
    """

    title: str
    value: str
    interval: str = ""
    asked: str = ""
    met: bool | None = None
    images: str = ""

    @property
    def verdict(self) -> str:
        """What was asked and whether it was reached, as the last cell of the line says it."""
        if not self.asked:
            return ""
        return f"{self.asked}: " + {True: "met", False: "**missed**", None: "not measured"}[self.met]


@dataclass(frozen=True, slots=True)
class Table:
    """Some lines under a heading, with what must be known to read them; `key` is that of an examination's section."""

    key: str
    title: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()

    @property
    def has_images(self) -> bool:
        """Whether the lines say how many images they are of."""
        return any(line.images for line in self.lines)

    @property
    def has_bounds(self) -> bool:
        """Whether anything was asked."""
        return any(line.asked for line in self.lines)


def measure_table(title: str, measures: Mapping[str, Any], keys: Iterable[str]) -> Table:
    """Make a table of an evaluation's measures, in the order of `keys`; those that it lacks are left out."""
    lines = [_measure_line(name, measures[name]) for name in keys if name in measures]
    return Table("", title, tuple(lines))


def section_table(section: Section) -> Table:
    """Make a table of a section of the examination."""
    return Table(
        section.key,
        section.title,
        tuple(_row_line(row) for row in section.rows),
        (*section.notes, *_methods(section)),
    )


def missed(tables: Iterable[Table]) -> list[Line]:
    """Return the lines whose bound was not reached."""
    return [line for table in tables for line in table.lines if line.met is False]


def unmeasured(tables: Iterable[Table]) -> list[Line]:
    """Return the lines that had something to reach and have no value."""
    return [line for table in tables for line in table.lines if line.asked and line.met is None]


def asked(tables: Iterable[Table]) -> list[Line]:
    """Return the lines that had something to reach."""
    return [line for table in tables for line in table.lines if line.asked]


def _measure_line(key: str, measure: Mapping[str, Any]) -> Line:
    kind = KINDS.get(key)
    title = kind.title if kind is not None else str(measure.get("title", key))
    unit = "share" if kind is not None and kind.percent else "figure"
    value, ends = measure["value"], measure["interval"]
    return Line(title, DASH if value is None else number(value, unit), _interval(ends, unit))


def _row_line(row: Row) -> Line:
    title = row.title
    if row.value is None and row.reason:
        title += f" ({row.reason.rstrip('.')})"
    return Line(
        title,
        DASH if row.value is None else number(row.value, row.unit),
        _interval(row.interval, row.unit),
        "" if row.bound is None else _asked(row.bound, row.unit, row.certain),
        row.met,
        f"{row.n:,}",
    )


def _methods(section: Section) -> list[str]:
    """Say which intervals are not those that the page promises, unless a note does."""
    found: dict[str, list[str]] = {}
    noted, rows = " ".join(section.notes).lower(), section.rows
    for row in rows:
        if row.method is None or row.method in noted:
            continue
        if row.interval is not None and row.method in _METHODS:
            found.setdefault(row.method, []).append(row.title)
    total = sum(1 for row in rows if row.interval is not None)
    return [
        f"{'These intervals are' if len(titles) == total else 'Intervals of ' + '; '.join(titles) + ':'} "
        f"{_METHODS[method]}, over images as if each were of another patient."
        for method, titles in found.items()
    ]


def _interval(ends: Sequence[float] | None, unit: str) -> str:
    if ends is None:
        return ""
    low, high = (number(end, unit) for end in ends)
    return f"{low.removesuffix(PERCENT)} to {high}"


def _asked(bound: Bound, unit: str, certain: bool) -> str:
    shown = f"{100 * bound.value:.3g}{PERCENT}" if unit == "share" else f"{bound.value:.4g}"
    relation = "interval holds" if bound.relation == "covers" else bound.relation
    return f"{'whole interval ' if certain else ''}{relation} {_signed(shown)}"


def number(value: float, unit: str) -> str:
    """Write a figure in its unit: ``share`` in per cent, ``figure`` or ``count``."""
    if unit == "count":
        return f"{value:.0f}"
    value = round(value, 9)  # an end that is 0 or 1 but for the arithmetic is shown as such
    return _signed(percent(value) if unit == "share" else _decimal(value))


def _decimal(value: float) -> str:
    """Write three decimals, more where what is almost 1 would look like 1."""
    digits = _DIGITS
    while digits < _MOST_DIGITS and abs(value) < 1 and round(abs(value), digits) >= 1:
        digits += 1
    return f"{value:.{digits}f}"


def _signed(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")
