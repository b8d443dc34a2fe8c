"""The text of the model card."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from core.metrics import ABSTENTION, KINDS, SETS, SUBTYPES, THREE_CLASSES
from core.notice import NOTICE
from core.report.figures import Caption
from core.report.model_card.seeds import seed_table
from core.report.model_card.sources import Sources
from core.report.model_card.tables import (
    Table,
    asked,
    measure_table,
    missed,
    number,
    section_table,
    unmeasured,
)
from core.report.words import percent

FOLDER: Final = "model_card"
"""Of the pictures, beside the text."""

_TEMPLATE: Final = "template.md.j2"
_PUBLIC_SET: Final = "10.17632/rscbjbr9sj"
_HEADLINES: Final = ("auroc", "accuracy", "sensitivity", "specificity")
_GROUPS: Final = (
    (
        "Calls at the operating point",
        (
            *("accuracy", "balanced_accuracy", "sensitivity", "specificity", "precision", "f1"),
            *(kind.key for kind in SUBTYPES),
        ),
    ),
    ("Scores, whatever the threshold", ("auroc", "average_precision", "log_loss", "brier", "ece")),
    ("Kind of pneumonia", tuple(kind.key for kind in THREE_CLASSES)),
    ("Prediction sets", tuple(kind.key for kind in SETS)),
    ("Errors when the uncertain are left out", tuple(kind.key for kind in ABSTENTION)),
)
_EXAMINED: Final = {
    "performance": "calls and scores",
    "robustness": "calls that flip under changes",
    "shortcuts": "what is told without the lungs",
    "explanation": "where heatmaps lie",
    "sanity": "heatmaps under shuffled weights",
    "refusal": "what is refused",
    "originals": "files in native resolution",
}
"""Sections of a whole examination."""

_MARKS: Final = re.compile(r"([\\`*\[\]<>|])")


def to_markdown(sources: Sources, pictures: Mapping[str, Caption]) -> str:
    """Return the card as GitHub-flavoured Markdown.

    Parameters
    ----------
    sources : Sources
    pictures : mapping
        The figures that lie in `FOLDER`, by key.
    """
    import jinja2

    environment = jinja2.Environment(  # noqa: S701  (no HTML: `plain` escapes what Markdown would take up)
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters |= {"plain": plain, "percent": percent}
    template = environment.from_string(Path(__file__).with_name(_TEMPLATE).read_text(encoding="utf-8"))
    text = template.render(pictures=pictures, folder=FOLDER, notice=NOTICE, **_values(sources))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def plain(text: str) -> str:
    """Return text from outside as one line that Markdown leaves as it is."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def _values(sources: Sources) -> dict[str, Any]:
    card, evaluation = sources.card, sources.evaluation
    cases = evaluation["cases"]
    pneumonias = sum(part["images"] for name, part in cases.items() if name not in ("all", "normal"))
    return {
        "card": card,
        "evaluation": evaluation,
        "network": "A ResNet-18" if card.architecture == "resnet18" else "A network",
        "classes": f"{', '.join(card.class_names[:-1])} and {card.class_names[-1]}",
        "public": _PUBLIC_SET in card.provenance,
        "megabytes": f"{sources.size / 1e6:.0f}",
        "minus": "\N{MINUS SIGN}",
        "measured_on": _part(evaluation["split"]["name"], cases["all"], None),
        "headline": {key: _headline(key, evaluation["measures"][key]) for key in _HEADLINES},
        "share": percent(pneumonias / cases["all"]["images"]),
        "exclusions": len(evaluation["exclusions"]),
        "versions": ", ".join(f"{name} {version}" for name, version in evaluation["versions"].items()),
    } | _tables(sources)


def _tables(sources: Sources) -> dict[str, Any]:
    tables = [section_table(section) for section in sources.sections]
    data = sources.examination["data"]
    # What the examination measured too stands there, with what was asked of it.
    told = {row.key for section in sources.sections if section.key == "performance" for row in section.rows}
    measures = {
        key: measure
        for key, measure in sources.evaluation["measures"].items()
        if key not in told | {"recall"}
    }
    return {
        "measures": _measure_tables(measures),
        "seeds": seed_table(sources.card, sources.seeds),
        "performance": [table for table in tables if table.key == "performance"],
        "sections": [table for table in tables if table.key != "performance"],
        "elsewhere": data["sha256"] != sources.evaluation["split"]["sha256"],
        "examined": _part(data["name"], data, data["limited_to"]),
        "asked": asked(tables),
        "missed": missed(tables),
        "unmeasured": unmeasured(tables),
        "examined_sections": {table.key for table in tables},
        "unexamined": [
            title for key, title in _EXAMINED.items() if key not in {table.key for table in tables}
        ],
    }


def _measure_tables(measures: Mapping[str, Any]) -> list[Table]:
    tables = [measure_table(title, measures, keys) for title, keys in _GROUPS]
    return [table for table in tables if table.lines]


def _headline(key: str, measure: Mapping[str, Any]) -> str:
    if measure["value"] is None:
        return "not defined"
    unit, ends = "share" if KINDS[key].percent else "figure", measure["interval"]
    value = number(measure["value"], unit)
    return value if ends is None else f"{value} ({number(ends[0], unit)} to {number(ends[1], unit)})"


def _part(name: str, cases: Mapping[str, int], limited_to: int | None) -> str:
    """Say which images something was measured on."""
    drawn = "" if limited_to is None else f", a draw of {limited_to:,}"
    return f"{plain(name)}{drawn}: {cases['images']:,} images of {cases['patients']:,} patients"
