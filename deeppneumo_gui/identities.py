"""What is shown of cases: file names, or numbers that say nothing; and the truth, only on request."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from core.truth.truth import Truth
from deeppneumo_gui.cases import Case
from deeppneumo_gui.certainty import spoken_words
from deeppneumo_gui.judging.words import call_words


class Identities(QObject):
    """The one place where a case gets the name that is shown; file names may identify a patient."""

    changed = Signal(bool)
    """Whether identities are hidden now; every name on screen is to be asked for again."""
    truth_toggled = Signal(bool)
    """Whether the truth is shown now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hidden = False
        self._truth_shown = False

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

    @property
    def truth_shown(self) -> bool:
        """Whether the truth may be seen; reading is blind until the reader asks for it."""
        return self._truth_shown

    @Slot(bool)
    def show_truth(self, shown: bool) -> None:
        """Show the truth of cases where it is known, or hide it again."""
        if shown != self._truth_shown:
            self._truth_shown = shown
            self.truth_toggled.emit(shown)

    def truth(self, case: Case) -> Truth | None:
        """Return what may be shown of the truth."""
        return case.truth if self._truth_shown else None

    def name(self, case: Case) -> str:
        """Return what a case is called on screen."""
        return f"Case {case.number}" if self._hidden else case.name

    def describe(self, case: Case) -> str:
        """Return one line for a tool tip or a screen reader."""
        truth = self.truth(case)
        told = [spoken_words(case), call_words(case), "" if truth is None else f"truth {truth.word}"]
        return "; ".join([self._describe_result(case), *filter(None, told)])

    def _describe_result(self, case: Case) -> str:
        name = f"{self.name(case)} (key image)" if case.key_image else self.name(case)
        if case.prediction is not None:
            return f"{name}: model score {case.score_text}, model call {case.prediction.call}"
        if case.reason is not None:
            return f"{name}: {case.state.value}. {case.reason}"
        return f"{name}: {case.state.value}"
