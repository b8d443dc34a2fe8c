"""The picture of averaged heatmaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.overlay import CAPTION, DEFAULT_COLORMAP, DEFAULT_THRESHOLD, WEAK_STRENGTH, colormap_table
from core.report.averages import AverageHeatmap
from core.report.style import Palette, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIDE: Final = 336
_OPACITY: Final = 0.6


def draw_averages(averages: Sequence[AverageHeatmap], palette: Palette) -> Figure | None:
    """Draw mean heatmaps over mean radiographs, all on one scale; None without any."""
    if not averages:
        return None
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize

    top = max(WEAK_STRENGTH, *(float(average.activation_map.max()) for average in averages))
    figure = new_figure(2.35 * len(averages) + 0.9, 3.2)
    panels = np.atleast_1d(figure.subplots(1, len(averages)))
    for axes, average in zip(panels, averages, strict=True):
        axes.imshow(_blend(average, top))
        axes.grid(visible=False)
        axes.set(xticks=[], yticks=[], xlabel=f"{average.images} images of\n{average.patients} patients")
        axes.set_title(f"Mean of {average.label}", fontsize=9.5, color=palette.ink)
        axes.spines[:].set_visible(False)
    colours = ListedColormap(colormap_table(DEFAULT_COLORMAP, DEFAULT_THRESHOLD)[:, :3] / 255)
    bar = figure.colorbar(ScalarMappable(Normalize(0, top), colours), ax=panels, shrink=0.8, pad=0.02)
    bar.set_label("Logits per cell", color=palette.muted)
    bar.outline.set_visible(False)
    figure.supxlabel(CAPTION, fontsize=9, color=palette.muted)
    return figure


def _blend(average: AverageHeatmap, top: float) -> NDArray[np.uint8]:
    """Lay a map over its radiograph as the viewer does, but on a scale that all share."""
    table = colormap_table(DEFAULT_COLORMAP, DEFAULT_THRESHOLD)
    size = (_SIDE, _SIDE)
    grey = Image.fromarray(np.rint(average.radiograph).astype(np.uint8)).resize(
        size, Image.Resampling.BICUBIC
    )
    share = Image.fromarray((average.activation_map / top).astype(np.float32)).resize(
        size, Image.Resampling.BILINEAR
    )
    heat = table[np.rint(255 * np.clip(np.asarray(share), 0, 1)).astype(np.uint8)]
    opacity = _OPACITY * heat[..., 3:] / 255
    mixed = opacity * heat[..., :3] + (1 - opacity) * np.asarray(grey)[..., np.newaxis]
    levels: NDArray[np.uint8] = np.rint(mixed).astype(np.uint8)
    return levels
