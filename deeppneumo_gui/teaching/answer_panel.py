"""Beside the radiograph: the learner's answer, then the model's opinion, then the truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from core.score_words import score_text
from core.teaching.answer import CONFIDENCES
from deeppneumo_gui.panels.score_scale import ScoreScale
from deeppneumo_gui.panels.widgets import heading, label, named, rule
from deeppneumo_gui.teaching.learner_words import (
    HOW_SURE,
    commit_words,
    opinion_words,
    truth_words,
    verdict_words,
)
from deeppneumo_gui.teaching.shown import Shown
from deeppneumo_gui.theme import numerals

WIDTH: Final = 340
_MARGIN: Final = 12
_CALLS: Final = {"normal": "N", "pneumonia": "P"}
_KINDS: Final = {"bacterial": "B", "viral": "V"}
_MARK_HINT: Final = "Press M, then click where you see it."
_MARKED: Final = "Your mark is on the radiograph."
_NOT_MARKED: Final = "You placed no mark."


class AnswerPanel(QWidget):
    """Shows what a `Shown` holds, and nothing else."""

    call_chosen = Signal(str)
    kind_chosen = Signal(str)
    confidence_chosen = Signal(int)
    mark_wanted = Signal()
    mark_removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = named(label(), "dialogTitle")
        self.question = label("", "statement", wrap=True)
        self.calls = {call: _choice(call.capitalize(), key, "Your call") for call, key in _CALLS.items()}
        self.kinds = {kind: _choice(kind.capitalize(), key, "Your call") for kind, key in _KINDS.items()}
        self.confidences = {
            number: _choice(str(number), "", f"How sure you are: {words}")
            for number, words in zip(CONFIDENCES, HOW_SURE, strict=True)
        }
        self.mark_words = label("", "detail", wrap=True)
        self.mark_button = _quiet("Mark", "Place the mark with the next click (M)")
        self.unmark_button = _quiet("Remove", "Take the mark off the radiograph")
        self.committed = label("", "detail", wrap=True)
        self.call_heading = heading("Your call")
        self.number = label()
        self.number.setFont(numerals(self.font(), scale=2.4, bold=True))
        self.scale = ScoreScale()
        self.opinion = label("", "callWords", wrap=True)
        self.truth = named(label("", wrap=True), "dialogTitle")
        self.verdict = label("", "", wrap=True)
        self.points = label("", "statement", wrap=True)
        self._kind_row, self._opinion_part, self._truth_part = QWidget(), QWidget(), QWidget()
        self._answer_part = QWidget()
        self._latest: QWidget = self.title
        self._lay_out()
        self._connect()
        self.show_case(None)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        choices = (*self.calls.values(), *self.kinds.values(), *self.confidences.values())
        return (*choices, self.mark_button, self.unmark_button)

    def show_case(self, shown: Shown | None) -> None:
        """Show one case as far as it may be seen; None for none."""
        self.setEnabled(shown is not None)
        # Nothing is asked while nothing can be seen.
        self.area.setVisible(shown is not None)
        self._show_answer(shown or Shown(0, 0))
        self._show_opinion(shown or Shown(0, 0))
        self._show_truth(shown or Shown(0, 0))
        newest = self._newest(shown or Shown(0, 0))
        if newest is not self._latest:
            self._latest = newest
            # After the layout, which the new part has moved.
            QTimer.singleShot(0, self, self._show_latest)

    def _newest(self, shown: Shown) -> QWidget:
        """Return what has been told last, which the learner wants to see."""
        if shown.revealed is not None:
            return self._truth_part
        return self.title if shown.opinion is None else self._opinion_part

    @Slot()
    def _show_latest(self) -> None:
        """Bring it into sight; of what is too long its beginning."""
        part, bar = self._latest, self.area.verticalScrollBar()
        self.area.ensureWidgetVisible(part, 0, 0)
        bar.setValue(min(bar.value(), part.y() - _MARGIN))

    def _show_answer(self, shown: Shown) -> None:
        answer, reading, open_ = shown.answer, shown.before is None, shown.revealed is None
        self.title.setText(shown.title if shown.count else "")
        self.question.setText(shown.question)
        self.question.setVisible(bool(shown.question))
        self.call_heading.setText("Your call" if reading else "Your call now")
        for call, button in self.calls.items():
            _set(button, answer.call == call, open_)
        for kind, button in self.kinds.items():
            _set(button, answer.kind == kind, open_)
        # What can no longer be changed leaves its room to the truth.
        self._answer_part.setVisible(open_ and shown.seen)
        self._kind_row.setVisible(shown.ask_kind and answer.call == "pneumonia")
        for number, button in self.confidences.items():
            _set(button, answer.confidence == number, open_)
        normal, marked = answer.call == "normal", answer.mark is not None
        hint = _MARK_HINT if reading else _NOT_MARKED
        self.mark_words.setText(_MARKED if marked else hint)
        self.mark_words.setVisible(not normal)
        self.mark_button.setVisible(reading and not normal)
        self.unmark_button.setVisible(reading and marked)
        self.committed.setText(commit_words(shown))
        self.committed.setVisible(not reading)

    def _show_opinion(self, shown: Shown) -> None:
        opinion = shown.opinion
        view = None if opinion is None else opinion.view
        self._opinion_part.setVisible(opinion is not None)
        self.number.setText("" if view is None else score_text(view.score, view.threshold))
        self.number.setAccessibleName("" if view is None else f"Model score {self.number.text()}")
        self.number.setVisible(view is not None)
        reading = None if opinion is None else opinion.reading
        self.scale.set_reading(reading)
        self.scale.setVisible(reading is not None)
        self.opinion.setText("" if opinion is None else opinion_words(opinion))

    def _show_truth(self, shown: Shown) -> None:
        revealed = shown.revealed
        self._truth_part.setVisible(revealed is not None)
        self.truth.setText("" if revealed is None else truth_words(revealed.truth))
        self.verdict.setText(verdict_words(shown))
        points = () if revealed is None else revealed.points
        bullet = "\N{BULLET} " if len(points) > 1 else ""
        self.points.setText("\n\n".join(f"{bullet}{point}" for point in points))
        self.points.setVisible(bool(points))

    def _connect(self) -> None:
        for call, button in self.calls.items():
            button.clicked.connect(_emitter(self.call_chosen.emit, call))
        for kind, button in self.kinds.items():
            button.clicked.connect(_emitter(self.kind_chosen.emit, kind))
        for number, button in self.confidences.items():
            button.clicked.connect(_emitter(self.confidence_chosen.emit, number))
        self.mark_button.clicked.connect(self.mark_wanted)
        self.unmark_button.clicked.connect(self.mark_removed)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, _MARGIN, 16, _MARGIN)
        column.setSpacing(8)
        for widget in (self.title, self.question, self.committed, self._answer_part):
            column.addWidget(widget)
        self._lay_out_answer(QVBoxLayout(self._answer_part))
        self._fill(self._opinion_part, "The model", self.number, self.scale, self.opinion)
        self._fill(self._truth_part, "The truth", self.truth, self.verdict, self.points)
        column.addWidget(self._opinion_part)
        column.addWidget(self._truth_part)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(content)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)

    def _lay_out_answer(self, column: QVBoxLayout) -> None:
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.call_heading)
        column.addLayout(_row(self.calls.values()))
        self._kind_row.setLayout(_row(self.kinds.values()))
        column.addWidget(self._kind_row)
        column.addWidget(heading("How sure are you?"))
        column.addLayout(_row(self.confidences.values()))
        ends = QHBoxLayout()
        ends.addWidget(label(HOW_SURE[0], "caption"))
        ends.addStretch(1)
        ends.addWidget(label(HOW_SURE[-1], "caption"))
        column.addLayout(ends)
        mark = QGridLayout()
        mark.setColumnStretch(0, 1)
        mark.addWidget(self.mark_words, 0, 0)
        mark.addWidget(self.mark_button, 0, 1)
        mark.addWidget(self.unmark_button, 0, 2)
        column.addLayout(mark)

    @staticmethod
    def _fill(part: QWidget, title: str, *widgets: QWidget) -> None:
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addWidget(rule())
        column.addWidget(heading(title))
        for widget in widgets:
            column.addWidget(widget)


def _set(button: QPushButton, checked: bool, enabled: bool) -> None:
    button.setChecked(checked)
    button.setEnabled(enabled)


def _emitter(emit: Callable[..., None], value: object) -> Callable[[], None]:
    """Return what sends a value, whatever `clicked` says of the check mark."""
    return lambda: emit(value)


def _choice(text: str, key: str, meaning: str) -> QPushButton:
    button = named(QPushButton(f"{text}   {key}".rstrip()), "choice")
    button.setCheckable(True)
    # A click leaves the focus, and with it all keys, on the radiograph.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(f"{meaning}: {text.lower()}" if key else meaning)
    button.setToolTip(f"{meaning}: {text.lower()} ({key})" if key else f"{meaning} ({text})")
    return button


def _quiet(text: str, tip: str) -> QPushButton:
    button = named(QPushButton(text), "quiet")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    return button


def _row(widgets: object) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for widget in widgets:  # type: ignore[attr-defined]
        row.addWidget(widget, 1)
    return row
