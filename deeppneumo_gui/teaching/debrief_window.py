"""The debrief of a run in a window of its own: the figures first, each case one click away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from core.teaching.agreement import labels_of
from core.teaching.case_review import CaseReview
from core.teaching.debrief import Debrief, make_debrief
from core.teaching.lesson import Lesson
from core.teaching.run import Run
from deeppneumo_gui.icons import redraw_icons
from deeppneumo_gui.notice_strip import add_notice
from deeppneumo_gui.panels.message_bar import MessageBar
from deeppneumo_gui.panels.widgets import label, named
from deeppneumo_gui.services import Services
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.teaching.debrief_case import CasePage
from deeppneumo_gui.teaching.learner_words import time_words
from deeppneumo_gui.teaching.sources import LessonRadiographs

if TYPE_CHECKING:
    from deeppneumo_gui.teaching.handouts import Handouts


def open_debrief(
    services: Services,
    settings: Settings,
    lesson: Lesson,
    runs: Sequence[Run],
    radiographs: LessonRadiographs,
    *,
    model: Path | None = None,
    handouts: Handouts | None = None,
) -> DebriefWindow:
    """Open the debrief of one run or more; keep the window until it says `closed`.

    Parameters
    ----------
    services : Services
    settings : Settings
        Whose look the heatmap has.
    lesson : Lesson
        That the runs are held against.
    runs : sequence of Run
        At least one, finished or not; with several, the reader chooses among them.
    radiographs : LessonRadiographs
    model : Path or None
        Bundle that the heatmaps come from, None for the one that comes with the program.
    handouts : Handouts or None
        Writes a result as PDF and as a table; without it there are no buttons for these.

    Raises
    ------
    RunError
        For a run of another lesson.
    """
    window = DebriefWindow(services, settings, lesson, runs, radiographs, model=model, handouts=handouts)
    window.show()
    return window


class DebriefWindow(QMainWindow):
    """The figures, or one case."""

    closed = Signal()

    def __init__(
        self,
        services: Services,
        settings: Settings,
        lesson: Lesson,
        runs: Sequence[Run],
        radiographs: LessonRadiographs,
        *,
        model: Path | None = None,
        handouts: Handouts | None = None,
    ) -> None:
        # Here, for it imports matplotlib.
        from deeppneumo_gui.teaching.debrief_overview import OverviewPage

        debriefs = [make_debrief(run, lesson) for run in runs]
        super().__init__()
        self.setMinimumSize(1000, 620)
        self.resize(1366, 740)
        self.setWindowTitle(f"Debrief: {lesson.title}" if lesson.title else "Debrief")
        self._lesson, self._radiographs, self._handouts = lesson, radiographs, handouts
        self._make_case_page = partial(
            CasePage, services, settings.heatmap_style(), lesson, radiographs, model
        )
        self.debriefs = debriefs
        self.message = MessageBar()
        self.title = named(label(), "dialogTitle")
        self.facts = label("", "detail")
        self.choice = QComboBox()
        self.choice.setAccessibleName("Whose run")
        self.buttons: list[QPushButton] = []
        self.overview = OverviewPage()
        self.case_page: CasePage | None = None
        self.pages = QStackedWidget()
        self.pages.addWidget(self.overview)
        self.notice = add_notice(self.statusBar())
        self._lay_out()
        self.choice.currentIndexChanged.connect(self._on_run_chosen)
        self.overview.opened.connect(self.open_case)
        self.overview.said.connect(self._on_said)
        if handouts is not None:
            handouts.said.connect(self._on_written)
        self._on_run_chosen(0)

    @property
    def debrief(self) -> Debrief:
        """The one on screen."""
        return self.debriefs[max(self.choice.currentIndex(), 0)]

    @Slot(object)
    def open_case(self, case: CaseReview) -> None:
        """Show a case, with those that are listed beside it one key away."""
        if self.case_page is None:
            # The model loads only now.
            self.case_page = self._make_case_page()
            self.case_page.left.connect(self.show_overview)
            self.pages.addWidget(self.case_page)
        listed = self.overview.list.cases
        cases = listed if case in listed else self.debrief.cases
        self.pages.setCurrentWidget(self.case_page)
        self._head.hide()
        self.case_page.show_case(self.debrief, cases, case)

    @Slot()
    def show_overview(self) -> None:
        """Go back to the figures."""
        self.pages.setCurrentWidget(self.overview)
        self._head.show()
        self.overview.list.list.setFocus()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Draw charts and icons anew in another theme."""
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "overview"):
            # Not while Qt is still going through all widgets to dress them.
            QTimer.singleShot(0, self, self._dress)
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """End the thread."""
        event.accept()
        self.hide()
        if self.case_page is not None:
            self.case_page.shutdown()
        self.closed.emit()

    def _lay_out(self) -> None:
        self._head = named(QWidget(), "panel")
        self._head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(18, 10, 18, 8)
        row.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.facts)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        row.addLayout(words, 1)
        for code in labels_of([debrief.code for debrief in self.debriefs]):
            self.choice.addItem(code)
        self.choice.setVisible(len(self.debriefs) > 1)
        row.addWidget(self.choice)
        if self._handouts is not None:
            for text, slot in (
                ("Save result as PDF...", self._save_result),
                ("Save table as CSV...", self._save_table),
            ):
                button = QPushButton(text)
                button.clicked.connect(slot)
                self.buttons.append(button)
                row.addWidget(button)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.message)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(whole)

    @Slot(int)
    def _on_run_chosen(self, place: int) -> None:
        debrief = self.debriefs[place]
        title = self._lesson.title or "Lesson"
        self.title.setText(f"{title}: learner {debrief.code}")
        self.facts.setText(_facts(debrief))
        self.overview.show_debrief(debrief)

    @Slot()
    def _save_result(self) -> None:
        if self._handouts is not None:
            self._handouts.result(self._lesson, self.debrief, self._radiographs, self)

    @Slot()
    def _save_table(self) -> None:
        if self._handouts is not None:
            self._handouts.table(self._lesson, self.debriefs, self)

    @Slot(str)
    def _on_written(self, sentence: str) -> None:
        self.message.say(sentence)

    @Slot(str, bool)
    def _on_said(self, sentence: str, good: bool) -> None:
        self.message.say(sentence, passing=good)

    @Slot()
    def _dress(self) -> None:
        self.overview.redraw()
        redraw_icons(self)


def _facts(debrief: Debrief) -> str:
    count = len(debrief.cases)
    read = f"{count} of {debrief.planned} cases read"
    if not count:
        return f"{read}."
    times = debrief.times
    return f"{read}; {time_words(times.total)} minutes of reading, {round(times.median)} seconds for the middle case."
