"""How errors fall when the least certain images are left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.metrics import Evaluation, RiskCoverageCurve
from core.metrics.selective import COVERAGE
from core.report.style import Palette, new_figure, percent_ticks
from core.report.words import PERCENT, percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
_LEAST_TOP: Final = 0.02


def draw_risk_coverage(evaluation: Evaluation, palette: Palette) -> Figure | None:
    """Draw the share of wrong answers against the share of images answered; None without images."""
    if evaluation.risk_coverage is None:
        return None
    figure = new_figure()
    axes = figure.add_subplot()
    curves: list[tuple[str, str, RiskCoverageCurve, str, Any]] = [
        ("pneumonia or not", "error_at_80", evaluation.risk_coverage, palette.accent, "-")
    ]
    if evaluation.class_risk_coverage is not None:
        dashes = (0, (5, 2))
        curves.append(
            (
                "three classes",
                "three_class_error_at_80",
                evaluation.class_risk_coverage,
                palette.pneumonia,
                dashes,
            )
        )
    top = _LEAST_TOP
    for name, key, curve, colour, style in curves:
        coverage, error = np.append(0.0, curve.coverage), np.append(curve.error[:1], curve.error)
        fewer = evaluation.measures[key].value
        assert fewer is not None
        label = f"{name}: {percent(float(error[-1]))}, {percent(fewer)} at {100 * COVERAGE:.0f}{PERCENT}"
        axes.step(coverage, error, where="pre", color=colour, ls=style, lw=1.8, label=label)
        # The first few images make any share, and would flatten what follows.
        top = max(top, float(error[coverage > 0.1].max(initial=0.0)))
    axes.axvline(COVERAGE, color=palette.muted, lw=0.9, ls=(0, (2, 3)))
    axes.set(xlabel="Images answered, the most certain first", ylabel="Wrong answers among them")
    axes.set(xlim=(-0.015, 1.015), ylim=(-0.02 * top, 1.25 * top))
    percent_ticks(axes.xaxis, [0, 0.2, 0.4, 0.6, 0.8, 1.0])
    _error_ticks(axes, top)
    axes.legend(loc="upper left", title="Wrong answers: all images, and fewer", alignment="left")
    return figure


def _error_ticks(axes: Axes, top: float) -> None:
    step = next((step for step in _STEPS if top / step <= 6), _STEPS[-1])
    percent_ticks(axes.yaxis, [round(step * k, 4) for k in range(int(1.25 * top / step) + 1)])
