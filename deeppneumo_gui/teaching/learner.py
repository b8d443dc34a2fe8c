"""The learner's window: the radiograph, the tools, the answer, and nothing else before its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.teaching.lesson import Lesson
from core.teaching.run import Run
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.canvas.presets import PRESETS
from deeppneumo_gui.canvas.view import gestures
from deeppneumo_gui.layout import add_notice
from deeppneumo_gui.panels.widgets import label, named
from deeppneumo_gui.services import Services
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.shortcut_sheet import ShortcutSheet
from deeppneumo_gui.store.memory import Memory
from deeppneumo_gui.teaching.answer_panel import WIDTH, AnswerPanel
from deeppneumo_gui.teaching.case_view import OPACITY_STEP, CasePresenter
from deeppneumo_gui.teaching.learner_actions import (
    HEATMAP_ACTIONS,
    SURENESS,
    VIEW_ACTIONS,
    Key,
    create_learner_actions,
    key_sections,
)
from deeppneumo_gui.teaching.learner_pages import EndPage, StartPage
from deeppneumo_gui.teaching.learner_session import LearnerSession, check_run
from deeppneumo_gui.teaching.learner_words import time_words
from deeppneumo_gui.teaching.sources import LessonRadiographs
from deeppneumo_gui.teaching.view import LessonView

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
        self.resize(1360, 860)
        self.notice = add_notice(self.statusBar())
        self._memory = memory
        self.session = LearnerSession(services, memory, lesson, radiographs, model, self, clock)
        self.actions_by_id = create_learner_actions(self)
        self.view = LessonView()
        self.panel = AnswerPanel()
        self.countdown = label("", "detail")
        self.message = label("", "callWords", wrap=True)
        self.go_button = named(QPushButton(), "primary")
        self.start_page, self.end_page = StartPage(lesson), EndPage()
        self._presenter = CasePresenter(self.view, settings.heatmap_style(), self)
        self._tools = QToolBar("Tools")
        self._pages = QStackedWidget()
        self._ticks = QTimer(self, interval=_TICK_MS)
        self._ticks.timeout.connect(self.tick)
        self._lay_out()
        self._connect_actions()
        self._connect_parts()
        self._show_page(self.start_page, lesson.title or "Lesson")
        if run is not None:
            self._on_begun(run)
            return
        self.start_page.begin_button.setFocus()
        memory.runs.recall(lesson.lesson_id)

    # Building

    def _lay_out(self) -> None:
        side = named(QWidget(), "panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(8)
        column.addWidget(self.panel, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.setSpacing(8)
        foot.addWidget(self.message)
        foot.addWidget(self.go_button)
        column.addLayout(foot)
        self.go_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        case = QWidget()
        row = QHBoxLayout(case)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.view, 1)
        row.addWidget(side)
        self._case_page = case
        for page in (self.start_page, case, self.end_page):
            self._pages.addWidget(page)
        self.setCentralWidget(self._pages)
        self._fill_tools()

    def _fill_tools(self) -> None:
        tools = self._tools
        tools.setMovable(False)
        tools.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for name in (ActionId.FIT, ActionId.ACTUAL_SIZE, ActionId.INVERT, Key.MAGNIFIER, ActionId.RESET):
            tools.addAction(self.actions_by_id[name])
        tools.addWidget(self._preset_button())
        tools.addSeparator()
        tools.addAction(self.actions_by_id[Key.MARK])
        tools.addAction(self.actions_by_id[ActionId.HEATMAP])
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        tools.addWidget(space)
        self.countdown.setContentsMargins(0, 0, 12, 0)
        tools.addWidget(self.countdown)
        tools.addAction(self.actions_by_id[Key.PAUSE])
        for action in tools.actions():
            button = tools.widgetForAction(action)
            if isinstance(button, QToolButton):
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(action.text().replace("&", "") or button.accessibleName())
        self.addToolBar(tools)

    def _preset_button(self) -> QToolButton:
        button = QToolButton()
        button.setText("Window")
        button.setAccessibleName("Window")
        button.setToolTip("Bring out one tissue")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        group = QActionGroup(menu)
        for preset in PRESETS:
            action = QAction(preset.name, menu)
            action.setToolTip(preset.tip)
            action.triggered.connect(partial(self.view.apply_preset, preset))
            menu.addAction(group.addAction(action))
        button.setMenu(menu)
        return button

    def _connect_actions(self) -> None:
        session, view = self.session, self.view
        slots: dict[Key | ActionId, Callable[[], object]] = {
            Key.NORMAL: lambda: session.set_call("normal"),
            Key.PNEUMONIA: lambda: session.set_call("pneumonia"),
            Key.BACTERIAL: lambda: session.set_kind("bacterial"),
            Key.VIRAL: lambda: session.set_kind("viral"),
            Key.UNMARK: lambda: session.set_mark(None),
            Key.UNDO: session.undo,
            Key.REDO: session.redo,
            Key.COMMIT: self._on_go,
            Key.GO_ON: self._on_go,
            Key.DEBRIEF: self._ask_for_debrief,
            Key.KEYS: self._show_keys,
            ActionId.FIT: view.fit,
            ActionId.ACTUAL_SIZE: view.actual_size,
            ActionId.ZOOM_IN: lambda: view.zoom_by(_ZOOM_STEP),
            ActionId.ZOOM_OUT: lambda: view.zoom_by(1 / _ZOOM_STEP),
            ActionId.INVERT: view.invert,
            ActionId.ROTATE_LEFT: lambda: view.rotate_picture(-1),
            ActionId.ROTATE_RIGHT: lambda: view.rotate_picture(1),
            ActionId.FLIP_HORIZONTALLY: lambda: view.flip_picture(),
            ActionId.FLIP_VERTICALLY: lambda: view.flip_picture(vertically=True),
            ActionId.RESET: view.reset,
            ActionId.MORE_OPACITY: lambda: self._presenter.change_opacity(OPACITY_STEP),
            ActionId.LESS_OPACITY: lambda: self._presenter.change_opacity(-OPACITY_STEP),
        }
        for number, key in enumerate(SURENESS, 1):
            slots[key] = partial(session.set_confidence, number)  # type: ignore[arg-type]
        for name, slot in slots.items():
            self.actions_by_id[name].triggered.connect(partial(_call, slot))
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
        session.said.connect(self._on_said)
        session.finished.connect(self._on_finished)
        self.view.mark_placed.connect(self._on_mark_placed)
        self.view.full_screen_requested.connect(self.actions_by_id[ActionId.FULL_SCREEN].toggle)
        panel.call_chosen.connect(session.set_call)
        panel.kind_chosen.connect(session.set_kind)
        panel.confidence_chosen.connect(session.set_confidence)
        panel.mark_wanted.connect(self.actions_by_id[Key.MARK].toggle)
        panel.mark_removed.connect(self.actions_by_id[Key.UNMARK].trigger)
        self.go_button.clicked.connect(self._on_go)
        self.start_page.begun.connect(self._on_begun)
        self.start_page.resumed.connect(self._on_begun)
        self.end_page.closed.connect(self.close)
        self.end_page.debrief_wanted.connect(self._ask_for_debrief)
        self._memory.runs.recalled.connect(self._on_recalled)

    # Showing

    def _show_page(self, page: QWidget, title: str) -> None:
        self._pages.setCurrentWidget(page)
        self._tools.setVisible(page is self._case_page)
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
        self._show_time()

    def _offer(self) -> None:
        """Let only those keys work that have a meaning now; a key without one must not be swallowed."""
        session, actions = self.session, self.actions_by_id
        shown = session.shown() if self._pages.currentWidget() is self._case_page else None
        reading = shown is not None and shown.before is None
        open_ = shown is not None and shown.revealed is None and session.display is not None
        for key in (Key.NORMAL, Key.PNEUMONIA, *SURENESS):
            actions[key].setEnabled(open_)
        for key in (Key.BACTERIAL, Key.VIRAL):
            actions[key].setEnabled(open_ and session.lesson.ask_kind)
        marks = reading and open_ and session.run.answer.call != "normal"
        if not marks:
            actions[Key.MARK].setChecked(False)
        actions[Key.MARK].setEnabled(marks)
        actions[Key.UNMARK].setEnabled(reading and session.run.answer.mark is not None)
        actions[Key.UNDO].setEnabled(reading and session.run.can_undo)
        actions[Key.REDO].setEnabled(reading and session.run.can_redo)
        actions[Key.COMMIT].setEnabled(shown is not None)
        # In the blind reading Space belongs to the hand that pans, and the arrows to the mark.
        actions[Key.GO_ON].setEnabled(shown is not None and not reading)
        actions[Key.DEBRIEF].setEnabled(session.begun and session.run.finished)
        actions[Key.PAUSE].setEnabled(session.begun and not session.run.finished)
        for name in (*VIEW_ACTIONS, Key.MAGNIFIER):
            actions[name].setEnabled(session.display is not None)
        explained = session.explained is not None
        if explained != actions[ActionId.HEATMAP].isEnabled():
            # It comes with the commit; who hides it hides it for one case only.
            actions[ActionId.HEATMAP].setChecked(explained)
        for name in HEATMAP_ACTIONS:
            actions[name].setEnabled(explained)
        self.go_button.setEnabled(shown is not None)
        self.go_button.setText(self._go_words())
        self.go_button.setAccessibleName(self.go_button.text())

    def _go_words(self) -> str:
        run = self.session.run
        if self.session.obstacle is not None and run.stage == "reading":
            return "Skip this case   (Enter)"
        last = run.position + 1 == len(run.order)
        return {
            "reading": "Commit   (Enter)",
            "committed": "Show the truth   (Space)",
            "revealed": "Finish   (Space)" if last else "Next case   (Space)",
        }[run.stage]

    def _show_time(self) -> None:
        left = self.session.seconds_left
        words = "" if left is None else f"Time left {time_words(left)}"
        if words != self.countdown.text():
            self.countdown.setText(words)

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
        self._show_time()

    @Slot()
    def _on_go(self) -> None:
        if self.session.obstacle is not None and self.session.run.stage == "reading":
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
        self._show_page(self._case_page, "")
        self.view.setFocus()
        self._ticks.start()
        self.session.begin(run)

    @Slot(str)
    def _on_said(self, sentence: str) -> None:
        self.message.setText(sentence)
        self.message.setVisible(bool(sentence))

    @Slot(str, object)
    def _on_recalled(self, lesson_id: str, runs: Sequence[Run]) -> None:
        if lesson_id == self.session.lesson.lesson_id and not self.session.begun:
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


def _call(slot: Callable[[], object], checked: bool = False) -> None:
    """Leave out what `triggered` says of the check mark."""
    slot()
