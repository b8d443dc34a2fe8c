"""Sensitivity and its relatives in figures, the model's beside the reader's."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.metrics.calls import CallMeasures
from core.metrics.result import Measure
from core.report.words import PERCENT, percent
from deeppneumo_gui.measures.review import Review
from deeppneumo_gui.panels.widgets import heading, label, named, roomy
from deeppneumo_gui.theme import numerals

_DASH: Final = "\N{EN DASH}"
_ROWS: Final = {
    "sensitivity": ("Sensitivity", "Share of pneumonias that are called pneumonia"),
    "specificity": ("Specificity", "Share of normal images that are called normal"),
    "ppv": ("PPV here", "Share of pneumonia calls that are right, as common as pneumonia is here"),
    "npv": ("NPV here", "Share of normal calls that are right, as common as pneumonia is here"),
    "accuracy": ("Accuracy", "Share of images called rightly"),
    "auroc": ("AUROC", "Chance that a pneumonia scores higher than a normal image"),
    "ppv_at": ("PPV", "Share of pneumonia calls that would be right at that prevalence"),
    "npv_at": ("NPV", "Share of normal calls that would be right at that prevalence"),
}
_AT_PREVALENCE: Final = ("ppv_at", "npv_at")
_FIRST_PREVALENCE: Final = 10.0


class NumbersTable(QWidget):
    """Figures with 95 % intervals, and predictive values at a prevalence of the reader's choice."""

    point_typed = Signal(float)
    """The threshold that is typed for the operating point."""
    point_reset = Signal()
    """The model's own operating point is wanted back."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: dict[str, CallMeasures | None] = {"model": None, "reader": None}
        self.values = {(who, key): QLabel(_DASH) for who in ("model", "reader") for key in _ROWS}
        self.prevalence = _field("Prevalence in per cent", 0.1, 99.9, 1)
        self.prevalence.setSuffix(PERCENT)
        self.prevalence.setValue(_FIRST_PREVALENCE)
        self.point = _field("Operating point", 0.0, 1.0, 3)
        self.point.setSingleStep(0.01)
        self.reset_button = named(QPushButton("Reset"), "quiet")
        self.reset_button.setAccessibleName("Back to the model's operating point")
        self.reset_button.setToolTip("Back to the model's operating point")
        self.prevalence.valueChanged.connect(self._show_prevalence)
        self.point.valueChanged.connect(self.point_typed)
        self.reset_button.clicked.connect(self.point_reset)
        self._lay_out()

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return self.point, self.reset_button, self.prevalence

    def show_review(self, review: Review) -> None:
        """Show other figures."""
        self.show_calls(review.model, review.reader)
        self.values["model", "auroc"].setText(_figure(review.auroc, shares=False))

    def show_calls(self, model: CallMeasures | None, reader: CallMeasures | None) -> None:
        """Show how two agree with the truth."""
        self._calls = {"model": model, "reader": reader}
        for who, calls in self._calls.items():
            for key in _ROWS:
                if key in (*_AT_PREVALENCE, "auroc"):
                    continue
                self.values[who, key].setText(_DASH if calls is None else _figure(calls.measures[key]))
        self._show_prevalence()

    def show_point(self, threshold: float | None, moved: bool) -> None:
        """Show the operating point, and whether it is another than the model's own."""
        self.point.blockSignals(True)
        self.point.setEnabled(threshold is not None)
        self.point.setValue(threshold or 0.0)
        self.point.blockSignals(False)
        self.reset_button.setEnabled(moved)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(0, 1)
        for place, words in enumerate(("Model", "You"), 1):
            grid.addWidget(heading(words), 0, place, Qt.AlignmentFlag.AlignRight)
        for row, (key, (title, meaning)) in enumerate(_ROWS.items(), 1):
            # One more row, for the prevalence that the last two belong to.
            row += key in _AT_PREVALENCE
            name = label(f"    {title}" if key in _AT_PREVALENCE else title, "detail")
            name.setToolTip(meaning)
            grid.addWidget(name, row, 0)
            for place, who in enumerate(("model", "reader"), 1):
                value = self.values[who, key]
                value.setFont(numerals(self.font()))
                value.setAccessibleName(f"{title}, {who}")
                if (who, key) != ("reader", "auroc"):
                    grid.addWidget(value, row, place, Qt.AlignmentFlag.AlignRight)
        grid.addLayout(_row("At a prevalence of", self.prevalence), len(_ROWS) - 1, 0, 1, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(_row("Operating point", self.point, self.reset_button))
        column.addLayout(grid)
        column.addStretch(1)

    @Slot()
    def _show_prevalence(self) -> None:
        for who, calls in self._calls.items():
            pair = (None, None) if calls is None else calls.at_prevalence(self.prevalence.value() / 100)
            for key, measure in zip(_AT_PREVALENCE, pair, strict=True):
                self.values[who, key].setText(_DASH if measure is None else _figure(measure))


def _figure(measure: Measure, *, shares: bool = True) -> str:
    """Return a value with its interval: "93.1 (90.2-95.4)" in per cent, or three decimals."""
    if measure.value is None:
        return _DASH

    def text(value: float) -> str:
        return percent(value).removesuffix(PERCENT) if shares else f"{value:.3f}"

    value = text(measure.value) + (PERCENT if shares else "")
    if measure.low is None or measure.high is None:
        return value
    return f"{value} ({text(measure.low)}{_DASH}{text(measure.high)})"


def _field(name: str, low: float, high: float, decimals: int) -> QDoubleSpinBox:
    field = roomy(QDoubleSpinBox(minimum=low, maximum=high, decimals=decimals))
    field.setAccessibleName(name)
    field.setKeyboardTracking(False)
    field.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return field


def _row(words: str, field: QWidget, *more: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    name = label(words, "detail")
    name.setBuddy(field)
    row.addWidget(name)
    row.addWidget(field)
    for widget in more:
        row.addWidget(widget)
    row.addStretch(1)
    return row
