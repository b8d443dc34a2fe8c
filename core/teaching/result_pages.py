"""A learner's result as PDF: the figures, and then the cases, the most instructive ones first."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from core.errors import ReadError
from core.report.style import LIGHT
from core.review.document import DEFAULT_STYLE
from core.review.page import MARGIN, WIDTH, Strip, Style, add_heading, add_strip, new_page
from core.review.pdf import open_pdf
from core.review.text import put, put_lines, wrap
from core.teaching.case_review import CaseReview
from core.teaching.debrief import Debrief
from core.teaching.drawing import put_cross, put_outline, put_picture, put_words
from core.teaching.flow import Box
from core.teaching.pictures import LessonPicture, Pictures, heat_of
from core.teaching.result_cases import HEAD, PICTURES, Block, place_cases
from core.teaching.result_summary import draw_result
from core.teaching.slide import Outline, Picture, Progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BETWEEN: Final = 0.08
_LEGEND: Final = "Cross: your mark. Outline: the teacher's region."
OTHER_MODEL: Final = "The heatmap that you saw was another model's."


def write_result(
    path: str | os.PathLike[str],
    debrief: Debrief,
    pictures: Pictures,
    made_on: str,
    *,
    style: Style = DEFAULT_STYLE,
    progress: Progress = lambda done, total: None,
) -> None:
    """Write a learner's result as PDF, atomically; one page at a time is in memory.

    The learner is told by the anonymous code, cases by their numbers in the lesson.

    Parameters
    ----------
    path : path
    debrief : Debrief
    pictures : callable
        See `core.teaching.pictures.Pictures`; called with places in the lesson as it is now. A heatmap is shown
        only where it is of the model that the learner saw.
    made_on : str
        The day, ``YYYY-MM-DD``.
    style : Style
        How heatmaps look.
    progress : callable
        Told of every page; what it raises ends the writing.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left then.
    """
    placed = place_cases(debrief)
    total = 1 + len(placed)
    line = f"Learner {debrief.code}; made on {made_on} with DeepPneumo"
    with open_pdf(path, f"Result of learner {debrief.code}") as pages:
        progress(0, total)
        page = new_page()
        draw_result(page, debrief, made_on)
        add_strip(page, Strip(line, total), 1)
        pages.savefig(page)
        for number, blocks in enumerate(placed, 2):
            progress(number - 1, total)
            pages.savefig(_cases_page(blocks, pictures, style, Strip(line, total, style), number))
    progress(total, total)


def _cases_page(blocks: list[Block], pictures: Pictures, style: Style, strip: Strip, number: int) -> Figure:
    page = new_page()
    heading = "Cases, the most instructive ones first"
    add_heading(page, heading if number == 2 else f"{heading}, continued")
    put(page, WIDTH - MARGIN, MARGIN + 0.03, _LEGEND, 8, ha="right", color=LIGHT.muted)
    for block in blocks:
        put(page, PICTURES.left, block.top, block.title, 10, weight="bold", color=LIGHT.ink)
        put_words(page, block.words)
        if block.pictures:
            room = Box(PICTURES.left, block.top + HEAD, PICTURES.width, PICTURES.height)
            _put_pictures(page, block.case, pictures, style, room)
    add_strip(page, strip, number)
    return page


def _put_pictures(page: Figure, case: CaseReview, pictures: Pictures, style: Style, room: Box) -> None:
    """Draw the radiograph with regions and mark, and beside it the same under the heatmap."""
    width = (room.width - _BETWEEN) / 2
    try:
        picture = pictures(case.index)
    except ReadError as error:
        put_lines(page, room.left, room.top, wrap(error.reason, room.width, 9), 9, color=LIGHT.muted)
        return
    rows, columns = picture.rendering.shape
    scale = min(width / columns, room.height / rows)
    left = Box(room.left, room.top, columns * scale, rows * scale)
    right = Box(left.right + _BETWEEN, left.top, left.width, left.height)
    put_picture(page, Picture(left, picture.rendering, ""))
    why_not = _put_heat(page, picture, case, style, right)
    for box in (left, right) if not why_not else (left,):
        for region in case.item.regions:
            put_outline(page, Outline(box, region))
    if case.before.mark is not None:
        put_cross(page, left, case.before.mark)
    if why_not:
        put_lines(page, right.left, right.top, wrap(why_not, width, 9), 9, color=LIGHT.muted)


def _put_heat(page: Figure, picture: LessonPicture, case: CaseReview, style: Style, box: Box) -> str:
    """Draw the radiograph under the heatmap that the learner saw, or return why not."""
    prediction = picture.prediction
    if case.machine is None or prediction is None:
        return "No heatmap."
    if prediction.model != case.machine.model:
        return OTHER_MODEL
    put_picture(page, Picture(box, picture.rendering, ""))
    put_picture(page, Picture(box, heat_of(prediction, style), ""))
    return ""
