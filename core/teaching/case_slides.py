"""The slides of one case: its question, and only then its answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import ReadError
from core.overlay import CAPTION, WEAK_STRENGTH, colormap_table, strength
from core.review.page import Style
from core.review.text import line_height
from core.score_words import point_text, score_text
from core.teaching.flow import Box, Paragraph, Words, flow, height_of, lines_of, paragraphs_of
from core.teaching.lesson import Item, Lesson
from core.teaching.pictures import LessonPicture, Pictures, heat_of, shrink
from core.teaching.slide import (
    BODY,
    TEXT_SIZES,
    Element,
    Missing,
    Outline,
    Picture,
    Slide,
    foot_words,
    title_words,
)

_MOST_PIXELS: Final = 1600
_GAP: Final = 0.3
_ASIDE: Final = 3.7
"""Width of the column of text, in inches."""
_LEAST_PICTURE: Final = 2.6
"""Height that stays for the pictures of an answer, whatever is said below them."""
_ABOVE_TEXT: Final = 0.12
_QUESTION_SIZES: Final = (28.0, *TEXT_SIZES)
_POINT_SIZES: Final = (22.0, 20.0, 18.0, 16.0)
_SAID_SIZES: Final = (18.0, 17.0, 16.0, 15.0, 14.0, 13.0, 12.0)
_PLANNED_SIZE: Final = 15.0
"""For which the pictures of an answer leave room, as far as they can."""
_REASON_SIZES: Final = (20.0, 18.0, 16.0, 14.0)
_LEGEND: Final = 13.0
"""Size of the type beside the colours of a heatmap."""
_BAR: Final = (1.1, 0.12)
OUTLINED: Final = "Outlined by the teacher."

Radiograph = NDArray[np.uint8] | str
"""Pixels, or why there are none."""


def case_slides(lesson: Lesson, index: int, pictures: Pictures, style: Style) -> Iterator[Slide]:
    """Make the slides of item `index`; its picture is asked for once."""
    picture: LessonPicture | None = None
    try:
        picture = pictures(index)
        radiograph: Radiograph = shrink(picture.rendering, _MOST_PIXELS, _MOST_PIXELS)
    except ReadError as error:
        radiograph = error.reason
    name = f"Case {index + 1}"
    yield from _question(name, lesson, index, radiograph)
    yield from _answer(name, lesson, index, radiograph, picture, style)


def default_question(lesson: Lesson) -> str:
    """Return what is asked where the teacher asks nothing else."""
    if lesson.ask_kind:
        return "Normal, or bacterial or viral pneumonia?"
    return "Normal or pneumonia?"


def _question(name: str, lesson: Lesson, index: int, radiograph: Radiograph) -> Iterator[Slide]:
    """Make the radiograph with its question beside it; a long question is told before, on slides of its own."""
    title = f"{name}: question"
    aside = Box(BODY.right - _ASIDE, BODY.top, _ASIDE, BODY.height)
    room = Box(BODY.left, BODY.top, BODY.width - _ASIDE - _GAP, BODY.height)
    asked = paragraphs_of(lesson.items[index].question) or [Paragraph(default_question(lesson))]
    beside, *more = flow(asked, aside, BODY, _QUESTION_SIZES)
    if more:
        for words in flow(asked, BODY, BODY, TEXT_SIZES):
            yield Slide(title_words(title), (words,))
            title = f"{name}: question, continued"
        beside = flow([Paragraph(default_question(lesson))], aside, aside, _QUESTION_SIZES)[0]
    shown = _radiograph(radiograph, room, f"Chest radiograph of {name.lower()}")
    yield Slide(title_words(title), (shown, beside, *_foot(lesson, radiograph)))


def _answer(
    name: str,
    lesson: Lesson,
    index: int,
    radiograph: Radiograph,
    picture: LessonPicture | None,
    style: Style,
) -> Iterator[Slide]:
    item = lesson.items[index]
    points = [paragraph for point in item.points for paragraph in paragraphs_of(point, bullet=True)]
    aside = Box(BODY.right - _ASIDE, BODY.top, _ASIDE, BODY.height)
    heading = [Paragraph("Learning points", bold=True)] if points else []
    learnt = flow([*heading, *points], aside, BODY, _POINT_SIZES)
    width = (BODY.width - (_ASIDE + _GAP if points else 0.0) - _GAP) / 2
    left = Box(BODY.left, BODY.top, width, BODY.height)
    right = Box(BODY.left + width + _GAP, BODY.top, width, BODY.height)
    known, said = _known_words(item, radiograph), _model_words(lesson, item, picture, style)
    caption = _caption(width)
    needed = max(
        height_of(known, width, _PLANNED_SIZE),
        height_of(said, width, _PLANNED_SIZE) + (_legend_height(caption, width) if said else 0.0),
    )
    height = max(BODY.height - _ABOVE_TEXT - needed, _LEAST_PICTURE)
    elements, further = _known(name, item, radiograph, left, height, known)
    machine, more = _machine(item, radiograph, picture, right, height, said, caption, style)
    title = f"{name}: answer"
    model = "" if picture is None or picture.prediction is None else f"Model: {picture.prediction.model}"
    foot = _foot(lesson, radiograph, model)
    yield Slide(title_words(title), (*elements, *machine, *learnt[:1], *foot), item.note.strip())
    for words in (*further, *more, *learnt[1:]):
        yield Slide(title_words(f"{title}, continued"), (words,))


def _known(
    name: str, item: Item, radiograph: Radiograph, box: Box, height: float, said: Sequence[Paragraph]
) -> tuple[list[Element], list[Words]]:
    """Make the radiograph with the teacher's regions, and the truth below it."""
    room = Box(box.left, box.top, box.width, height)
    shown = _radiograph(radiograph, room, f"Chest radiograph of {name.lower()}")
    regions = item.regions if isinstance(shown, Picture) else ()
    words, *further = flow(said, _below(box, shown.box.bottom + _ABOVE_TEXT), BODY, _SAID_SIZES)
    return [shown, *(Outline(shown.box, region) for region in regions), words], further


