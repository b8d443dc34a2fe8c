"""The main window: there at once, its parts a moment later."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow

from deeppneumo_gui.first_size import open_at
from deeppneumo_gui.notice_strip import add_notice

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QCloseEvent, QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QDockWidget

    from deeppneumo_gui.actions import ActionId
    from deeppneumo_gui.canvas.board import CanvasBoard
    from deeppneumo_gui.canvas.invitation import Invitation
    from deeppneumo_gui.canvas.view import RadiographView
    from deeppneumo_gui.canvas_controller import CanvasController
    from deeppneumo_gui.export.controller import ExportController
    from deeppneumo_gui.history import History
    from deeppneumo_gui.judging.bar import JudgingBar
    from deeppneumo_gui.measures.controller import MeasuresController
    from deeppneumo_gui.model.controller import ModelController
    from deeppneumo_gui.opening import OpeningController
    from deeppneumo_gui.pages import Pages
    from deeppneumo_gui.panels.frame_bar import FrameBar
    from deeppneumo_gui.panels.heatmap import HeatmapPanel
    from deeppneumo_gui.panels.message_bar import MessageBar
    from deeppneumo_gui.panels.result import ResultPanel
    from deeppneumo_gui.panels.side import SidePanel
    from deeppneumo_gui.preferences.controller import PreferencesController
    from deeppneumo_gui.services import Services
    from deeppneumo_gui.session import ViewerSession
    from deeppneumo_gui.settings import Settings
    from deeppneumo_gui.store.controller import StoreController
    from deeppneumo_gui.store.memory import Opener
    from deeppneumo_gui.teaching.builder import LessonController
    from deeppneumo_gui.truth.controller import TruthController
    from deeppneumo_gui.worklist.panel import WorklistPanel


class MainWindow(QMainWindow):
    """Worklist, canvas, result; owns the session and ends it when it closes.

    Importing the parts takes three times as long as Qt needs for a window. Without services it is a window with
    the notice in it and nothing else, quickly there, until `fill`.
    """

    session: ViewerSession
    actions_by_id: dict[ActionId, QAction]
    board: CanvasBoard
    view: RadiographView
    pages: Pages
    result: ResultPanel
    heatmap: HeatmapPanel
    worklist: WorklistPanel
    judging: JudgingBar
    side: SidePanel
    message: MessageBar
    frames: FrameBar
    invitation: Invitation
    canvas: CanvasController
    opening: OpeningController
    history: History
    measures: MeasuresController
    exports: ExportController
    models: ModelController
    store: StoreController
    truth: TruthController
    lesson_dock: QDockWidget
    lessons: LessonController
    preferences: PreferencesController

    def __init__(
        self,
        services: Services | None = None,
        settings: Settings | None = None,
        opener: Opener | None = None,
    ) -> None:
        super().__init__()
        self.setMinimumSize(880, 560)
        open_at(self, 1360, 860)
        self.notice = add_notice(self.statusBar())
        self.painted = False
        self.closing = False
        """Whether it has been closed for good."""
        self._asking = False
        self._settings: Settings | None = None
        if services is not None and settings is not None:
            self.fill(services, settings, opener)

    def fill(
        self,
        services: Services,
        settings: Settings,
        opener: Opener | None = None,
        drafts: Path | None = None,
    ) -> None:
        """Put the parts in; they come to be seen in the next round of events.

        Parameters
        ----------
        services : Services
        settings : Settings
        opener : callable, optional
            Opens the store; without it nothing is remembered.
        drafts : Path, optional
            Folder for lessons that are not saved yet; without it a crash takes them along.
        """
        from PySide6.QtGui import QShowEvent
        from PySide6.QtWidgets import QApplication

        from deeppneumo_gui.assembly import Assembly

        Assembly(self, services, settings, opener, drafts)
        self._settings = settings
        if self.isVisible():
            # Some parts wait for the window to be shown, which it was before there were any.
            QApplication.postEvent(self, QShowEvent())

    def start(self, paths: Iterable[Path] = ()) -> None:
        """Start the inference thread and open paths; call after `show`."""
        self.session.start(self.opening.openings)
        self.opening.open(list(paths))
        self.lessons.opening.look_for_drafts()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Note that there is something to see."""
        super().paintEvent(event)
        self.painted = True

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave full screen with Escape."""
        from PySide6.QtCore import Qt

        if event.key() == Qt.Key.Key_Escape and self.isFullScreen() and self._settings is not None:
            from deeppneumo_gui.actions import ActionId

            self.actions_by_id[ActionId.FULL_SCREEN].setChecked(False)
            return
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask what becomes of a lesson that is not saved, then end."""
        event.accept()
        if self._settings is None:
            return
        if not self.closing:
            self._asking = True
            self.lessons.leave(self._leave)
            self._asking = False
            if not self.closing:
                event.ignore()

    def _leave(self) -> None:
        """End, or close anew where a lesson was saved meanwhile."""
        if self._asking:
            self._end()
        else:
            self.close()

    def _end(self) -> None:
        """Remember the layout, vanish at once, then wait for the file in hand."""
        assert self._settings is not None
        from deeppneumo_gui.window_memory import remember

        self.lessons.start.give_back_panels()
        remember(self, self._settings)
        self.closing = True
        self.hide()
        self.lessons.shutdown()
        self.exports.shutdown()
        self.measures.shutdown()
        self.truth.shutdown()
        self.session.shutdown()
        self.opening.shutdown()
