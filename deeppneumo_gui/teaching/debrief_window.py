"""The debrief of one run or more in a window of its own: the figures first, each case one click away."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from core.teaching.agreement import side_by_side
from core.teaching.case_review import CaseReview
from core.teaching.debrief import Debrief
from core.teaching.lesson import Lesson
from core.teaching.run import Run
from deeppneumo_gui.first_size import open_at
from deeppneumo_gui.icons import redraw_icons
from deeppneumo_gui.notice_strip import add_notice
from deeppneumo_gui.panels.message_bar import MessageBar
from deeppneumo_gui.services import Services
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.teaching.debrief_case import CasePage
from deeppneumo_gui.teaching.debrief_class import ClassPage
from deeppneumo_gui.teaching.debrief_head import DebriefHead, class_facts, run_facts
from deeppneumo_gui.teaching.debriefs_made import DebriefsMade
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
    shared: bool = True,
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
        At least one, finished or not; several stand side by side, and the reader chooses among them.
    radiographs : LessonRadiographs
    model : Path or None
        Bundle that the heatmaps come from, None for the one that comes with the program.
    handouts : Handouts or None
        Writes a result as PDF and as a table; without it there are no buttons for these.
    shared : bool
        Whether runs of others may be added, and runs deleted: not where a learner looks at the own run.

    Raises
    ------
    RunError
        For a run of another lesson.
    """
    window = DebriefWindow(
        services, settings, lesson, runs, radiographs, model=model, handouts=handouts, shared=shared
    )
    window.show()
    return window