def _machine(
    item: Item,
    radiograph: Radiograph,
    picture: LessonPicture | None,
    box: Box,
    height: float,
    said: Sequence[Paragraph],
    caption: Sequence[Paragraph],
    style: Style,
) -> tuple[list[Element], list[Words]]:
    """Make the radiograph under the heatmap, and what the model says below it."""
    room = Box(box.left, box.top, box.width, height)
    if isinstance(radiograph, str) or picture is None:
        return [_missing("Without its radiograph the model's answer cannot be shown.", room)], []
    prediction, place = picture.prediction, _fitted(radiograph, room)
    if prediction is None:
        why = f" {picture.refusal}" if picture.refusal else ""
        return [_missing(f"There is no model score.{why}", place)], []
    top = place.bottom + _ABOVE_TEXT
    words, *further = flow(said, _below(box, top + _legend_height(caption, box.width)), BODY, _SAID_SIZES)
    elements: list[Element] = [
        Picture(place, radiograph, "The same radiograph"),
        Picture(place, heat_of(prediction, style), "Heatmap of the model over it"),
        *(Outline(place, region) for region in item.regions),
        *_legend(style, _below(box, top), caption),
        words,
    ]
    return elements, further


def _caption(width: float) -> tuple[Paragraph, ...]:
    """Return what a heatmap is and is not, broken at its comma where it is too long for a line."""
    if len(lines_of(Paragraph(CAPTION), width, _LEGEND)) == 1:
        return (Paragraph(CAPTION, muted=True),)
    head, tail = CAPTION.split(", ")
    return Paragraph(f"{head},", muted=True), Paragraph(tail, muted=True)


def _legend_height(caption: Sequence[Paragraph], width: float) -> float:
    return line_height(_LEGEND) + height_of(caption, width, _LEGEND) + _ABOVE_TEXT


