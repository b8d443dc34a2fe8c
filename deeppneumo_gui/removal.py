"""Taking cases off the worklist, and taking that back. Files are never touched."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.cases import Case
from deeppneumo_gui.history import History, OfList
from deeppneumo_gui.session import ViewerSession
from deeppneumo_gui.worklist.panel import WorklistPanel

Taken = list[tuple[int, Case]]
"""Rows and their cases, in the order of the rows."""


class RemovalController(QObject):
    """Remove and close all; both can be undone until files are opened or another model is."""

    def __init__(
        self, panel: WorklistPanel, session: ViewerSession, history: History, actions: Actions
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._session = session
        self._history = history
        actions[ActionId.REMOVE].triggered.connect(self.remove)
        actions[ActionId.CLEAR].triggered.connect(self.clear)

    @Slot()
    def remove(self) -> None:
        """Take the selected cases off the list."""
        going = {case.case_id for case in self._panel.selected_cases()}
        if going:
            self._history.push(_Removal(self, going))

    @Slot()
    def clear(self) -> None:
        """Empty the list."""
        self._history.push(_Removal(self, None))

    def take(self, going: set[int] | None) -> Taken:
        """Take cases off, or all; if the one on screen goes, the nearest that stays follows."""
        if going is None:
            cases = self._session.worklist.cases()
            self._session.clear()
            return list(enumerate(cases))
        case = self._session.current
        if case is not None and case.case_id in going:
            follower = self._follower(case, going)
            if follower is None:
                self._session.select(None)
            else:
                self._panel.choose(follower)
        return self._session.remove(list(going))

    def put_back(self, taken: Taken) -> None:
        """Put back what was taken, with its scores."""
        self._session.restore(taken)
        self._panel.choose(taken[0][1])

    def _follower(self, case: Case, going: set[int]) -> Case | None:
        """Return the next case in the list that stays, or else the last before."""
        listed = self._panel.proxy.cases()
        row = self._panel.proxy.place_of(case.case_id)
        nearest = (*listed[row:], *reversed(listed[:row]))
        return next((other for other in nearest if other.case_id not in going), None)


class _Removal(OfList):
    """Cases by their identifiers, or with None all of them."""

    def __init__(self, controller: RemovalController, going: set[int] | None) -> None:
        super().__init__("closing all" if going is None else "removal")
        self._controller = controller
        self._going = going
        self._taken: Taken = []

    def redo(self) -> None:
        """Take them off."""
        self._taken = self._controller.take(self._going)

    def undo(self) -> None:
        """Put them back."""
        self._controller.put_back(self._taken)
