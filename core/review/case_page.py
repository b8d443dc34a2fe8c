"""Images with what was said of them: one, four or twenty-four on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.errors import ReadError
from core.overlay import WEAK_STRENGTH, colormap_table, map_levels, strength
from core.reading.radiograph import Radiograph
from core.report.style import LIGHT
from core.review.cases import ReviewCase, reader_words, truth_words
from core.review.page import BOTTOM, HEIGHT, MARGIN, WIDTH, Style
from core.review.text import line_height, put, put_lines, wrap
from core.score_words import score_line, score_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Read = Callable[[Path, int], Radiograph]
"""Path and frame to radiograph; raises `ReadError`."""

_BETWEEN: Final = 0.08
_DOTS_PER_INCH: Final = 220
_MAP_SIDE: Final = 112


@dataclass(frozen=True, slots=True)
class Layout:
    """How many images stand on a page, and how.

    Attributes
    ----------
    columns, rows : int
    size : float
        Of the type, in points.
    gap : float
        Between cases, in inches.
    lines : int
        Lines of text that stay free below the pictures; 0 where the text stands beside them.
    pictures : int
        1 for the radiograph alone, 2 for the radiograph and its heatmap.
    stacked : bool
        Whether the heatmap stands below the radiograph and not beside it.
    """

    columns: int
    rows: int
    size: float
    gap: float
    lines: int
    pictures: int
    stacked: bool = False

    @property
    def count(self) -> int:
        """Images on a page."""
        return self.columns * self.rows


LAYOUTS: Final = {
    1: Layout(1, 1, 10.5, 0.0, lines=0, pictures=2, stacked=True),
    4: Layout(1, 4, 8.5, 0.16, lines=0, pictures=2),
    24: Layout(4, 6, 6.5, 0.14, lines=3, pictures=1),
}
"""By images on a page; 24 is a contact sheet."""


@dataclass(frozen=True, slots=True)
class _Box:
    """A part of the page in inches from its upper left corner."""

    left: float
    top: float
    width: float
    height: float


def draw_cases(
    figure: Figure, cases: Sequence[ReviewCase], layout: Layout, top: float, read: Read, style: Style
) -> None:
    """Draw up to a page of cases, beginning `top` inches below the upper edge."""
    width = (WIDTH - 2 * MARGIN - layout.gap * (layout.columns - 1)) / layout.columns
    height = (HEIGHT - BOTTOM - top - layout.gap * (layout.rows - 1)) / layout.rows
    for place, case in enumerate(cases):
        row, column = divmod(place, layout.columns)
        left, above = MARGIN + column * (width + layout.gap), top + row * (height + layout.gap)
        _draw_case(figure, case, layout, _Box(left, above, width, height), read, style)


def _draw_case(figure: Figure, case: ReviewCase, layout: Layout, box: _Box, read: Read, style: Style) -> None:
    head = layout.size if layout.pictures == 1 else layout.size + 1.5
    mark = "\N{BLACK STAR} " if case.judgement.key_image else ""
    title = wrap(mark + case.name, box.width, head, 1, bold=True)[0]
    put(figure, box.left, box.top, title, head, weight="bold", color=LIGHT.ink)
    used = line_height(head) + 0.04
    below = _Box(box.left, box.top + used, box.width, box.height - used)
    text = _draw_pictures(figure, case, layout, below, read, style)
    words = _words(case, style) if layout.pictures == 2 else _brief_words(case)
    _draw_words(figure, words, layout.size, text)


def _draw_words(figure: Figure, words: Sequence[tuple[bool, str]], size: float, box: _Box) -> None:
    """Set what is said of a case; what comes later gets a line at least before what comes first gets all."""
    left_over, top = int(box.height / line_height(size) + 0.01), box.top
    for place, (bold, text) in enumerate(words):
        most = left_over - (len(words) - 1 - place)
        if left_over <= 0:
            return
        lines = wrap(text, box.width, size, max(most, 1), bold=bold)
        weight = "bold" if bold else "normal"
        top = put_lines(figure, box.left, top, lines, size, weight=weight, color=LIGHT.ink)
        left_over -= len(lines)


def _words(case: ReviewCase, style: Style) -> list[tuple[bool, str]]:
    """Return what is said of a case, each line with whether it stands out."""
    words = [(True, _score_words(case))]
    row = case.row
    if case.prediction is not None:
        classes = (("normal", row.p_normal), ("bacterial", row.p_bacterial), ("viral", row.p_viral))
        parts = [f"{name} {score_text(value)}" for name, value in classes if value is not None]
        power = strength(case.prediction.activation_map())
        seen = "" if power > WEAK_STRENGTH * style.threshold else ", too weak to be seen"
        words.append((False, f"{', '.join(parts)}; heatmap at most {power:.2f} logits per cell{seen}"))
    words += [(False, note) for note in row.notes]
    if called := reader_words(case.judgement):
        words.append((False, f"Reader: {called}"))
    if known := truth_words(case.truth):
        verdict = {True: "; the model's call differs", False: ""}[case.is_error]
        words.append((False, f"Truth: {known}{verdict}"))
    if case.judgement.tags:
        words.append((False, f"Tags: {', '.join(case.judgement.tags)}"))
    if case.judgement.note:
        words.append((False, f"Note: {case.judgement.note}"))
    return words


def _brief_words(case: ReviewCase) -> list[tuple[bool, str]]:
    score = case.row.score
    words = [(True, case.status if score is None else f"{score_text(score, case.row.threshold)} {case.call}")]
    if case.judgement.call is not None:
        words.append((False, f"Reader {case.judgement.call}"))
    if case.truth is not None:
        words.append((False, f"Truth {truth_words(case.truth)}"))
    return words


def _score_words(case: ReviewCase) -> str:
    if case.prediction is not None:
        return score_line(case.prediction.score, case.prediction.call, case.prediction.threshold)
    return f"{case.status.capitalize()}. {case.reason}".rstrip()


def _draw_pictures(
    figure: Figure, case: ReviewCase, layout: Layout, box: _Box, read: Read, style: Style
) -> _Box:
    """Draw the radiograph, and with it the same under its heatmap; return what is left for the text."""
    beside = layout.lines == 0
    height = box.height - layout.lines * line_height(layout.size)
    room = _Box(box.left, box.top, box.width * (0.66 if beside else 1.0), height)
    try:
        rendering = read(case.path, case.frame).rendering
    except ReadError as error:
        lines = wrap(error.reason, room.width - 0.1, layout.size)
        put_lines(figure, box.left, box.top + 0.1, lines, layout.size, color=LIGHT.muted)
        return _text_box(box, room, beside, height)
    across, down = (1, layout.pictures) if layout.stacked else (layout.pictures, 1)
    most = (room.width - _BETWEEN * (across - 1)) / across, (room.height - _BETWEEN * (down - 1)) / down
    ratio = float(rendering.shape[0] / rendering.shape[1])
    width = min(most[0], most[1] / ratio)
    picture = _reduced(rendering, width)
    for place in range(layout.pictures):
        left = room.left + (0 if layout.stacked else place * (width + _BETWEEN))
        top = room.top + (place * (width * ratio + _BETWEEN) if layout.stacked else 0)
        heat = case.prediction.activation_map() if place == 1 and case.prediction is not None else None
        _draw_picture(figure, picture, heat, _Box(left, top, width, width * ratio), style)
    used = down * width * ratio + (down - 1) * _BETWEEN
    # Beside upright pictures there is more room for the text than beside wide ones.
    taken = _Box(room.left, room.top, across * width + (across - 1) * _BETWEEN, room.height)
    return _text_box(box, taken, beside, used)


def _text_box(box: _Box, room: _Box, beside: bool, used: float) -> _Box:
    if beside:
        left = room.left + room.width + 0.15
        return _Box(left, box.top, box.left + box.width - left, box.height)
    top = box.top + used + 0.06
    return _Box(box.left, top, box.width, box.top + box.height - top)


def _draw_picture(
    figure: Figure, picture: NDArray[np.uint8], heat: NDArray[np.float32] | None, box: _Box, style: Style
) -> None:
    place = (box.left / WIDTH, 1 - (box.top + box.height) / HEIGHT, box.width / WIDTH, box.height / HEIGHT)
    axes = figure.add_axes(place)
    axes.set_axis_off()
    axes.imshow(picture, cmap="gray", vmin=0, vmax=255, aspect="auto", interpolation="none")
    if heat is not None:
        extent = (-0.5, picture.shape[1] - 0.5, picture.shape[0] - 0.5, -0.5)
        axes.imshow(_heat(heat, style), extent=extent, aspect="auto", interpolation="none")


def _reduced(rendering: NDArray[np.uint8], inches: float) -> NDArray[np.uint8]:
    """Shrink a radiograph to what a printer can show."""
    width = min(round(inches * _DOTS_PER_INCH), rendering.shape[1])
    height = max(1, round(width * rendering.shape[0] / rendering.shape[1]))
    if width == rendering.shape[1]:
        return rendering
    return np.asarray(Image.fromarray(rendering).resize((width, height), Image.Resampling.LANCZOS))


def _heat(activation_map: NDArray[np.float32], style: Style) -> NDArray[np.uint8]:
    """Return a map as a small picture, as smooth as on the screen and hardly larger than nothing in the file."""
    levels = Image.fromarray(map_levels(activation_map))
    smooth = np.asarray(levels.resize((_MAP_SIDE, _MAP_SIDE), Image.Resampling.BILINEAR))
    colours: NDArray[np.uint8] = colormap_table(style.colormap, style.threshold)[smooth].copy()
    colours[..., 3] = np.rint(colours[..., 3] * style.opacity)
    return colours
