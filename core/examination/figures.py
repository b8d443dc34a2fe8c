"""The figures of an examination."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from core.examination.row import Section
from core.report.style import Palette, new_figure, percent_ticks, styled, to_png
from core.report.words import PERCENT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MAPS: Final = {"model": "the model's map", "centre": "a map of the centre", "random": "a random map"}
_DOTS: Final = (0, (2, 3))


def draw_flips(section: Section, palette: Palette) -> Figure | None:
    """Draw the share of flipped calls under each change, with its interval and its bound."""
    rows = [row for row in section.rows if row.value is not None and row.interval and row.bound]
    if not rows:
        return None
    figure = new_figure(6.4, 0.9 + 0.24 * len(rows))
    axes = figure.add_subplot()
    for place, row in enumerate(rows):
        assert row.value is not None
        assert row.interval is not None
        assert row.bound is not None
        low, high = row.interval
        colour = palette.accent if row.met else palette.pneumonia
        marker = "o" if row.met else "D"
        axes.plot([low, high], [place, place], color=colour, lw=1.6)
        axes.plot(row.value, place, marker, color=colour, ms=5, mfc=colour if row.met else palette.paper)
        axes.plot([row.bound.value] * 2, [place - 0.42, place + 0.42], color=palette.ink, lw=1.4)
    axes.plot([], [], color=palette.ink, lw=1.4, label="bound")
    axes.plot(
        [], [], "o-", color=palette.accent, ms=5, lw=1.6, label="below it, 95\N{NO-BREAK SPACE}% interval"
    )
    if not all(row.met for row in rows):
        axes.plot(
            [], [], "D-", color=palette.pneumonia, mfc=palette.paper, ms=5, lw=1.6, label="not below it"
        )
    axes.set_yticks(range(len(rows)), [row.title.replace(" %", PERCENT) for row in rows])
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")
    axes.set(xlabel="Share of calls that flip", xlim=(-0.0006, None))
    top = max(0.03, *(row.interval[1] for row in rows if row.interval))
    percent_ticks(axes.xaxis, [place / 100 for place in range(int(100 * top) + 2)])
    axes.legend(loc="lower right")
    return figure


def draw_curves(section: Section, palette: Palette) -> Figure | None:
    """Draw the mean score while pixels are deleted and inserted, on a normal ground where there is one."""
    curves = section.curves.get("normal", section.curves.get("blurred"))
    if not isinstance(curves, Mapping):
        return None
    figure = new_figure(7.2, 3.4)
    left, right = figure.subplots(1, 2, sharey=True)
    for axes, name, title in (
        (left, "deletion", "Share of pixels deleted"),
        (right, "insertion", "Share of pixels inserted"),
    ):
        _curve_lines(axes, curves["shares"], curves[name], palette)
        axes.set(xlabel=title, xlim=(0, 1), ylim=(0, 1.02))
        percent_ticks(axes.xaxis, [0, 0.2, 0.4, 0.6, 0.8, 1])
    left.set_ylabel("Mean model score")
    right.legend(loc="lower right", title="In the order of", alignment="left")
    return figure


def _curve_lines(axes: Axes, shares: Any, lines: Any, palette: Palette) -> None:
    looks = {
        "model": (palette.accent, "-", 2.0),
        "centre": (palette.pneumonia, "--", 1.4),
        "random": (palette.muted, _DOTS, 1.4),
    }
    for name, (colour, style, width) in looks.items():
        axes.plot(shares, lines[name], color=colour, ls=style, lw=width, label=_MAPS[name])


def draw_cascade(section: Section, palette: Palette) -> Figure | None:
    """Draw how alike the maps stay as the weights are shuffled layer by layer."""
    rows = [row for row in section.rows if row.key.startswith("sanity_to_") and row.value is not None]
    unrelated = next((row.value for row in section.rows if row.key == "sanity_unrelated"), None)
    if not rows or unrelated is None:
        return None
    figure = new_figure(6.0, 3.4)
    axes = figure.add_subplot()
    places = range(len(rows) + 1)
    values = [1.0, *(row.value for row in rows if row.value is not None)]
    axes.plot(places, values, "o-", color=palette.accent, ms=5, lw=1.8, label="weights shuffled down to here")
    for place, row in enumerate(rows, start=1):
        if row.interval:
            axes.plot([place, place], row.interval, color=palette.accent, lw=1.2)
    axes.axhline(unrelated, color=palette.ink, lw=1.2, ls="--", label="maps of other patients")
    axes.axhline(0, color=palette.muted, lw=0.9, ls=_DOTS)
    names = ["none", *(row.key.removeprefix("sanity_to_") for row in rows)]
    axes.set_xticks(list(places), names, rotation=45, ha="right", rotation_mode="anchor")
    axes.set(ylabel="Similarity to the trained network's map", ylim=(-0.5, 1.05))
    axes.legend(loc="upper right")
    return figure


FIGURES: Final[Mapping[str, Callable[[Section, Palette], Figure | None]]] = {
    "robustness": draw_flips,
    "explanation": draw_curves,
    "sanity": draw_cascade,
}


def render(section: Section, palette: Palette) -> bytes | None:
    """Return a section's figure as PNG, or None where it has none."""
    if section.key not in FIGURES:
        return None
    with styled(palette):
        figure = FIGURES[section.key](section, palette)
        return None if figure is None else to_png(figure)
