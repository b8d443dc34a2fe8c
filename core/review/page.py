"""A page with what stands on every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.notice import NOTICE
from core.overlay import CAPTION, colormap_table
from core.report.style import LIGHT
from core.review.text import put, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH: Final = 8.27
HEIGHT: Final = 11.69
"""A4, in inches."""
MARGIN: Final = 0.6
BOTTOM: Final = 0.95
"""Of the strip below; nothing else stands there."""


@dataclass(frozen=True, slots=True)
class Style:
    """How heatmaps look.

    Attributes
    ----------
    opacity : float
    colormap, threshold
        See `core.overlay.colormap_table`.
    """

    opacity: float
    colormap: str
    threshold: float


@dataclass(frozen=True, slots=True)
class Strip:
    """What stands below every page beside the notice.

    Attributes
    ----------
    line : str
        Model and day.
    pages : int
        How many there are.
    style : Style or None
        Of the heatmaps on the page, None where there are none.
    """

    line: str
    pages: int
    style: Style | None = None


def new_page() -> Figure:
    """Return an empty page."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH, HEIGHT), dpi=100)


def add_strip(figure: Figure, strip: Strip, number: int) -> None:
    """Add the notice, what it is, and the page's number."""
    top = HEIGHT - BOTTOM + 0.12
    _rule(figure, top)
    put(figure, MARGIN, top + 0.08, NOTICE, 10, weight="bold", color=LIGHT.ink)
    place = f"Page {number} of {strip.pages}"
    put(figure, WIDTH - MARGIN, top + 0.1, place, 8, ha="right", color=LIGHT.muted)
    line = wrap(strip.line, WIDTH - 2 * MARGIN, 8, 1)[0]
    put(figure, MARGIN, top + 0.29, line, 8, color=LIGHT.muted)
    if strip.style is not None:
        _colour_bar(figure, strip.style, top + 0.5)


def add_heading(figure: Figure, text: str) -> float:
    """Add a heading and return where the page begins below it, in inches."""
    put(figure, MARGIN, MARGIN, text, 11, weight="bold", color=LIGHT.ink)
    return MARGIN + 0.35


def _rule(figure: Figure, top: float) -> None:
    from matplotlib.lines import Line2D

    across = [MARGIN / WIDTH, 1 - MARGIN / WIDTH]
    height = 1 - top / HEIGHT
    figure.add_artist(Line2D(across, [height, height], color=LIGHT.grid, lw=1))


def _colour_bar(figure: Figure, style: Style, top: float) -> None:
    width, height = 1.1, 0.11
    axes = figure.add_axes(
        (MARGIN / WIDTH, 1 - (top + height + 0.01) / HEIGHT, width / WIDTH, height / HEIGHT)
    )
    axes.set_axis_off()
    # Over mid-grey, so that its transparent end is seen to be transparent.
    axes.set_facecolor("#606060")
    axes.imshow([[96]], cmap="gray", vmin=0, vmax=255, extent=(0, 1, 0, 1), aspect="auto")
    table = colormap_table(style.colormap, style.threshold)
    axes.imshow(table[None], extent=(0, 1, 0, 1), aspect="auto", interpolation="nearest")
    words = f"Heatmap from weak to strong: {CAPTION[0].lower()}{CAPTION[1:]}"
    put(figure, MARGIN + width + 0.1, top - 0.01, words, 8, color=LIGHT.muted)