class DebriefWindow(QMainWindow):
    """All learners, the figures of one, or one case."""

    closed = Signal()
    add_wanted = Signal()
    """Runs from other computers are to be added."""
    save_wanted = Signal(object)
    """Runs, told by a list of their ids, are to be saved for another computer."""
    delete_wanted = Signal(object)
    """Runs, told by a list of their ids, are to be deleted."""

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
        shared: bool = True,
    ) -> None:
        # Here, for it imports matplotlib.
        from deeppneumo_gui.teaching.debrief_overview import OverviewPage

        self._made = DebriefsMade(lesson)
        debriefs = self._made.of(runs)
        super().__init__()
        self.setMinimumSize(1000, 620)
        open_at(self, 1366, 740)
        self.setWindowTitle(f"Debrief: {lesson.title}" if lesson.title else "Debrief")
        self.lesson, self.shared = lesson, shared
        self._radiographs, self._handouts = radiographs, handouts
        self._make_case_page = partial(
            CasePage, services, settings.heatmap_style(), lesson, radiographs, model
        )
        self.debriefs = debriefs
        self.message = MessageBar()
        self.head = DebriefHead(shared=shared, saving=handouts is not None)
        self.class_page, self.overview = ClassPage(), OverviewPage()
        self.case_page: CasePage | None = None
        self._labels: tuple[str, ...] = ()
        self._from_class = False
        self.pages = QStackedWidget()
        self.pages.addWidget(self.overview)
        self.pages.addWidget(self.class_page)
        self.notice = add_notice(self.statusBar())
        self._lay_out()
        self._connect()
        self.show_runs(debriefs)

    @property
    def debrief(self) -> Debrief:
        """The one on screen, or the first one where all are."""
        return self.debriefs[max(self.head.place, 0)]

    def show_runs(self, debriefs: Sequence[Debrief], chosen: str | None = None) -> None:
        """Show other runs, at least one; the one with the id `chosen`, or of several all of them."""
        ids = [debrief.run_id for debrief in debriefs]
        self.debriefs = list(debriefs)
        side = side_by_side(self.debriefs)
        self.class_page.show_side(side)
        self._labels = side.labels
        self.head.offer(side.labels, ids.index(chosen) if chosen in ids else -1)
        self._on_run_chosen(self.head.place)

    def update_runs(self, runs: Sequence[Run]) -> None:
        """Show what has become of the runs; the one on screen stays there, with its case, if it still is one."""
        debriefs = self._made.of(runs)
        if debriefs == self.debriefs:
            return
        case = self._case
        alone = self.head.place >= 0 and (len(self.debriefs) > 1 or case is not None)
        chosen, from_class = self.debrief.run_id if alone else None, self._from_class
        self.show_runs(debriefs, chosen)
        if case is not None and self.debrief.run_id == chosen:
            self._stay(case, from_class)

    @property
    def _case(self) -> CaseReview | None:
        """The case that is looked at."""
        page = self.case_page
        return page.case if page is not None and self.pages.currentWidget() is page else None

    def _stay(self, case: CaseReview, from_class: bool) -> None:
        """Go on showing a case of a run after others have come or gone."""
        same = next((one for one in self.debrief.cases if one.position == case.position), None)
        if same is None or self.case_page is None:
            return
        self._from_class = from_class and len(self.debriefs) > 1
        if same is not case:
            self.open_case(same)
            return
        # As it was left: zoom, brightness and what lies beside it.
        self.head.hide()
        self.pages.setCurrentWidget(self.case_page)
        self.case_page.view.setFocus()

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
        self.head.hide()
        self.case_page.show_case(self.debrief, cases, case)

    @Slot()
    def show_overview(self) -> None:
        """Go back to where the case was opened: the figures, or all learners."""
        self.head.show()
        if self._from_class:
            self._from_class = False
            self.head.choose(-1)
            self.class_page.cases.setFocus()
            return
        self.pages.setCurrentWidget(self.overview)
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
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self.message)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        head = self.head
        head.run_chosen.connect(self._on_run_chosen)
        head.result_wanted.connect(self._save_result)
        head.table_wanted.connect(self._save_table)
        head.save_wanted.connect(self._on_save_wanted)
        head.delete_wanted.connect(self._on_delete_wanted)
        head.add_wanted.connect(self.add_wanted)
        self.overview.opened.connect(self.open_case)
        self.overview.said.connect(self.say)
        self.class_page.run_opened.connect(head.choose)
        self.class_page.case_opened.connect(self._on_case_opened)
        self.class_page.chosen_changed.connect(self._offer)
        if self._handouts is not None:
            self._handouts.said.connect(self._on_written)

    @property
    def chosen(self) -> list[Debrief]:
        """What saving and deleting is about; empty where all are looked at and none is selected."""
        place = self.head.place
        places = (place,) if place >= 0 else self.class_page.chosen
        return [self.debriefs[place] for place in places]

    @Slot(int)
    def _on_run_chosen(self, place: int) -> None:
        # Also from a case whose run is gone.
        self.head.show()
        self._from_class = False
        title = self.lesson.title or "Lesson"
        if place < 0:
            self.head.show_words(f"{title}: {len(self.debriefs)} runs", class_facts(self.debriefs))
            self.pages.setCurrentWidget(self.class_page)
        else:
            debrief = self.debriefs[place]
            self.head.show_words(f"{title}: learner {self._labels[place]}", run_facts(debrief))
            self.overview.show_debrief(debrief)
            self.pages.setCurrentWidget(self.overview)
        self._offer()

    @Slot(int, object)
    def _on_case_opened(self, place: int, case: CaseReview) -> None:
        self.head.choose(place)
        self._from_class = True
        self.open_case(case)

    @Slot()
    def _offer(self) -> None:
        self.head.show_chosen(len(self.chosen), len(self.debriefs))

    @Slot()
    def _save_result(self) -> None:
        if self._handouts is not None:
            self._handouts.result(self.lesson, self.debrief, self._radiographs, self)

    @Slot()
    def _save_table(self) -> None:
        if self._handouts is not None:
            self._handouts.table(self.lesson, self.debriefs, self)

    @Slot()
    def _on_save_wanted(self) -> None:
        self.save_wanted.emit([debrief.run_id for debrief in self.chosen or self.debriefs])

    @Slot()
    def _on_delete_wanted(self) -> None:
        self.delete_wanted.emit([debrief.run_id for debrief in self.chosen])

    @Slot(str)
    def _on_written(self, sentence: str) -> None:
        self.message.say(sentence)

    @Slot(str, bool)
    def say(self, sentence: str, good: bool) -> None:
        """Say something above the page; good news goes away by itself."""
        self.message.say(sentence, passing=good)

    @Slot()
    def _dress(self) -> None:
        self.overview.redraw()
        self.class_page.redraw()
        redraw_icons(self)
