"""All results as the rows of `deeppneumo predict`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from core.table import Row, write_csv
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.export.background import Control, Work
from deeppneumo_gui.identities import Identities


def result_rows(cases: Sequence[Case], identities: Identities, failure: str | None) -> list[Row]:
    """Return one row for each case, scored or not.

    Parameters
    ----------
    cases : sequence of Case
    identities : Identities
        Says what the files are called.
    failure : str or None
        Why there is no model, where there is none.
    """
    return [
        _row(case, name, failure) for case, name in zip(cases, unique_names(cases, identities), strict=True)
    ]


def unique_names(cases: Sequence[Case], identities: Identities) -> list[str]:
    """Name cases without their folders; where two files share a name their case numbers tell them apart."""
    names = [identities.name(case) for case in cases]
    count = Counter(names)
    return [
        f"{name} (case {case.number})" if count[name] > 1 else name
        for case, name in zip(cases, names, strict=True)
    ]


def _row(case: Case, name: str, failure: str | None) -> Row:
    if case.prediction is not None:
        return Row.scored(name, case.prediction, case.notes)
    if case.state is CaseState.REFUSED:
        said = case.withheld if case.outside else None
        return Row.refused(name, case.reason or "", None if said is None else said.familiarity, case.notes)
    if case.state is CaseState.UNREADABLE:
        return Row(name, "unreadable", case.reason or "")
    return Row(name, "not scored", failure or "The image had not been scored yet.")


def table_work(path: Path, rows: Sequence[Row]) -> Work:
    """Return the work of writing a table."""

    def work(control: Control) -> str:
        control.check()
        write_csv(path, rows)
        control.finish()
        missing = sum(row.status != "ok" for row in rows)
        without = f"; {missing:,} of them without a score" if missing else ""
        return f"The table was saved with {len(rows):,} row{'s' if len(rows) != 1 else ''}{without}."

    return work
