"""Figures of a debrief, and how often the machine helped or harmed."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from core.teaching.case_review import Outcome
from core.teaching.debrief import Debrief
from core.teaching.debrief_words import (
    DASH,
    OUTCOME_MEANINGS,
    OUTCOME_TITLES,
    Figure,
    call_figures,
    places_figure,
    roc_figure,
    share_figure,
)
from deeppneumo_gui.panels.widgets import heading, label, named
from deeppneumo_gui.theme import numerals

_COLUMNS: Final = {"before": "Before the machine", "after": "After the machine", "model": "Machine alone"}
_ROWS: Final = {
    "accuracy": ("Accuracy", "Share of all calls that are right"),
    "sensitivity": ("Sensitivity", "Share of pneumonias that are called pneumonia"),
    "specificity": ("Specificity", "Share of normal radiographs that are called normal"),
    "auroc": ("AUROC", "Chance that a pneumonia is rated above a normal radiograph"),
    "place": ("In the region", "Marks, and the strongest place of Grad-CAM, within the teacher's region"),
    "kind": ("Bacterial or viral", "Kinds that were named rightly, where the learner and the truth name one"),
}
_NO_FIGURE: Final = Figure("", "")
TILES: Final[tuple[Outcome, ...]] = ("rescued", "led astray", "rightly resisted", "wrongly resisted")


class FiguresTable(QWidget):
    """Before the machine, after it, and the machine alone; each figure with its counts and its 95 % interval."""

    def __init__(self) -> None:
        super().__init__()
        self.values = {(row, column): label() for row in _ROWS for column in _COLUMNS}
        self.details = {key: label("", "caption") for key in self.values}
        self._names = {row: label(title) for row, (title, _) in _ROWS.items()}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(5)
        for place, title in enumerate(_COLUMNS.values(), 1):
            grid.addWidget(heading(title), 0, place)
            grid.setColumnStretch(place, 1)
        for number, (row, (title, meaning)) in enumerate(_ROWS.items(), 1):
            self._names[row].setToolTip(meaning)
            grid.addWidget(self._names[row], number, 0, Qt.AlignmentFlag.AlignTop)
            for place, column in enumerate(_COLUMNS, 1):
                value, detail = self.values[row, column], self.details[row, column]
                value.setFont(numerals(self.font(), scale=1.15, bold=True))
                detail.setFont(numerals(self.font(), scale=0.9))
                value.setAccessibleName(f"{title}, {_COLUMNS[column].lower()}")
                cell = QVBoxLayout()
                cell.setSpacing(0)
                cell.addWidget(value)
                cell.addWidget(detail)
                grid.addLayout(cell, number, place)

    def show_debrief(self, debrief: Debrief) -> None:
        """Show other figures; rows without any are left out."""
        figures: dict[tuple[str, str], Figure] = {}
        for column, calls in (
            ("before", debrief.before),
            ("after", debrief.after),
            ("model", debrief.model),
        ):
            for row, figure in call_figures(calls).items():
                figures[row, column] = figure
        figures["auroc", "before"] = roc_figure(debrief.roc_before)
        figures["auroc", "after"] = roc_figure(debrief.roc_after)
        figures["auroc", "model"] = roc_figure(debrief.roc_model)
        marks, peaks = debrief.marks, debrief.peaks
        if marks.hits + marks.misses + marks.none:
            figures["place", "before"] = places_figure(marks, "mark")
            figures["place", "model"] = places_figure(peaks, "heatmap")
        named_kinds = [case.kind_right for case in debrief.cases if case.kind_right is not None]
        if debrief.kinds is not None:
            figures["kind", "before"] = share_figure(debrief.kinds, sum(named_kinds), len(named_kinds))
        for row in _ROWS:
            found = any((row, column) in figures for column in _COLUMNS)
            self._names[row].setVisible(found)
            for column in _COLUMNS:
                figure = figures.get((row, column), _NO_FIGURE)
                self.values[row, column].setText(figure.value)
                self.details[row, column].setText(figure.detail)
                self.values[row, column].setVisible(found)
                self.details[row, column].setVisible(found)


class OutcomeTile(QPushButton):
    """How often something became of a case; a click lists these cases."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        named(self, "choice")
        self.outcome: Outcome = outcome
        self.setCheckable(True)
        self.number = label(DASH)
        self.number.setFont(numerals(self.font(), scale=1.7, bold=True))
        self._title = label(OUTCOME_TITLES[outcome], "callWords")
        meaning = label(OUTCOME_MEANINGS[outcome].capitalize(), "caption")
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 6, 12, 6)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, 34)
        grid.setColumnStretch(1, 1)
        grid.addWidget(self.number, 0, 0, 2, 1)
        grid.addWidget(self._title, 0, 1)
        grid.addWidget(meaning, 1, 1)
        for words in (self.number, self._title, meaning):
            words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room of its words: a button's own would be that of no text."""
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same."""
        return self.sizeHint()

    def show_count(self, count: int) -> None:
        """Show another count."""
        self.number.setText(str(count))
        self.setEnabled(count > 0)
        cases = "1 case" if count == 1 else f"{count} cases"
        self.setAccessibleName(f"{OUTCOME_TITLES[self.outcome]}: {cases}")
        self.setToolTip("List these cases" if count else "")
