"""All of a debrief on one page: figures, outcomes, charts. Imports matplotlib."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.teaching.case_review import CaseReview, Outcome
from core.teaching.debrief import Debrief
from core.teaching.debrief_words import balance_words, cautions
from deeppneumo_gui.export.failures import why_not_written
from deeppneumo_gui.icons import icon
from deeppneumo_gui.measures.pictures import copy_picture, save_picture
from deeppneumo_gui.measures.view import ask_chart_file
from deeppneumo_gui.panels.widgets import heading, label, named
from deeppneumo_gui.teaching.debrief_canvas import DebriefChart
from deeppneumo_gui.teaching.debrief_charts import CHARTS
from deeppneumo_gui.teaching.debrief_list import TAUGHT, CaseList
from deeppneumo_gui.teaching.debrief_parts import TILES, FiguresTable, OutcomeTile

_LIST_WIDTH: Final = 350
_WIDE: Final = 960
"""From this width on the outcomes stand beside the figures, and the charts beside each other."""
_INTERVALS: Final = (
    "In brackets 95 % intervals: Wilson's, and for AUROC from resampled cases; each case taken as a patient of "
    "its own."
)


class OverviewPage(QWidget):
    """Figures at the left, cases at the right."""

    opened = Signal(object)
    """The `CaseReview` that is to be looked at."""
    said = Signal(str, bool)
    """A sentence, and whether it is good news that need not stay."""

    def __init__(self) -> None:
        super().__init__()
        self._debrief: Debrief | None = None
        self.notes = label("", "statement", wrap=True)
        self.figures = FiguresTable()
        self.balance = label("", "detail", wrap=True)
        self.tiles = {outcome: OutcomeTile(outcome) for outcome in TILES}
        self.charts = {kind.key: DebriefChart(kind) for kind in CHARTS}
        self.list = CaseList()
        self.list.setFixedWidth(_LIST_WIDTH)
        self._upper, self._charts = QHBoxLayout(), QHBoxLayout()
        self._lay_out()
        self.list.opened.connect(self.opened)
        self.list.chosen.connect(self._on_chosen)
        for outcome, tile in self.tiles.items():
            tile.clicked.connect(_bare(partial(self._on_tile, outcome)))
        self.charts["times"].place_clicked.connect(self._on_time_clicked)

    def show_debrief(self, debrief: Debrief) -> None:
        """Show another run."""
        self._debrief = debrief
        words = (*debrief.notes, *cautions(debrief))
        self.notes.setText(" ".join(words))
        self.notes.setVisible(bool(words))
        self.figures.show_debrief(debrief)
        self.balance.setText(balance_words(debrief))
        for outcome, tile in self.tiles.items():
            tile.show_count(debrief.count(outcome))
        for chart in self.charts.values():
            chart.show_debrief(debrief)
        self.list.show_debrief(debrief)

    @Slot()
    def redraw(self) -> None:
        """Draw the charts in the colours of the theme."""
        for chart in self.charts.values():
            chart.redraw()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put one thing below the other where there is no room for it beside the other."""
        super().resizeEvent(event)
        narrow = self.width() - _LIST_WIDTH < _WIDE
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        for row in (self._upper, self._charts):
            row.setDirection(direction)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(12)
        column.addWidget(self.notes)
        upper = self._upper
        upper.setSpacing(24)
        left = QVBoxLayout()
        left.addWidget(self.figures)
        left.addWidget(label(_INTERVALS, "caption", wrap=True))
        left.addStretch(1)
        upper.addLayout(left, 3)
        upper.addLayout(self._outcomes(), 2)
        column.addLayout(upper)
        charts = self._charts
        charts.setSpacing(18)
        for chart in self.charts.values():
            charts.addLayout(self._framed(chart), 1)
        column.addLayout(charts, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(area, 1)
        row.addWidget(self.list)

    def _outcomes(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(heading("Where learner and machine differed"))
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, tile in enumerate(self.tiles.values()):
            grid.addWidget(tile, place, 0)
        column.addLayout(grid)
        column.addWidget(self.balance)
        column.addStretch(1)
        return column

    def _framed(self, chart: DebriefChart) -> QVBoxLayout:
        title = QHBoxLayout()
        title.addWidget(heading(chart.kind.title))
        title.addStretch(1)
        for name, verb, act in (("copy", "Copy", self._copy), ("save", "Save", self._save)):
            button = named(QToolButton(), "")
            button.setIcon(icon(name))
            button.setAccessibleName(f"{verb} the chart: {chart.kind.title}")
            button.setToolTip(f"{verb} this chart" + (" as PNG or SVG" if verb == "Save" else ""))
            button.clicked.connect(_bare(partial(act, chart)))
            title.addWidget(button)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addLayout(title)
        column.addWidget(chart, 1)
        return column

    def _copy(self, chart: DebriefChart) -> None:
        copy_picture(chart.picture)
        self.said.emit(f"The chart was copied: {chart.kind.title}.", True)

    def _save(self, chart: DebriefChart) -> None:
        path = ask_chart_file(self, f"debrief-{chart.kind.key}.png", "chart")
        if path is None:
            return
        try:
            save_picture(path, chart.picture)
        except OSError as error:
            self.said.emit(f"The chart could not be saved. {why_not_written(error)}", False)
            return
        self.said.emit(f"The chart was saved: {path.name}.", True)

    def _on_tile(self, outcome: Outcome) -> None:
        self.list.choose(outcome if self.tiles[outcome].isChecked() else TAUGHT)

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        for outcome, tile in self.tiles.items():
            tile.setChecked(outcome == key)

    @Slot(float)
    def _on_time_clicked(self, place: float) -> None:
        cases = () if self._debrief is None else self._debrief.cases
        found: CaseReview | None = next((case for case in cases if case.position + 1 == round(place)), None)
        if found is not None:
            self.opened.emit(found)


def _bare(act: Callable[[], None]) -> Callable[[], None]:
    """Return what acts, whatever `clicked` says of the check mark."""
    return lambda: act()
