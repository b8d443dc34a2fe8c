"""The export half of the File menu."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.canvas.board import Arrangement
from deeppneumo_gui.canvas.heatmap import HeatmapStyle
from deeppneumo_gui.canvas.images import rgb_image
from deeppneumo_gui.cases import Case
from deeppneumo_gui.export.background import Background, Control, Work
from deeppneumo_gui.export.dialogs import ask_overlay_folder, ask_picture_file, ask_table_file
from deeppneumo_gui.export.inputs import check_file, check_folder
from deeppneumo_gui.export.overlays import overlay_file_names, overlays_work
from deeppneumo_gui.export.progress import ExportProgress
from deeppneumo_gui.export.results import result_rows, table_work
from deeppneumo_gui.export.review_controller import ReviewExports
from deeppneumo_gui.export.view_picture import Pane, burnt_in, picture_lines, picture_work, seen_picture
from deeppneumo_gui.services import Services

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow

_OF_THE_IMAGE: Final = (ActionId.SAVE_PICTURE, ActionId.COPY_PICTURE)
_OF_THE_LIST: Final = (
    ActionId.SAVE_TABLE,
    ActionId.SAVE_WORKBOOK,
    ActionId.SAVE_REPORT,
    ActionId.SAVE_CONTACT_SHEET,
    ActionId.SAVE_OVERLAY,
    ActionId.SAVE_ALL_OVERLAYS,
)
BUSY: Final = "One export is still under way; cancel it or wait for it."
Check = Callable[[Path, Collection[Path]], None]
_GRACE_SECONDS: Final = 0.3


class ExportController(QObject):
    """Asks where things go and lets them be written beside the window."""

    def __init__(self, window: MainWindow, services: Services) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self.background = Background(self)
        self.progress = ExportProgress(self.background)
        centre = window.centralWidget()
        column = None if centre is None else centre.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(0, self.progress)
        self.background.ended.connect(self._on_ended)
        for name, slot in {
            ActionId.SAVE_PICTURE: self._on_save_picture,
            ActionId.COPY_PICTURE: self._on_copy_picture,
            ActionId.SAVE_TABLE: self._on_save_table,
            ActionId.SAVE_OVERLAY: self._on_save_overlay,
            ActionId.SAVE_ALL_OVERLAYS: self._on_save_all_overlays,
        }.items():
            window.actions_by_id[name].triggered.connect(slot)
        session = window.session
        window.view.content_changed.connect(self._offer)
        for signal in (session.worklist.rowsInserted, session.worklist.modelReset):
            signal.connect(self._offer)
        ReviewExports(window, services, self)
        self._offer()

    def shutdown(self) -> None:
        """End what is under way; a file in hand is complete or not there."""
        self.background.shutdown(_GRACE_SECONDS)

    @Slot()
    def _offer(self) -> None:
        window = self._window
        listed = window.session.worklist.rowCount() > 0
        for names, offered in ((_OF_THE_IMAGE, window.view.display is not None), (_OF_THE_LIST, listed)):
            for name in names:
                window.actions_by_id[name].setEnabled(offered)

    @property
    def named(self) -> bool:
        """Whether the reader wants file names in what leaves the program."""
        return self._window.actions_by_id[ActionId.NAMES_IN_EXPORTS].isChecked()

    # The view

    def _shown_style(self) -> HeatmapStyle | None:
        shown = any(pane.view.overlay_shown for pane in self._panes())
        return self._window.heatmap.heatmap_style if shown else None

    def _panes(self) -> list[Pane]:
        """Return what is on screen from left to right, called by name where the reader asked for names."""
        board, session = self._window.board, self._window.session
        cases = {board.view: session.current, board.companion: self._window.canvas.companion_case}
        panes = []
        two = board.arrangement is Arrangement.TWO_CASES
        for view in reversed(board.panes) if two else board.panes:
            case = cases[view]
            if view.isVisible() and view.display is not None and case is not None:
                name = session.identities.name(case) if self.named else None
                panes.append(Pane(view, name, case.prediction))
        if board.arrangement is Arrangement.BESIDE_HEATMAP:
            # Twice the same case; its name is said once.
            panes[1:] = [replace(pane, name=None) for pane in panes[1:]]
        return panes

    def _lines(self) -> list[str]:
        return picture_lines(self._panes(), self._window.session.card, self._shown_style())

    @Slot()
    def _on_save_picture(self) -> None:
        case = self._window.session.current
        if case is None or self._window.view.display is None or not self.free():
            return
        # As seen at this moment; the dialog may take its time.
        picture, lines, style = seen_picture(self._panes()), self._lines(), self._shown_style()
        name = overlay_file_names([case], self.named and not self._window.session.identities.hidden)[0]
        path = ask_picture_file(self._window, name)
        if path is not None:
            self.start("Saving the picture", path, check_file, picture_work(path, picture, lines, style))

    @Slot()
    def _on_copy_picture(self) -> None:
        if self._window.view.display is None:
            return
        image = burnt_in(seen_picture(self._panes()), self._lines(), self._shown_style())
        QGuiApplication.clipboard().setImage(rgb_image(np.asarray(image)))
        self._window.message.say("The view was copied to the clipboard.", passing=True)

    # The list

    @Slot()
    def _on_save_table(self) -> None:
        session = self._window.session
        if not self.free():
            return
        path = ask_table_file(self._window, "deeppneumo-results.csv")
        if path is not None:
            rows = result_rows(session.worklist.cases(), session.identities, session.failure)
            self.start("Saving the table", path, check_file, table_work(path, rows))

    @Slot()
    def _on_save_overlay(self) -> None:
        self._save_overlays(self._window.worklist.selected_cases())

    @Slot()
    def _on_save_all_overlays(self) -> None:
        self._save_overlays(self._window.session.worklist.cases())

    def _save_overlays(self, cases: Iterable[Case]) -> None:
        session = self._window.session
        scored = [case for case in cases if case.prediction is not None]
        if not self.free():
            return
        if not scored or session.card is None:
            self._window.message.say("There is no score yet to make an overlay of.")
            return
        folder = ask_overlay_folder(self._window)
        if folder is None:
            return
        names = overlay_file_names(scored, self.named and not session.identities.hidden)
        style = self._window.heatmap.heatmap_style
        work = overlays_work(scored, self._services.read, folder, names, session.card, style)
        self.start("Saving overlays", folder, check_folder, work)

    # Common

    def start(self, what: str, target: Path, check: Check, work: Work) -> None:
        """Let something be written, unless it would be written over what is open."""
        inputs = [case.path for case in self._window.session.worklist.cases()]

        def check_and_work(control: Control) -> str:
            check(target, inputs)
            return work(control)

        self._window.message.hide()
        self.progress.begin(what)
        self.background.start(check_and_work)

    def free(self) -> bool:
        """Whether the next export may begin; says so where it may not."""
        if self.background.running:
            self._window.message.say(BUSY)
        return not self.background.running

    @Slot(str)
    def _on_ended(self, sentence: str) -> None:
        self._window.message.say(sentence, passing=self.background.complete)
