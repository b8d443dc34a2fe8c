"""The result panel: what the model says about the image on screen, or why it says nothing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.engine.card import Card
from core.notice import NOTICE
from core.reading.radiograph import Radiograph
from core.score_words import score_text
from deeppneumo_gui.cases import Case
from deeppneumo_gui.panels.certainty import AskButton, SetWords, badge_words, statement
from deeppneumo_gui.panels.class_bars import ClassBars
from deeppneumo_gui.panels.point_words import PointWords
from deeppneumo_gui.panels.score_scale import ScoreScale
from deeppneumo_gui.panels.widgets import QUIET_PADDING, heading, label, named, rule
from deeppneumo_gui.reading_aid import ScoreReading, read_score
from deeppneumo_gui.theme import numerals

_MARGIN = 16
_NO_SCORE = "\N{EN DASH}"


class ResultPanel(QWidget):
    """Score, scale, class scores and notes of one case. Emptied before another case is shown."""

    class_scores_toggled = Signal(bool)
    card_requested = Signal()
    score_asked = Signal(bool)
    """Whether the reader wants the score of a refused image."""

    def __init__(self) -> None:
        super().__init__()
        self._card: Card | None = None
        self._failure: str | None = None
        self._case: Case | None = None
        self._reading: ScoreReading | None = None
        self.subject = label("", "detail", wrap=True)
        # A file's name is no markup.
        self.subject.setTextFormat(Qt.TextFormat.PlainText)
        self.subject.hide()
        self.number = label(_NO_SCORE)
        self.number.setFont(numerals(self.font(), scale=2.9, bold=True))
        self.badge = label("uncertain", "badge")
        self.scale = ScoreScale()
        self.call = label("", "callWords", wrap=True)
        self.point = PointWords()
        self.prediction_set = SetWords()
        self.statement = label("", "statement", wrap=True)
        self.ask = AskButton()
        self.ask.asked.connect(self.score_asked)
        self.classes = ClassBars()
        self.classes.button.toggled.connect(self.class_scores_toggled)
        self.classes.button.toggled.connect(self._show_set)
        self.copy_button = _quiet("Copy result", "Copy the result as text, without names")
        self.copy_button.clicked.connect(self.copy_text)
        self.card_button = _quiet("Model card", "What the model is, and how well it did")
        self.card_button.clicked.connect(self.card_requested)
        self.card_button.hide()
        self.notes_rule, self.notes_heading = rule(), heading("Notes on this file")
        self.notes = label("", "detail", wrap=True)
        self._note_widgets: tuple[QWidget, ...] = (self.notes_rule, self.notes_heading, self.notes)
        self._lay_out()
        self.show_case(None)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return self.copy_button, self.card_button, self.point.button, self.ask, self.classes.button

    def set_card(self, card: Card) -> None:
        """Remember the model whose operating points the scores are read at."""
        self._card, self._failure = card, None
        self.card_button.show()
        self._refresh()

    def set_failure(self, reason: str) -> None:
        """Say why there are no scores."""
        self._failure = reason
        self._refresh()

    def set_subject(self, words: str) -> None:
        """Say whose result this is, where more than one case is on screen."""
        self.subject.setText(words)
        self.subject.setVisible(bool(words))

    def show_case(self, case: Case | None) -> None:
        """Show another case; its notes follow with `show_notes`."""
        self._case = case
        self.show_notes(None)
        self._refresh()

    def update_case(self, case: Case) -> None:
        """Show the same case in its new state."""
        self._case = case
        self._refresh()

    def show_notes(self, radiograph: Radiograph | None) -> None:
        """Show the reader's notes on the file."""
        notes = radiograph.notes if radiograph is not None else ()
        self.notes.setText("\n".join(notes))
        for widget in self._note_widgets:
            widget.setVisible(bool(notes))

    def result_text(self) -> str:
        """Return what the panel says about the case on screen, without any name; empty without a case."""
        if self._case is None:
            return ""
        lines = []
        if self._reading is not None:
            reading = self._reading
            lines = [f"Model score: {self.number.text()}", reading.call_words, reading.point_words]
            lines += [reading.doubt] if reading.doubt else []
        if not self.prediction_set.isHidden():
            lines.append(self.prediction_set.words.text())
        if not self.statement.isHidden():
            lines.append(self.statement.text())
        if self.classes.shown:
            lines += self.classes.words
        lines += [f"Note: {note}" for note in self.notes.text().splitlines()]
        if self._card is not None:
            lines.append(f"Model: {self._card.title}, {self._card.date}")
        return "\n".join([*lines, NOTICE])

    @Slot()
    def copy_text(self) -> None:
        """Put the result on the clipboard."""
        if self._case is not None:
            QGuiApplication.clipboard().setText(self.result_text())

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(_MARGIN - QUIET_PADDING, 12, _MARGIN - QUIET_PADDING, 10)
        column, notes = _column(), _column()
        row = QHBoxLayout()
        row.addWidget(self.number)
        row.addStretch(1)
        row.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignVCenter)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(heading("Model score"))
        head.addStretch(1)
        head.addWidget(self.copy_button)
        head.addWidget(self.card_button)
        column.addLayout(head)
        column.addWidget(self.subject)
        column.addLayout(row)
        for widget in (self.scale, self.call, self.point, self.prediction_set, self.statement):
            column.addWidget(widget)
        column.addWidget(self.ask, 0, Qt.AlignmentFlag.AlignLeft)
        for note_widget in self._note_widgets:
            notes.addWidget(note_widget)
        # So that the text of its button lies on the line of all other text.
        whole.addLayout(column)
        whole.addWidget(self.classes)
        whole.addLayout(notes)

    @Slot()
    def _show_set(self) -> None:
        self.prediction_set.show_set(self._case, self._card, self.classes.shown)

    def _refresh(self) -> None:
        case, card = self._case, self._card
        prediction = None if case is None else case.prediction
        reading = read_score(prediction, card) if prediction is not None and card is not None else None
        self._reading = reading
        self.number.setVisible(case is not None)
        self.scale.setVisible(case is not None)
        self.number.setText(
            _NO_SCORE if reading is None else score_text(reading.score, reading.point.threshold)
        )
        self.number.setAccessibleName(f"Model score {self.number.text() if reading else 'not available'}")
        badge = badge_words(case, reading is not None and reading.uncertain)
        self.badge.setText(badge)
        self.badge.setVisible(bool(badge))
        self.scale.set_reading(reading)
        self.call.setText("" if reading is None else reading.call_words)
        self.call.setVisible(reading is not None)
        self.point.set_reading(reading)
        self.classes.set_prediction(prediction)
        self._show_set()
        self.ask.show_case(case)
        words = statement(case, self._failure)
        self.copy_button.setVisible(case is not None)
        self.statement.setText(words)
        self.statement.setVisible(bool(words))


def _column() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(QUIET_PADDING, 0, QUIET_PADDING, 0)
    column.setSpacing(6)
    return column


def _quiet(text: str, tip: str) -> QPushButton:
    button = named(QPushButton(text), "quiet")
    button.setToolTip(tip)
    button.setAccessibleName(text)
    return button
