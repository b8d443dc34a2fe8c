"""What slides are made of, drawn on a page by matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from core.report.style import LIGHT
from core.review.text import line_height, put
from core.teaching.flow import SPACE, Box, Words, indent, lines_of
from core.teaching.lesson import Point
from core.teaching.pictures import shrink
from core.teaching.slide import Missing, Outline, Picture

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

REGION_COLOUR: Final = "#35d6e6"
MARK_COLOUR: Final = "#ffe14d"
"""Both are seen on grey, and apart from each other with every colour vision."""
_DOTS_PER_INCH: Final = 150
_ARM: Final = 0.09
"""Of a cross, in inches."""


def put_words(page: Figure, words: Words) -> None:
    """Set text in its place."""
    step, top = line_height(words.size), words.box.top
    for paragraph in words.paragraphs:
        colour = LIGHT.muted if paragraph.muted else LIGHT.ink
        weight = "bold" if paragraph.bold else "normal"
        left = words.box.left + indent(paragraph, words.size)
        if paragraph.bullet:
            put(page, words.box.left, top, "\N{BULLET}", words.size, color=colour)
        for line in lines_of(paragraph, words.box.width, words.size):
            put(page, left, top, line, words.size, color=colour, weight=weight)
            top += step
        top += SPACE * step


def put_picture(page: Figure, picture: Picture) -> None:
    """Draw a picture, no finer than a printer can show."""
    axes = add_axes(page, picture.box)
    axes.set_axis_off()
    width, height = (round(inches * _DOTS_PER_INCH) for inches in (picture.box.width, picture.box.height))
    pixels = shrink(picture.pixels, max(width, 1), max(height, 1))
    grey: dict[str, Any] = {"cmap": "gray", "vmin": 0, "vmax": 255} if pixels.ndim == 2 else {}
    axes.imshow(pixels, aspect="auto", interpolation="none", **grey)


def put_missing(page: Figure, missing: Missing) -> None:
    """Draw a grey place with the reason in it."""
    from matplotlib.patches import Rectangle

    box = missing.box
    _add(page, Rectangle((box.left, box.top), box.width, box.height, facecolor=LIGHT.grid, edgecolor="none"))
    put_words(page, missing.words)


def put_outline(page: Figure, outline: Outline) -> None:
    """Draw a region on its picture."""
    from matplotlib.patches import Ellipse, Polygon, Rectangle

    box, region = outline.box, outline.region
    look: dict[str, Any] = {"fill": False, "edgecolor": REGION_COLOUR, "linewidth": 1.8}
    corners = [_place(box, point) for point in region.points]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    top, bottom = min(y for _, y in corners), max(y for _, y in corners)
    patch: Patch
    if region.shape == "ellipse":
        patch = Ellipse(((left + right) / 2, (top + bottom) / 2), right - left, bottom - top, **look)
    elif region.shape == "rectangle":
        patch = Rectangle((left, top), right - left, bottom - top, **look)
    else:
        patch = Polygon(corners, closed=True, **look)
    _add(page, patch)


def put_cross(page: Figure, box: Box, point: Point) -> None:
    """Draw a learner's mark on the picture whose place is `box`."""
    from matplotlib.lines import Line2D

    x, y = _place(box, point)
    for across, down in ((1, 1), (1, -1)):
        line = Line2D(
            [x - across * _ARM, x + across * _ARM],
            [y - down * _ARM, y + down * _ARM],
            color=MARK_COLOUR,
            lw=2,
        )
        _add(page, line)


def add_axes(page: Figure, box: Box) -> Any:
    """Add axes in a place of a page."""
    width, height = page.get_size_inches()
    return page.add_axes((box.left / width, 1 - box.bottom / height, box.width / width, box.height / height))


def _place(box: Box, point: Point) -> Point:
    return box.left + point[0] * box.width, box.top + point[1] * box.height


def _add(page: Figure, artist: Artist) -> None:
    """Add what is drawn in inches from the upper left corner of a page."""
    from matplotlib.transforms import Affine2D

    width, height = page.get_size_inches()
    artist.set_transform(Affine2D().scale(1 / width, -1 / height).translate(0, 1) + page.transFigure)
    page.add_artist(artist)
