"""Confusion matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.metrics import Evaluation
from core.report.style import Palette, new_figure
from core.report.words import percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_confusion(evaluation: Evaluation, palette: Palette) -> Figure:
    """Draw truth against call at the operating point."""
    return draw_matrix(
        evaluation.confusion, ("normal", "pneumonia"), "Called at the operating point", palette
    )


def draw_class_confusion(evaluation: Evaluation, palette: Palette) -> Figure | None:
    """Draw truth against the most probable class; None where model or truth has no kinds."""
    if evaluation.class_confusion is None:
        return None
    return draw_matrix(
        evaluation.class_confusion, ("normal", "bacterial", "viral"), "Most probable class", palette
    )


def draw_matrix(counts: NDArray[np.int64], names: Sequence[str], across: str, palette: Palette) -> Figure:
    """Draw counts, shape (K, K), of images by true class (rows) and by called class; `across` names the latter."""
    from matplotlib.colors import LinearSegmentedColormap

    rows = counts.sum(axis=1, keepdims=True)
    share = np.divide(counts, rows, out=np.zeros(counts.shape), where=rows > 0)
    shades = LinearSegmentedColormap.from_list("shades", [palette.grid, palette.accent])
    figure = new_figure()
    axes = figure.add_subplot()
    # Full colour would drown the figures printed on it.
    axes.imshow(share, cmap=shades, vmin=0, vmax=1.5, aspect="auto")
    ticks = range(len(names))
    axes.set_xticks(ticks, names)
    axes.set_yticks(ticks, [f"{name}\nn = {n}" for name, n in zip(names, rows[:, 0], strict=True)])
    axes.set_xlabel(across)
    axes.set_ylabel("Truth")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set_xticks(np.arange(len(names) - 1) + 0.5, minor=True)
    axes.set_yticks(np.arange(len(names) - 1) + 0.5, minor=True)
    axes.tick_params(which="minor", length=0)
    axes.tick_params(which="major", labelsize=9.5, labelcolor=palette.ink)
    axes.grid(which="minor", color=palette.paper, lw=4)
    for (row, column), number in np.ndenumerate(counts):
        style: dict[str, Any] = {"ha": "center", "color": palette.ink}
        axes.text(column, row - 0.02, f"{number}", va="bottom", size=17, weight="bold", **style)
        if rows[row, 0]:
            axes.text(column, row + 0.05, percent(share[row, column]), va="top", size=9.5, **style)
    return figure
