"""How certain the model is of a case, in words and in order. Free of Qt."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Final

from core.engine.card import Card
from core.report.words import PERCENT
from deeppneumo_gui.cases import Case

OUTSIDE: Final = "Outside what the model knows."
ON_REQUEST: Final = "Scored on request although refused."
NO_CLASS: Final = "none, no class fits well"


class Certainty(Enum):
    """What a case may be asked to be; the value is shown to the reader."""

    UNCERTAIN = "Uncertain"
    OUTSIDE = "Outside"
    CERTAIN = "Certain"

    def holds(self, case: Case) -> bool:
        """Whether a case is so; one without a score is neither certain nor uncertain."""
        if self is Certainty.OUTSIDE:
            return case.outside
        return case.prediction is not None and is_uncertain(case) == (self is Certainty.UNCERTAIN)


def is_uncertain(case: Case) -> bool:
    """Whether the model leaves open what it calls."""
    return case.prediction is not None and bool(case.prediction.doubts)


def certainty_order(case: Case) -> tuple[int, float]:
    """Return what cases are ordered by: outside, uncertain, the others by their distance to the operating point."""
    if case.outside:
        return 0, 0.0
    if case.prediction is None:
        return 3, 0.0
    return (1 if is_uncertain(case) else 2), case.prediction.certainty


def set_words(names: Sequence[str], *, kinds: bool) -> str:
    """Return a prediction set in words.

    Parameters
    ----------
    names : sequence of str
        The classes in it.
    kinds : bool
        Whether bacterial and viral may be told apart; they are only on request.
    """
    told = dict.fromkeys(name if kinds or name == "normal" else "pneumonia" for name in names)
    return " or ".join(told).capitalize() if told else NO_CLASS


def set_tip(card: Card) -> str:
    """Return one sentence on what prediction sets of this model are; empty where it gives none."""
    if card.conformal is None:
        return ""
    level = f"{100 * card.conformal.level:.0f}{PERCENT}"
    return (
        f"In {level} of images like those that the model was checked on, whatever they show, the prediction set holds "
        "the truth; with normal and pneumonia both in it, or nothing, the image is uncertain."
    )


def row_words(case: Case) -> str | None:
    """Return what a row says instead of state and call, None where there is nothing to add."""
    if case.on_request and case.call is not None:
        return f"on request: {case.call}"
    if case.outside and case.reason is not None:
        return f"outside: {case.reason}"
    return f"uncertain: {case.call}" if case.reason is None and is_uncertain(case) else None


def spoken_words(case: Case) -> str:
    """Return what a tool tip or screen reader adds to a case, empty where there is nothing to add."""
    told = ["scored on request although refused"] if case.on_request else []
    told += ["outside what the model knows"] if case.outside else []
    told += [f"uncertain: {doubt}" for doubt in case.prediction.doubts] if case.prediction else []
    return "; ".join(told)
