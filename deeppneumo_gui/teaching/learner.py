"""The learner's window: the radiograph, the tools, the answer, and nothing else before its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QStackedWidget,
    QWidget,
)

from core.teaching.lesson import Lesson
from core.teaching.run import Run
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.canvas.view import gestures
from deeppneumo_gui.first_size import open_at
from deeppneumo_gui.notice_strip import add_notice
from deeppneumo_gui.services import Services
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.shortcut_sheet import ShortcutSheet
from deeppneumo_gui.store.memory import Memory
from deeppneumo_gui.teaching.case_view import CasePresenter
from deeppneumo_gui.teaching.learner_actions import (
    Key,
    create_learner_actions,
    key_sections,
)
from deeppneumo_gui.teaching.learner_case import CasePage
from deeppneumo_gui.teaching.learner_offer import go_words, offered
from deeppneumo_gui.teaching.learner_pages import EndPage, StartPage
from deeppneumo_gui.teaching.learner_session import LearnerSession, check_run
from deeppneumo_gui.teaching.learner_slots import answer_slots, view_slots, without_check
from deeppneumo_gui.teaching.learner_tools import LearnerTools
from deeppneumo_gui.teaching.sources import LessonRadiographs

if TYPE_CHECKING:
    from core.store.runs import KeptRun

_TICK_MS: Final = 200
_ZOOM_STEP: Final = 1.25
_WAITING: Final = "The radiograph is being read."
_PAUSED: Final = ("Paused", "The time stands still. Go on with F9.")
_UNSHOWN: Final = "This radiograph cannot be shown"


def open_learner(
    services: Services,
    settings: Settings,
    memory: Memory,
    lesson: Lesson,
    radiographs: LessonRadiographs,
    *,
    model: Path | None = None,
    run: Run | None = None,
) -> LearnerWindow:
    """Open a window in which one learner reads a lesson; keep the window until it says `closed`.

    ``open_learner(services, settings, memory, lesson, radiographs, run=kept)`` goes on with a run that was broken
    off, such as one that `memory.runs.recalled` brought.

    Parameters
    ----------
    services : Services
    settings : Settings
        Whose look the heatmap has.
    memory : Memory
        Where the run is kept, and earlier ones are found.
    lesson : Lesson
    radiographs : LessonRadiographs
    model : Path or None
        Bundle to score with, None for the one that comes with the program.
    run : Run or None
        An earlier run of this lesson, which goes on at once where it was left, and ends here on its last page when
        it is finished; None to begin, or to be offered earlier ones. The window changes it.

    Raises
    ------
    RunError
        For a lesson without cases, and for a run that does not belong to the lesson as it is now.
    """
    window = LearnerWindow(services, settings, memory, lesson, radiographs, model=model, run=run)
    window.show()
    return window


class LearnerWindow(QMainWindow):
    """Start page, one case after the other, end page."""

    closed = Signal()
    debrief_wanted = Signal(object)
    """The `Run`, finished, whose debrief the learner wants to see; the window closes then."""

    def __init__(
        self,
        services: Services,
        settings: Settings,
        memory: Memory,
        lesson: Lesson,
        radiographs: LessonRadiographs,
        *,
        model: Path | None = None,
        run: Run | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        check_run(run, lesson)
        self.setMinimumSize(880, 560)
        open_at(self, 1360, 860)
        self.notice = add_notice(self.statusBar())
        self._memory = memory
        self.session = LearnerSession(services, memory, lesson, radiographs, model, self, clock)
        self.actions_by_id = create_learner_actions(self)
        self.start_page, self.case_page, self.end_page = StartPage(lesson), CasePage(), EndPage()
        self.view, self.panel = self.case_page.view, self.case_page.panel
        self._presenter = CasePresenter(self.view, settings.heatmap_style(), self)
        self.tools = LearnerTools(self.actions_by_id, self.view.apply_preset)
        self._pages = QStackedWidget()
        self._ticks = QTimer(self, interval=_TICK_MS)
        self._ticks.timeout.connect(self.tick)
        for page in (self.start_page, self.case_page, self.end_page):
            self._pages.addWidget(page)
        self.setCentralWidget(self._pages)
        self.addToolBar(self.tools)
        self._connect_actions()
        self._connect_parts()
        self._show_page(self.start_page, lesson.title or "Lesson")
        if run is not None:
            self._on_begun(run)
            return
        self.start_page.begin_button.setFocus()
        memory.runs.recall(lesson.lesson_id)

    # Building

    def _connect_actions(self) -> None:
        slots = {
            **answer_slots(self.session),
            **view_slots(self.view, self._presenter),
            Key.COMMIT: self._on_go,
            Key.GO_ON: self._on_go,
            Key.DEBRIEF: self._ask_for_debrief,
            Key.KEYS: self._show_keys,
        }
        for name, slot in slots.items():
            self.actions_by_id[name].triggered.connect(partial(without_check, slot))
        self.actions_by_id[ActionId.CORNER_TEXT].setChecked(True)
        for name, toggle in self._toggles().items():
            self.actions_by_id[name].toggled.connect(toggle)
        for action in self.actions_by_id.values():
            self.addAction(action)

    def _toggles(self) -> Mapping[Key | ActionId, Callable[[bool], None]]:
        return {
            Key.MARK: self.view.set_marking,
            Key.MAGNIFIER: self.view.set_magnifying,
            Key.PAUSE: self.session.set_paused,
            ActionId.HEATMAP: self._presenter.set_heatmap_visible,
            ActionId.CORNER_TEXT: self.view.set_corner_text,
            ActionId.FULL_SCREEN: self._set_full_screen,
        }

    def _connect_parts(self) -> None:
        session, panel = self.session, self.panel
        session.case_changed.connect(self._on_case_changed)
        session.changed.connect(self._refresh)
        session.said.connect(self.case_page.say)
        session.finished.connect(self._on_finished)
        self.view.mark_placed.connect(self._on_mark_placed)
        self.view.full_screen_requested.connect(self.actions_by_id[ActionId.FULL_SCREEN].toggle)
        panel.call_chosen.connect(session.set_call)
        panel.kind_chosen.connect(session.set_kind)
        panel.confidence_chosen.connect(session.set_confidence)
        panel.mark_wanted.connect(self.actions_by_id[Key.MARK].toggle)
        panel.mark_removed.connect(self.actions_by_id[Key.UNMARK].trigger)
        self.case_page.go_button.clicked.connect(self._on_go)
        self.start_page.begun.connect(self._on_begun)
        self.start_page.resumed.connect(self._on_begun)
        self.end_page.closed.connect(self.close)
        self.end_page.debrief_wanted.connect(self._ask_for_debrief)
        self._memory.runs.recalled.connect(self._on_recalled)

    # Showing

    def _show_page(self, page: QWidget, title: str) -> None:
        self._pages.setCurrentWidget(page)
        self.tools.setVisible(page is self.case_page)
        self.setWindowTitle(title)
        self._offer()

    @Slot()
    def _on_case_changed(self) -> None:
        """Show another radiograph, or why there is none; nothing of the one before stays."""
        session, view = self.session, self.view
        display = session.display
        self.actions_by_id[Key.MARK].setChecked(False)
        if display is not None:
            if view.display is not display:
                self._presenter.forget()
                view.show_display(display)
        elif session.paused:
            view.show_nothing(*_PAUSED)
        elif session.obstacle is not None:
            view.show_nothing(_UNSHOWN, session.obstacle)
        else:
            view.show_nothing(busy=_WAITING)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """Show the same case in its new state."""
        session = self.session
        shown = session.shown()
        self.panel.show_case(shown)
        self._presenter.show_case(shown, session.explained)
        if shown is not None:
            self.setWindowTitle(shown.title)
        self._offer()
        self.tools.show_time(session.seconds_left)

    def _offer(self) -> None:
        """Let only those keys work that have a meaning now."""
        session, actions = self.session, self.actions_by_id
        possible = offered(session)
        if possible[ActionId.HEATMAP] != actions[ActionId.HEATMAP].isEnabled():
            # It comes with the commit; who hides it hides it for one case only.
            actions[ActionId.HEATMAP].setChecked(possible[ActionId.HEATMAP])
        if not possible[Key.MARK]:
            actions[Key.MARK].setChecked(False)
        for name, enabled in possible.items():
            actions[name].setEnabled(enabled)
        self.case_page.set_go(go_words(session), possible=possible[Key.COMMIT] or session.paused)

    def _set_full_screen(self, full: bool) -> None:
        state, flag = self.windowState(), Qt.WindowState.WindowFullScreen
        self.setWindowState(state | flag if full else state & ~flag)

    def _show_keys(self) -> None:
        sheet = self.findChild(ShortcutSheet) or ShortcutSheet(self, key_sections(gestures(False)))
        sheet.show()
        sheet.activateWindow()

    # What happens

    @Slot()
    def tick(self) -> None:
        """Look at the clock."""
        self.session.tick()
        self.tools.show_time(self.session.seconds_left)

    @Slot()
    def _on_go(self) -> None:
        if self.session.paused:
            self.actions_by_id[Key.PAUSE].setChecked(False)
        elif self.session.obstacle is not None and self.session.run.stage == "reading":
            self.session.skip()
        else:
            self.session.advance()

    @Slot(object)
    def _on_mark_placed(self, point: tuple[float, float]) -> None:
        self.session.set_mark(point)
        # A click puts the mark down for good; with the arrow keys it goes on.
        if not self.view.moving:
            self.actions_by_id[Key.MARK].setChecked(False)

    @Slot()
    @Slot(object)
    def _on_begun(self, run: Run | None = None) -> None:
        self._show_page(self.case_page, "")
        self.view.setFocus()
        self._ticks.start()
        self.session.begin(run)

    @Slot(str, object)
    def _on_recalled(self, lesson_id: str, kept: Sequence[KeptRun]) -> None:
        if lesson_id == self.session.lesson.lesson_id and not self.session.begun:
            runs = [one.run for one in kept]
            open_ = [run for run in runs if not run.finished and run.fits(self.session.lesson)]
            self.start_page.offer(open_)

    @Slot()
    def _on_finished(self) -> None:
        self._ticks.stop()
        self.end_page.show_run(self.session.run)
        self._show_page(self.end_page, "The lesson is read")
        self.end_page.debrief_button.setFocus()

    @Slot()
    def _ask_for_debrief(self) -> None:
        """Let others show how the run went, in a window of its own."""
        if self.session.run.finished:
            self.debrief_wanted.emit(self.session.run)
            self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave full screen with Escape."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self.actions_by_id[ActionId.FULL_SCREEN].setChecked(False)
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Keep the run and end the threads; nothing is asked, for nothing is lost."""
        event.accept()
        self._ticks.stop()
        self.hide()
        self.session.shutdown()
        self.closed.emit()
