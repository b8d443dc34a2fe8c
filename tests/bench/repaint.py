"""How long the window takes to show what the reader's hand does: window/level, opacity, threshold."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from core.reading import Radiograph, Window
from tests.bench.measure import Bar

if TYPE_CHECKING:
    from deeppneumo_gui.canvas.view import RadiographView
    from deeppneumo_gui.panels.heatmap import HeatmapPanel

_SHAPE = (1858, 2090)
_STEPS = 120
_WARM_UP = 10
_LIMIT_MS = 16.0
_USUAL = (748, 748)
"""What is left for the image in a window of 1360 x 860."""
_LARGE = (1310, 860)
"""What is left for two panes in a window of 1920 x 1080."""


def measure() -> Iterator[Bar]:
    """Median and 95th percentile of one step of each control: 8 and 16 bit, fitted and enlarged; two panes."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QApplication

    from deeppneumo_gui.app import create_application
    from deeppneumo_gui.canvas.board import Arrangement, CanvasBoard
    from deeppneumo_gui.canvas.heatmap import HeatmapStyle
    from deeppneumo_gui.heatmap_presenter import HeatmapPresenter
    from deeppneumo_gui.panels.heatmap import HeatmapPanel
    from tests.gui.fakes import make_prediction

    create_application()
    board, toggle = CanvasBoard(), QAction("Heatmap")
    panel = HeatmapPanel(toggle, HeatmapStyle(visible=True))
    presenters = [HeatmapPresenter(view, panel, board, leads=view is board.view) for view in board.panes]

    def show(dtype: type, arrangement: Arrangement) -> list[RadiographView]:
        board.view.show_radiograph(_radiograph(dtype))
        board.arrange(arrangement)
        for presenter in presenters:
            presenter.explain(make_prediction())
        QApplication.processEvents()
        return [view for view in board.panes if view.isVisible()]

    board.resize(*_USUAL)
    board.show()
    for dtype in (np.uint8, np.uint16):
        yield from _sweep(show(dtype, Arrangement.ONE), panel, f"{8 * np.dtype(dtype).itemsize} bit")
    board.resize(*_LARGE)
    for words, arrangement in (
        ("heatmap beside", Arrangement.BESIDE_HEATMAP),
        ("two cases", Arrangement.TWO_CASES),
    ):
        yield from _sweep(show(np.uint16, arrangement), panel, f"16 bit, {words} at 1920 x 1080")
    board.close()


def _sweep(views: list[RadiographView], panel: HeatmapPanel, words: str) -> Iterator[Bar]:
    """Time every control at every zoom; what changes in a second pane is painted, too."""
    from PySide6.QtWidgets import QApplication

    lead = views[0]
    counts = [_count_paintings(view) for view in views]
    for zoom in (None, 0.6, 1.0):
        lead.fit()
        if zoom is not None:
            lead.zoom_at(lead.cursor_point, zoom / lead.zoom)
        steps: dict[str, Callable[[int], None]] = {
            "window/level": lambda turn: lead.window_level(3 * (-1) ** (turn // 20), 2),
            "opacity": lambda turn: panel.opacity.setValue(turn % 100),
            "threshold": lambda turn: panel.threshold.setValue(turn % 95),
        }
        for name, step in steps.items():
            milliseconds, before = [], sum(count[0] for count in counts)
            for turn in range(_WARM_UP + _STEPS):
                started = time.perf_counter()
                step(turn)
                QApplication.processEvents()  # paints every view that has changed, once
                milliseconds.append(1000 * (time.perf_counter() - started))
            if sum(count[0] for count in counts) - before < len(milliseconds):
                raise RuntimeError("a step was not painted")
            yield from _bars(f"{name}, {words}, {_words(zoom)}", milliseconds[_WARM_UP:])


def _count_paintings(view: RadiographView) -> list[int]:
    """Return a count that goes up with each painting: what is not painted is quick and proves nothing."""
    count, draw = [0], view.drawForeground

    def counting(*arguments: Any) -> None:
        count[0] += 1
        draw(*arguments)

    view.drawForeground = counting  # type: ignore[method-assign]
    return count


def _words(zoom: float | None) -> str:
    return "fitted" if zoom is None else f"zoom {zoom:.0%}"


def _bars(name: str, milliseconds: list[float]) -> Iterator[Bar]:
    detail = f"ms, {_STEPS} steps at {_SHAPE[1]} x {_SHAPE[0]}"
    yield Bar(f"repaint of {name}, median", statistics.median(milliseconds), _LIMIT_MS, False, detail)
    percentile = float(np.percentile(milliseconds, 95))
    yield Bar(f"repaint of {name}, 95th percentile", percentile, _LIMIT_MS, False, detail)


def _radiograph(dtype: type) -> Radiograph:
    generator = np.random.default_rng(1)
    top = 255 if dtype is np.uint8 else 4095
    ramp = np.linspace(0, 0.9 * top, _SHAPE[1])[np.newaxis]
    pixels = (ramp + generator.uniform(0, 0.1 * top, _SHAPE)).astype(dtype)
    grey = pixels if dtype is np.uint8 else (pixels >> 4).astype(np.uint8)
    return Radiograph(pixels, grey, Window((top + 1) / 2, top + 1))
