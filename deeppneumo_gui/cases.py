"""What the worklist knows about one file, free of Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from core.engine.prediction import Prediction
from core.score_words import score_text
from core.store.judgement import NO_JUDGEMENT, Judgement
from core.truth.truth import Truth


class CaseState(Enum):
    """Where a case stands; the value is the word shown to the reader."""

    NOT_SCORED = "not scored"
    WAITING = "waiting"
    SCORING = "scoring"
    SCORED = "scored"
    REFUSED = "refused"
    UNREADABLE = "unreadable"

    @property
    def is_final(self) -> bool:
        """True once the model or the reader has spoken; such a case never enters the queue again."""
        return self in (CaseState.SCORED, CaseState.REFUSED, CaseState.UNREADABLE)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One row of the worklist. Replaced as a whole when something about it changes.

    Attributes
    ----------
    case_id : int
        Unique while the program runs, never used twice; answers of the worker name it.
    path : Path
        Where the file lies. Never shown: folders may identify a patient.
    number : int
        What the case is called where identities are hidden: its place in the order opened.
    prediction : Prediction or None
        What the model says of it, as far as it may be shown.
    reason : str or None
        The sentence behind `REFUSED` and `UNREADABLE`.
    frame : int
        Which frame of the file is shown, judged and scored, from 0.
    judgement : Judgement
        What the reader says of it.
    truth : Truth or None
        What is known of it; shown only on request.
    asked : bool
        Whether the reader wants a score although the image is refused.
    refusal : str or None
        Why it is refused, where a score can be asked for; None where the model failed on it.
    withheld : Prediction or None
        What the model says of a refused image, where it has seen it; is `prediction` too once the reader asks.
    notes : tuple of str
        What a careful reader should know of the file, once it has been scored or refused.
    """

    case_id: int
    path: Path
    number: int = 1
    state: CaseState = CaseState.NOT_SCORED
    prediction: Prediction | None = None
    reason: str | None = None
    frame: int = 0
    judgement: Judgement = NO_JUDGEMENT
    truth: Truth | None = None
    asked: bool = False
    refusal: str | None = None
    withheld: Prediction | None = None
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """File name without its folder; what is shown of it is for `Identities` to say."""
        return self.path.name

    @property
    def key_image(self) -> bool:
        """Whether the reader marked it to be found again."""
        return self.judgement.key_image

    @property
    def outside(self) -> bool:
        """Whether the model says that it does not know such images."""
        said = self.prediction or self.withheld
        return said is not None and said.familiarity is not None and not said.familiarity.familiar

    @property
    def on_request(self) -> bool:
        """Whether the score that is shown was refused and asked for."""
        return self.prediction is not None and self.prediction.refusal is not None

    @property
    def score(self) -> float | None:
        """Model score P(pneumonia) in [0, 1], None while there is none."""
        return None if self.prediction is None else self.prediction.score

    @property
    def call(self) -> str | None:
        """`normal` or `pneumonia` at the operating point, None while there is no score."""
        return None if self.prediction is None else self.prediction.call

    @property
    def vouched_call(self) -> str | None:
        """What the model calls it, None where it refused: nobody can hold a call against it that it did not make."""
        return None if self.on_request else self.call

    @property
    def score_text(self) -> str:
        """The model score as it is shown, empty while there is none."""
        if self.prediction is None:
            return ""
        return score_text(self.prediction.score, self.prediction.threshold)


def called_at(case: Case, threshold: float | None) -> Case:
    """Return a case with its score read at another operating point; itself where that changes nothing."""
    prediction = case.prediction
    if threshold is None or prediction is None or prediction.threshold == threshold:
        return case
    return replace(case, prediction=replace(prediction, threshold=threshold))
