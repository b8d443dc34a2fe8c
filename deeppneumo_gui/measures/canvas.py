"""One chart on screen, on the clipboard and in a file. Imports matplotlib: load this when a chart is first shown."""

from __future__ import annotations

from typing import Any

from matplotlib.backend_bases import DrawEvent, MouseButton, MouseEvent
from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy

from core.report.style import Palette, styled
from deeppneumo_gui.measures.charts import ChartKind, operating_place
from deeppneumo_gui.measures.pictures import SAVED_DPI, SAVED_INCHES, finished, palette
from deeppneumo_gui.measures.review import Review, model_calls

_MARGINS = {"left": 58, "right": 14, "top": 8, "bottom": 40}
"""In pixels: a layout engine would take longer than the drawing."""


class ChartCanvas(FigureCanvasQTAgg):
    """A chart that is drawn anew when its review or the theme changes."""

    dragged = Signal(float)
    """The threshold under the operating point while it is dragged."""
    dropped = Signal(float)
    """The threshold where it was let go."""

    def __init__(self, kind: ChartKind) -> None:
        self.kind = kind
        super().__init__(Figure(dpi=96))  # type: ignore[no-untyped-call]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(210, 130)
        self.setAccessibleName(kind.title)
        self.setAccessibleDescription(kind.meaning)
        self.setToolTip(kind.meaning)
        self._review: Review | None = None
        self._point: Line2D | None = None
        self._ground: Any = None
        self._held: float | None = None
        self.mpl_connect("draw_event", self._on_drawn)
        self.mpl_connect("button_press_event", self._on_pressed)
        self.mpl_connect("motion_notify_event", self._on_moved)
        self.mpl_connect("button_release_event", self._on_released)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which all labels stand apart."""
        return QSize(265, 230)

    def set_review(self, review: Review) -> None:
        """Take other figures; `redraw` follows."""
        self._review = review

    def redraw(self) -> None:
        """Draw the figures in the colours of the theme; not under the hand that drags the point."""
        if self._review is None or self._held is not None:
            return
        with styled(palette()):
            self._fill(self.figure, self._review)
        self.draw_idle()  # type: ignore[no-untyped-call]

    def picture(self, kind: str) -> bytes:
        """Return the chart as ``"png"`` or ``"svg"``, larger than on screen and with the notice below."""
        assert self._review is not None
        look = palette()
        with styled(look):
            figure = Figure(SAVED_INCHES, dpi=SAVED_DPI, facecolor=look.paper)
            axes = figure.add_axes((0.13, 0.17, 0.83, 0.73))
            axes.set_title(self.kind.title, loc="left", color=look.ink)
            self.kind.draw(axes, self._review, look)
            point = self._place(self._review.labelled.threshold)
            if point is not None:
                axes.add_line(_circle(point, look))
            return finished(figure, look, kind)

    def resizeEvent(self, event: Any) -> None:  # noqa: N802
        """Keep the margins as wide as the words in them."""
        super().resizeEvent(event)  # type: ignore[no-untyped-call]
        self._set_margins(self.figure)

    def _fill(self, figure: Figure, review: Review) -> None:
        look = palette()
        figure.clear()
        figure.set_facecolor(look.paper)
        axes = figure.add_subplot()
        self.kind.draw(axes, review, look)
        place = self._place(review.labelled.threshold)
        self._point = None if place is None else _circle(place, look)
        if self._point is not None:
            # Drawn by itself, on top of a picture of the rest: so it follows the mouse.
            self._point.set_animated(True)
            axes.add_line(self._point)
        self._set_margins(figure)

    def _set_margins(self, figure: Figure) -> None:
        width, height = (float(side) / self.device_pixel_ratio for side in figure.bbox.size)
        if width < 120 or height < 90:
            return
        figure.subplots_adjust(
            left=_MARGINS["left"] / width,
            right=1 - _MARGINS["right"] / width,
            top=1 - _MARGINS["top"] / height,
            bottom=_MARGINS["bottom"] / height,
        )

    def _place(self, threshold: float | None) -> tuple[float, float] | None:
        """Return where a threshold lies on the ROC curve, None on other charts."""
        review = self._review
        if self.kind.key != "roc" or review is None or review.roc is None or threshold is None:
            return None
        return operating_place(model_calls(review.labelled, threshold))

    def _on_drawn(self, event: DrawEvent) -> None:
        self._ground = self.copy_from_bbox(self.figure.bbox)  # type: ignore[no-untyped-call]
        if self._point is not None and self.figure.axes:
            self.figure.axes[0].draw_artist(self._point)

    def _on_pressed(self, event: MouseEvent) -> None:
        if event.button == MouseButton.LEFT and self._point is not None and event.inaxes is not None:
            self._follow(event)

    def _on_moved(self, event: MouseEvent) -> None:
        if self._held is not None:
            self._follow(event)

    def _on_released(self, event: MouseEvent) -> None:
        held, self._held = self._held, None
        if held is not None:
            self.dropped.emit(held)

    def _follow(self, event: MouseEvent) -> None:
        """Bring the point to the place on the curve that is nearest to the mouse."""
        review, axes = self._review, self.figure.axes[0]
        if review is None or review.roc is None or self._point is None:
            return
        x, y = axes.transData.inverted().transform((event.x, event.y))
        curve = review.roc
        # The first point calls nothing; no score is its threshold.
        distances = (curve.false_positive_rate[1:] - x) ** 2 + (curve.true_positive_rate[1:] - y) ** 2
        nearest = 1 + int(distances.argmin())
        self._held = float(curve.threshold[nearest])
        self._point.set_data([curve.false_positive_rate[nearest]], [curve.true_positive_rate[nearest]])
        if self._ground is not None:
            self.restore_region(self._ground)  # type: ignore[no-untyped-call]
            axes.draw_artist(self._point)
            self.blit(self.figure.bbox)  # type: ignore[no-untyped-call]
        self.dragged.emit(self._held)


def _circle(place: tuple[float, float], look: Palette) -> Line2D:
    x, y = place
    return Line2D(
        [x], [y], marker="o", ms=9, mfc=look.paper, mec=look.ink, mew=1.8, ls="", zorder=5, clip_on=False
    )
