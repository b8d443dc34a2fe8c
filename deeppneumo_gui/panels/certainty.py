"""What the result panel says of certainty: the prediction set, why there is no score, and the way to one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from core.engine.card import Card
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.certainty import ON_REQUEST, OUTSIDE, set_tip, set_words
from deeppneumo_gui.panels.widgets import label

INVITATION: Final = "Open a radiograph to see its model score."
_STATE_WORDS: Final = {
    CaseState.NOT_SCORED: "Not scored.",
    CaseState.WAITING: "Waiting to be scored.",
    CaseState.SCORING: "Being scored...",
    CaseState.REFUSED: "No score: the program refused this image.",
    CaseState.UNREADABLE: "This file could not be read.",
}
_ASK: Final = ("Score anyway", "Score anyway, although the image was refused")
_HIDE: Final = ("Hide score", "Hide score of this refused image")


class SetWords(QWidget):
    """The prediction set, where it leaves something open or the reader asks for kinds of pneumonia."""

    def __init__(self) -> None:
        super().__init__()
        self.words = label("", "detail", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.words)
        self.hide()

    def show_set(self, case: Case | None, card: Card | None, kinds: bool) -> None:
        """Show the set of a case, or nothing."""
        prediction = None if case is None else case.prediction
        names = None if prediction is None else prediction.prediction_set
        shown = prediction is not None and names is not None and (kinds or bool(prediction.doubts))
        self.setVisible(shown)
        if shown and names is not None and card is not None:
            self.words.setText(f"Prediction set: {set_words(names, kinds=kinds)}")
            self.setToolTip(set_tip(card))
            self.setAccessibleDescription(set_tip(card))


class AskButton(QPushButton):
    """Shows the score of a refused image, or hides it again."""

    asked = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setCheckable(True)
        self.clicked.connect(self._on_clicked)
        self.show_case(None)

    def show_case(self, case: Case | None) -> None:
        """Offer what can be done about a case; stays while a score that was asked for is under way."""
        coming = case is not None and case.asked and not case.state.is_final
        self.setVisible(coming or (case is not None and case.refusal is not None))
        self._say(case is not None and case.asked)

    def _say(self, asked: bool) -> None:
        self.setChecked(asked)
        text, name = _HIDE if asked else _ASK
        self.setText(text)
        self.setAccessibleName(name)
        self.setToolTip(name)

    @Slot(bool)
    def _on_clicked(self, asked: bool) -> None:
        self._say(asked)
        self.asked.emit(asked)


def badge_words(case: Case | None, uncertain: bool) -> str:
    """Return what stands beside the score, empty where nothing does."""
    if case is not None and case.on_request:
        return "scored on request"
    return "uncertain" if uncertain else ""


def statement(case: Case | None, failure: str | None) -> str:
    """Return why there is no score, that it was asked for, or what happened to the file since.

    Parameters
    ----------
    case : Case or None
        On screen.
    failure : str or None
        Why there is no model, where there is none.
    """
    if case is not None and case.reason is not None:
        if case.state is CaseState.SCORED:
            return f"Scored earlier; {_continued(case.reason)}"
        if case.on_request:
            return " ".join([ON_REQUEST, *([OUTSIDE] if case.outside else []), case.reason])
        return f"{OUTSIDE if case.outside else _STATE_WORDS[case.state]} {case.reason}"
    if case is not None and case.prediction is not None:
        return ""
    if failure is not None:
        return f"There are no model scores. {failure}"
    return INVITATION if case is None else _STATE_WORDS[case.state]


def _continued(sentence: str) -> str:
    """Return a sentence as the second half of one; an abbreviation keeps its capitals."""
    return sentence if sentence[:2].isupper() else f"{sentence[:1].lower()}{sentence[1:]}"
