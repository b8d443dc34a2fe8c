"""One chart of a debrief on screen, on the clipboard and in a file. Imports matplotlib."""

from __future__ import annotations

from typing import Any, Final

from matplotlib.backend_bases import MouseButton, MouseEvent
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy

from core.report.style import styled
from core.teaching.debrief import Debrief
from deeppneumo_gui.measures.pictures import SAVED_DPI, SAVED_INCHES, finished, palette
from deeppneumo_gui.teaching.debrief_charts import ChartKind

_MARGINS: Final = {"left": 58, "right": 14, "top": 8, "bottom": 40}
"""In pixels: a layout engine would take longer than the drawing."""


class DebriefChart(FigureCanvasQTAgg):
    """A chart that is drawn anew when its debrief or the theme changes."""

    place_clicked = Signal(float)
    """Where on the horizontal axis the chart was clicked."""

    def __init__(self, kind: ChartKind) -> None:
        self.kind = kind
        super().__init__(Figure(dpi=96))  # type: ignore[no-untyped-call]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(260, 200)
        self.setAccessibleName(kind.title)
        self.setAccessibleDescription(kind.meaning)
        self.setToolTip(kind.meaning)
        self._debrief: Debrief | None = None
        self.mpl_connect("button_press_event", self._on_pressed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which all labels stand apart."""
        return QSize(420, 260)

    def show_debrief(self, debrief: Debrief) -> None:
        """Draw another debrief."""
        self._debrief = debrief
        self.redraw()

    def redraw(self) -> None:
        """Draw in the colours of the theme."""
        if self._debrief is None:
            return
        look = palette()
        with styled(look):
            self.figure.clear()
            self.figure.set_facecolor(look.paper)
            self.kind.draw(self.figure.add_subplot(), self._debrief, look)
        self._set_margins()
        self.draw_idle()  # type: ignore[no-untyped-call]

    def picture(self, kind: str) -> bytes:
        """Return the chart as ``"png"`` or ``"svg"``, larger than on screen and with the notice below."""
        assert self._debrief is not None
        look = palette()
        with styled(look):
            figure = Figure(SAVED_INCHES, dpi=SAVED_DPI, facecolor=look.paper)
            axes = figure.add_axes((0.13, 0.17, 0.83, 0.73))
            axes.set_title(f"{self.kind.title}, {self._debrief.code}", loc="left", color=look.ink)
            self.kind.draw(axes, self._debrief, look)
            return finished(figure, look, kind)

    def resizeEvent(self, event: Any) -> None:  # noqa: N802
        """Keep the margins as wide as the words in them."""
        super().resizeEvent(event)  # type: ignore[no-untyped-call]
        self._set_margins()

    def _set_margins(self) -> None:
        width, height = (float(side) / self.device_pixel_ratio for side in self.figure.bbox.size)
        if width < 120 or height < 90:
            return
        self.figure.subplots_adjust(
            left=_MARGINS["left"] / width,
            right=1 - _MARGINS["right"] / width,
            top=1 - _MARGINS["top"] / height,
            bottom=_MARGINS["bottom"] / height,
        )

    def _on_pressed(self, event: MouseEvent) -> None:
        if event.button == MouseButton.LEFT and event.xdata is not None:
            self.place_clicked.emit(float(event.xdata))
