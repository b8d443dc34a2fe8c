"""What only the teacher sees: truth, score, notes, the next case, the time."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.score_words import score_text
from core.teaching.lesson import Item, Lesson
from deeppneumo_gui.panels.widgets import heading, label, named, rule
from deeppneumo_gui.teaching.ahead import Ready
from deeppneumo_gui.teaching.audience_content import truth_words
from deeppneumo_gui.teaching.presenter_hands import HandsEntry
from deeppneumo_gui.theme import numerals

_WAITING = "The model has not scored it yet."


class TeacherPanel(QWidget):
    """The right of the teacher's window."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lesson = lesson
        self.clock = label("")
        self.clock.setFont(numerals(self.font(), scale=1.3, bold=True))
        self.truth = label("", wrap=True)
        self.truth.setFont(numerals(self.font(), scale=1.6, bold=True))
        self.score = label("", wrap=True)
        self.question, self.note, self.points = (label("", wrap=True) for _ in range(3))
        self.hands = HandsEntry(lesson.ask_kind)
        self.next = label("", "detail", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.clock)
        column.addWidget(rule())
        column.addWidget(named(heading("Show of hands"), "heading"))
        column.addWidget(self.hands)
        column.addWidget(rule())
        self._of_case: list[QWidget] = [heading("Only you see this"), self.truth, self.score]
        for title, words in (
            ("Question", self.question),
            ("Your note", self.note),
            ("Learning points", self.points),
        ):
            self._of_case += [heading(title), words]
        self._of_case.append(rule())
        for widget in self._of_case:
            column.addWidget(widget)
        column.addWidget(self.next)
        column.addStretch(1)

    def show_item(self, position: int, ready: Ready) -> None:
        """Show what is known of a case; nothing between cases."""
        items = self._lesson.items
        item = items[position] if 0 <= position < len(items) else None
        for widget in self._of_case:
            widget.setVisible(item is not None)
        self.truth.setText("" if item is None else truth_words(item.truth))
        self.score.setText("" if item is None else _score_words(ready))
        self.question.setText(_or_dash(item, "question"))
        self.note.setText(_or_dash(item, "note"))
        points = () if item is None else item.points
        self.points.setText("\n".join(f"\N{BULLET} {point}" for point in points) or "\N{EN DASH}")
        after = position + 1
        following = f"Next: case {after + 1}, {truth_words(items[after].truth)}" if after < len(items) else ""
        self.next.setText(following)

    def show_time(self, case: float, lesson: float, limit: int | None) -> None:
        """Show how long the case has been on screen, and the lesson."""
        of = f" of {_minutes(limit)}" if limit is not None else ""
        over = ", time is up" if limit is not None and case >= limit else ""
        self.clock.setText(f"Case {_minutes(case)}{of}{over}   Lesson {_minutes(lesson)}")


def _or_dash(item: Item | None, name: str) -> str:
    text = "" if item is None else str(getattr(item, name))
    return text or "\N{EN DASH}"


def _score_words(ready: Ready) -> str:
    prediction = ready.prediction
    if prediction is None:
        return f"Model score: {ready.refusal or ready.reason or _WAITING}"
    number = score_text(prediction.score, prediction.threshold)
    return f"Model score {number}, model call {prediction.call}"


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
