"""Class scores, on request."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.engine.prediction import Prediction
from core.score_words import score_text
from deeppneumo_gui.panels.widgets import QUIET_PADDING, label, named
from deeppneumo_gui.theme import numerals

_CAUTION = "Bacterial and viral pneumonia cannot be told apart reliably on a radiograph."


class ClassBars(QWidget):
    """Normal, bacterial, viral; folded away until asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._prediction: Prediction | None = None
        self.button = named(QPushButton("Show class scores"), "quiet")
        self.button.setCheckable(True)
        self.button.setAccessibleName("Show class scores: normal, bacterial, viral")
        self.button.setToolTip(
            "Normal, bacterial and viral, each with its score; the heatmap can explain each"
        )
        self.button.toggled.connect(self._on_toggled)
        self._body = QWidget()
        # Fixed: beside wrapped text a layout may otherwise take a line's height from the bars.
        self._body.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._caution = label(_CAUTION, "caption", wrap=True)
        # Everything lines up with the button's text, not with its edge.
        self._caution.setContentsMargins(QUIET_PADDING, 0, QUIET_PADDING, 0)
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(QUIET_PADDING, 4, QUIET_PADDING, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.button)
        column.addWidget(self._body)
        column.addWidget(self._caution)
        self._on_toggled(False)

    @property
    def shown(self) -> bool:
        """Whether the reader asked for class scores."""
        return self.button.isChecked()

    @property
    def words(self) -> list[str]:
        """The class scores as lines of text, with the caution; empty where there are none."""
        if self._prediction is None or len(self._prediction.class_names) < 3:
            return []
        named = zip(self._prediction.class_names, self._prediction.probabilities, strict=True)
        return [*(f"Class score, {name}: {score_text(float(value))}" for name, value in named), _CAUTION]

    def set_prediction(self, prediction: Prediction | None) -> None:
        """Fill the bars; hidden as a whole where the model has no kinds of pneumonia."""
        self._prediction = prediction
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if prediction is None or len(prediction.class_names) < 3:
            self.hide()
            return
        for row, (name, value) in enumerate(
            zip(prediction.class_names, prediction.probabilities, strict=True)
        ):
            self._add_row(row, name, float(value))
        self.show()

    def _add_row(self, row: int, name: str, value: float) -> None:
        bar = QProgressBar(minimum=0, maximum=1000, value=round(1000 * value), textVisible=False)
        bar.setAccessibleName(f"{name} {score_text(value)}")
        number = QLabel(score_text(value))
        number.setFont(numerals(self.font()))
        self._grid.addWidget(QLabel(name.capitalize()), row, 0)
        self._grid.addWidget(bar, row, 1)
        self._grid.addWidget(number, row, 2)

    @Slot(bool)
    def _on_toggled(self, shown: bool) -> None:
        self.button.setText("Hide class scores" if shown else "Show class scores")
        self._body.setVisible(shown)
        self._caution.setVisible(shown)
