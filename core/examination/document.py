"""The examination as data (`examination.json`) and as Markdown.

The JSON object holds

* ``schema_version``, ``notice``, ``date``, ``versions``
* ``model``: ``name``, ``version``, ``sha256`` (of the graph), ``operating_point`` (``name``, ``threshold``)
* ``data``: ``name`` in words, ``sha256`` over files, patients and labels, ``images``, ``patients``, ``unreadable`` (a
  list of ``file`` and ``reason``) and ``limited_to``, the number of images drawn, null when all were taken
* ``intervals``: ``method``, ``confidence``, ``resamples``, ``seed``
* ``sections``: by key (``performance``, ``robustness``, ``shortcuts``, ``explanation``, ``sanity``, ``refusal``,
  ``originals``; those that were measured), each with ``title``, ``notes``, ``curves`` and ``rows``: by key, each with
  ``title``, ``value``, ``interval`` (two figures or null), ``interval_method``, ``bound`` (``relation``, ``value``; or
  null where the figure is only reported), ``certain`` (whether the whole interval must reach it), ``met`` (true,
  false or null), ``n``, ``unit`` (``share``, ``figure``, ``count``), ``reason`` (why there is no value, or null) and
  ``details``
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.examination.images import Images
from core.examination.row import Row, Section, Unit
from core.metrics import CONFIDENCE, RESAMPLES, SEED
from core.notice import NOTICE
from core.report.about import About

SCHEMA_VERSION: Final = 1
_DASH: Final = "\N{EN DASH}"


@dataclass(frozen=True, slots=True, eq=False)
class Examination:
    """A model examined on labelled radiographs.

    Attributes
    ----------
    about : About
        Which model, which radiographs, when.
    threshold : float
        Of the default operating point.
    images : Images
    sections : tuple of Section
    limited_to : int or None
        Radiographs that were drawn from more; None when all were taken.
    """

    about: About
    threshold: float
    images: Images
    sections: tuple[Section, ...]
    limited_to: int | None = None

    @property
    def bounded(self) -> list[Row]:
        """The rows that something was asked of."""
        return [row for section in self.sections for row in section.rows if row.bound is not None]


def to_json(examination: Examination) -> str:
    """Return the examination as JSON, see the module's documentation."""
    about, images = examination.about, examination.images
    document = {
        "schema_version": SCHEMA_VERSION,
        "notice": NOTICE,
        "date": about.date,
        "versions": dict(about.versions),
        "model": {
            "name": about.model_name,
            "version": about.model_version,
            "sha256": about.model_hash,
            "operating_point": {"name": about.operating_point, "threshold": examination.threshold},
        },
        "data": {
            "name": about.split_name,
            "sha256": about.split_hash,
            "images": len(images),
            "patients": len(set(images.patients)),
            "unreadable": [{"file": error.name, "reason": error.reason} for error in images.unreadable],
            "limited_to": examination.limited_to,
        },
        "intervals": {
            "method": "percentile bootstrap over patients unless a row says otherwise",
            "confidence": CONFIDENCE,
            "resamples": RESAMPLES,
            "seed": SEED,
        },
        "sections": {section.key: _section(section) for section in examination.sections},
    }
    return json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _section(section: Section) -> dict[str, object]:
    return {
        "title": section.title,
        "notes": section.notes,
        "rows": {row.key: _row(row) for row in section.rows},
        "curves": dict(section.curves),
    }


def _row(row: Row) -> dict[str, object]:
    return {
        "title": row.title,
        "value": row.value,
        "interval": row.interval,
        "interval_method": row.method if row.interval else None,
        "bound": row.bound and {"relation": row.bound.relation, "value": row.bound.value},
        "certain": row.certain,
        "met": row.met,
        "n": row.n,
        "unit": row.unit,
        "reason": row.reason,
        "details": dict(row.details),
    }


def to_markdown(examination: Examination) -> str:
    """Return the examination as Markdown tables, one for each section."""
    about, images = examination.about, examination.images
    limited = "" if examination.limited_to is None else f", a draw of {examination.limited_to}"
    lines = [
        f"# {about.model_name} {about.model_version} on {about.split_name}{limited}",
        "",
        f"{len(images)} images of {len(set(images.patients))} patients, operating point "
        f"{about.operating_point} ({examination.threshold:.3f}), {CONFIDENCE:.0%} intervals. {NOTICE}.",
    ]
    for section in examination.sections:
        lines += ["", f"## {section.title}", "", *_table(section), *_paragraphs(section.notes)]
    return "\n".join(lines) + "\n"


def _table(section: Section) -> list[str]:
    headings = ("what", "value", "asked", "met", "n", *section.columns.values())
    lines = [_line(headings), _line("---" for _ in headings)]
    for row in section.rows:
        extra = (_detail(row.details.get(key)) for key in section.columns)
        met = {True: "yes", False: "**no**", None: _DASH}[row.met]
        lines.append(_line((row.title, with_interval(row), asked(row), met, str(row.n), *extra)))
    return lines


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _paragraphs(notes: Sequence[str]) -> list[str]:
    return [line for note in notes for line in ("", note)]


def with_interval(row: Row) -> str:
    """Write a row's value with its interval, or why there is none."""
    if row.value is None:
        return f"{_DASH} ({row.reason})" if row.reason else _DASH
    ends = row.interval and _DASH.join(_number(end, row.unit) for end in row.interval)
    value = _number(row.value, row.unit) + (f" ({ends})" if ends else "")
    return value + (" %" if row.unit == "share" else "")


def asked(row: Row) -> str:
    """Write what was asked of a row."""
    if row.bound is None:
        return _DASH
    unit = " %" if row.unit == "share" else ""
    return f"{row.bound.relation} {_number(row.bound.value, row.unit)}{unit}"


def _number(value: float, unit: Unit) -> str:
    if unit == "count":
        return f"{value:.0f}"
    return f"{100 * value:.1f}" if unit == "share" else f"{value:.3f}"


def _detail(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else _DASH
