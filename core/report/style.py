"""How the figures look: one hand for all of them, for light and dark pages."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from core.report.words import PERCENT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

DPI: Final = 200


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of a figure. Blue and amber stay apart for every kind of colour vision and in grey."""

    paper: str
    ink: str
    muted: str
    grid: str
    accent: str
    normal: str
    pneumonia: str


LIGHT: Final = Palette(
    paper="#ffffff",
    ink="#1b2430",
    muted="#5b6675",
    grid="#e4e8ed",
    accent="#0f6e78",
    normal="#2c6cb0",
    pneumonia="#c46a00",
)
DARK: Final = Palette(
    paper="#161c24",
    ink="#e7ecf2",
    muted="#9aa6b4",
    grid="#2b3440",
    accent="#53c0c9",
    normal="#79b0ea",
    pneumonia="#f2ae4b",
)


def _settings(palette: Palette) -> dict[Any, Any]:
    return {
        "font.family": "DejaVu Sans",
        "font.size": 9,
        "text.color": palette.ink,
        "figure.facecolor": palette.paper,
        "savefig.facecolor": palette.paper,
        "axes.facecolor": palette.paper,
        "axes.edgecolor": palette.muted,
        "axes.labelcolor": palette.muted,
        "axes.labelsize": 9,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": True,
        "grid.color": palette.grid,
        "grid.linewidth": 0.8,
        "xtick.color": palette.muted,
        "ytick.color": palette.muted,
        "xtick.labelsize": 8.5,
        "ytick.labelsize": 8.5,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "ytick.minor.size": 0,
        # A poor model's curve runs behind the legend, which must stay legible.
        "legend.facecolor": palette.paper,
        "legend.edgecolor": "none",
        "legend.framealpha": 0.85,
        "legend.fontsize": 8.5,
        "lines.solid_capstyle": "round",
        "hatch.linewidth": 0.6,
    }


@contextmanager
def styled(palette: Palette) -> Iterator[None]:
    """Draw and save figures in the colours of a palette, leaving matplotlib's own settings alone."""
    import matplotlib

    with matplotlib.rc_context(_settings(palette)):
        yield


def new_figure(width: float = 5.0, height: float = 4.4) -> Figure:
    """Return an empty figure, in inches, that no window system knows of."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI)
    figure.set_layout_engine("constrained", w_pad=0.12, h_pad=0.12)
    return figure


def unit_axes(axes: Axes, x: str, y: str) -> None:
    """Make both axes run from 0 to 100 %."""
    axes.set(xlim=(-0.015, 1.015), ylim=(-0.015, 1.015), xlabel=x, ylabel=y)
    for axis in (axes.xaxis, axes.yaxis):
        percent_ticks(axis, [0, 0.2, 0.4, 0.6, 0.8, 1.0])


def percent_ticks(axis: Axis, places: list[float]) -> None:
    """Label an axis of shares in per cent."""
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=PERCENT))
    axis.set_ticks(places)


def to_png(figure: Figure) -> bytes:
    """Return the figure as a PNG without the date and program name that would differ from run to run."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", metadata={"Software": None})
    return stream.getvalue()
