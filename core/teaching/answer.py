"""What a learner says of one case, what the machine says, and what becomes of both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, cast, get_args

from core.engine.values import as_integer, as_list, as_number, as_object, as_text
from core.store.judgement import Kind
from core.teaching.lesson import MAX_LINE, Point
from core.teaching.text import one_line

if TYPE_CHECKING:
    from core.engine.prediction import Prediction

LearnerCall = Literal["normal", "pneumonia"]
Confidence = Literal[1, 2, 3, 4, 5]

CONFIDENCES: Final[tuple[Confidence, ...]] = get_args(Confidence)
"""From a guess to being sure."""

MAX_READING_SECONDS: Final = 7 * 24 * 3600.0
"""Nobody reads one case for longer than a week; more is not counted."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a learner says of one case, as far as it is said.

    Attributes
    ----------
    call : {"normal", "pneumonia"} or None
    kind : {"bacterial", "viral"} or None
        Only beside the call ``"pneumonia"``.
    confidence : {1, 2, 3, 4, 5} or None
        5 is sure.
    mark : Point or None
        Where the learner sees it; not beside the call ``"normal"``, which says that there is nothing to be seen.

    Raises
    ------
    ValueError
        For what no learner can say.
    """

    call: LearnerCall | None = None
    kind: Kind | None = None
    confidence: Confidence | None = None
    mark: Point | None = None

    def __post_init__(self) -> None:
        if self.call not in (None, "normal", "pneumonia"):
            raise ValueError(f"unknown call {self.call!r}")
        if self.kind not in (None, "bacterial", "viral"):
            raise ValueError(f"unknown kind {self.kind!r}")
        if self.kind is not None and self.call != "pneumonia":
            raise ValueError("only a pneumonia has a kind")
        if self.confidence not in (None, *CONFIDENCES):
            raise ValueError(f"unknown confidence {self.confidence!r}")
        if self.mark is not None and not is_place(self.mark):
            raise ValueError("a mark lies within the radiograph")
        if self.mark is not None and self.call == "normal":
            raise ValueError("nothing is marked on a normal radiograph")

    @property
    def is_complete(self) -> bool:
        """Whether it can be committed: the call and how sure it is; kind and mark may be left out."""
        return self.call is not None and self.confidence is not None

    @property
    def rating(self) -> int | None:
        """Call and confidence on one scale: 1 is surely normal, 10 surely pneumonia; None where either lacks."""
        if self.call is None or self.confidence is None:
            return None
        return 5 + self.confidence if self.call == "pneumonia" else 6 - self.confidence

    def with_call(self, call: LearnerCall | None) -> Answer:
        """Return it with another call; without a pneumonia there is no kind, and on a normal one no mark."""
        kind = self.kind if call == "pneumonia" else None
        return replace(self, call=call, kind=kind, mark=None if call == "normal" else self.mark)

    def with_kind(self, kind: Kind | None) -> Answer:
        """Return it with another kind; whoever names one calls it pneumonia."""
        return replace(self, call=self.call if kind is None else "pneumonia", kind=kind)

    def with_confidence(self, confidence: Confidence | None) -> Answer:
        """Return it with another confidence."""
        return replace(self, confidence=confidence)

    def with_mark(self, mark: Point | None) -> Answer:
        """Return it with another mark; on a normal radiograph there is none to be made."""
        return self if self.call == "normal" else replace(self, mark=mark)

    def to_document(self) -> dict[str, object]:
        """Return what JSON can hold of it."""
        mark = None if self.mark is None else list(self.mark)
        return {"call": self.call, "kind": self.kind, "confidence": self.confidence, "mark": mark}

    @classmethod
    def from_document(cls, value: object) -> Answer:
        """Read it again; `ValueError`, `TypeError` or `KeyError` where it is damaged."""
        document = as_object(value)
        confidence = document["confidence"]
        return cls(
            cast("LearnerCall | None", _text_or_none(document["call"])),
            cast("Kind | None", _text_or_none(document["kind"])),
            None if confidence is None else cast("Confidence", as_integer(confidence)),
            _point_or_none(document["mark"]),
        )


NO_ANSWER: Final = Answer()
"""Of a case that the learner has said nothing of."""


@dataclass(frozen=True, slots=True)
class MachineView:
    """What is shown of a model's opinion once a learner has committed, as it was then.

    Attributes
    ----------
    score : float
        The model score P(pneumonia), from 0 to 1.
    threshold : float
        A score of at least this is called pneumonia.
    peak : Point or None
        The middle of the cell in which Grad-CAM is strongest, exact to half a cell (a fourteenth of the
        radiograph); None where it is nowhere above zero.
    model : str
        Name and version.

    Raises
    ------
    ValueError
        For a score, threshold or place out of range.
    """

    score: float
    threshold: float
    peak: Point | None
    model: str

    def __post_init__(self) -> None:
        if not (0.0 <= self.score <= 1.0 and 0.0 <= self.threshold <= 1.0):
            raise ValueError("scores and thresholds are from 0 to 1")
        if self.peak is not None and not is_place(self.peak):
            raise ValueError("a heatmap lies on the radiograph")

    @property
    def call(self) -> LearnerCall:
        """``"pneumonia"`` where the score reaches the threshold."""
        return "pneumonia" if self.score >= self.threshold else "normal"

    @classmethod
    def of(cls, prediction: Prediction | None) -> MachineView | None:
        """Return what there is to be shown of a prediction; None of a case that no model could score."""
        if prediction is None:
            return None
        heat = prediction.activation_map()
        rows, columns = heat.shape
        row, column = divmod(int(heat.argmax()), columns)
        peak = ((column + 0.5) / columns, (row + 0.5) / rows) if heat[row, column] > 0 else None
        return cls(prediction.score, float(prediction.threshold), peak, prediction.model)

    def to_document(self) -> dict[str, object]:
        """Return what JSON can hold of it."""
        peak = None if self.peak is None else list(self.peak)
        return {"score": self.score, "threshold": self.threshold, "peak": peak, "model": self.model}

    @classmethod
    def from_document(cls, value: object) -> MachineView:
        """Read it again; `ValueError`, `TypeError` or `KeyError` where it is damaged."""
        document = as_object(value)
        return cls(
            as_number(document["score"]),
            as_number(document["threshold"]),
            _point_or_none(document["peak"]),
            one_line(as_text(document["model"]))[:MAX_LINE],
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One case of a run, from the commit on.

    Attributes
    ----------
    item : int
        Index into the items of the lesson, as they were when the run began.
    before : Answer
        What was committed before anything was shown; without a call only where time ran out.
    after : Answer or None
        What the learner says having seen the machine; None until it is changed or the truth is shown.
    seconds : float
        Time spent reading until the commit; pauses are not in it.
    timed_out : bool
        Whether time ran out before the learner committed.
    machine : MachineView or None
        None where no model could score the case.
    """

    item: int
    before: Answer
    after: Answer | None
    seconds: float
    timed_out: bool
    machine: MachineView | None

    def __post_init__(self) -> None:
        if self.item < 0 or not 0 <= self.seconds <= MAX_READING_SECONDS:
            raise ValueError("a place is not negative, and a time is from nothing to a week")
        if not self.before.is_complete and not self.timed_out:
            raise ValueError("only time running out commits half an answer")
        if self.after is not None and not may_follow(self.after, self.before):
            raise ValueError("a call is changed, never taken back")

    @property
    def latest(self) -> Answer:
        """What the learner says now."""
        return self.before if self.after is None else self.after

    def to_document(self) -> dict[str, object]:
        """Return what JSON can hold of it."""
        return {
            "item": self.item,
            "before": self.before.to_document(),
            "after": None if self.after is None else self.after.to_document(),
            "seconds": self.seconds,
            "timed_out": self.timed_out,
            "machine": None if self.machine is None else self.machine.to_document(),
        }

    @classmethod
    def from_document(cls, value: object) -> Step:
        """Read it again; `ValueError`, `TypeError` or `KeyError` where it is damaged."""
        document = as_object(value)
        after, machine = document["after"], document["machine"]
        return cls(
            as_integer(document["item"]),
            Answer.from_document(document["before"]),
            None if after is None else Answer.from_document(after),
            as_number(document["seconds"]),
            as_flag(document["timed_out"]),
            None if machine is None else MachineView.from_document(machine),
        )


def may_follow(after: Answer, before: Answer) -> bool:
    """Whether a learner may say one thing after the other: what was said can be changed, but not taken back."""
    called = before.call is None or after.call is not None
    return called and (before.confidence is None or after.confidence is not None)


def is_place(point: Point) -> bool:
    """Whether a point lies within the radiograph."""
    return all(0.0 <= value <= 1.0 for value in point)


def as_flag(value: object) -> bool:
    """Read yes or no."""
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else as_text(value)


def _point_or_none(value: object) -> Point | None:
    if value is None:
        return None
    x, y = (as_number(number) for number in as_list(value))
    return x, y
