"""What can be undone and redone, one stack for everything that the reader changes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from deeppneumo_gui.actions import SPECS, ActionId, Actions
from deeppneumo_gui.session import ViewerSession

_DEPTH = 500


class OfModel(QUndoCommand):
    """A change that another model leaves behind: scores belong to the model they came from."""


class OfList(OfModel):
    """A change that also opening more files leaves behind: their numbers and places may be those that it took."""


class History(QObject):
    """The stack behind Undo and Redo; both say what they would do."""

    def __init__(self, session: ViewerSession, actions: Actions) -> None:
        super().__init__(session)
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(_DEPTH)
        self._undo, self._redo = actions[ActionId.UNDO], actions[ActionId.REDO]
        self._undo.triggered.connect(self.stack.undo)
        self._redo.triggered.connect(self.stack.redo)
        self.stack.indexChanged.connect(self._offer)
        session.cases_opened.connect(self._on_cases_opened)
        session.engine_ready.connect(self._on_engine_ready)
        self._offer()

    def push(self, command: QUndoCommand) -> None:
        """Do something, so that it can be undone."""
        self.stack.push(command)

    @Slot()
    def _offer(self) -> None:
        for action, name, possible, text in (
            (self._undo, ActionId.UNDO, self.stack.canUndo(), self.stack.undoText()),
            (self._redo, ActionId.REDO, self.stack.canRedo(), self.stack.redoText()),
        ):
            action.setEnabled(possible)
            action.setText(f"{SPECS[name].text} {text}".rstrip())

    @Slot()
    def _on_cases_opened(self) -> None:
        self.forget(OfList)

    @Slot()
    def _on_engine_ready(self) -> None:
        self.forget(OfModel)

    def forget(self, kind: type[QUndoCommand]) -> None:
        """Forget everything as soon as one step back could no longer be taken rightly."""
        if any(isinstance(self.stack.command(step), kind) for step in range(self.stack.count())):
            self.stack.clear()
