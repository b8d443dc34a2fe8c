"""What narrows the worklist: text always in sight, call, state and score on request."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.certainty import Certainty
from deeppneumo_gui.icons import icon
from deeppneumo_gui.identities import Identities
from deeppneumo_gui.judging.filter_fields import ReviewFields
from deeppneumo_gui.judging.filters import ANY_REVIEW
from deeppneumo_gui.panels.widgets import label, named, roomy
from deeppneumo_gui.worklist.filters import CaseFilter

_CALLS: Final = {"Any call": None, "Pneumonia": "pneumonia", "Normal": "normal"}
_SHORTEST: Final = 96
_ONE_ROW: Final = 40


class FilterBar(QWidget):
    """Filters of the worklist."""

    changed = Signal(object)
    """The `CaseFilter` that is wanted now."""
    left = Signal()
    """The reader is done with the text, and the keys belong to the image again."""

    def __init__(self, identities: Identities) -> None:
        super().__init__()
        self._identities = identities
        self.text = roomy(QLineEdit(clearButtonEnabled=True))
        self.text.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.button = named(QToolButton(), "filtersButton")
        self.button.setText("Filters")
        self.button.setCheckable(True)
        self.button.setToolTip("Filter by call, state, score and your reading")
        self.call = _choice("Filter by model call")
        for words, call in _CALLS.items():
            self.call.addItem(words, call)
        self.state = _choice("Filter by state")
        self.state.addItem("Any state", None)
        for state in CaseState:
            self.state.addItem(state.value.capitalize(), state)
        self.certainty = _choice("Filter by certainty")
        self.certainty.addItem("Any certainty", None)
        for certainty in Certainty:
            self.certainty.addItem(certainty.value, certainty)
        self.lowest = _score_field("Lowest score", 0.0)
        self.highest = _score_field("Highest score", 1.0)
        self.review = ReviewFields()
        self.clear_button = named(QPushButton("Clear filters"), "quiet")
        self.clear_button.setToolTip("List every case again")
        self._more = QWidget()
        self._fold = _Fold(self._more)
        self._lay_out()
        self._fold.hide()
        self.clear_button.hide()
        self.button.toggled.connect(self._fold.setVisible)
        self.clear_button.clicked.connect(self.clear)
        self.text.textChanged.connect(self._on_changed)
        self.text.returnPressed.connect(self.left)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.text)
        escape.setContext(Qt.ShortcutContext.WidgetShortcut)
        escape.activated.connect(self._on_escape)
        self.call.currentIndexChanged.connect(self._on_changed)
        self.state.currentIndexChanged.connect(self._on_changed)
        self.certainty.currentIndexChanged.connect(self._on_changed)
        self.lowest.valueChanged.connect(self._on_lowest_changed)
        self.highest.valueChanged.connect(self._on_highest_changed)
        self.review.changed.connect(self._on_changed)
        identities.truth_toggled.connect(self.review.offer_truth)
        identities.truth_toggled.connect(self._fold.updateGeometry)
        identities.changed.connect(self._on_names_changed)
        self._on_names_changed()

    @property
    def wanted(self) -> CaseFilter:
        """What the fields say."""
        return CaseFilter(
            self.text.text().casefold().strip(),
            self.call.currentData(),
            self.state.currentData(),
            (round(self.lowest.value(), 2), round(self.highest.value(), 2)),
            self.review.wanted,
            self.certainty.currentData(),
        )

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return (
            self.text,
            self.button,
            self.call,
            self.state,
            self.certainty,
            self.lowest,
            self.highest,
            *self.review.controls,
            self.clear_button,
        )

    @Slot()
    def clear(self) -> None:
        """Let every case pass."""
        if self.clear_button.hasFocus():
            self.text.setFocus()  # the button is about to vanish, and the focus must not wander
        choices = (self.call, self.state, self.certainty)
        fields = (self.text, *choices, self.lowest, self.highest, self.review)
        for field in fields:
            field.blockSignals(True)
        self.text.clear()
        for choice in choices:
            choice.setCurrentIndex(0)
        self.lowest.setValue(0.0)
        self.highest.setValue(1.0)
        self.review.set_wanted(ANY_REVIEW)
        for field in fields:
            field.blockSignals(False)
        self._on_changed()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self.text, 1)
        first.addWidget(self.button)
        choices = QHBoxLayout()
        choices.setSpacing(6)
        choices.addWidget(self.call, 1)
        choices.addWidget(self.state, 1)
        scores = QHBoxLayout()
        scores.setSpacing(6)
        scores.addWidget(label("Score", "detail"))
        scores.addWidget(self.lowest, 1)
        scores.addWidget(label("to", "detail"))
        scores.addWidget(self.highest, 1)
        more = QVBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(6)
        more.addLayout(choices)
        more.addWidget(self.certainty)
        more.addLayout(scores)
        more.addWidget(self.review)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(first)
        column.addWidget(self._fold)
        column.addWidget(self.review.cell_button)
        column.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignLeft)

    @Slot()
    def _on_escape(self) -> None:
        """Clear the text; with nothing to clear, go back to the image."""
        if self.text.text():
            self.text.clear()
        else:
            self.left.emit()

    @Slot()
    def _on_changed(self) -> None:
        wanted = self.wanted
        self.clear_button.setVisible(not wanted.is_empty)
        self.changed.emit(wanted)

    @Slot(float)
    def _on_lowest_changed(self, lowest: float) -> None:
        if self.highest.value() < lowest:
            self.highest.setValue(lowest)
        self._on_changed()

    @Slot(float)
    def _on_highest_changed(self, highest: float) -> None:
        if self.lowest.value() > highest:
            self.lowest.setValue(highest)
        self._on_changed()

    @Slot()
    def _on_names_changed(self) -> None:
        kind = "case number" if self._identities.hidden else "file name"
        self.text.setPlaceholderText(f"Filter by {kind.split()[1]}")
        self.text.setAccessibleName(f"Filter the worklist by {kind}")
        # A name that was typed would stay on screen, and would match nothing.
        self.text.clear()


class _Fold(QScrollArea):
    """Scrolls where a low window has no room for all filters and some rows of the list."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(content)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size of the content, however high."""
        return self._content.sizeHint()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the width that the content needs, and the height of one row."""
        return QSize(self._content.minimumSizeHint().width(), _ONE_ROW)


def _choice(name: str) -> QComboBox:
    result = roomy(QComboBox())
    result.setAccessibleName(name)
    result.setToolTip(name)
    result.setMinimumWidth(_SHORTEST)
    return result


def _score_field(name: str, value: float) -> QDoubleSpinBox:
    result = roomy(QDoubleSpinBox(minimum=0.0, maximum=1.0, singleStep=0.05, decimals=2, value=value))
    result.setAccessibleName(name)
    # Every key would narrow the list while the number is still being typed.
    result.setKeyboardTracking(False)
    result.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return result
