"""The main window: puts the parts together and passes on what happens."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow

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
from deeppneumo_gui.layout import add_notice, create_centre, create_dock
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
from deeppneumo_gui.store.controller import StoreController
from deeppneumo_gui.store.memory import Opener
from deeppneumo_gui.tally import Progress
from deeppneumo_gui.title_bar import TitleBar
from deeppneumo_gui.truth.controller import TruthController
from deeppneumo_gui.window_memory import remember, restore
from deeppneumo_gui.worklist.panel import WorklistPanel


class MainWindow(QMainWindow):
    """Worklist, canvas, result; owns the session and ends it when it closes."""

    def __init__(self, services: Services, settings: Settings, opener: Opener | None = None) -> None:
        super().__init__()
        self.setMinimumSize(880, 560)
        self.resize(1360, 860)
        self._settings = settings
        self.session = ViewerSession(services, self, opener)
        self.actions_by_id = create_actions(self)
        self.board = CanvasBoard()
        self.view = self.board.view
        self.result = ResultPanel()
        self.heatmap = HeatmapPanel(self._action(ActionId.HEATMAP), settings.heatmap_style())
        self.worklist = WorklistPanel(
            self.session, self._action(ActionId.CANCEL), self._action(ActionId.SCORE_REST)
        )
        self.judging = JudgingBar(self.actions_by_id)
        self.side = SidePanel(self.result, self.heatmap)
        self.message = MessageBar()
        self.frames = FrameBar(self.session)
        self.invitation = Invitation(
            self._action(ActionId.OPEN_FILES),
            self._action(ActionId.OPEN_FOLDER),
            self._action(ActionId.OPEN_SAMPLES),
        )
        self.canvas = CanvasController(self.board, self.heatmap, self.session, self.actions_by_id, self)
        self.opening = OpeningController(self, self.session, self.actions_by_id, settings)
        self.opening.dragging.connect(self.invitation.set_dragging)
        self.opening.said.connect(self.message.say)
        self.history = History(self.session, self.actions_by_id)
        self.measures = MeasuresController(self)
        self._lay_out()
        self._connect_actions()
        self._connect_session()
        TitleBar(self, self.session)
        RemovalController(self.worklist, self.session, self.history, self.actions_by_id)
        judging = JudgingController(
            self.judging, self.worklist, self.session, self.history, self.actions_by_id, settings
        )
        judging.left.connect(self.view.setFocus)
        judging.said.connect(partial(self.message.say, passing=True))
        self.exports = ExportController(self, services)
        self.models = ModelController(self)
        self.store = StoreController(self)
        RememberedAction(self._action(ActionId.HIDE_IDENTITIES), settings, HIDE_IDENTITIES)
        self.truth = TruthController(self)
        RememberedAction(self._action(ActionId.SHOW_TRUTH), settings, SHOW_TRUTH)
        restore(self, settings)
        self.preferences = PreferencesController(self, settings)
        self._on_case_selected(None)
        self._on_progress(self.session.progress)

    def start(self, paths: Iterable[Path] = ()) -> None:
        """Start the inference thread and open paths; call after `show`."""
        self.session.start(self.opening.openings)
        self.opening.open(list(paths))

    def _action(self, name: ActionId) -> QAction:
        return self.actions_by_id[name]

    # Building

    def _lay_out(self) -> None:
        self._stack = Pages(self.invitation, self.board, self.session, self.actions_by_id)
        self.setCentralWidget(create_centre(self.message, self._stack, self.frames, self.judging))
        left = create_dock("Worklist", self.worklist)
        right = create_dock("Result", self.side)
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, left)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, right)
        self.resizeDocks([left, right], [290, 320], Qt.Orientation.Horizontal)
        DockWidths(self, (left, right))
        tools = create_tool_bar(self.actions_by_id)
        self.addToolBar(tools)
        fill_menu_bar(self.menuBar(), self.actions_by_id, [left.toggleViewAction(), right.toggleViewAction()])
        insert_menu(self.menuBar(), self._action(ActionId.OPEN_SAMPLES), self.opening.recent_menu.menu)
        self._full_screen = FullScreen(self, (self.menuBar(), tools, left, right, self.measures.dock))
        self.notice = add_notice(self.statusBar())
        # Added to the window too: a hidden menu bar would take its shortcuts along.
        for name, action in self.actions_by_id.items():
            if SPECS[name].near_image:
                self.board.addAction(action)
                self.worklist.view.addAction(action)
            else:
                self.addAction(action)
        order_focus(self)
        self.invitation.primary.setFocus()

    def _connect_actions(self) -> None:
        for name, slot in {
            ActionId.QUIT: self.close,
            ActionId.PREVIOUS: lambda: self.worklist.step(-1),
            ActionId.NEXT: lambda: self.worklist.step(1),
            ActionId.FIRST: lambda: self.worklist.go_to(0),
            ActionId.LAST: self.worklist.go_to_last,
            ActionId.SELECT_ALL: self.worklist.view.selectAll,
            ActionId.FIND: self.worklist.enter_filter,
            ActionId.OPEN_LOG: open_log_folder,
            ActionId.SCORE_REST: self.session.resume,
            ActionId.CANCEL: self.session.cancel,
            ActionId.SHORTCUTS: lambda: show_shortcuts(self),
        }.items():
            self._action(name).triggered.connect(slot)
        self._action(ActionId.FULL_SCREEN).toggled.connect(self._full_screen.set_full)
        self._action(ActionId.HIDE_IDENTITIES).toggled.connect(self.session.identities.set_hidden)
        for pane in self.board.panes:
            pane.full_screen_requested.connect(self._action(ActionId.FULL_SCREEN).toggle)
            pane.step_requested.connect(self.worklist.step)
        self.canvas.subject_changed.connect(self.result.set_subject)
        self.result.class_scores_toggled.connect(self._offer_targets)
        self.heatmap.style_changed.connect(self._on_style_changed)

    def _connect_session(self) -> None:
        session = self.session
        self.worklist.case_chosen.connect(session.select)
        self.worklist.filters.left.connect(self.view.setFocus)
        self.result.score_asked.connect(session.ask)
        session.cases_opened.connect(self._on_cases_opened)
        session.case_selected.connect(self._on_case_selected)
        session.case_changed.connect(self._on_case_changed)
        session.radiograph_shown.connect(self._on_radiograph_shown)
        session.progress_changed.connect(self._on_progress)
        session.engine_ready.connect(self._offer_targets)

    # Showing

    @Slot(object)
    def _on_cases_opened(self, first: Case) -> None:
        self.worklist.choose(first)
        # So that the keys work at once, and no letter lands in the filter.
        self.view.setFocus()

    @Slot(object)
    def _on_case_selected(self, case: Case | None) -> None:
        self.canvas.explain(None)
        self.result.show_case(case)
        self._offer_image_actions(case is not None)
        self._stack.show_case(case)

    @Slot(object)
    def _on_radiograph_shown(self, radiograph: Radiograph) -> None:
        case = self.session.current
        self.view.show_radiograph(radiograph)
        self.result.show_notes(radiograph)
        if case is not None:
            self.canvas.explain(case.prediction)

    @Slot(object)
    def _on_case_changed(self, case: Case) -> None:
        self.result.update_case(case)
        if self.view.display is not None:
            self.canvas.explain(case.prediction)
        elif case.reason is not None and case.state is not CaseState.REFUSED:
            self.view.show_nothing("This file could not be read", case.reason)

    @Slot(object)
    def _on_style_changed(self, style: HeatmapStyle) -> None:
        self._action(ActionId.HEATMAP).setChecked(style.visible)

    def _offer_image_actions(self, offered: bool) -> None:
        for name in IMAGE_ACTIONS:
            self._action(name).setEnabled(offered)
        self.side.show_heatmap_controls(offered)

    @Slot()
    def _offer_targets(self) -> None:
        card = self.session.card
        shown = card is not None and self.result.classes.shown
        self.heatmap.set_targets(card.class_names if card is not None and shown else ())

    @Slot(object)
    def _on_progress(self, progress: Progress) -> None:
        # Counting the rest takes time with a long list, and nobody sees it while the batch runs.
        idle = not progress.running and self.session.failure is None
        unscored = len(self.session.unscored) if idle else 0
        self.worklist.progress.show_progress(progress, unscored)
        self._action(ActionId.CANCEL).setEnabled(progress.running)
        self._action(ActionId.SCORE_REST).setEnabled(unscored > 0)

    # Window

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave full screen with Escape."""
        if event.key() == Qt.Key.Key_Escape and self.isFullScreen():
            self._action(ActionId.FULL_SCREEN).setChecked(False)
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Remember the layout, vanish at once, then wait for the file in hand."""
        remember(self, self._settings)
        self.hide()
        self.exports.shutdown()
        self.measures.shutdown()
        self.truth.shutdown()
        self.session.shutdown()
        self.opening.shutdown()
        event.accept()
