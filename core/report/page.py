"""The report to read: one HTML page that needs nothing else, neither network nor files beside it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.metrics import ABSTENTION, BINARY, SETS, SUBTYPES, THREE_CLASSES, Evaluation, Kind
from core.notice import NOTICE
from core.report import words
from core.report.about import About, Exclusion
from core.report.document import find_errors
from core.report.figures import FIGURES, HEATMAPS

MOST_ERRORS: Final = 200
_HEADLINES: Final = ("auroc", "sensitivity", "specificity", "accuracy")
# Recall is sensitivity by another name; the page says so once instead of listing it twice.
_CALLS: Final = ("accuracy", "balanced_accuracy", "sensitivity", "specificity", "precision", "f1")
_SCORES: Final = ("auroc", "average_precision", "log_loss", "brier", "ece")
_TEMPLATE: Final = "page.html.j2"


@dataclass(frozen=True, slots=True)
class _Line:
    """One measure in the words of the page."""

    title: str
    meaning: str
    value: str
    interval: str
    note: str
    exact: bool


@dataclass(frozen=True, slots=True)
class _Picture:
    title: str
    meaning: str
    light: str
    dark: str


def to_html(
    evaluation: Evaluation,
    about: About,
    files: Sequence[str],
    exclusions: Sequence[Exclusion],
    pictures: Mapping[str, tuple[bytes, bytes]],
) -> str:
    """Return the page.

    Parameters
    ----------
    evaluation, about, files, exclusions
        As for `core.report.write_report`.
    pictures : mapping
        From the key of a figure to its PNG for a light and for a dark page.
    """
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["percent"] = words.percent
    environment.filters["probability"] = words.probability
    template = environment.from_string(Path(__file__).with_name(_TEMPLATE).read_text(encoding="utf-8"))
    lines = {kind.key: _line(kind, evaluation) for kind in _kinds(evaluation)}
    errors = find_errors(evaluation, files)
    return template.render(
        notice=NOTICE,
        about=about,
        evaluation=evaluation,
        confidence=f"{evaluation.confidence:.0%}".replace("%", words.PERCENT),
        cases=evaluation.cases,
        headlines=[lines[key] for key in _HEADLINES],
        tables=_tables(lines),
        missed=int(evaluation.confusion[1, 0]),
        false_alarms=int(evaluation.confusion[0, 1]),
        degenerate=any(line.exact for line in lines.values()),
        pictures=[
            _Picture(kind.title, kind.meaning, *map(_data_uri, pictures[kind.key]))
            for kind in (*FIGURES, HEATMAPS)
            if kind.key in pictures
        ],
        errors=errors[:MOST_ERRORS],
        error_count=len(errors),
        exclusions=exclusions,
    )


def _kinds(evaluation: Evaluation) -> list[Kind]:
    return [
        kind
        for kind in (*BINARY, *SUBTYPES, *THREE_CLASSES, *SETS, *ABSTENTION)
        if kind.key in evaluation.measures
    ]


def _line(kind: Kind, evaluation: Evaluation) -> _Line:
    measure = evaluation.measures[kind.key]
    value = "not defined" if measure.value is None else words.figure(kind.key, measure.value)
    return _Line(
        kind.title,
        kind.meaning,
        value,
        words.interval(kind.key, measure) or "",
        measure.reason or "",
        measure.low is not None and measure.low == measure.high,
    )


def _tables(lines: Mapping[str, _Line]) -> list[tuple[str, list[_Line]]]:
    groups = (
        ("Calls at the operating point", (*_CALLS, *(kind.key for kind in SUBTYPES))),
        ("Scores, whatever the threshold", _SCORES),
        ("Kind of pneumonia", tuple(kind.key for kind in THREE_CLASSES)),
        ("What the model leaves open", tuple(kind.key for kind in (*SETS, *ABSTENTION))),
    )
    tables = [(title, [lines[key] for key in keys if key in lines]) for title, keys in groups]
    return [(title, rows) for title, rows in tables if rows]


def _data_uri(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
