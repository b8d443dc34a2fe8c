"""Changes of listed cases, and word of those to the one on screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.worklist.model import WorklistModel


class CaseStates(QObject):
    """Puts changed cases into the worklist."""

    changed = Signal(object)
    """The `Case` on screen in its new state."""

    def __init__(self, worklist: WorklistModel, parent: QObject) -> None:
        super().__init__(parent)
        self.worklist = worklist
        self.shown: int | None = None
        """Identifier of the case on screen."""

    @property
    def current(self) -> Case | None:
        """The case on screen."""
        return None if self.shown is None else self.worklist.case(self.shown)

    def replace(self, case: Case) -> None:
        """Put a changed case into its row."""
        self.worklist.replace(case)
        if case.case_id == self.shown:
            # As the list has it: its call is made at the operating point in use.
            self.changed.emit(self.worklist.case(case.case_id))

    def replace_all(self, cases: Sequence[Case]) -> None:
        """Put many changed cases into their rows."""
        self.worklist.replace_all(cases)
        if self.shown in {case.case_id for case in cases}:
            self.changed.emit(self.current)

    def set_state(self, case_id: int, state: CaseState) -> None:
        """Let a case, if it is still listed, be in a state."""
        if case_id in self.worklist:
            self.replace(replace(self.worklist.case(case_id), state=state))

    def set_states(self, cases: Iterable[Case], state: CaseState) -> None:
        """Let cases be in a state."""
        self.worklist.replace_all([replace(case, state=state) for case in cases])
        current = self.current
        if current is not None:
            self.changed.emit(current)
