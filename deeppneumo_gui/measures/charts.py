"""The charts of the dock, small enough to stand in a row; matplotlib is imported when the first one is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.metrics.calls import CallMeasures, wilson
from core.report.style import Palette, percent_ticks
from deeppneumo_gui.measures.review import Review

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TICKS: Final = [0, 0.5, 1.0]
_BARS: Final = 20


@dataclass(frozen=True, slots=True)
class ChartKind:
    """One chart.

    Attributes
    ----------
    key : str
        Name of its file without the ending.
    title, meaning : str
        A heading, and one sentence on how to read it.
    draw : callable
        Draws a review on empty axes.
    """

    key: str
    title: str
    meaning: str
    draw: Callable[[Axes, Review, Palette], None]


def draw_roc(axes: Axes, review: Review, palette: Palette) -> None:
    """Draw sensitivity against false alarms, with the reader's own point; the operating point comes on top."""
    _unit(axes, "False alarms", "Sensitivity")
    axes.plot([0, 1], [0, 1], color=palette.muted, lw=0.8, ls=(0, (2, 3)))
    if review.roc is not None:
        x, y = review.roc.false_positive_rate, review.roc.true_positive_rate
        axes.plot(x, y, color=palette.accent, lw=1.8)
    else:
        _say(axes, "Needs scored normal\nand pneumonia images", palette)
    reader = None if review.reader is None else operating_place(review.reader)
    if reader is not None:
        axes.plot(
            *reader,
            marker="D",
            ms=6,
            mfc=palette.pneumonia,
            mec=palette.paper,
            mew=0.8,
            zorder=4,
            clip_on=False,
        )
        # Above the point nothing else stands; beside it the curve may run.
        axes.annotate("You", reader, (8, -11), textcoords="offset points", color=palette.pneumonia, size=8.5)


def operating_place(calls: CallMeasures) -> tuple[float, float] | None:
    """Return where calls lie in the plane of the ROC curve, None where a class is missing."""
    specificity, sensitivity = calls.measures["specificity"].value, calls.measures["sensitivity"].value
    return None if specificity is None or sensitivity is None else (1 - specificity, sensitivity)


def draw_reliability(axes: Axes, review: Review, palette: Palette) -> None:
    """Draw what the score promises against what was found."""
    _unit(axes, "Model score", "Found pneumonia")
    axes.plot([0, 1], [0, 1], color=palette.muted, lw=0.8, ls=(0, (2, 3)))
    if not review.reliability:
        _say(axes, "Needs scored images", palette)
        return
    promised = [bin_.mean_score for bin_ in review.reliability]
    found = [bin_.observed for bin_ in review.reliability]
    for bin_ in review.reliability:
        ends = wilson(round(bin_.observed * bin_.images), bin_.images)
        if ends is not None:
            axes.vlines(bin_.mean_score, *ends, color=palette.accent, lw=1.1, alpha=0.55)
    axes.plot(promised, found, color=palette.accent, lw=1.3, marker="o", ms=4.5, mec=palette.paper, mew=0.7)


def draw_histogram(axes: Axes, review: Review, palette: Palette) -> None:
    """Draw how the scores of each true class spread: pneumonia upwards, normal downwards."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    labelled = review.labelled
    edges = np.linspace(0, 1, _BARS + 1)
    up, down = (
        np.histogram(labelled.score[labelled.scored & truth], edges)[0]
        for truth in (labelled.positive, ~labelled.positive)
    )
    centres, width = (edges[:-1] + edges[1:]) / 2, 0.9 / _BARS
    axes.bar(centres, up, width, color=palette.pneumonia, lw=0)
    axes.bar(centres, -down, width, color=palette.normal, lw=0)
    axes.axhline(0, color=palette.muted, lw=0.8)
    tallest = max(int(up.max(initial=0)), int(down.max(initial=0)), 1)
    axes.set(
        xlim=(-0.015, 1.015), ylim=(-1.25 * tallest, 1.25 * tallest), xlabel="Model score", ylabel="Images"
    )
    axes.set_xticks(_TICKS, ["0", "0.5", "1"])
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{abs(count):g}"))
    # Where a good model has no bars; on paper of their own where the operating point runs through.
    ground = {"facecolor": palette.paper, "edgecolor": "none", "pad": 1}
    for words, (x, y), across, above, colour in (
        ("truth pneumonia", (0.04, 0.98), "left", "top", palette.pneumonia),
        ("truth normal", (0.96, 0.02), "right", "bottom", palette.normal),
    ):
        axes.text(
            x, y, words, transform=axes.transAxes, ha=across, va=above, color=colour, size=8.5, bbox=ground
        )
    if labelled.threshold is not None:
        axes.axvline(labelled.threshold, color=palette.ink, lw=1.1)
    if not labelled.scored.any():
        _say(axes, "Needs scored images", palette)


CHARTS: Final = (
    ChartKind(
        "roc",
        "ROC curve",
        "Every threshold trades missed pneumonias against false alarms. Drag the circle along the curve to move "
        "the operating point.",
        draw_roc,
    ),
    ChartKind(
        "reliability",
        "Reliability",
        "Of images that score about 0.8, about 80 % should be pneumonia: points on the dotted line keep that "
        "promise. Bars are 95 % intervals.",
        draw_reliability,
    ),
    ChartKind(
        "scores",
        "Scores by truth",
        "How the scores of pneumonias (upwards) and of normal images (downwards) spread; the line is the "
        "operating point.",
        draw_histogram,
    ),
)


def _unit(axes: Axes, x: str, y: str) -> None:
    axes.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), xlabel=x, ylabel=y)
    for axis in (axes.xaxis, axes.yaxis):
        percent_ticks(axis, _TICKS)


def _say(axes: Axes, words: str, palette: Palette) -> None:
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=palette.muted)
