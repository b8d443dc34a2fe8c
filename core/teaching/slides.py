"""The slides of a lesson one after the other, from which a deck and a PDF are made alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from core.engine.card import Card
from core.review.page import Style
from core.teaching.case_slides import case_slides
from core.teaching.flow import Box, Paragraph, flow, paragraphs_of
from core.teaching.lesson import Lesson
from core.teaching.pictures import Pictures
from core.teaching.slide import TEXT_SIZES, WIDTH, Progress, Slide, text_slides
from core.version import VERSION

_COVER_BOX: Final = Box(1.0, 1.6, WIDTH - 2.0, 2.4)
_BYLINE_BOX: Final = Box(1.0, 4.3, WIDTH - 2.0, 1.8)
_COVER_SIZES: Final = (44.0, 40.0, 36.0, 32.0, 28.0, 24.0, 20.0, 16.0, 13.0)


def lesson_slides(
    lesson: Lesson,
    pictures: Pictures,
    card: Card | None,
    made_on: str,
    style: Style,
    progress: Progress,
) -> Iterator[Slide]:
    """Make the slides of a lesson one after the other.

    A title, an introduction, and for each case first its question and then its answer; only the answer knows
    anything of truth, regions, learning points, the teacher's notes and the model.

    Parameters
    ----------
    lesson : Lesson
    pictures : callable
        See `core.teaching.pictures.Pictures`.
    card : Card or None
        Of the model whose scores are shown.
    made_on : str
        The day, ``YYYY-MM-DD``.
    style : Style
        How heatmaps look.
    progress : callable
        Told of every case; the last of its steps is left to the writer.
    """
    steps = len(lesson.items) + 1
    progress(0, steps)
    yield _cover(lesson, made_on)
    yield from text_slides("Before you begin", _introduction(lesson))
    for index in range(len(lesson.items)):
        yield from case_slides(lesson, index, pictures, style)
        progress(index + 1, steps)
    yield from text_slides("Licence and method", _method(lesson, card, made_on))


def case_count(lesson: Lesson) -> str:
    """Return how many cases there are, in words."""
    count = len(lesson.items)
    return "1 case" if count == 1 else f"{count:,} cases"


def _cover(lesson: Lesson, made_on: str) -> Slide:
    (title,) = flow(
        [Paragraph(lesson.title or "Reading chest radiographs", bold=True)],
        _COVER_BOX,
        _COVER_BOX,
        _COVER_SIZES,
    )[:1]
    by = [Paragraph(lesson.author)] if lesson.author.strip() else []
    byline = [*by, Paragraph(f"{case_count(lesson)} to read blind. Made on {made_on}.", muted=True)]
    return Slide(title, (*flow(byline, _BYLINE_BOX, _BYLINE_BOX, TEXT_SIZES),))


def _introduction(lesson: Lesson) -> list[Paragraph]:
    asked = "whether it is normal, bacterial or viral" if lesson.ask_kind else "whether it is normal"
    steps = [
        f"Look at each radiograph and decide {asked if lesson.ask_kind else asked + ' or shows pneumonia'}, "
        "how sure you are, and where you see it.",
        "Commit to your answer before you go on: whoever has seen the model's answer can no longer read without it.",
        "The slide after each question shows what is known of the case, the model score and the heatmap. "
        "The model is sometimes wrong, also where it is sure.",
    ]
    if lesson.seconds is not None:
        steps.insert(1, f"You have {_duration(lesson.seconds)} for each case.")
    return [*paragraphs_of(lesson.introduction), *(Paragraph(step, bullet=True) for step in steps)]


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    parts = []
    if minutes:
        parts.append("1 minute" if minutes == 1 else f"{minutes} minutes")
    if rest:
        parts.append("1 second" if rest == 1 else f"{rest} seconds")
    return " and ".join(parts)


def _method(lesson: Lesson, card: Card | None, made_on: str) -> list[Paragraph]:
    licence = lesson.licence.strip() or (
        "No licence is given for these radiographs: ask the teacher before you pass them on."
    )
    return [
        Paragraph("Radiographs", bold=True),
        *paragraphs_of(licence),
        Paragraph("Truth", bold=True),
        Paragraph(
            "The truth of a case is the label that came with it; outlined regions and learning points are the "
            "teacher's. None of it was checked by the program."
        ),
        Paragraph("Model", bold=True),
        *(Paragraph(text) for text in _model_words(card)),
        Paragraph(f"Made on {made_on} with DeepPneumo {VERSION}.", muted=True),
    ]


def _model_words(card: Card | None) -> list[str]:
    if card is None:
        return ["No model was at hand."]
    point = card.operating_point
    return [
        f"{card.title} of {card.date}. The model score runs from 0 to 1; {point.threshold:.3f} and above is called "
        f"pneumonia (operating point {point.name}).",
        "The heatmap is Grad-CAM at the last layer of the network: where the score came from, not where disease is. "
        "It is coarse, and a convincing heatmap does not make a call right.",
    ]
