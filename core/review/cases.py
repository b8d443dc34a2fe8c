"""What is told of one image."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from core.engine.prediction import Call, Prediction
from core.store.judgement import NO_JUDGEMENT, Judgement
from core.table import Row, Status
from core.truth.truth import Truth


@dataclass(frozen=True, slots=True, eq=False)
class ReviewCase:
    """One image with all that model, reader and truth say of it.

    Attributes
    ----------
    name : str
        What it may be called: a number, or where names were asked for the name of its file.
    path : Path
        Where it lies; never told.
    frame : int
        Counted from 0.
    status : str
        As in `core.table.Row`.
    reason : str
        One plain sentence where the status is not ``"ok"``.
    prediction : Prediction or None
        Where there is a score that may be told.
    notes : tuple of str
        What a careful reader should know of the file.
    judgement : Judgement
    truth : Truth or None
    patient : str
        Whatever tells patients apart; never told.
    """

    name: str
    path: Path
    frame: int = 0
    status: Status = "not scored"
    reason: str = ""
    prediction: Prediction | None = None
    notes: tuple[str, ...] = ()
    judgement: Judgement = NO_JUDGEMENT
    truth: Truth | None = None
    patient: str = field(default="", repr=False)

    @property
    def row(self) -> Row:
        """The row of the table."""
        if self.prediction is not None:
            return Row.scored(self.name, self.prediction, self.notes)
        if self.status == "refused":
            return Row.refused(self.name, self.reason, None, self.notes)
        return Row(self.name, self.status, self.reason)

    @property
    def call(self) -> Call | None:
        """The model's call, None where there is no score."""
        return None if self.prediction is None else self.prediction.call

    @property
    def vouched(self) -> Prediction | None:
        """The prediction that the model stands for: none of an image that was refused and scored on request."""
        return None if self.prediction is None or self.prediction.refusal is not None else self.prediction

    @property
    def is_error(self) -> bool:
        """Whether the model's call is known to be wrong; a score on request is no call of the model's."""
        return self.truth is not None and self.vouched is not None and self.vouched.call != self.truth.label


def reader_words(judgement: Judgement) -> str:
    """Return a reader's call in words, empty where there is none."""
    if judgement.call is None:
        return ""
    return f"{judgement.call} ({judgement.kind})" if judgement.kind else judgement.call


def truth_words(truth: Truth | None) -> str:
    """Return what is known in words, empty where nothing is."""
    if truth is None:
        return ""
    return f"{truth.label} ({truth.kind})" if truth.kind else truth.label
