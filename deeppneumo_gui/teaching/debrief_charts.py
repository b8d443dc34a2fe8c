"""What the charts of a debrief show; matplotlib is imported by whoever draws them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.report.style import Palette, unit_axes
from core.teaching.debrief import Debrief, Roc
from core.teaching.debrief_words import DASH

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_NO_CURVE: Final = "A ROC curve needs rated cases\nboth normal and with pneumonia"
_NO_TIMES: Final = "No case has been read yet"


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
        Draws a debrief on empty axes.
    """

    key: str
    title: str
    meaning: str
    draw: Callable[[Axes, Debrief, Palette], None]


def draw_roc(axes: Axes, debrief: Debrief, palette: Palette) -> None:
    """Draw the learner's ratings before and after the machine, and the machine's scores."""
    unit_axes(axes, "False alarms", "Sensitivity")
    axes.plot([0, 1], [0, 1], color=palette.muted, lw=0.8, ls=(0, (2, 3)))
    curves = (
        ("Before", debrief.roc_before, palette.accent, "-", "o"),
        ("After", debrief.roc_after, palette.accent, (0, (1, 1.4)), ""),
        ("Machine", debrief.roc_model, palette.pneumonia, "-", ""),
    )
    drawn = False
    for name, roc, colour, dash, marker in curves:
        if roc.curve is None:
            continue
        drawn = True
        axes.plot(
            roc.curve.false_positive_rate,
            roc.curve.true_positive_rate,
            color=colour,
            ls=dash,
            lw=1.8,
            marker=marker or None,
            ms=4,
            mec=palette.paper,
            mew=0.6,
            label=f"{name}  {auroc_words(roc)}",
            clip_on=False,
        )
    if drawn:
        legend = axes.legend(loc="lower right", title="AUROC", alignment="left", borderaxespad=0.2)
        legend.get_title().set_color(palette.muted)
        legend.get_title().set_fontsize(8.5)
    else:
        _say(axes, _NO_CURVE, palette)


def draw_times(axes: Axes, debrief: Debrief, palette: Palette) -> None:
    """Draw how long each case was read, told apart by whether the blind call was right."""
    from matplotlib.ticker import MaxNLocator

    axes.set(xlabel="Case, in the order they were read", ylabel="Seconds")
    axes.grid(False, axis="x")
    if not debrief.cases:
        _say(axes, _NO_TIMES, palette)
        axes.set_xticks([])
        axes.set_yticks([])
        return
    kinds = (
        ("right", True, palette.accent, None),
        ("wrong", False, palette.pneumonia, "////"),
        ("not called", None, palette.muted, "...."),
    )
    for name, right, colour, hatch in kinds:
        cases = [case for case in debrief.cases if case.right_before is right]
        if cases:
            axes.bar(
                [case.position + 1 for case in cases],
                [case.step.seconds for case in cases],
                0.8,
                color=colour,
                edgecolor=palette.paper,
                hatch=hatch,
                lw=0,
                label=name,
            )
    last = max(case.position for case in debrief.cases) + 1
    axes.set_xlim(0.4, max(last, 4) + 0.6)
    longest = max(debrief.times.longest, 1.0)
    axes.set_ylim(0, 1.3 * longest)
    axes.axhline(debrief.times.median, color=palette.ink, lw=1.0, ls=(0, (4, 3)), label="median")
    axes.xaxis.set_major_locator(MaxNLocator(min(10, max(last, 2)), integer=True))
    axes.legend(loc="upper left", ncols=4, borderaxespad=0.1, handlelength=1.4, columnspacing=1.2)


def auroc_words(roc: Roc) -> str:
    """Return an AUROC with its interval in short."""
    value, low, high = roc.auroc.value, roc.auroc.low, roc.auroc.high
    if value is None:
        return DASH
    ends = "" if low is None or high is None else f" ({low:.2f}{DASH}{high:.2f})"
    return f"{value:.2f}{ends}"


CHARTS: Final = (
    ChartKind(
        "roc",
        "ROC of how sure the calls were",
        "Calls and how sure they were, from surely normal to surely pneumonia, beside the model's scores: the "
        "further to the upper left, the better both tell normal from pneumonia.",
        draw_roc,
    ),
    ChartKind(
        "times",
        "Time for each case",
        "Seconds of blind reading until the commit, without pauses. Click a bar to open its case.",
        draw_times,
    ),
)


def _say(axes: Axes, words: str, palette: Palette) -> None:
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=palette.muted)
