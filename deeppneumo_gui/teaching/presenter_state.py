"""Where a presentation is, and what the keys make of that. Free of Qt, of radiographs and of secrets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final, Literal

OPENING: Final = -1
"""The position before the first case: a slide with the lesson's title."""


class Stage(IntEnum):
    """How much of a case the audience has been shown."""

    QUESTION = 0
    HANDS = 1
    MACHINE = 2
    TRUTH = 3


@dataclass(frozen=True, slots=True)
class Course:
    """A presentation of so many cases; never changed, each step returns another course.

    Attributes
    ----------
    stages : tuple of Stage
        Of each case, as it was left.
    position : int
        `OPENING`, a case counted from 0, or the number of cases for the slide after the last.
    heatmap : bool
        Whether the audience sees it; only from the machine's stage on.
    bars : bool
        Whether the audience sees how many hands were counted.
    black : bool
        Whether the audience sees nothing.
    """

    stages: tuple[Stage, ...]
    position: int = OPENING
    heatmap: bool = False
    bars: bool = False
    black: bool = False

    @classmethod
    def of(cls, count: int) -> Course:
        """Begin with the opening slide."""
        return cls((Stage.QUESTION,) * count)

    @property
    def count(self) -> int:
        """How many cases there are."""
        return len(self.stages)

    @property
    def on_case(self) -> bool:
        """Whether a case is on screen, and not the first or the last slide."""
        return 0 <= self.position < self.count

    @property
    def stage(self) -> Stage | None:
        """How much of the case on screen has been shown, None between cases."""
        return self.stages[self.position] if self.on_case else None

    @property
    def shows_machine(self) -> bool:
        """Whether score and heatmap may be seen."""
        return self.stage is not None and self.stage >= Stage.MACHINE

    @property
    def shows_truth(self) -> bool:
        """Whether truth, regions and learning points may be seen."""
        return self.stage is Stage.TRUTH

    @property
    def counting(self) -> Literal["before", "after"]:
        """Whether hands that are counted now are before the machine or after it."""
        return "after" if self.shows_machine else "before"

    def forward(self) -> Course:
        """Take the next step: question, hands, machine, truth, next case. Out of the black it is a step of its own."""
        if self.black:
            return replace(self, black=False)
        stage = self.stage
        if stage is not None and stage < Stage.TRUTH:
            return self._at_stage(Stage(stage + 1))
        return self if self.position == self.count else self.go(self.position + 1)

    def back(self) -> Course:
        """Take a step back, which hides what the step had shown; before a question comes the case before."""
        if self.black:
            return replace(self, black=False)
        stage = self.stage
        if stage is not None and stage > Stage.QUESTION:
            return self._at_stage(Stage(stage - 1))
        # The case before as it was left: what was seen of it may be seen again, and nothing more.
        return self if self.position == OPENING else self._moved(self.position - 1)

    def go(self, position: int) -> Course:
        """Go to a case, of which nothing but the question is shown."""
        if not OPENING <= position <= self.count:
            raise ValueError(f"there is no case {position}")
        moved = self._moved(position)
        return moved._at_stage(Stage.QUESTION) if moved.on_case else moved

    def toggle_heatmap(self) -> Course:
        """Show or hide the heatmap; nothing happens before the machine's stage."""
        return replace(self, heatmap=self.shows_machine and not self.heatmap)

    def toggle_bars(self) -> Course:
        """Show or hide the hands that were counted."""
        return replace(self, bars=self.on_case and not self.bars)

    def toggle_black(self) -> Course:
        """Show the audience nothing, or again what they saw."""
        return replace(self, black=not self.black)

    def _at_stage(self, stage: Stage) -> Course:
        stages = (*self.stages[: self.position], stage, *self.stages[self.position + 1 :])
        return replace(self, stages=stages, heatmap=self.heatmap and stage >= Stage.MACHINE)

    def _moved(self, position: int) -> Course:
        return replace(self, position=position, heatmap=False, bars=False)


def step_words(course: Course) -> str:
    """Say what the next step will do."""
    if course.black:
        return "End black screen"
    last = course.position == course.count - 1
    match course.stage:
        case Stage.QUESTION:
            return "Ask for hands"
        case Stage.HANDS:
            return "Show model score"
        case Stage.MACHINE:
            return "Show truth"
        case Stage.TRUTH:
            return "End of lesson" if last else "Next case"
    return "First case" if course.position == OPENING else "End of lesson"
