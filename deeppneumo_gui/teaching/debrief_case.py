"""One case of a debrief: the radiograph with all that was said of it and all that is known."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core.engine.prediction import Prediction
from core.teaching.case_review import CaseReview
from core.teaching.debrief import Debrief
from core.teaching.debrief_words import OUTCOME_MEANINGS, OUTCOME_TITLES, mark_words
from core.teaching.lesson import Lesson
from deeppneumo_gui.actions import SPECS, ActionId, create_action
from deeppneumo_gui.canvas.heatmap import HeatmapStyle
from deeppneumo_gui.panels.widgets import label, named
from deeppneumo_gui.reading_aid import read_score
from deeppneumo_gui.services import Services
from deeppneumo_gui.teaching.ahead import Ahead
from deeppneumo_gui.teaching.answer_panel import WIDTH, AnswerPanel
from deeppneumo_gui.teaching.case_view import CasePresenter
from deeppneumo_gui.teaching.learner_words import NO_MODEL
from deeppneumo_gui.teaching.shown import Opinion, Revealed, Shown
from deeppneumo_gui.teaching.sources import LessonRadiographs
from deeppneumo_gui.teaching.view import LessonView

_WAITING = "The radiograph is being read."
_UNSHOWN = "This radiograph cannot be shown"
_OTHER_MODEL = "No heatmap: the learner saw another model than the one that is open."
_NO_HEATMAP_YET = "The heatmap is being computed."


class CasePage(QWidget):
    """Radiograph at the left, what was said and what is true at the right."""

    left = Signal()
    """The reader wants to go back to the figures."""

    def __init__(
        self,
        services: Services,
        style: HeatmapStyle,
        lesson: Lesson,
        radiographs: LessonRadiographs,
        model: Path | None,
    ) -> None:
        super().__init__()
        self._lesson = lesson
        self._debrief: Debrief | None = None
        self._cases: tuple[CaseReview, ...] = ()
        self._place = 0
        self.view = LessonView()
        self.panel = AnswerPanel()
        self.outcome = named(label("", wrap=True), "callWords")
        self.marks = label("", "detail", wrap=True)
        self.heat_words = label("", "caption", wrap=True)
        self._presenter = CasePresenter(self.view, style, self)
        self._make_actions()
        self._lay_out()
        self.ahead = Ahead(services, lesson.items, radiographs, model, self)
        self.ahead.arrived.connect(self._on_arrived)

    @property
    def case(self) -> CaseReview | None:
        """The case on screen."""
        return self._cases[self._place] if self._cases else None

    def show_case(self, debrief: Debrief, cases: Sequence[CaseReview], case: CaseReview) -> None:
        """Show a case of a debrief; the others of `cases` are one key away."""
        self._debrief, self._cases = debrief, tuple(cases)
        self._place = self._cases.index(case)
        self._refresh(moved=True)
        self.view.setFocus()

    def shutdown(self) -> None:
        """End the thread."""
        self.ahead.shutdown()

    def _make_actions(self) -> None:
        self.heatmap = create_action(SPECS[ActionId.HEATMAP], self)
        self.heatmap.toggled.connect(self._presenter.set_heatmap_visible)
        self.back = self._action("Back to the figures", "Esc", "Backspace")
        self.previous = self._action("Previous case", "Left", "PgUp")
        self.next = self._action("Next case", "Right", "PgDown", "Space")
        invert = create_action(SPECS[ActionId.INVERT], self)
        reset = create_action(SPECS[ActionId.RESET], self)
        fit = create_action(SPECS[ActionId.FIT], self)
        self.back.triggered.connect(self.left)
        self.previous.triggered.connect(self._on_previous)
        self.next.triggered.connect(self._on_next)
        invert.triggered.connect(self.view.invert)
        reset.triggered.connect(self.view.reset)
        fit.triggered.connect(self.view.fit)
        for action in (self.heatmap, self.back, self.previous, self.next, invert, reset, fit):
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(action)

    def _action(self, text: str, *keys: str) -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(key) for key in keys])
        return action

    def _lay_out(self) -> None:
        side = named(QWidget(), "panel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(WIDTH)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 10, 0, 12)
        column.setSpacing(6)
        head = QVBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(6)
        steps = QHBoxLayout()
        self.heatmap_button = _button("Heatmap (H)", self.heatmap)
        for button in (_button("Back", self.back), _button("Previous", self.previous)):
            steps.addWidget(button)
        steps.addWidget(_button("Next", self.next))
        head.addLayout(steps)
        for widget in (self.outcome, self.marks, self.heatmap_button, self.heat_words):
            head.addWidget(widget)
        column.addLayout(head)
        column.addWidget(self.panel, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(1)
        row.addWidget(self.view, 1)
        row.addWidget(side)

    def _refresh(self, *, moved: bool = False) -> None:
        case, debrief = self.case, self._debrief
        if case is None or debrief is None:
            return
        if moved:
            self._presenter.forget()
            following = self._cases[self._place + 1 : self._place + 2]
            self.ahead.want([case.index, *(other.index for other in following)])
        ready, view = self.ahead.at(case.index), self.view
        if ready.display is not None:
            if view.display is not ready.display:
                view.show_display(ready.display)
        elif ready.reason is not None:
            view.show_nothing(_UNSHOWN, ready.reason)
        else:
            view.show_nothing(busy=_WAITING)
        explained = self._explained(case)
        shown = self._shown(case, explained)
        self.panel.show_case(shown)
        self._presenter.show_case(shown, explained)
        self._presenter.set_heatmap_visible(self.heatmap.isChecked())
        self.heatmap.setEnabled(explained is not None)
        self.heat_words.setText(self._heat_words(case, explained))
        self.heat_words.setVisible(bool(self.heat_words.text()))
        meaning = OUTCOME_MEANINGS[case.outcome]
        self.outcome.setText(f"{OUTCOME_TITLES[case.outcome]}: {meaning}.")
        self.marks.setText(mark_words(case))
        self.marks.setVisible(bool(self.marks.text()))
        self.previous.setEnabled(self._place > 0)
        self.next.setEnabled(self._place + 1 < len(self._cases))

    def _explained(self, case: CaseReview) -> Prediction | None:
        prediction = self.ahead.at(case.index).prediction
        if prediction is None or case.machine is None:
            return None
        return prediction if prediction.model == case.machine.model else None

    def _heat_words(self, case: CaseReview, explained: Prediction | None) -> str:
        if explained is not None or case.machine is None:
            return ""
        ready = self.ahead.at(case.index)
        if ready.prediction is not None:
            return _OTHER_MODEL
        why = ready.refusal or self.ahead.failure
        if why:
            return f"No heatmap. {why}"
        return "" if ready.scored else _NO_HEATMAP_YET

    def _shown(self, case: CaseReview, explained: Prediction | None) -> Shown:
        card, item = self.ahead.card, case.item
        reading = None if explained is None or card is None else read_score(explained, card)
        assert self._debrief is not None
        return Shown(
            case.position + 1,
            self._debrief.planned,
            item.question,
            self._lesson.ask_kind,
            case.after,
            case.before,
            case.step.timed_out,
            Opinion(case.machine, reading, "" if case.machine else NO_MODEL),
            Revealed(item.truth, item.regions, item.points),
        )

    @Slot(int)
    def _on_arrived(self, index: int) -> None:
        if self.case is not None and index == self.case.index:
            self._refresh()

    @Slot()
    def _on_previous(self) -> None:
        self._step(-1)

    @Slot()
    def _on_next(self) -> None:
        self._step(1)

    def _step(self, by: int) -> None:
        place = self._place + by
        if 0 <= place < len(self._cases):
            self._place = place
            self._refresh(moved=True)


def _button(text: str, action: QAction) -> QPushButton:
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCheckable(action.isCheckable())
    if action.isCheckable():
        named(button, "choice")
        button.clicked.connect(action.setChecked)
        action.toggled.connect(button.setChecked)
    else:
        button.clicked.connect(action.trigger)
    action.enabledChanged.connect(button.setEnabled)
    return button
