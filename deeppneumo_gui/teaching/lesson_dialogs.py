"""What a teacher is asked about a lesson."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.teaching.lesson import MAX_LINE, Lesson
from core.teaching.lesson_file import SUFFIX
from core.truth.truth import LABELS
from deeppneumo_gui.panels.widgets import label, named, roomy

_FILTER: Final = f"Lessons (*{SUFFIX})"
_MARGINS: Final = (20, 16, 20, 14)


def ask_lesson_file(parent: QWidget, start: str) -> Path | None:
    """Ask for a lesson to open; None when the teacher thinks better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, "Open a lesson", start, f"{_FILTER};;All files (*)")
    return Path(name) if name else None


def ask_search_folder(parent: QWidget, start: str) -> Path | None:
    """Ask in which folder to look for radiographs; None when the teacher thinks better of it."""
    name = QFileDialog.getExistingDirectory(parent, "Look for the radiographs of the lesson", start)
    return Path(name) if name else None


def ask_unsaved(parent: QWidget, title: str) -> QMessageBox.StandardButton:
    """Ask what becomes of changes that are in no file: Save, Discard or Cancel."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(f"Save the changes of the lesson “{title}”?" if title else "Save the changes of the lesson?")
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.setDefaultButton(buttons.Save)
    answer = QMessageBox.StandardButton(box.exec())
    box.deleteLater()
    return answer


def ask_truth(parent: QWidget, count: int) -> str | None:
    """Ask what images show that have no truth.

    Returns
    -------
    str or None
        One of `LABELS`, empty where they are to be left out, None when the teacher thinks better of all of it.
    """
    dialog = TruthDialog(parent, count)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    word = str(dialog.words.currentData())
    dialog.deleteLater()
    return word if accepted else None


class TruthDialog(QDialog):
    """One sentence and one choice."""

    def __init__(self, parent: QWidget, count: int) -> None:
        super().__init__(parent)
        self.setWindowTitle("Truth of the images")
        one = count == 1
        words = "One of the images has no truth." if one else f"{count:,} of the images have no truth."
        self.words = roomy(QComboBox())
        self.words.setAccessibleName("What they show")
        for word in LABELS:
            self.words.addItem(word.capitalize(), word)
        self.words.addItem("Leave it out" if one else "Leave them out", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS)
        column.setSpacing(12)
        column.addWidget(label(f"{words} You can change it case by case afterwards."))
        form = QFormLayout()
        form.addRow("&It shows" if one else "They &show", self.words)
        column.addLayout(form)
        column.addWidget(_buttons(self, "Add"))


class SavingDialog(QDialog):
    """Asks whether the radiographs go along, and under which licence."""

    def __init__(self, parent: QWidget, lesson: Lesson, *, include: bool, available: int, lost: int) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save the lesson")
        total = len({item.picture for item in lesson.items})
        self.include = QCheckBox("&Include the radiographs")
        self.include.setChecked(include)
        self.include.setEnabled(available > 0)
        self.licence = roomy(
            QLineEdit(lesson.licence, placeholderText="Such as CC BY 4.0", maxLength=MAX_LINE)
        )
        self.licence.setAccessibleName("Licence of the radiographs")
        self.words = label("", "detail", wrap=True)
        self._available, self._total, self._lost = available, total, lost
        column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS)
        column.setSpacing(10)
        column.addWidget(self.include)
        form = QFormLayout()
        form.addRow("&Licence", self.licence)
        column.addLayout(form)
        column.addWidget(self.words)
        column.addStretch(1)
        self.buttons = _buttons(self, "Go on...")
        column.addWidget(self.buttons)
        self.setMinimumWidth(460)
        self.include.toggled.connect(self._offer)
        self.licence.textChanged.connect(self._offer)
        self._offer()

    @Slot()
    def _offer(self) -> None:
        include = self.include.isChecked()
        self.licence.setEnabled(include)
        lacking = include and not self.licence.text().strip()
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not lacking)
        if lacking:
            words = "Say under which licence the radiographs may be passed on."
        elif include:
            words = "They lose names, dates and all else that tells whose they are. Look whether names are burnt in."
            if self._available < self._total:
                words += f" {self._total - self._available:,} are not on this computer and stay out."
        elif self._lost:
            words = f"{self._lost:,} are only in this lesson's file and would be missing in the new one."
        else:
            words = "The file names them by their content; on another computer they are looked for."
        self.words.setText(words)


class LessonDoor(QDialog):
    """Asks what to do with a lesson before anything of it is shown: a learner may have opened it."""

    chosen = Signal(str)
    """`read`, `present` or `edit`."""

    def __init__(self, parent: QWidget, lesson: Lesson, missing: int) -> None:
        super().__init__(parent)
        self.setWindowTitle("Lesson")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = len(lesson.items)
        cases = f"{count:,} case{'' if count == 1 else 's'}"
        column = QVBoxLayout(self)
        column.setContentsMargins(*_MARGINS)
        column.setSpacing(10)
        for text, name in (
            (lesson.title or "Untitled lesson", "dialogTitle"),
            (", ".join(filter(None, (cases, f"by {lesson.author}" if lesson.author else ""))), "detail"),
            (_shortened(lesson.introduction), ""),
            (_missing_words(missing, count), "callWords"),
        ):
            words = label(text, name, wrap=True)
            words.setTextFormat(Qt.TextFormat.PlainText)
            if text:
                column.addWidget(words)
        self.read = named(QPushButton("&Read it"), "primary")
        self.read.setToolTip("Read blind, commit, and only then see the model and the truth")
        self.present = QPushButton("&Present it")
        self.present.setToolTip("Show it to an audience")
        self.edit = QPushButton("&Edit it (shows the answers)")
        self.read.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button, choice in ((self.read, "read"), (self.present, "present"), (self.edit, "edit")):
            button.setProperty("choice", choice)
            button.clicked.connect(self._on_clicked)
            button.setEnabled(choice == "edit" or missing < count)
            row.addWidget(button)
        column.addSpacing(4)
        column.addStretch(1)
        column.addLayout(row)
        self.setMinimumWidth(480)

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        assert isinstance(button, QPushButton)
        self.accept()
        self.chosen.emit(button.property("choice"))


def _missing_words(missing: int, count: int) -> str:
    if not missing:
        return ""
    which = "None of its radiographs is" if missing >= count else f"{missing:,} of its radiographs are not"
    return f"{which} on this computer. Edit it to look for them in a folder."


def _shortened(text: str) -> str:
    return text if len(text) <= 600 else f"{text[:600].rstrip()}..."


def _buttons(dialog: QDialog, verb: str) -> QDialogButtonBox:
    kinds = QDialogButtonBox.StandardButton
    buttons = QDialogButtonBox(kinds.Cancel | kinds.Ok)
    buttons.button(kinds.Ok).setText(verb)
    buttons.accepted.connect(dialog.accept)
    buttons.rejected.connect(dialog.reject)
    return buttons
