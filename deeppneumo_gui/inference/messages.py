"""What travels between the window and the inference thread: frozen, and meaningful without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NewType

from core.engine.prediction import Prediction
from core.reading.radiograph import Radiograph
from deeppneumo_gui.cases import CaseState

Ticket = NewType("Ticket", int)


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read and, unless `score` is False, to score.

    A job with a ticket was asked for by a selection and also sends its radiograph back.
    """

    case_id: int
    path: Path
    ticket: Ticket | None = None
    score: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The radiograph that a selection asked for; the window drops it when its ticket is stale."""

    ticket: Ticket
    case_id: int
    radiograph: Radiograph


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """How a job ended. `state` is final, or `NOT_SCORED` where no model is loaded."""

    case_id: int
    state: CaseState
    prediction: Prediction | None = None
    reason: str | None = None
