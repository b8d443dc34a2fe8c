"""All that may be on a learner's screen at one moment; what may not be seen yet is not in it. Free of Qt."""

from __future__ import annotations

from dataclasses import dataclass

from core.teaching.answer import NO_ANSWER, Answer, MachineView
from core.teaching.lesson import Region
from core.truth.truth import Truth
from deeppneumo_gui.reading_aid import ScoreReading


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the model says, from the commit on.

    Attributes
    ----------
    view : MachineView or None
        As it is kept in the run, None where no model scored the radiograph.
    reading : ScoreReading or None
        What the scale shows, None while the model is not there.
    silence : str
        Why there is no score.
    """

    view: MachineView | None
    reading: ScoreReading | None = None
    silence: str = ""


@dataclass(frozen=True, slots=True)
class Revealed:
    """What is known of the case, from the reveal on."""

    truth: Truth
    regions: tuple[Region, ...] = ()
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """One case as it may be shown.

    Attributes
    ----------
    place, count : int
        Of the case in the run, the first is 1, and of all cases.
    answer : Answer
        What the learner says now.
    before : Answer or None
        What was committed.
    opinion : Opinion or None
        None until the commit.
    revealed : Revealed or None
        None until the reveal.
    seen : bool
        Whether there is a radiograph to answer on.
    """

    place: int
    count: int
    question: str = ""
    ask_kind: bool = False
    answer: Answer = NO_ANSWER
    before: Answer | None = None
    timed_out: bool = False
    opinion: Opinion | None = None
    revealed: Revealed | None = None
    seen: bool = True

    @property
    def title(self) -> str:
        """What the case is called."""
        return f"Case {self.place} of {self.count}"
