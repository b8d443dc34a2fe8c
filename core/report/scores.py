"""Reliability diagram and score histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.metrics import Evaluation
from core.metrics.calls import wilson
from core.report.style import Palette, new_figure, percent_ticks, unit_axes
from core.report.words import percent, with_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_EDGES: Final = np.linspace(0, 1, 41)


def draw_reliability(evaluation: Evaluation, palette: Palette) -> Figure | None:
    """Draw what the score promises against what was found; None without images."""
    bins = evaluation.reliability
    if not bins:
        return None
    figure = new_figure(5.0, 5.2)
    axes, counts = figure.subplots(2, 1, height_ratios=[5, 1], sharex=True)
    unit_axes(axes, "", "Share that is pneumonia")
    axes.plot([0, 1], [0, 1], color=palette.muted, lw=0.9, ls=(0, (2, 3)), label="perfect calibration")
    promised = np.array([b.mean_score for b in bins])
    found = np.array([b.observed for b in bins])
    # A bin holds at least one image.
    ends = [wilson(round(b.observed * b.images), b.images) or (0.0, 1.0) for b in bins]
    axes.vlines(promised, *zip(*ends, strict=True), color=palette.accent, lw=1.1, alpha=0.55)
    sizes = sorted({b.images for b in bins})
    name = f"{len(bins)} bins of {' or '.join(map(str, sizes))} images"
    axes.plot(
        promised,
        found,
        color=palette.accent,
        lw=1.4,
        marker="o",
        ms=5.5,
        mec=palette.paper,
        mew=0.8,
        label=name,
    )
    error = with_interval("ece", evaluation.measures["ece"])
    axes.legend(loc="upper left", title=f"Calibration error {error}", alignment="left")
    counts.hist(evaluation.score, bins=_EDGES.tolist(), color=palette.muted, alpha=0.6, rwidth=0.9)
    counts.set(xlabel="Model score", ylabel="Images")
    _log_counts(counts, int(np.histogram(evaluation.score, _EDGES)[0].max()))
    return figure


def draw_histogram(evaluation: Evaluation, palette: Palette) -> Figure | None:
    """Draw the scores of pneumonias above those of normal images; None without images."""
    if len(evaluation.score) == 0:
        return None
    figure = new_figure(5.0, 5.2)
    panels = figure.subplots(2, 1, sharex=True, sharey=True)
    groups = (
        ("pneumonia", evaluation.positive, ~evaluation.called, palette.pneumonia, "called normal"),
        ("normal", ~evaluation.positive, evaluation.called, palette.normal, "called pneumonia"),
    )
    tallest = 1
    for axes, (name, members, wrong, colour, call) in zip(panels, groups, strict=True):
        right_scores, wrong_scores = evaluation.score[members & ~wrong], evaluation.score[members & wrong]
        right, missed = (np.histogram(s, _EDGES)[0] for s in (right_scores, wrong_scores))
        tallest = max(tallest, int((right + missed).max()))
        width = _EDGES[1] * 0.9
        centres = (_EDGES[:-1] + _EDGES[1:]) / 2
        axes.bar(centres, right, width, color=colour, alpha=0.45, lw=0)
        axes.bar(
            centres, missed, width, bottom=right, color=colour, hatch="////", edgecolor=palette.paper, lw=0
        )
        axes.axvline(evaluation.threshold, color=palette.ink, lw=1.1)
        axes.set_title(
            f"Truth {name}: {len(wrong_scores)} of {int(members.sum())} {call}",
            loc="left",
            fontsize=9.5,
            color=palette.ink,
        )
        axes.set_ylabel("Images")
    _log_counts(panels[0], tallest)
    panels[1].set(xlim=(-0.015, 1.015), xlabel="Model score")
    percent_ticks(panels[1].xaxis, [0, 0.2, 0.4, 0.6, 0.8, 1.0])
    panels[0].text(
        evaluation.threshold,
        1.0,
        f"  threshold {percent(evaluation.threshold)}  ",
        transform=panels[0].get_xaxis_transform(),
        ha="left" if evaluation.threshold < 0.5 else "right",
        va="top",
        size=8.5,
    )
    return figure


def _log_counts(axes: Axes, tallest: int) -> None:
    """Count on a logarithmic axis, since a handful of errors beside hundreds must stay visible."""
    from matplotlib.ticker import NullLocator, ScalarFormatter

    axes.set_yscale("log")
    axes.set_ylim(0.7, max(tallest * 1.6, 2))
    axes.set_yticks([tick for tick in (1, 10, 100, 1000, 10000) if tick <= tallest * 1.6])
    axes.yaxis.set_major_formatter(ScalarFormatter())
    axes.yaxis.set_minor_locator(NullLocator())
