"""What the audience is shown, as one value. What is not in it cannot reach their window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from core.engine.prediction import Prediction
from core.score_words import score_text
from core.teaching.hands import CaseHands, Hands, class_totals
from core.teaching.lesson import Lesson, Region
from core.truth.truth import Truth
from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.teaching.ahead import Ready
from deeppneumo_gui.teaching.presenter_state import OPENING, Course, Stage

Slide = Literal["opening", "case", "end", "black"]
READING: Final = "The radiograph is being read."
_UNSCORED: Final = "The model has not scored this radiograph yet."


@dataclass(frozen=True, slots=True)
class ShownScore:
    """A revealed score.

    Attributes
    ----------
    number : str
        The score with as many digits as it needs, empty where there is none.
    words : str
        The model's call, or the sentence why there is no score.
    score, threshold : float or None
        For the scale.
    """

    number: str
    words: str
    score: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class ShownHands:
    """A show of hands; None instead of numbers until the teacher shows them.

    Attributes
    ----------
    asked : bool
        Whether hands are being asked for.
    before, after : Hands or None
    kinds : bool
        Whether bacterial and viral are asked for too.
    """

    asked: bool = False
    before: Hands | None = None
    after: Hands | None = None
    kinds: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One moment of the audience's window.

    Attributes
    ----------
    slide : {"opening", "case", "end", "black"}
    heading : str
        Such as ``"Case 3 of 20"``, or the lesson's title.
    texts : tuple of str
        The question, or what the opening and the end say.
    display : Display or None
        The radiograph, which carries no name; None where there is none.
    sentence : str
        What stands in place of a radiograph.
    score, heatmap, truth, regions, points
        None until the teacher reveals them. The heatmap is an activation map of shape (h, w).
    """

    slide: Slide
    heading: str = ""
    texts: tuple[str, ...] = ()
    display: Display | None = None
    sentence: str = ""
    hands: ShownHands = ShownHands()
    score: ShownScore | None = None
    heatmap: NDArray[np.float32] | None = None
    truth: str | None = None
    regions: tuple[Region, ...] | None = None
    points: tuple[str, ...] | None = None


BLACK = Shown("black")


def compose(course: Course, lesson: Lesson, ready: Ready, hands: tuple[CaseHands, ...]) -> Shown:
    """Take from the lesson what the course shows of it now, and nothing else.

    Parameters
    ----------
    course : Course
    lesson : Lesson
    ready : Ready
        What is known of the case on screen.
    hands : tuple of CaseHands
        Of every case.
    """
    if course.black:
        return BLACK
    if course.position == OPENING:
        return Shown("opening", lesson.title, _lines(lesson.introduction, _cases(course.count)))
    if not course.on_case:
        return Shown("end", "End of the lesson", _totals(course, lesson, hands))
    item = lesson.items[course.position]
    return Shown(
        "case",
        f"Case {course.position + 1} of {course.count}",
        _lines(item.question),
        ready.display,
        _sentence(ready),
        _hands(course, hands[course.position], lesson.ask_kind),
        _score(ready) if course.shows_machine else None,
        _heatmap(course, ready.prediction),
        truth_words(item.truth) if course.shows_truth else None,
        item.regions if course.shows_truth else None,
        item.points if course.shows_truth else None,
    )


def truth_words(truth: Truth) -> str:
    """Return what a radiograph is known to show."""
    return truth.label.capitalize() + (f" ({truth.kind})" if truth.kind else "")


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text.strip())


def _sentence(ready: Ready) -> str:
    if ready.display is not None:
        return ""
    return ready.reason or READING


def _hands(course: Course, hands: CaseHands, kinds: bool) -> ShownHands:
    asked = course.stage is Stage.HANDS
    if not course.bars:
        return ShownHands(asked, kinds=kinds)
    after = hands.after if course.shows_machine and not hands.after.is_empty else None
    return ShownHands(asked, hands.before, after, kinds)


def _score(ready: Ready) -> ShownScore:
    prediction = ready.prediction
    if prediction is None:
        return ShownScore("", ready.refusal or ready.reason or _UNSCORED)
    number = score_text(prediction.score, prediction.threshold)
    call = f"Model call: {prediction.call}"
    return ShownScore(number, call, prediction.score, prediction.threshold)


def _heatmap(course: Course, prediction: Prediction | None) -> NDArray[np.float32] | None:
    if not course.shows_machine or not course.heatmap or prediction is None:
        return None
    return prediction.activation_map()


def _totals(course: Course, lesson: Lesson, hands: tuple[CaseHands, ...]) -> tuple[str, ...]:
    """Say how the class did on the cases whose truth it has seen."""
    told = [
        (counted, item.truth)
        for counted, item, stage in zip(hands, lesson.items, course.stages, strict=True)
        if stage is Stage.TRUTH and not counted.is_empty
    ]
    totals = class_totals(told)
    lines = []
    for (right, total), when in ((totals.before, "before"), (totals.after, "after")):
        if total:
            lines.append(
                f"{right} of {total} hands were right {when} the model's score ({right / total:.0%})."
            )
    return tuple(lines)
