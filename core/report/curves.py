"""ROC and precision-recall curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.metrics import Evaluation, Measure
from core.report.style import Palette, new_figure, percent_ticks, unit_axes
from core.report.words import PERCENT, with_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CORNER: Final = 0.25
_DOTS: Final = (0, (2, 3))


def draw_roc(evaluation: Evaluation, palette: Palette) -> Figure | None:
    """Draw sensitivity against false alarms; None where a class is missing."""
    if evaluation.roc is None:
        return None
    figure = new_figure()
    axes = figure.add_subplot()
    unit_axes(axes, "False positive rate (1 \N{MINUS SIGN} specificity)", "Sensitivity")
    _roc_lines(axes, evaluation, palette)
    axes.plot([0, 1], [0, 1], color=palette.muted, lw=0.9, ls=_DOTS, label="chance", zorder=1)
    auroc = with_interval("auroc", evaluation.measures["auroc"])
    axes.legend(loc="lower right", title=f"AUROC {auroc}", alignment="left")
    if 1 - _value(evaluation, "specificity") < _CORNER and _value(evaluation, "sensitivity") > 1 - _CORNER:
        inset = axes.inset_axes((0.42, 0.42, 0.55, 0.48))
        _roc_lines(inset, evaluation, palette)
        _zoom(axes, inset, (-0.004, _CORNER), [0, 0.1, 0.2], palette)
    return figure


def _roc_lines(axes: Axes, evaluation: Evaluation, palette: Palette) -> None:
    curve, band = evaluation.roc, evaluation.roc_band
    assert curve is not None
    if band is not None:
        name = f"{evaluation.confidence:.0%} interval, by patient".replace("%", PERCENT)
        x, low, high = band.false_positive_rate, band.low, band.high
        axes.fill_between(x, low, high, color=palette.accent, alpha=0.18, lw=0, label=name)
    x, y = curve.false_positive_rate, curve.true_positive_rate
    axes.plot(x, y, color=palette.accent, lw=1.8, label="model")
    specificity, sensitivity = evaluation.measures["specificity"], evaluation.measures["sensitivity"]
    point = (1 - _value(evaluation, "specificity"), _value(evaluation, "sensitivity"))
    _mark(axes, point, (_arms(specificity)[::-1], _arms(sensitivity)), palette)


def draw_precision_recall(evaluation: Evaluation, palette: Palette) -> Figure | None:
    """Draw precision against recall; None without a pneumonia."""
    if evaluation.precision_recall is None:
        return None
    figure = new_figure()
    axes = figure.add_subplot()
    unit_axes(axes, "Recall (sensitivity)", "Precision")
    _precision_recall_lines(axes, evaluation, palette)
    share = float(evaluation.positive.mean())
    name = f"chance ({share:.0%} are pneumonia)".replace("%", PERCENT)
    axes.axhline(share, color=palette.muted, lw=0.9, ls=_DOTS, label=name, zorder=1)
    average = with_interval("average_precision", evaluation.measures["average_precision"])
    axes.legend(loc="lower left", title=f"Average precision {average}", alignment="left")
    if min(evaluation.measures["precision"].value or 0, _value(evaluation, "recall")) > 1 - _CORNER:
        inset = axes.inset_axes((0.14, 0.36, 0.55, 0.48))
        _precision_recall_lines(inset, evaluation, palette)
        _zoom(axes, inset, (1 - _CORNER, 1.004), [0.8, 0.9, 1], palette)
    return figure


def _precision_recall_lines(axes: Axes, evaluation: Evaluation, palette: Palette) -> None:
    curve, precision = evaluation.precision_recall, evaluation.measures["precision"]
    assert curve is not None
    # Between two points precision is not linear (Davis and Goadrich 2006), hence the steps.
    recall, precisions = np.append(0.0, curve.recall), np.append(curve.precision[0], curve.precision)
    axes.step(recall, precisions, where="pre", color=palette.accent, lw=1.8, label="model")
    if precision.value is not None:
        point = (_value(evaluation, "recall"), precision.value)
        _mark(axes, point, (_arms(evaluation.measures["recall"]), _arms(precision)), palette)


def _zoom(axes: Axes, inset: Axes, across: tuple[float, float], ticks: list[float], palette: Palette) -> None:
    """Enlarge the corner where good models otherwise leave nothing to see."""
    inset.set(xlim=across, ylim=(1 - _CORNER, 1.004))
    percent_ticks(inset.xaxis, ticks)
    percent_ticks(inset.yaxis, [0.8, 0.9, 1])
    inset.tick_params(labelsize=7.5)
    inset.spines[:].set_visible(True)
    inset.spines[:].set_color(palette.muted)
    inset.spines[:].set_alpha(0.45)
    axes.indicate_inset_zoom(inset, edgecolor=palette.muted, alpha=0.45, lw=0.8)


def _value(evaluation: Evaluation, key: str) -> float:
    value = evaluation.measures[key].value
    assert value is not None
    return value


def _arms(measure: Measure) -> tuple[float, float]:
    """Lengths of the interval below and above the value."""
    if measure.value is None or measure.low is None or measure.high is None:
        return (0.0, 0.0)
    return (max(measure.value - measure.low, 0.0), max(measure.high - measure.value, 0.0))


def _mark(
    axes: Axes,
    point: tuple[float, float],
    arms: tuple[tuple[float, float], tuple[float, float]],
    palette: Palette,
) -> None:
    """Mark the operating point with the intervals of both its coordinates."""
    across, along = arms
    axes.errorbar(
        *point,
        xerr=[[across[0]], [across[1]]],
        yerr=[[along[0]], [along[1]]],
        fmt="o",
        ms=6,
        mfc=palette.paper,
        mec=palette.ink,
        mew=1.6,
        elinewidth=1.1,
        ecolor=palette.ink,
        zorder=5,
        label="operating point",
    )
