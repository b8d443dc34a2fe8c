"""The examination read back from its JSON (`core.examination.document`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.examination.row import Bound, Row, Section


def read_sections(document: Mapping[str, Any]) -> tuple[Section, ...]:
    """Return the sections of an examination.

    Raises
    ------
    KeyError, TypeError, ValueError, AttributeError
        If it is none.
    """
    return tuple(
        Section(
            key,
            section["title"],
            tuple(_row(name, row) for name, row in section["rows"].items()),
            tuple(section["notes"]),
            curves=section["curves"],
        )
        for key, section in document["sections"].items()
    )


def _row(key: str, given: Mapping[str, Any]) -> Row:
    bound = given["bound"]
    return Row(
        key=key,
        title=given["title"],
        value=given["value"],
        n=int(given["n"]),
        interval=None if given["interval"] is None else (given["interval"][0], given["interval"][1]),
        method=given["interval_method"],
        bound=None if bound is None else Bound(bound["relation"], bound["value"]),
        certain=given["certain"],
        unit=given["unit"],
        reason=given["reason"],
        details=given["details"],
    )
