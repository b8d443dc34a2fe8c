"""What is known, asked and told of one case of a lesson."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from core.teaching.lesson import Item
from core.truth.truth import LABELS, Truth
from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.panels.widgets import label, roomy
from deeppneumo_gui.teaching.lesson_buttons import tool_button
from deeppneumo_gui.teaching.lesson_texts import TextField

_NONE: Final = "Choose a case above to say what is asked and told of it."
_ELSEWHERE: Final = "Its radiograph is not on screen; regions are drawn there."
_TOOLS: Final = {
    ActionId.DRAW_ELLIPSE: "Ellipse",
    ActionId.DRAW_RECTANGLE: "Box",
    ActionId.DRAW_POLYGON: "Polygon",
    ActionId.REMOVE_REGION: "Remove",
}
_NO_REGION: Final = "None. Draw where it is to be seen:"


class ItemEditor(QWidget):
    """Shows one case; every change is told at once, with the words that Undo has for it."""

    edited = Signal(object, str)
    """The `Item` as it is now, and what was changed."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._item: Item | None = None
        self.heading = label("", "heading")
        self.heading.setTextFormat(Qt.TextFormat.PlainText)
        self.truth = roomy(QComboBox())
        self.truth.setAccessibleName("Truth")
        for word in LABELS:
            self.truth.addItem(word.capitalize(), word)
        self.question = TextField("Question", "What do you see?")
        self.points = TextField("Learning points, one on each line", "One on each line", 3)
        self.note = TextField("Your note", "Learners never see it")
        self.regions = label("", "detail", wrap=True)
        self.tools = [tool_button(actions[name], words) for name, words in _TOOLS.items()]
        self.empty = label(_NONE, "detail", wrap=True)
        self._body = QWidget()
        self._lay_out()
        self.truth.activated.connect(self._on_truth)
        for field, slot in (
            (self.question, self._on_question),
            (self.points, self._on_points),
            (self.note, self._on_note),
        ):
            field.textChanged.connect(slot)
        self.show_item(None, "", on_screen=False)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return (self.truth, self.question, self.points, *self.tools, self.note)

    def show_item(self, item: Item | None, heading: str, *, on_screen: bool) -> None:
        """Show a case, or none."""
        self._item = item
        self._body.setVisible(item is not None)
        self.empty.setVisible(item is None)
        if item is None:
            return
        self.heading.setText(heading)
        self.truth.setCurrentIndex(self.truth.findData(item.truth.word))
        self.question.show_text(item.question)
        self.points.show_lines(item.points)
        self.note.show_text(item.note)
        self.regions.setText(_region_words(item, on_screen))

    def _lay_out(self) -> None:
        form = QFormLayout(self._body)
        form.setContentsMargins(0, 0, 0, 0)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(4)
        form.addRow(self.heading)
        form.addRow("&Truth", self.truth)
        form.addRow("&Question", self.question)
        form.addRow("Learning &points, one on each line", self.points)
        row = QHBoxLayout()
        row.setSpacing(4)
        for button in self.tools:
            row.addWidget(button)
        row.addStretch(1)
        regions = QVBoxLayout()
        regions.setSpacing(2)
        regions.addWidget(self.regions)
        regions.addLayout(row)
        form.addRow("Regions", regions)
        form.addRow("Your &note", self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addWidget(self.empty)
        column.addWidget(self._body)
        column.addStretch(1)

    @Slot()
    def _on_truth(self) -> None:
        word = self.truth.currentData()
        if self._item is not None and word != self._item.truth.word:
            self.edited.emit(replace(self._item, truth=Truth.from_word(word, "teacher")), "truth")

    @Slot()
    def _on_question(self) -> None:
        if self._item is not None:
            self.edited.emit(replace(self._item, question=self.question.toPlainText()), "question")

    @Slot()
    def _on_points(self) -> None:
        if self._item is not None:
            self.edited.emit(replace(self._item, points=self.points.lines), "learning points")

    @Slot()
    def _on_note(self) -> None:
        if self._item is not None:
            self.edited.emit(replace(self._item, note=self.note.toPlainText()), "teacher's note")


def _region_words(item: Item, on_screen: bool) -> str:
    count = len(item.regions)
    if not on_screen:
        return f"{_count(count)} {_ELSEWHERE}" if count else _ELSEWHERE
    return f"{_count(count)} Click a line to move or remove it." if count else _NO_REGION


def _count(count: int) -> str:
    return f"{count} region{'' if count == 1 else 's'}."
