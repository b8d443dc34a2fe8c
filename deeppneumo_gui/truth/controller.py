"""The Truth menu: where it is read, and whether it is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QFileDialog, QWidget

from core.errors import DeepPneumoError
from core.truth import Findings, Table, Truth, read_table, truths_from_folders, truths_from_names
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import Case
from deeppneumo_gui.inference.errands import Errands
from deeppneumo_gui.truth.findings_dialog import FindingsDialog
from deeppneumo_gui.truth.new_cases import NewCases
from deeppneumo_gui.truth.rule import Rule, rule_of_names, rule_of_table
from deeppneumo_gui.truth.table_dialog import TableDialog
from deeppneumo_gui.truth.words import details, late_summary, summary

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow

REMOVED: Final = "The truth was taken off the images; their files are as they were."
FAILED: Final = "The truth could not be read."

_Answer: TypeAlias = "tuple[Rule | None, Findings | Table | Exception]"


def ask_table(parent: QWidget) -> Path | None:
    """Ask for a CSV file; None when the reader thinks better of it."""
    name, _ = QFileDialog.getOpenFileName(
        parent, "Truth from a table", "", "Tables (*.csv *.tsv *.txt);;All files (*)"
    )
    return Path(name) if name else None


class TruthController(QObject):
    """Labels all listed cases at once, undoably; what stays without a label is listed with the reason.

    What is opened beside them later is labelled the same way, until that is undone or the truth taken off.
    """

    _answered = Signal(object, object)
    _new_read = Signal(object, object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._desk = Errands("truth")
        self.dialog: FindingsDialog | None = None
        self._rule: Rule | None = None
        self._away = False
        self._held: list[_Answer] = []
        self._answered.connect(self._on_answered)
        self._new_read.connect(self._on_new_read)
        session = window.session
        new = NewCases(session.worklist, session.memory, self)
        new.looked_up.connect(self._on_new_looked_up)
        new.begun.connect(self._on_begun)
        actions = window.actions_by_id
        for name, slot in {
            ActionId.TRUTH_FROM_FOLDERS: self._on_from_folders,
            ActionId.TRUTH_FROM_NAMES: self._on_from_names,
            ActionId.TRUTH_FROM_TABLE: self._on_from_table,
            ActionId.REMOVE_TRUTH: self._on_remove,
        }.items():
            actions[name].triggered.connect(slot)
        actions[ActionId.SHOW_TRUTH].toggled.connect(window.session.identities.show_truth)

    def shutdown(self) -> None:
        """End the thread."""
        self._desk.close()

    def label(self, truths: Mapping[int, Truth | None]) -> None:
        """Give cases their truth, or None, and have it kept."""
        worklist = self._window.session.worklist
        cases = [worklist.case(case_id) for case_id in truths if case_id in worklist]
        worklist.replace_all([replace(case, truth=truths[case.case_id]) for case in cases])
        self._window.session.memory.set_truths({case.path: truths[case.case_id] for case in cases})
        current = self._window.session.current
        if current is not None and current.case_id in truths:
            self._window.session.case_changed.emit(current)

    def follow(self, rule: Rule | None) -> None:
        """Read what is opened from now on by a rule, or with None leave it without truth."""
        self._rule = rule

    @Slot()
    def _on_from_folders(self) -> None:
        self._ask(rule_of_names("folder names", truths_from_folders))

    @Slot()
    def _on_from_names(self) -> None:
        self._ask(rule_of_names("file names", truths_from_names))

    def _ask(self, rule: Rule) -> None:
        """Read names beside the window: ten thousand take a moment."""
        paths = [case.path for case in self._window.session.worklist.cases()]

        def answer(future: Future[Findings]) -> None:
            if not future.cancelled():
                self._answered.emit(rule, future.exception() or future.result())

        self._desk.submit(rule.read, paths, paths).add_done_callback(answer)

    @Slot()
    def _on_from_table(self) -> None:
        path = ask_table(self._window)
        if path is None:
            return

        def answer(future: Future[Table]) -> None:
            if not future.cancelled():
                self._answered.emit(None, future.exception() or future.result())

        # On a share that has gone reading may hang.
        self._desk.submit(read_table, path).add_done_callback(answer)

    @Slot(bool)
    def set_away(self, away: bool) -> None:
        """Put what is found off until the main window is back: its dialogs name files and their truth."""
        self._away = away
        if not away:
            # After everybody else has come back.
            QTimer.singleShot(0, self, self._catch_up)

    @Slot()
    def _catch_up(self) -> None:
        while self._held and not self._away:
            self._on_answered(*self._held.pop(0))

    @Slot(object, object)
    def _on_answered(self, rule: Rule | None, answer: Findings | Table | Exception) -> None:
        if self._away:
            self._held.append((rule, answer))
        elif isinstance(answer, Exception):
            reason = str(answer) if isinstance(answer, DeepPneumoError) else FAILED
            self._window.message.say(reason)
        elif isinstance(answer, Table):
            self._explain(answer)
        elif rule is not None:
            self._take(answer, rule)

    def _explain(self, table: Table) -> None:
        session = self._window.session
        paths = [case.path for case in session.worklist.cases()]
        dialog = TableDialog(table, paths, self._window, hidden=session.identities.hidden)
        if dialog.exec():
            self._take(dialog.findings, rule_of_table(table, dialog.reading))
        dialog.deleteLater()

    def _take(self, findings: Findings, rule: Rule) -> None:
        """Label what was found, say so, and list the rest."""
        cases = {case.path: case for case in self._window.session.worklist.cases()}
        found = {cases[path].case_id: truth for path, truth in findings.truths.items() if path in cases}
        if found:
            self._push(found, f"truth from {rule.source}", rule)
        words = summary(findings, rule.source)
        self._window.message.say(words, passing=bool(found))
        names = self._window.session.identities
        rows = details(findings, lambda path: _name(cases.get(path), names.name), hidden=names.hidden)
        if rows and found:
            self.dialog = FindingsDialog(words, rows, self._window)
            self.dialog.destroyed.connect(self._on_dialog_gone)
            self.dialog.show()

    def _push(self, truths: Mapping[int, Truth | None], words: str, rule: Rule | None) -> None:
        worklist = self._window.session.worklist
        before = {case_id: worklist.case(case_id).truth for case_id in truths}
        self._window.history.push(_Labelling(self, _State(before, self._rule), _State(truths, rule), words))

    # What is opened later

    @Slot()
    def _on_begun(self) -> None:
        self.follow(None)

    @Slot(object)
    def _on_new_looked_up(self, case_ids: list[int]) -> None:
        rule, worklist = self._rule, self._window.session.worklist
        if rule is None:
            return
        cases = [worklist.case(case_id) for case_id in case_ids if case_id in worklist]
        paths = [case.path for case in cases if case.truth is None]
        listed = [case.path for case in worklist.cases()]

        def answer(future: Future[Findings]) -> None:
            if not future.cancelled():
                self._new_read.emit(rule, future.exception() or future.result())

        if paths:
            self._desk.submit(rule.read, paths, listed).add_done_callback(answer)

    @Slot(object, object)
    def _on_new_read(self, rule: Rule, findings: Findings | Exception) -> None:
        if isinstance(findings, Exception):
            self._window.message.say(FAILED)
        elif rule is self._rule:
            cases = {case.path: case for case in self._window.session.worklist.cases()}
            found = {
                cases[path].case_id: truth
                for path, truth in findings.truths.items()
                if path in cases and cases[path].truth is None
            }
            rule.late.update(found)
            self.label(found)
            self._window.message.say(late_summary(findings, rule.source), passing=bool(found))

    @Slot()
    def _on_remove(self) -> None:
        cases = self._window.session.worklist.cases()
        known = {case.case_id: None for case in cases if case.truth is not None}
        if known:
            self._push(known, "taking the truth off", None)
            self._window.message.say(REMOVED, passing=True)

    @Slot()
    def _on_dialog_gone(self) -> None:
        self.dialog = None


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """Truth of some cases, and the rule for those to come."""

    truths: Mapping[int, Truth | None]
    rule: Rule | None

    @property
    def late(self) -> Mapping[int, Truth]:
        return {} if self.rule is None else self.rule.late


class _Labelling(QUndoCommand):
    def __init__(self, controller: TruthController, before: _State, after: _State, words: str) -> None:
        super().__init__(words)
        self._controller = controller
        self._before, self._after = before, after

    def redo(self) -> None:
        """Give the labels, also to what was opened since."""
        self._controller.follow(self._after.rule)
        self._controller.label({**self._after.truths, **self._after.late})

    def undo(self) -> None:
        """Give back those before; what was opened since had none."""
        self._controller.follow(self._before.rule)
        self._controller.label({**dict.fromkeys(self._after.late), **self._before.truths})


def _name(case: Case | None, name_of: Callable[[Case], str]) -> str:
    return "" if case is None else name_of(case)
