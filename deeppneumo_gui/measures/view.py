"""What the dock shows: figures, calls against the truth, charts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from deeppneumo_gui.export.failures import why_not_written
from deeppneumo_gui.icons import icon
from deeppneumo_gui.judging.filters import Caller, Cell
from deeppneumo_gui.measures.canvas import ChartCanvas
from deeppneumo_gui.measures.charts import CHARTS
from deeppneumo_gui.measures.confusion import ConfusionGrid
from deeppneumo_gui.measures.numbers import NumbersTable
from deeppneumo_gui.measures.pictures import Picture, confusion_picture, copy_picture, save_picture
from deeppneumo_gui.measures.review import Review, model_calls
from deeppneumo_gui.measures.words import basis_words, empty_words
from deeppneumo_gui.panels.widgets import heading, label

_NUMBERS_WIDTH: Final = 340
_GRIDS_WIDTH: Final = 250
_LEAST_HEIGHT: Final = 190
_KINDS: Final = "PNG (*.png);;SVG (*.svg)"


class MeasuresView(QWidget):
    """A row that scrolls sideways in a narrow window."""

    cell_chosen = Signal(object)
    """The `Cell` to list, None for all."""
    point_moved = Signal(float)
    """The threshold that the reader wants as operating point."""
    point_dragged = Signal(float, object)
    """A threshold that the operating point is drawn over, and the `CallMeasures` there."""
    point_reset = Signal()
    said = Signal(str, bool)
    """A sentence for the reader, and whether it is good news that need not stay."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._review: Review | None = None
        self.basis = ""
        self.empty = label("", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(40, 0, 40, 0)
        self._waiting: list[ChartCanvas] = []
        self._drawing = QTimer(self)
        self._drawing.timeout.connect(self._draw_next)
        self.numbers = NumbersTable()
        self.grids = {caller: ConfusionGrid(caller) for caller in Caller}
        self.charts = {kind.key: ChartCanvas(kind) for kind in CHARTS}
        self.tools: list[QToolButton] = []
        self._grid_tools: dict[Caller, list[QToolButton]] = {}
        self._lay_out()
        for grid in self.grids.values():
            grid.chosen.connect(self.cell_chosen)
        roc = self.charts["roc"]
        roc.dragged.connect(self._on_dragged)
        roc.dropped.connect(self.point_moved)
        self.numbers.point_typed.connect(self.point_moved)
        self.numbers.point_reset.connect(self.point_reset)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        cells = (button for grid in self.grids.values() for button in grid.buttons.values())
        return (*self.numbers.controls, *cells, *self.tools)

    def show_review(self, review: Review) -> None:
        """Show other figures."""
        self._review = review
        nothing = empty_words(review)
        self.basis = "" if nothing else basis_words(review)
        self.setAccessibleDescription(self.basis)
        self.empty.setText(nothing)
        self.empty.setVisible(bool(nothing))
        self._area.setVisible(not nothing)
        self.numbers.show_review(review)
        self.grids[Caller.MODEL].show_calls(review.model)
        self.grids[Caller.READER].show_calls(review.reader)
        for caller, tools in self._grid_tools.items():
            for tool in tools:
                tool.setEnabled(self.grids[caller].calls is not None)
        for chart in self.charts.values():
            chart.set_review(review)
        # Drawn one at a time: a window that draws all of them at once would be late for the mouse.
        self._waiting = [*self.charts.values()]
        self._drawing.start()

    def show_point(self, threshold: float | None, moved: bool) -> None:
        """Show the operating point, and whether it is another than the model's own."""
        self.numbers.show_point(threshold, moved)

    def show_chosen(self, cell: Cell | None) -> None:
        """Mark the cell whose images are listed."""
        for grid in self.grids.values():
            grid.show_chosen(cell)

    @Slot()
    def redraw(self) -> None:
        """Draw the charts in the colours of the theme."""
        for chart in self.charts.values():
            chart.redraw()

    @Slot()
    def _draw_next(self) -> None:
        if self._waiting:
            self._waiting.pop(0).redraw()
        else:
            self._drawing.stop()

    @Slot(float)
    def _on_dragged(self, threshold: float) -> None:
        """Let the figures follow the point."""
        if self._review is not None:
            calls = model_calls(self._review.labelled, threshold)
            self.numbers.show_calls(calls, self._review.reader)
            self.numbers.show_point(threshold, True)
            self.grids[Caller.MODEL].show_calls(calls)
            self.point_dragged.emit(threshold, calls)

    def _lay_out(self) -> None:
        figures = QWidget()
        pair = QHBoxLayout(figures)
        pair.setContentsMargins(0, 0, 8, 0)
        pair.setSpacing(18)
        self.numbers.setFixedWidth(_NUMBERS_WIDTH)
        pair.addWidget(self.numbers)
        grids = QVBoxLayout()
        grids.setSpacing(6)
        for grid in self.grids.values():
            grid.setFixedWidth(max(_GRIDS_WIDTH, grid.sizeHint().width()))
            grids.addWidget(grid, 1)
            self._grid_tools[grid.caller] = self._add_tools(
                grid.head, f"confusion-{grid.caller.name.lower()}", f"table: {grid.caller.title}", _of(grid)
            )
        pair.addLayout(grids)
        # Figures scroll by themselves in a low window; the charts always fit.
        left = _scrolling(figures)
        left.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        left.setFixedWidth(figures.sizeHint().width() + left.verticalScrollBar().sizeHint().width())
        content = QWidget()
        row = QHBoxLayout(content)
        row.setContentsMargins(14, 6, 14, 6)
        row.setSpacing(14)
        row.addWidget(left)
        for chart in self.charts.values():
            row.addLayout(self._framed(chart), 1)
        self._area = _scrolling(content)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.empty.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._area)
        whole.addWidget(self.empty)

    def _framed(self, chart: ChartCanvas) -> QVBoxLayout:
        """Return a chart below its title and the buttons that copy and save it."""
        title = QHBoxLayout()
        title.setSpacing(2)
        title.addWidget(heading(chart.kind.title))
        title.addStretch(1)
        self._add_tools(title, chart.kind.key, f"chart: {chart.kind.title}", chart.picture)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(title)
        column.addWidget(chart, 1)
        return column

    def _add_tools(self, row: QHBoxLayout, key: str, what: str, picture: Picture) -> list[QToolButton]:
        """Add the buttons that copy and save something, such as ``"chart: ROC curve"``."""
        buttons = []
        short = what.partition(":")[0]
        for name, verb, act in (
            ("copy", "Copy", partial(self._on_copy, what, picture)),
            ("save", "Save", partial(self._on_save, key, what, picture)),
        ):
            button = QToolButton()
            button.setIcon(icon(name))
            button.setAccessibleName(f"{verb} the {what}")
            button.setToolTip(f"{verb} this {short}" + (" as PNG or SVG" if verb == "Save" else ""))
            button.clicked.connect(act)
            row.addWidget(button)
            buttons.append(button)
        self.tools += buttons
        return buttons

    def _on_copy(self, what: str, picture: Picture, _checked: bool = False) -> None:
        if self._review is not None:
            copy_picture(picture)
            self.said.emit(f"The {what.replace(':', ' was copied:', 1)}.", True)

    def _on_save(self, key: str, what: str, picture: Picture, _checked: bool = False) -> None:
        if self._review is None:
            return
        short = what.partition(":")[0]
        path = ask_chart_file(self, f"{key}.png", short)
        if path is None:
            return
        try:
            save_picture(path, picture)
        except OSError as error:
            self.said.emit(f"The {short} could not be saved. {why_not_written(error)}", False)
            return
        self.said.emit(f"The {short} was saved: {path.name}.", True)


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def _of(grid: ConfusionGrid) -> Picture:
    def picture(kind: str) -> bytes:
        assert grid.calls is not None, "its buttons are off"
        return confusion_picture(grid.caller, grid.calls, kind)

    return picture


def ask_chart_file(parent: QWidget, suggestion: str, what: str) -> Path | None:
    """Ask for the PNG or SVG to write; None when the reader thinks better of it."""
    dialog = QFileDialog(parent, f"Save the {what}", "", _KINDS)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setFileMode(QFileDialog.FileMode.AnyFile)
    dialog.setDefaultSuffix("png")
    dialog.filterSelected.connect(lambda kind: dialog.setDefaultSuffix("svg" if "svg" in kind else "png"))
    dialog.selectFile(suggestion.removesuffix(".png"))
    accepted = dialog.exec() == QFileDialog.DialogCode.Accepted
    dialog.deleteLater()
    return Path(dialog.selectedFiles()[0]) if accepted else None
