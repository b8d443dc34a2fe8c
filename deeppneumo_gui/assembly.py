"""The parts of the main window: made, put together, and connected."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QTabWidget, QWidget

from core.reading.radiograph import Radiograph
from deeppneumo_gui.actions import IMAGE_ACTIONS, SPECS, ActionId, create_actions
from deeppneumo_gui.canvas.board import CanvasBoard
from deeppneumo_gui.canvas.heatmap import HeatmapStyle
from deeppneumo_gui.canvas.invitation import Invitation
from deeppneumo_gui.canvas_controller import CanvasController
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.crash.folder import open_log_folder
from deeppneumo_gui.dock_widths import DockWidths
from deeppneumo_gui.export.controller import ExportController
from deeppneumo_gui.focus_order import order_focus
from deeppneumo_gui.full_screen import FullScreen
from deeppneumo_gui.history import History
from deeppneumo_gui.judging.bar import JudgingBar
from deeppneumo_gui.judging.controller import JudgingController
from deeppneumo_gui.layout import create_centre, create_dock
from deeppneumo_gui.measures.controller import MeasuresController
from deeppneumo_gui.menus import create_tool_bar, fill_menu_bar, insert_menu
from deeppneumo_gui.model.controller import ModelController
from deeppneumo_gui.opening import OpeningController
from deeppneumo_gui.pages import Pages
from deeppneumo_gui.panels.frame_bar import FrameBar
from deeppneumo_gui.panels.heatmap import HeatmapPanel
from deeppneumo_gui.panels.message_bar import MessageBar
from deeppneumo_gui.panels.result import ResultPanel
from deeppneumo_gui.panels.side import SidePanel
from deeppneumo_gui.preferences.controller import PreferencesController
from deeppneumo_gui.remembered_action import RememberedAction
from deeppneumo_gui.removal import RemovalController
from deeppneumo_gui.services import Services
from deeppneumo_gui.session import ViewerSession
from deeppneumo_gui.settings import HIDE_IDENTITIES, SHOW_TRUTH, Settings
from deeppneumo_gui.shortcut_sheet import show_shortcuts
from deeppneumo_gui.stirring import Stirring
from deeppneumo_gui.store.controller import StoreController
from deeppneumo_gui.store.memory import Opener
from deeppneumo_gui.tally import Progress
from deeppneumo_gui.teaching.builder import LessonController
from deeppneumo_gui.title_bar import TitleBar
from deeppneumo_gui.truth.controller import TruthController
from deeppneumo_gui.window_memory import restore
from deeppneumo_gui.worklist.panel import WorklistPanel

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow


class Assembly(QObject):
    """Makes the parts, lays them out in the window, and passes on what happens between them."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        settings: Settings,
        opener: Opener | None,
        drafts: Path | None,
    ) -> None:
        super().__init__(window)
        self._window = window
        window.session = ViewerSession(services, window, opener)
        window.actions_by_id = create_actions(window)
        window.board = CanvasBoard()
        window.view = window.board.view
        window.result = ResultPanel()
        window.heatmap = HeatmapPanel(self._action(ActionId.HEATMAP), settings.heatmap_style())
        window.worklist = WorklistPanel(
            window.session, self._action(ActionId.CANCEL), self._action(ActionId.SCORE_REST)
        )
        window.judging = JudgingBar(window.actions_by_id)
        window.side = SidePanel(window.result, window.heatmap)
        window.message = MessageBar()
        window.frames = FrameBar(window.session)
        window.invitation = Invitation(
            self._action(ActionId.OPEN_FILES),
            self._action(ActionId.OPEN_FOLDER),
            self._action(ActionId.OPEN_SAMPLES),
        )
        window.canvas = CanvasController(
            window.board, window.heatmap, window.session, window.actions_by_id, window
        )
        window.opening = OpeningController(window, window.session, window.actions_by_id, settings)
        window.opening.dragging.connect(window.invitation.set_dragging)
        window.opening.said.connect(window.message.say)
        window.history = History(window.session, window.actions_by_id)
        window.measures = MeasuresController(window)
        self._lay_out()
        self._connect_actions()
        self._connect_session()
        TitleBar(window, window.session)
        Stirring(window, window.session)
        RemovalController(window.worklist, window.session, window.history, window.actions_by_id)
        judging = JudgingController(
            window.judging, window.worklist, window.session, window.history, window.actions_by_id, settings
        )
        judging.left.connect(window.view.setFocus)
        judging.said.connect(partial(window.message.say, passing=True))
        window.exports = ExportController(window, services)
        window.models = ModelController(window)
        window.store = StoreController(window)
        RememberedAction(self._action(ActionId.HIDE_IDENTITIES), settings, HIDE_IDENTITIES)
        window.truth = TruthController(window)
        RememberedAction(self._action(ActionId.SHOW_TRUTH), settings, SHOW_TRUTH)
        window.lessons = LessonController(window, services, settings, drafts)
        order_focus(window)
        restore(window, settings)
        # No lesson is open at the start, and the result must not lie behind an empty panel.
        window.lesson_dock.hide()
        window.preferences = PreferencesController(window, settings)
        self._on_case_selected(None)
        self._on_progress(window.session.progress)

    def _action(self, name: ActionId) -> QAction:
        return self._window.actions_by_id[name]

    # Building

    def _lay_out(self) -> None:
        window = self._window
        window.pages = Pages(window.invitation, window.board, window.session, window.actions_by_id)
        window.setCentralWidget(create_centre(window.message, window.pages, window.frames, window.judging))
        left = create_dock("&Worklist", window.worklist)
        right = create_dock("R&esult", window.side)
        window.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, left)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, right)
        window.lesson_dock = create_dock("Lesson", QWidget())
        window.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        window.tabifyDockWidget(right, window.lesson_dock)
        window.lesson_dock.hide()
        window.resizeDocks([left, right], [290, 320], Qt.Orientation.Horizontal)
        DockWidths(window, (left, right, window.lesson_dock))
        tools = create_tool_bar(window.actions_by_id)
        window.addToolBar(tools)
        fill_menu_bar(
            window.menuBar(), window.actions_by_id, [left.toggleViewAction(), right.toggleViewAction()]
        )
        insert_menu(window.menuBar(), self._action(ActionId.OPEN_SAMPLES), window.opening.recent_menu.menu)
        self._full_screen = FullScreen(
            window, (window.menuBar(), tools, left, right, window.lesson_dock, window.measures.dock)
        )
        # Added to the window too: a hidden menu bar would take its shortcuts along.
        for name, action in window.actions_by_id.items():
            if SPECS[name].near_image:
                window.board.addAction(action)
                window.worklist.view.addAction(action)
            else:
                window.addAction(action)
        window.invitation.primary.setFocus()

    def _connect_actions(self) -> None:
        window = self._window
        for name, slot in {
            ActionId.QUIT: window.close,
            ActionId.PREVIOUS: lambda: window.worklist.step(-1),
            ActionId.NEXT: lambda: window.worklist.step(1),
            ActionId.FIRST: lambda: window.worklist.go_to(0),
            ActionId.LAST: window.worklist.go_to_last,
            ActionId.SELECT_ALL: window.worklist.view.selectAll,
            ActionId.FIND: window.worklist.enter_filter,
            ActionId.OPEN_LOG: open_log_folder,
            ActionId.SCORE_REST: window.session.resume,
            ActionId.CANCEL: window.session.cancel,
            ActionId.SHORTCUTS: lambda: show_shortcuts(window),
        }.items():
            self._action(name).triggered.connect(slot)
        self._action(ActionId.FULL_SCREEN).toggled.connect(self._full_screen.set_full)
        self._action(ActionId.HIDE_IDENTITIES).toggled.connect(window.session.identities.set_hidden)
        for pane in window.board.panes:
            pane.full_screen_requested.connect(self._action(ActionId.FULL_SCREEN).toggle)
            pane.step_requested.connect(window.worklist.step)
        window.canvas.subject_changed.connect(window.result.set_subject)
        window.result.class_scores_toggled.connect(self._offer_targets)
        window.heatmap.style_changed.connect(self._on_style_changed)

    def _connect_session(self) -> None:
        window = self._window
        session = window.session
        window.worklist.case_chosen.connect(session.select)
        window.worklist.filters.left.connect(window.view.setFocus)
        window.result.score_asked.connect(session.ask)
        session.cases_opened.connect(self._on_cases_opened)
        session.case_selected.connect(self._on_case_selected)
        session.case_changed.connect(self._on_case_changed)
        session.radiograph_shown.connect(self._on_radiograph_shown)
        session.progress_changed.connect(self._on_progress)
        session.engine_ready.connect(self._offer_targets)

    # Showing

    @Slot(object)
    def _on_cases_opened(self, first: Case) -> None:
        self._window.worklist.choose(first)
        # So that the keys work at once, and no letter lands in the filter.
        self._window.view.setFocus()

    @Slot(object)
    def _on_case_selected(self, case: Case | None) -> None:
        self._window.canvas.explain(None)
        self._window.result.show_case(case)
        self._offer_image_actions(case is not None)
        self._window.pages.show_case(case)

    @Slot(object)
    def _on_radiograph_shown(self, radiograph: Radiograph) -> None:
        case = self._window.session.current
        self._window.view.show_radiograph(radiograph)
        self._window.result.show_notes(radiograph)
        if case is not None:
            self._window.canvas.explain(case.prediction)

    @Slot(object)
    def _on_case_changed(self, case: Case) -> None:
        self._window.result.update_case(case)
        if self._window.view.display is not None:
            self._window.canvas.explain(case.prediction)
        elif case.reason is not None and case.state is not CaseState.REFUSED:
            self._window.view.show_nothing("This file could not be read", case.reason)

    @Slot(object)
    def _on_style_changed(self, style: HeatmapStyle) -> None:
        self._action(ActionId.HEATMAP).setChecked(style.visible)

    def _offer_image_actions(self, offered: bool) -> None:
        for name in IMAGE_ACTIONS:
            self._action(name).setEnabled(offered)
        self._window.side.show_heatmap_controls(offered)

    @Slot()
    def _offer_targets(self) -> None:
        card = self._window.session.card
        shown = card is not None and self._window.result.classes.shown
        self._window.heatmap.set_targets(card.class_names if card is not None and shown else ())

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        # Counting the rest takes time with a long list, and nobody sees it while the batch runs.
        idle = not progress.running and self._window.session.failure is None
        unscored = len(self._window.session.unscored) if idle else 0
        self._action(ActionId.CANCEL).setEnabled(progress.running)
        self._action(ActionId.SCORE_REST).setEnabled(unscored > 0)
        self._window.worklist.progress.show_progress(progress, unscored)
