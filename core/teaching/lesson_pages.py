"""A lesson's slides as PDF, on white for paper."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from core.engine.card import Card
from core.report.style import LIGHT
from core.review.document import DEFAULT_STYLE
from core.review.page import Style
from core.review.pdf import open_pdf
from core.review.text import put
from core.teaching.drawing import put_missing, put_outline, put_picture, put_words
from core.teaching.flow import Words
from core.teaching.lesson import Lesson
from core.teaching.pictures import Pictures
from core.teaching.slide import HEIGHT, NUMBER_BOX, STRIP, WIDTH, Missing, Picture, Progress, Slide
from core.teaching.slides import lesson_slides

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def write_lesson_pdf(
    path: str | os.PathLike[str],
    lesson: Lesson,
    pictures: Pictures,
    card: Card | None,
    made_on: str,
    *,
    style: Style = DEFAULT_STYLE,
    progress: Progress = lambda done, total: None,
) -> None:
    """Write the slides of a lesson as PDF, atomically; one page at a time is in memory.

    Parameters
    ----------
    path : path
    lesson, pictures, card, made_on, style, progress
        See `core.teaching.slides.lesson_slides`.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left then.
    """
    with open_pdf(path, lesson.title) as pages:
        slides = lesson_slides(lesson, pictures, card, made_on, style, progress)
        for number, slide in enumerate(slides, 1):
            pages.savefig(draw_slide(slide, number))
    steps = len(lesson.items) + 1
    progress(steps, steps)


def draw_slide(slide: Slide, number: int) -> Figure:
    """Return a slide with its strip as a page."""
    from matplotlib.figure import Figure

    page = Figure(figsize=(WIDTH, HEIGHT), dpi=100)
    for element in (slide.title, *slide.elements, STRIP):
        if isinstance(element, Words):
            put_words(page, element)
        elif isinstance(element, Picture):
            put_picture(page, element)
        elif isinstance(element, Missing):
            put_missing(page, element)
        else:
            put_outline(page, element)
    put(page, NUMBER_BOX.right, NUMBER_BOX.top, str(number), STRIP.size, ha="right", color=LIGHT.muted)
    return page
