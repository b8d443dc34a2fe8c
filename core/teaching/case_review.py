"""What there is to learn from one case that was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from core.teaching.answer import Answer, LearnerCall, MachineView, Step
from core.teaching.lesson import Item, Point, Region

Outcome = Literal[
    "led astray",
    "wrongly resisted",
    "turned wrong",
    "wrong together",
    "unanswered",
    "rescued",
    "rightly resisted",
    "turned right",
    "right together",
    "no score",
]
"""What learner and machine made of a case.

led astray: right before, the machine wrong, wrong after. rescued: wrong, the machine right, right after. rightly
resisted: right against a wrong machine, and right after. wrongly resisted: wrong against a right machine, and wrong
after. right together, wrong together: both called the same, and nothing changed. turned wrong, turned right: both
called the same, and the learner left that call. no score: no model could score it. unanswered: time ran out.
"""

OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)

Place = Literal["hit", "miss", "none"]
"""Of a mark against the teacher's regions: within one, outside of all, or there is no mark."""

_UNSURE: Final = 2
_TAUGHT: Final[dict[Outcome, int]] = {
    "led astray": 9,
    "wrongly resisted": 8,
    "turned wrong": 7,
    "wrong together": 6,
    "unanswered": 5,
    "rescued": 4,
    "rightly resisted": 3,
    "turned right": 3,
}


@dataclass(frozen=True, slots=True)
class CaseReview:
    """One case that a learner has seen the truth of.

    Attributes
    ----------
    position : int
        How many cases the learner read before it.
    index : int
        Into the items of the lesson as it is now.
    item : Item
    step : Step
    """

    position: int
    index: int
    item: Item
    step: Step

    @property
    def before(self) -> Answer:
        """What was committed blind."""
        return self.step.before

    @property
    def after(self) -> Answer:
        """What was said having seen the machine."""
        return self.step.latest

    @property
    def machine(self) -> MachineView | None:
        """What the machine said, None where no model could score it."""
        return self.step.machine

    @property
    def positive(self) -> bool:
        """Whether it is pneumonia."""
        return self.item.truth.label == "pneumonia"

    @property
    def answered(self) -> bool:
        """Whether it was called before anything was shown; only such cases are measured."""
        return self.before.call is not None

    @property
    def right_before(self) -> bool | None:
        """Whether the blind call was right, None without one."""
        return self._right(self.before.call)

    @property
    def right_after(self) -> bool | None:
        """Whether the call after the machine was right, None without one."""
        return self._right(self.after.call)

    @property
    def machine_right(self) -> bool | None:
        """Whether the machine's call was right, None without a score."""
        return None if self.machine is None else self._right(self.machine.call)

    @property
    def outcome(self) -> Outcome:
        """What learner and machine made of it."""
        before, machine, after = self.right_before, self.machine_right, self.right_after
        if before is None:
            return "unanswered"
        if machine is None:
            return "no score"
        if before == machine:
            if after == before:
                return "right together" if before else "wrong together"
            return "turned wrong" if before else "turned right"
        if before:
            return "rightly resisted" if after else "led astray"
        return "rescued" if after else "wrongly resisted"

    @property
    def mark_place(self) -> Place | None:
        """Where the learner's blind mark is; None where the teacher drew no region."""
        return _place(self.before.mark, self.item.regions)

    @property
    def peak_place(self) -> Place | None:
        """Where the middle of Grad-CAM's strongest cell is; None without a score or a region."""
        return None if self.machine is None else _place(self.machine.peak, self.item.regions)

    @property
    def kind_right(self) -> bool | None:
        """Whether the blind kind was right; None where either the truth or the learner named none."""
        if self.item.truth.kind is None or self.before.kind is None:
            return None
        return self.before.kind == self.item.truth.kind

    @property
    def teaches(self) -> tuple[int, int]:
        """How much there is to learn, to be compared: what became of it, then how sure the learner was of it.

        A mistake weighs the more the surer it was made; what was right teaches the more the less sure the learner
        was. First are mistakes that the machine talked the learner into, then those that it could have spared
        them, then mistakes of both, then what the machine spared them, then what they were right to resist. Of the
        rest something is learnt where the learner was wrong without a score, marked another place, or was
        unsure; (0, 0) where nothing is.
        """
        sureness = self.before.confidence or 0
        wrong = self.right_before is False
        weight = _TAUGHT.get(self.outcome, 0)
        if self.outcome == "no score":
            # Whoever changes a call without a machine does so as if alone.
            weight = 6 if self.right_after is False else 3 if wrong else 0
        if weight == 0 and self.mark_place == "miss":
            weight = 2
        if weight == 0 and sureness <= _UNSURE:
            weight = 1
        if weight == 0:
            return 0, 0
        mistaken = wrong or self.right_after is False
        return weight, sureness if mistaken else 5 - sureness

    def _right(self, call: LearnerCall | None) -> bool | None:
        return None if call is None else call == self.item.truth.label


def _place(point: Point | None, regions: Sequence[Region]) -> Place | None:
    if not regions:
        return None
    if point is None:
        return "none"
    return "hit" if any(region.contains(point) for region in regions) else "miss"
