"""Text that fits: as large as its place allows, and what no size makes fit goes on in a further place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.review.text import line_height, wrap

SPACE: Final = 0.45
"""Between paragraphs, as a share of a line."""
INDENT: Final = 1.1
"""Of text behind a bullet, as a share of the type size."""
_POINTS: Final = 72
_SENTENCE_END: Final = re.compile(r"[.!?][)\"']*\s")


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a slide or page, in inches from its upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; one that is `muted` stands back, one with a `bullet` is a point of a list."""

    text: str
    bold: bool = False
    muted: bool = False
    bullet: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Paragraphs in a place, with the size that makes them fit, in points."""

    box: Box
    paragraphs: tuple[Paragraph, ...]
    size: float


def paragraphs_of(text: str, *, bullet: bool = False) -> list[Paragraph]:
    """Return the lines of a text as paragraphs, without the empty ones; only the first gets the bullet."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return [Paragraph(line, bullet=bullet and place == 0) for place, line in enumerate(lines)]


def indent(paragraph: Paragraph, size: float) -> float:
    """Return how far a paragraph is moved to the right, in inches."""
    return INDENT * size / _POINTS if paragraph.bullet else 0.0


def lines_of(paragraph: Paragraph, width: float, size: float) -> list[str]:
    """Break a paragraph into lines."""
    return wrap(paragraph.text, width - indent(paragraph, size), size, bold=paragraph.bold)


def height_of(paragraphs: Sequence[Paragraph], width: float, size: float) -> float:
    """Return how high paragraphs become, in inches."""
    lines = sum(len(_measured(paragraph, width, size)) for paragraph in paragraphs)
    return (lines + SPACE * max(len(paragraphs) - 1, 0)) * line_height(size)


def flow(paragraphs: Sequence[Paragraph], first: Box, further: Box, sizes: Sequence[float]) -> list[Words]:
    """Set text as large as possible, and go on in further places where it is too long for the first.

    Parameters
    ----------
    paragraphs : sequence of Paragraph
    first, further : Box
        `further` stands for as many places as it takes; at least one line of the smallest size must fit.
    sizes : sequence of float
        To choose from, falling, in points.

    Returns
    -------
    list of Words
        Empty where there is no text. All of the text is in it.
    """
    pages: list[Words] = []
    box, rest = first, tuple(paragraphs)
    while rest:
        for size in sizes:
            if height_of(rest, box.width, size) <= box.height:
                return [*pages, Words(box, rest, size)]
        now, rest = _split(rest, box, sizes[-1])
        pages.append(Words(box, now, sizes[-1]))
        box = further
    return pages


def _split(
    paragraphs: tuple[Paragraph, ...], box: Box, size: float
) -> tuple[tuple[Paragraph, ...], tuple[Paragraph, ...]]:
    """Return what fits and what is left over; a paragraph that is cut goes on without its bullet."""
    now: list[Paragraph] = []
    room = box.height / line_height(size)
    for place, paragraph in enumerate(paragraphs):
        lines = _measured(paragraph, box.width, size)
        if len(lines) > room:
            head, tail = _cut(paragraph.text, lines[: int(room)])
            if head:
                now.append(replace(paragraph, text=head))
                paragraph = replace(paragraph, text=tail, bullet=False)
            return tuple(now), (paragraph, *paragraphs[place + 1 :])
        now.append(paragraph)
        room -= len(lines) + SPACE
    return tuple(now), ()


def _cut(text: str, lines: Sequence[str]) -> tuple[str, str]:
    """Cut a text behind its first lines, which differ from it in their spaces only."""
    wanted = sum(not letter.isspace() for line in lines for letter in line)
    place = seen = 0
    while seen < wanted:
        seen += not text[place].isspace()
        place += 1
    # Behind the end of a sentence, where there is one.
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, place)]
    if place < len(text) and ends:
        place = ends[-1]
    return text[:place].rstrip(), text[place:].lstrip()


def _measured(paragraph: Paragraph, width: float, size: float) -> list[str]:
    """Break a paragraph as if its widest letters were as wide as they are in fonts that have them."""
    text = paragraph.text
    if not text.isascii():
        text = "".join("W" if unicodedata.east_asian_width(letter) in "WF" else letter for letter in text)
    return lines_of(replace(paragraph, text=text), width, size)
