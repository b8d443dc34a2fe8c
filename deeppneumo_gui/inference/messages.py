"""What travels between the window and the inference thread: frozen, and meaningful without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NewType

from core.engine.card import Card
from core.engine.prediction import Prediction
from core.reading.radiograph import Radiograph
from deeppneumo_gui.cases import CaseState

Ticket = NewType("Ticket", int)
Generation = NewType("Generation", int)
"""Counts the models that were asked for; 0 is none. An answer counts only beside the model it came from."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """A model to load; `path` is None for the one that comes with the program."""

    generation: Generation
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class ModelReady:
    """From here on this model scores."""

    generation: Generation
    card: Card


@dataclass(frozen=True, slots=True)
class ModelFailed:
    """A model did not load; the one before it, if any, goes on."""

    generation: Generation
    reason: str


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read and, unless `score` is False, to score.

    A job with a ticket was asked for by a selection and also sends its radiograph back. `generation` is the
    model's that shall score it; another one does not. `frame` counts from 0. With `anyway` it is scored even
    where it would be refused.
    """

    case_id: int
    path: Path
    ticket: Ticket | None = None
    score: bool = True
    generation: Generation = Generation(0)
    frame: int = 0
    anyway: bool = False

    @property
    def picture(self) -> tuple[int, int]:
        """The case and its frame: what a score belongs to."""
        return self.case_id, self.frame


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The radiograph that a selection asked for; the window drops it when its ticket is stale."""

    ticket: Ticket
    case_id: int
    radiograph: Radiograph


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """How a job ended. `state` is final, or that of a selection which was overtaken.

    Where the model has seen an image that is refused, `prediction` is there and not to be shown unless asked for.

    `lasting` where it would end so again: the content is to blame or to thank, not the disk or the memory.
    """

    case_id: int
    state: CaseState
    prediction: Prediction | None = None
    reason: str | None = None
    generation: Generation = Generation(0)
    frame: int = 0
    lasting: bool = False
    notes: tuple[str, ...] = ()