def _legend(style: Style, box: Box, caption: Sequence[Paragraph]) -> list[Element]:
    """Make the colours of the heatmap with what they mean."""
    width, height = _BAR
    bar = Box(box.left, box.top + 0.06, width, height)
    beside = Box(bar.right + 0.12, box.top, box.width - width - 0.12, line_height(_LEGEND))
    below = _below(box, box.top + line_height(_LEGEND))
    below = replace(below, height=height_of(caption, box.width, _LEGEND))
    return [
        Picture(bar, _colour_bar(style), "Colours of the heatmap from weak to strong"),
        Words(beside, (Paragraph("weak to strong", muted=True),), _LEGEND),
        Words(below, tuple(caption), _LEGEND),
    ]


def _known_words(item: Item, radiograph: Radiograph) -> list[Paragraph]:
    said = [Paragraph(f"Truth: {item.truth.label}", bold=True)]
    if item.truth.kind:
        said.append(Paragraph(f"Kind: {item.truth.kind}"))
    if item.regions and not isinstance(radiograph, str):
        said.append(Paragraph(OUTLINED, muted=True))
    return said


def _model_words(lesson: Lesson, item: Item, picture: LessonPicture | None, style: Style) -> list[Paragraph]:
    """Return what the model says of a case, and how that compares with the truth; nothing without a score."""
    prediction = None if picture is None else picture.prediction
    if prediction is None:
        return []
    agrees = "agrees with" if prediction.call == item.truth.label else "differs from"
    side = "from" if prediction.call == "pneumonia" else "below"
    score, point = prediction.score, prediction.threshold
    words = [
        Paragraph(f"Model score {score_text(score, point)}", bold=True),
        Paragraph(f"{prediction.call} ({side} {point_text(score, point)}); {agrees} the truth".capitalize()),
    ]
    if lesson.ask_kind:
        kinds = [(kind, prediction.probability(kind)) for kind in ("bacterial", "viral")]
        shares = [f"{kind} {score_text(share)}" for kind, share in kinds if share is not None]
        words += [Paragraph(", ".join(shares), muted=True)] if shares else []
    if strength(prediction.activation_map()) <= WEAK_STRENGTH * style.threshold:
        words.append(Paragraph("The heatmap is too weak to be seen.", muted=True))
    if prediction.refusal is not None:
        words.append(Paragraph(f"Scored on request although refused: {prediction.refusal}", muted=True))
    return [*words, *(Paragraph(f"Uncertain: {doubt}.", muted=True) for doubt in prediction.doubts)]


def _foot(lesson: Lesson, radiograph: Radiograph, *more: str) -> tuple[Words, ...]:
    """Make the line with the licence of a radiograph that is shown."""
    licence = lesson.licence.strip()
    shown = licence and not isinstance(radiograph, str)
    return foot_words(*more, f"Radiographs: {licence}" if shown else "")


def _radiograph(radiograph: Radiograph, room: Box, words: str) -> Picture | Missing:
    if isinstance(radiograph, str):
        return _missing(f"The radiograph cannot be shown. {radiograph}", room)
    return Picture(_fitted(radiograph, room), radiograph, words)


def _missing(reason: str, box: Box) -> Missing:
    room = Box(box.left + _GAP, box.top + _GAP, box.width - 2 * _GAP, box.height - 2 * _GAP)
    return Missing(box, flow([Paragraph(reason, muted=True)], room, room, _REASON_SIZES)[0])


def _fitted(pixels: NDArray[np.uint8], room: Box) -> Box:
    """Return the place of a picture in the upper left corner of a room, where all of them begin."""
    scale = min(room.width / pixels.shape[1], room.height / pixels.shape[0])
    return Box(room.left, room.top, pixels.shape[1] * scale, pixels.shape[0] * scale)


def _below(box: Box, top: float) -> Box:
    return Box(box.left, top, box.width, box.bottom - top)


def _colour_bar(style: Style) -> NDArray[np.uint8]:
    """Return the colours over mid-grey, so that their transparent end is seen to be transparent."""
    table = colormap_table(style.colormap, style.threshold).astype(np.float64)
    share = table[:, 3:] / 255.0
    colours = np.rint(table[:, :3] * share + 96.0 * (1 - share))
    opaque = np.concatenate([colours, np.full((256, 1), 255.0)], axis=1).astype(np.uint8)
    return np.repeat(opaque[None], 8, axis=0)
