"""The cases of a debrief, those that taught most first; each is one click away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from core.teaching.case_review import OUTCOMES, CaseReview
from core.teaching.debrief import Debrief
from core.teaching.debrief_words import OUTCOME_TITLES, case_words
from deeppneumo_gui.panels.widgets import label, named

TAUGHT: Final = "The cases that taught most"
ALL: Final = "All cases"
MISSED: Final = "Marks outside the region"
NONE: Final = "There is no such case."


class CaseList(QWidget):
    """A choice of cases, and the cases."""

    opened = Signal(object)
    """The `CaseReview` that is to be looked at."""
    chosen = Signal(str)
    """Which cases are listed: an outcome, or one of the titles above."""

    def __init__(self) -> None:
        super().__init__()
        named(self, "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._debrief: Debrief | None = None
        self.cases: tuple[CaseReview, ...] = ()
        self.choice = QComboBox()
        self.choice.setAccessibleName("Which cases")
        self.list = QListWidget()
        self.list.setAccessibleName("Cases")
        self.list.setSpacing(4)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = label(NONE, "detail", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.choice)
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        self.choice.currentIndexChanged.connect(self._on_chosen)
        self.list.itemClicked.connect(self._on_activated)
        self.list.itemActivated.connect(self._on_activated)

    def show_debrief(self, debrief: Debrief) -> None:
        """List the cases of another debrief."""
        self._debrief = debrief
        missed = sum(case.mark_place == "miss" for case in debrief.cases)
        entries = [(TAUGHT, TAUGHT, len(debrief.taught_most)), (ALL, ALL, len(debrief.cases))]
        entries += [(OUTCOME_TITLES[name], name, debrief.count(name)) for name in OUTCOMES]
        entries.append((MISSED, MISSED, missed))
        self.choice.blockSignals(True)
        self.choice.clear()
        for title, key, count in entries:
            if count or key == TAUGHT:
                self.choice.addItem(f"{title} ({count})", key)
        self.choice.blockSignals(False)
        self._on_chosen()

    def choose(self, key: str) -> None:
        """List the cases of an outcome, or those under another of the titles."""
        place = self.choice.findData(key)
        if place >= 0:
            self.choice.setCurrentIndex(place)

    @Slot()
    def _on_chosen(self) -> None:
        debrief, key = self._debrief, self.choice.currentData()
        if debrief is None:
            return
        self.cases = _cases(debrief, key)
        self.list.clear()
        for case in self.cases:
            title = f"Case {case.position + 1}: {OUTCOME_TITLES[case.outcome].lower()}"
            item = QListWidgetItem(f"{title}\n{case_words(case)}")
            self.list.addItem(item)
        self.empty.setVisible(not self.cases)
        self.chosen.emit(key)

    @Slot(QListWidgetItem)
    def _on_activated(self, item: QListWidgetItem) -> None:
        self.opened.emit(self.cases[self.list.row(item)])


def _cases(debrief: Debrief, key: str) -> tuple[CaseReview, ...]:
    if key == TAUGHT:
        return debrief.taught_most
    found: Sequence[CaseReview] = debrief.cases
    if key == MISSED:
        found = [case for case in found if case.mark_place == "miss"]
    elif key != ALL:
        found = [case for case in found if case.outcome == key]
    return tuple(found)
