"""What a learner's result says of each case, and how much room that takes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.review.cases import truth_words
from core.review.page import BOTTOM, HEIGHT, MARGIN, WIDTH
from core.score_words import score_line
from core.teaching.answer import Answer
from core.teaching.case_review import CaseReview, Outcome
from core.teaching.debrief import Debrief
from core.teaching.flow import Box, Paragraph, Words, flow, height_of, paragraphs_of
from core.teaching.result_summary import duration

TOP: Final = MARGIN + 0.35
"""Where pages begin below their heading."""
HEAD: Final = 0.24
"""Height of the heading of a case."""
PICTURES: Final = Box(MARGIN, 0.0, 4.35, 1.98)
_ASIDE: Final = Box(PICTURES.right + 0.2, 0.0, WIDTH - MARGIN - PICTURES.right - 0.2, PICTURES.height)
_ROOM: Final = HEIGHT - BOTTOM - TOP
_GAP: Final = 0.16
_ASKED: Final = 160
_MORE: Final = " \N{HORIZONTAL ELLIPSIS}"
_SIZES: Final = (9.0, 8.5, 8.0, 7.5)

_OUTCOMES: Final[dict[Outcome, str]] = {
    "led astray": "Led astray: you were right and followed a wrong model.",
    "wrongly resisted": "Wrongly resisted: the model was right and you stayed with a wrong call.",
    "turned wrong": "You and the model were right, and you left that call.",
    "wrong together": "You and the model were wrong together.",
    "unanswered": "The time was up before you made a call.",
    "rescued": "Rescued: you were wrong, and the model's right call changed yours.",
    "rightly resisted": "Rightly resisted: the model was wrong and you stayed with your right call.",
    "turned right": "You and the model were wrong, and you turned to the right call.",
    "right together": "You and the model were right.",
    "no score": "No model has scored this case.",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A case on a page, or the rest of one whose text is longer than a page.

    Attributes
    ----------
    case : CaseReview
    top : float
        On the page, in inches.
    title : str
    words : Words
        In their place on the page.
    pictures : bool
        Whether the pictures stand beside the words.
    """

    case: CaseReview
    top: float
    title: str
    words: Words
    pictures: bool


def ranked(debrief: Debrief) -> list[CaseReview]:
    """Return all cases, the most instructive ones first, the others in the order they were read."""
    first = {case.position for case in debrief.taught_most}
    return [*debrief.taught_most, *(case for case in debrief.cases if case.position not in first)]


def place_cases(debrief: Debrief) -> list[list[Block]]:
    """Return the pages, each with its cases; all text is on them."""
    pages: list[list[Block]] = []
    top = _ROOM
    for case in ranked(debrief):
        for place, (words, pictures) in enumerate(_pieces(case_words(case))):
            height = HEAD + words.box.height
            if top + height > _ROOM + 1e-6:
                pages.append([])
                top = 0.0
            title = f"{_title(case)}, continued" if place else _title(case)
            box = replace(words.box, top=TOP + top + HEAD)
            pages[-1].append(Block(case, TOP + top, title, replace(words, box=box), pictures))
            top += height + _GAP
    return pages


def case_words(case: CaseReview) -> list[Paragraph]:
    """Return what is said of a case."""
    said = [
        Paragraph(_OUTCOMES[case.outcome], bold=True),
        Paragraph(f"Truth: {truth_words(case.item.truth)}"),
        Paragraph(f"Read blind in {duration(case.step.seconds)}: {answer_words(case.before)}"),
    ]
    if case.machine is not None:
        machine = case.machine
        said.append(Paragraph(score_line(machine.score, machine.call, machine.threshold)))
        said.append(Paragraph(f"Then: {answer_words(case.after)}"))
    elif case.after != case.before:
        said.append(Paragraph(f"Then: {answer_words(case.after)}"))
    if case.mark_place in ("hit", "miss"):
        where = "within" if case.mark_place == "hit" else "outside"
        said.append(Paragraph(f"Your mark lies {where} the teacher's region."))
    if case.item.question.strip():
        asked = " ".join(case.item.question.split())
        said.append(Paragraph(f"Asked: {textwrap.shorten(asked, _ASKED, placeholder=_MORE)}", muted=True))
    return [*said, *(line for point in case.item.points for line in paragraphs_of(point, bullet=True))]


def answer_words(answer: Answer) -> str:
    """Return what a learner said."""
    if answer.call is None:
        return "no call"
    called = f"{answer.kind} {answer.call}" if answer.kind else answer.call
    return called if answer.confidence is None else f"{called}, {answer.confidence} of 5 sure"


def _title(case: CaseReview) -> str:
    read = "" if case.position == case.index else f", read as number {case.position + 1}"
    return f"Case {case.index + 1}{read}"


def _pieces(paragraphs: Sequence[Paragraph]) -> list[tuple[Words, bool]]:
    """Set the text beside the pictures, higher than they are where that is enough, else over further blocks."""
    most = _ROOM - HEAD
    needed = height_of(paragraphs, _ASIDE.width, _SIZES[-1])
    aside = replace(_ASIDE, height=min(max(_ASIDE.height, needed), most))
    full = Box(MARGIN, 0.0, WIDTH - 2 * MARGIN, most)
    first, *further = flow(paragraphs, aside, full, _SIZES)
    pieces = [(first, True)]
    for words in further:
        height = height_of(words.paragraphs, full.width, words.size)
        pieces.append((replace(words, box=replace(full, height=min(height, most))), False))
    return pieces
