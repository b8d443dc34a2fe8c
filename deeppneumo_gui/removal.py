"""Taking cases off the worklist, and taking that back. Files are never touched."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Slot

from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.cases import Case
from deeppneumo_gui.session import ViewerSession
from deeppneumo_gui.worklist.panel import WorklistPanel

_DEPTH: Final = 50

Taken = list[tuple[int, Case]]
"""Rows and their cases, in the order of the rows."""


class RemovalController(QObject):
    """Remove, close all, and undo both, until files are opened or another model is."""

    def __init__(self, panel: WorklistPanel, session: ViewerSession, actions: Actions) -> None:
        super().__init__(panel)
        self._panel = panel
        self._session = session
        self._undo = actions[ActionId.UNDO]
        self._history: list[Taken] = []
        actions[ActionId.REMOVE].triggered.connect(self.remove)
        actions[ActionId.CLEAR].triggered.connect(self.clear)
        self._undo.triggered.connect(self.undo)
        # Numbers begin anew after closing all, and scores belong to the model they came from.
        session.cases_opened.connect(self._forget)
        session.engine_ready.connect(self._forget)
        self._forget()

    @Slot()
    def remove(self) -> None:
        """Take the selected cases off the list; if the one on screen goes, the nearest that stays follows."""
        going = {case.case_id for case in self._panel.selected_cases()}
        case = self._session.current
        if not going:
            return
        if case is not None and case.case_id in going:
            follower = self._follower(case, going)
            if follower is None:
                self._session.select(None)
            else:
                self._panel.choose(follower)
        self._remember(self._session.remove(list(going)))

    def _follower(self, case: Case, going: set[int]) -> Case | None:
        """Return the next case in the list that stays, or else the last before."""
        listed = self._panel.proxy.cases()
        row = self._panel.proxy.place_of(case.case_id)
        nearest = (*listed[row:], *reversed(listed[:row]))
        return next((other for other in nearest if other.case_id not in going), None)

    @Slot()
    def clear(self) -> None:
        """Empty the list."""
        cases = self._session.worklist.cases()
        self._session.clear()
        self._remember(list(enumerate(cases)))

    @Slot()
    def undo(self) -> None:
        """Put back what was taken last, with its scores."""
        if self._history:
            taken = self._history.pop()
            self._session.restore(taken)
            self._panel.choose(taken[0][1])
        self._undo.setEnabled(bool(self._history))

    def _remember(self, taken: Taken) -> None:
        self._history = [*self._history, taken][-_DEPTH:]
        self._undo.setEnabled(True)

    @Slot()
    def _forget(self) -> None:
        self._history = []
        self._undo.setEnabled(False)
