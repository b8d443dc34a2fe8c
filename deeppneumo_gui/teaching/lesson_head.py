"""What is said of a lesson as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QSpinBox, QVBoxLayout, QWidget

from core.teaching.lesson import MAX_LINE, MAX_SECONDS, Lesson
from deeppneumo_gui.panels.widgets import roomy
from deeppneumo_gui.teaching.lesson_texts import LineField, TextField

_ORDERS: Final = (("As listed", False), ("Another for each learner", True))


class HeadEditor(QWidget):
    """Title, author, introduction, how it is read, licence; every change is told at once."""

    edited = Signal(object, str)
    """The `Lesson` as it is now, and what was changed."""

    def __init__(self) -> None:
        super().__init__()
        self._lesson: Lesson | None = None
        self.title = LineField("Title", "What the lesson is called", MAX_LINE)
        self.author = LineField("Author", "Who made it", MAX_LINE)
        self.introduction = TextField("Introduction", "Told before the first case", 3)
        self.order = roomy(QComboBox())
        self.order.setAccessibleName("Order of the cases")
        for words, shuffled in _ORDERS:
            self.order.addItem(words, shuffled)
        self.seconds = roomy(QSpinBox(minimum=0, maximum=MAX_SECONDS, singleStep=10))
        self.seconds.setSuffix(" s")
        self.seconds.setSpecialValueText("No limit")
        self.seconds.setAccessibleName("Seconds for each case")
        # A limit of 1 second on the way to 120 would be a step of its own.
        self.seconds.setKeyboardTracking(False)
        self.ask_kind = QCheckBox("Ask for &bacterial or viral")
        self.licence = LineField("Licence of the radiographs", "Such as CC BY 4.0")
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(4)
        form.addRow("&Title", self.title)
        form.addRow("&Author", self.author)
        form.addRow("&Introduction", self.introduction)
        form.addRow("&Order of the cases", self.order)
        form.addRow("&Seconds for each case", self.seconds)
        form.addRow(self.ask_kind)
        form.addRow("&Licence of the radiographs, where they are included", self.licence)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addLayout(form)
        column.addStretch(1)
        self.title.textEdited.connect(self._on_title)
        self.author.textEdited.connect(self._on_author)
        self.introduction.textChanged.connect(self._on_introduction)
        self.order.activated.connect(self._on_order)
        self.seconds.valueChanged.connect(self._on_seconds)
        self.ask_kind.clicked.connect(self._on_ask_kind)
        self.licence.textEdited.connect(self._on_licence)

    @property
    def controls(self) -> tuple[QWidget, ...]:
        """Everything that takes the focus, in the order of Tab."""
        return (
            self.title,
            self.author,
            self.introduction,
            self.order,
            self.seconds,
            self.ask_kind,
            self.licence,
        )

    def show_lesson(self, lesson: Lesson | None) -> None:
        """Show a lesson; without one there is nothing to say."""
        self._lesson = None
        self.setEnabled(lesson is not None)
        if lesson is not None:
            self.title.show_text(lesson.title)
            self.author.show_text(lesson.author)
            self.introduction.show_text(lesson.introduction)
            self.order.setCurrentIndex(self.order.findData(lesson.shuffled))
            self.seconds.setValue(lesson.seconds or 0)
            self.ask_kind.setChecked(lesson.ask_kind)
            self.licence.show_text(lesson.licence.replace("\n", " "))
        self._lesson = lesson

    def _tell(self, words: str, **changes: object) -> None:
        if self._lesson is not None:
            self.edited.emit(replace(self._lesson, **changes), words)  # type: ignore[arg-type]

    @Slot()
    def _on_title(self) -> None:
        self._tell("title", title=self.title.text())

    @Slot()
    def _on_author(self) -> None:
        self._tell("author", author=self.author.text())

    @Slot()
    def _on_introduction(self) -> None:
        self._tell("introduction", introduction=self.introduction.toPlainText())

    @Slot()
    def _on_order(self) -> None:
        self._tell("order of the cases", shuffled=self.order.currentData())

    @Slot()
    def _on_seconds(self) -> None:
        self._tell("time limit", seconds=self.seconds.value() or None)

    @Slot()
    def _on_ask_kind(self) -> None:
        self._tell("bacterial or viral", ask_kind=self.ask_kind.isChecked())

    @Slot()
    def _on_licence(self) -> None:
        self._tell("licence", licence=self.licence.text())
