"""What stands in the middle of the window: the image, a sentence instead of it, or the invitation."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedWidget

from deeppneumo_gui.actions import LIST_ACTIONS, Actions
from deeppneumo_gui.canvas.board import CanvasBoard
from deeppneumo_gui.canvas.invitation import Invitation
from deeppneumo_gui.cases import Case
from deeppneumo_gui.session import ViewerSession

NO_CASE: Final = "No image on screen"
OTHERS_HIDDEN: Final = "The filters hide the other images. Clear the filters to go on."


class Pages(QStackedWidget):
    """Invites only where nothing is listed: with cases hidden by a filter, an empty window would look lost."""

    def __init__(
        self, invitation: Invitation, board: CanvasBoard, session: ViewerSession, actions: Actions
    ) -> None:
        super().__init__()
        self._invitation = invitation
        self._board = board
        self._session = session
        self._actions = actions
        self.addWidget(invitation)
        self.addWidget(board)
        worklist = session.worklist
        for signal in (worklist.rowsInserted, worklist.rowsRemoved, worklist.modelReset):
            signal.connect(self._on_rows_changed)
        self._on_rows_changed()

    def show_case(self, case: Case | None) -> None:
        """Make room for the image of a case, or show what stands instead."""
        if case is None:
            self._show_none()
        else:
            self.setCurrentWidget(self._board)
            self._board.view.show_nothing(busy="Reading the file...")

    def _show_none(self) -> None:
        if self._session.worklist.rowCount():
            self.setCurrentWidget(self._board)
            self._board.view.show_nothing(NO_CASE, OTHERS_HIDDEN)
        else:
            self.setCurrentWidget(self._invitation)
            self._board.view.show_nothing()

    @Slot()
    def _on_rows_changed(self) -> None:
        listed = self._session.worklist.rowCount() > 0
        for name in LIST_ACTIONS:
            self._actions[name].setEnabled(listed)
        if self._session.current is None:
            self._show_none()
