"""A slide: places with text and pictures, whatever it is written as."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.notice import NOTICE
from core.review.text import wrap
from core.teaching.flow import Box, Paragraph, Words, flow
from core.teaching.lesson import Region

WIDTH: Final = 13.333
HEIGHT: Final = 7.5
"""16:9, in inches, as presentation programs have it."""
MARGIN: Final = 0.5
TITLE_BOX: Final = Box(MARGIN, 0.35, WIDTH - 2 * MARGIN, 0.6)
BODY: Final = Box(MARGIN, 1.1, WIDTH - 2 * MARGIN, 5.6)
NUMBER_BOX: Final = Box(WIDTH - MARGIN - 1.0, 6.85, 1.0, 0.26)
STRIP: Final = Words(Box(MARGIN, 6.85, WIDTH - 2 * MARGIN - 1.2, 0.26), (Paragraph(NOTICE, bold=True),), 12.0)
_FOOT_BOX: Final = Box(MARGIN, 7.12, WIDTH - 2 * MARGIN, 0.22)
_FOOT_SIZE: Final = 10.0

TEXT_SIZES: Final = (24.0, 22.0, 20.0, 18.0, 16.0)
_TITLE_SIZES: Final = (28.0, 24.0, 20.0)

Progress = Callable[[int, int], None]
"""Told how many of how many steps are done; what it raises ends the writing."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture in a place of its proportions.

    Attributes
    ----------
    box : Box
    pixels : ndarray of uint8, shape (H, W) or (H, W, 4)
        Grey, or RGBA to be laid over what is there.
    words : str
        For those who cannot see it.
    """

    box: Box
    pixels: NDArray[np.uint8]
    words: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A region on a picture whose place is `box`."""

    box: Box
    region: Region


@dataclass(frozen=True, slots=True)
class Missing:
    """The place of a radiograph that cannot be shown, with the reason in it."""

    box: Box
    words: Words


Element: TypeAlias = Words | Picture | Outline | Missing


@dataclass(frozen=True, slots=True, eq=False)
class Slide:
    """A slide without the strip that stands on each; later elements lie above earlier ones.

    Attributes
    ----------
    title : Words
    elements : tuple of Element
    note : str
        The teacher's own, empty for none; only for who asks for it.
    """

    title: Words
    elements: tuple[Element, ...]
    note: str = ""


def text_slides(title: str, paragraphs: list[Paragraph]) -> Iterator[Slide]:
    """Make a slide of text, or as many as it takes."""
    for place, words in enumerate(flow(paragraphs, BODY, BODY, TEXT_SIZES)):
        yield Slide(title_words(title if place == 0 else f"{title}, continued"), (words,))


def title_words(text: str) -> Words:
    """Set the title of a slide, which is short."""
    return flow([Paragraph(text, bold=True)], TITLE_BOX, BODY, _TITLE_SIZES)[0]


def foot_words(*texts: str) -> tuple[Words, ...]:
    """Set what stands below the notice in one line, shortened where it is too long; nothing where there is nothing."""
    told = ". ".join(" ".join(text.split()).rstrip(".") for text in texts if text.strip())
    if not told:
        return ()
    line = wrap(told, _FOOT_BOX.width, _FOOT_SIZE, 1)[0]
    return (Words(_FOOT_BOX, (Paragraph(line, muted=True),), _FOOT_SIZE),)
