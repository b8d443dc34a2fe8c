"""What cases and files are called on screen: by their file name, or by a number that says nothing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from deeppneumo_gui.cases import Case


class Identities(QObject):
    """The one place where a case gets the name that is shown; file names may identify a patient."""

    changed = Signal(bool)
    """Whether identities are hidden now; every name on screen is to be asked for again."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hidden = False

    @property
    def hidden(self) -> bool:
        """Whether cases are shown by number."""
        return self._hidden

    @Slot(bool)
    def set_hidden(self, hidden: bool) -> None:
        """Show numbers instead of file names, or file names again."""
        if hidden != self._hidden:
            self._hidden = hidden
            self.changed.emit(hidden)

    def name(self, case: Case) -> str:
        """Return what a case is called on screen."""
        return f"Case {case.number}" if self._hidden else case.name

    def describe(self, case: Case) -> str:
        """Return one line for a tool tip or a screen reader."""
        name = f"{self.name(case)} (key image)" if case.key_image else self.name(case)
        if case.prediction is not None:
            return f"{name}: model score {case.score_text}, model call {case.prediction.call}"
        if case.reason is not None:
            return f"{name}: {case.state.value}. {case.reason}"
        return f"{name}: {case.state.value}"
