"""The head of the debrief: whose run it is, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, SignalInstance, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from core.teaching.debrief import Debrief
from deeppneumo_gui.panels.widgets import label, named
from deeppneumo_gui.teaching.learner_words import time_words

ALL: Final = "All learners"


class DebriefHead(QWidget):
    """Title, choice of a run, and buttons.

    Parameters
    ----------
    shared : bool
        Whether runs of others may be added, and runs deleted: not where a learner looks at the own run.
    saving : bool
        Whether there is somebody who writes files.
    """

    run_chosen = Signal(int)
    """The place of a run, -1 for all of them side by side."""
    result_wanted = Signal()
    table_wanted = Signal()
    save_wanted = Signal()
    add_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, *, shared: bool, saving: bool) -> None:
        super().__init__()
        named(self, "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = named(label(), "dialogTitle")
        self.facts = label("", "detail")
        self.choice = QComboBox()
        self.choice.setAccessibleName("Whose run")
        self.save_result = _button("Save result as PDF...", self.result_wanted)
        self.save_table = _button("Save table as CSV...", self.table_wanted)
        self.save_runs = QAction("&Save this run...", self)
        self.add_runs = QAction("&Add runs...", self)
        self.delete_runs = QAction("&Delete this run...", self)
        self.save_runs.triggered.connect(self.save_wanted)
        self.add_runs.triggered.connect(self.add_wanted)
        self.delete_runs.triggered.connect(self.delete_wanted)
        self.runs_button = QPushButton("Runs" if shared else "Save run...")
        self.runs_button.setToolTip(
            "Save runs for another computer, add runs from others, delete runs"
            if shared
            else "Save this run as a file for whoever teaches"
        )
        if shared:
            menu = QMenu(self.runs_button)
            menu.addActions([self.save_runs, self.add_runs, self.delete_runs])
            self.runs_button.setMenu(menu)
        else:
            self.runs_button.clicked.connect(self.save_wanted)
        self.buttons = (self.save_result, self.save_table, self.runs_button)
        for button in self.buttons:
            button.setVisible(saving)
        self._lay_out()
        self.choice.currentIndexChanged.connect(self._on_chosen)

    @property
    def place(self) -> int:
        """The place of the run that is chosen, -1 for all of them."""
        index = max(self.choice.currentIndex(), 0)
        return index - 1 if self.choice.count() > 1 else index

    def offer(self, labels: Sequence[str], place: int) -> None:
        """Offer other runs; of several, all of them together, too."""
        self.choice.blockSignals(True)
        self.choice.clear()
        several = len(labels) > 1
        self.choice.addItems([*([ALL] if several else []), *labels])
        self.choice.setVisible(several)
        self.choice.setCurrentIndex(place + 1 if several else 0)
        self.choice.blockSignals(False)

    def choose(self, place: int) -> None:
        """Choose a run, or with -1 all of them."""
        self.choice.setCurrentIndex(place + 1 if self.choice.count() > 1 else 0)

    def show_words(self, title: str, facts: str) -> None:
        """Say whose run it is."""
        self.title.setText(title)
        self.facts.setText(facts)

    def show_chosen(self, chosen: int, total: int) -> None:
        """Say what saving and deleting is about: so many runs that are chosen, or none where all are looked at."""
        alone = self.place >= 0
        self.save_result.setEnabled(alone)
        self.save_result.setToolTip("" if alone else "Choose one learner first")
        self.save_runs.setText(f"&Save {_which(chosen, alone) or f'all {total} runs'}...")
        self.delete_runs.setText(f"&Delete {_which(chosen, alone) or 'chosen runs'}...")
        self.delete_runs.setEnabled(alone or chosen > 0)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 10, 18, 8)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.facts)
        row.addLayout(words, 1)
        row.addWidget(self.choice)
        for button in self.buttons:
            row.addWidget(button)

    @Slot(int)
    def _on_chosen(self) -> None:
        self.run_chosen.emit(self.place)


def class_facts(debriefs: Sequence[Debrief]) -> str:
    """Return in a sentence how many learners there are and how far they have come."""
    finished = sum(debrief.finished for debrief in debriefs)
    learners = len({debrief.code for debrief in debriefs})
    people = "1 learner" if learners == 1 else f"{learners} learners"
    return f"{people}, {finished} of {len(debriefs)} runs finished."


def run_facts(debrief: Debrief) -> str:
    """Return in a sentence how much was read, and for how long."""
    count = len(debrief.cases)
    read = f"{count} of {debrief.planned} cases read"
    if not count:
        return f"{read}."
    times = debrief.times
    seconds = round(times.median)
    unit = "second" if seconds == 1 else "seconds"
    return f"{read}; {time_words(times.total)} minutes of reading, median {seconds} {unit} a case."


def _which(chosen: int, alone: bool) -> str:
    if alone:
        return "this run"
    if not chosen:
        return ""
    return "the chosen run" if chosen == 1 else f"{chosen} chosen runs"


def _button(text: str, pressed: SignalInstance) -> QPushButton:
    button = QPushButton(text)
    button.clicked.connect(pressed)
    return button
