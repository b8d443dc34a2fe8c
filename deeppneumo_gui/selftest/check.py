"""What one check found, and the table of all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final, TextIO

_STEP_WIDTH: Final = 38
_OUTCOME_WIDTH: Final = 8


class Outcome(Enum):
    """How a check ended; the value is the word in the table."""

    PASSED = "ok"
    FAILED = "FAILED"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table.

    Attributes
    ----------
    detail : str
        What was measured; one sentence where the check failed or was not run.
    """

    step: str
    outcome: Outcome
    detail: str


class CheckFailedError(Exception):
    """A check that failed, with one sentence."""


def print_table(checks: Iterable[Check], out: TextIO) -> list[Check]:
    """Print each check as soon as it is done and return all of them."""
    done: list[Check] = []
    out.write(_line("step", "result", "detail"))
    for check in checks:
        out.write(_line(check.step, check.outcome.value, check.detail))
        out.flush()
        done.append(check)
    return done


def _line(step: str, outcome: str, detail: str) -> str:
    return f"{step:<{_STEP_WIDTH}}  {outcome:<{_OUTCOME_WIDTH}}  {detail}\n"
