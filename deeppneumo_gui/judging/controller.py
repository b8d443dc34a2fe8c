"""What the reader says of the case on screen, one undoable step each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand

from core.store.judgement import Judgement, Kind, ReaderCall
from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.cases import Case
from deeppneumo_gui.history import History
from deeppneumo_gui.judging.agreement import Reading, can_be_judged
from deeppneumo_gui.judging.bar import JudgingBar
from deeppneumo_gui.remembered_action import RememberedAction
from deeppneumo_gui.session import ViewerSession
from deeppneumo_gui.settings import GO_ON, Settings
from deeppneumo_gui.worklist.panel import WorklistPanel

ALL_REVIEWED: Final = "Every image listed is reviewed."


class JudgingController(QObject):
    """Actions and fields become judgements; Undo brings the case back on screen with what was said before."""

    said = Signal(str)
    """A sentence for the reader that need not stay."""
    left = Signal()
    """The keys belong to the image again."""

    def __init__(
        self,
        bar: JudgingBar,
        worklist: WorklistPanel,
        session: ViewerSession,
        history: History,
        actions: Actions,
        settings: Settings,
    ) -> None:
        super().__init__(bar)
        self._bar = bar
        self._worklist = worklist
        self._session = session
        self._history = history
        self._go_on = actions[ActionId.GO_ON]
        calls: dict[ActionId, tuple[ReaderCall, Kind | None]] = {
            ActionId.CALL_NORMAL: ("normal", None),
            ActionId.CALL_PNEUMONIA: ("pneumonia", None),
            ActionId.CALL_UNSURE: ("unsure", None),
            ActionId.CALL_BACTERIAL: ("pneumonia", "bacterial"),
            ActionId.CALL_VIRAL: ("pneumonia", "viral"),
        }
        for name, (call, kind) in calls.items():
            actions[name].triggered.connect(partial(self.call, call, kind))
        actions[ActionId.TAKE_BACK_CALL].triggered.connect(self.take_back)
        actions[ActionId.KEY_IMAGE].triggered.connect(self.toggle_key_image)
        actions[ActionId.WRITE_NOTE].triggered.connect(self.write_note)
        actions[ActionId.NEXT_UNREVIEWED].triggered.connect(self.go_to_unreviewed)
        RememberedAction(self._go_on, settings, GO_ON)
        bar.note_edited.connect(self._on_note_edited)
        bar.tags_edited.connect(self._on_tags_edited)
        bar.left.connect(self.left)
        for told in (session.case_selected, session.case_changed):
            told.connect(self._show)
        self._show()

    def call(self, call: ReaderCall, kind: Kind | None = None, _checked: bool = False) -> None:
        """Call the case on screen, and go on where the reader wants that."""
        case = self._case()
        if case is None:
            return
        if (case.judgement.call, case.judgement.kind) != (call, kind):
            now = datetime.now().astimezone()
            self._judge(case, f"call {kind or call}", call=call, kind=kind, reviewed_at=now)
        # A button that is pressed again stays down.
        self._bar.show_case(self._session.current)
        if self._go_on.isChecked():
            self.go_to_unreviewed()

    @Slot()
    def take_back(self) -> None:
        """Leave the case on screen without a call."""
        case = self._case()
        if case is not None and case.judgement.call is not None:
            self._judge(case, "taking the call back", call=None, kind=None, reviewed_at=None)

    @Slot()
    def toggle_key_image(self) -> None:
        """Mark the case on screen as one to be found again, or no longer."""
        case = self._session.current
        if case is not None:
            self._judge(case, "key image", key_image=not case.key_image)

    @Slot()
    def write_note(self) -> None:
        """Lead the keys to the note."""
        self._bar.enter_note()

    @Slot()
    def go_to_unreviewed(self) -> None:
        """Go to the next case in the list without a call, from the top again after the last."""
        listed, current = self._worklist.proxy.cases(), self._session.current
        start = 0 if current is None else self._worklist.proxy.place_of(current.case_id)
        for case in (*listed[start:], *listed[:start]):
            if Reading.UNREVIEWED.holds(case) and (current is None or case.case_id != current.case_id):
                self._worklist.choose(case)
                return
        self.said.emit(ALL_REVIEWED)

    def apply(self, case_id: int, frame: int, judgement: Judgement) -> None:
        """Put a judgement into effect, and let the reader see which case it is about."""
        self._session.judge(case_id, frame, judgement)
        current = self._session.current
        if current is None or current.case_id != case_id:
            self._worklist.choose(self._session.worklist.case(case_id))

    def _case(self) -> Case | None:
        case = self._session.current
        return case if case is not None and can_be_judged(case) else None

    def _judge(self, case: Case, words: str, **changes: object) -> None:
        after = replace(case.judgement, **changes)  # type: ignore[arg-type]
        if after != case.judgement:
            self._history.push(_Step(self, case, after, words))

    @Slot()
    def _show(self) -> None:
        self._bar.show_case(self._session.current)
        cases = self._session.worklist.cases()
        self._bar.show_count(sum(case.judgement.call is not None for case in cases), len(cases))

    @Slot(str)
    def _on_note_edited(self, note: str) -> None:
        case = self._case()
        if case is not None:
            self._judge(case, "note", note=note)

    @Slot(object)
    def _on_tags_edited(self, tags: tuple[str, ...]) -> None:
        case = self._case()
        if case is not None:
            self._judge(case, "tags", tags=tags)


class _Step(QUndoCommand):
    """One change of a judgement; the letters of one note are one step."""

    def __init__(self, controller: JudgingController, case: Case, after: Judgement, words: str) -> None:
        super().__init__(words)
        self._controller = controller
        self._picture = (case.case_id, case.frame)
        self._before, self._after = case.judgement, after

    def redo(self) -> None:
        """Say it."""
        self._controller.apply(*self._picture, self._after)

    def undo(self) -> None:
        """Say again what was said before."""
        self._controller.apply(*self._picture, self._before)

    def id(self) -> int:
        """Return the same number for steps that may be joined."""
        return {"note": 1, "tags": 2}.get(self.text(), -1)

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        """Join the next letter of the same text."""
        if not isinstance(other, _Step) or other._picture != self._picture:
            return False
        self._after = other._after
        self.setObsolete(self._after == self._before)
        return True
