"""Taking cases off the worklist, and taking that back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from deeppneumo_gui.actions import LIST_ACTIONS, ActionId
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.pages import OTHERS_HIDDEN
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist.model import WorklistModel
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]


def names(window: MainWindow) -> list[str]:
    return [case.name for case in window.session.worklist.cases()]


def current(window: MainWindow) -> str | None:
    return None if window.session.current is None else window.session.current.name


def undo(window: MainWindow) -> None:
    window.actions_by_id[ActionId.UNDO].trigger()


def test_delete_takes_the_case_on_screen_away_and_the_next_follows(open_files: Open, qtbot: Any) -> None:
    window = open_files("a", "b", "c")
    window.worklist.choose(case_named(window, "b"))
    qtbot.keyClick(window.view, Qt.Key.Key_Delete)
    assert (names(window), current(window)) == (["a", "c"], "c")
    qtbot.keyClick(window.view, Qt.Key.Key_Delete)
    assert (names(window), current(window)) == (["a"], "a")
    qtbot.keyClick(window.view, Qt.Key.Key_Delete)
    assert (names(window), current(window)) == ([], None)
    assert window.invitation.isVisible()


def test_undo_puts_everything_back_with_its_scores(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files("a", "b", "c")
    for _ in range(3):
        window.actions_by_id[ActionId.REMOVE].trigger()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert names(window) == ["c"]
    undo(window)
    undo(window)
    assert names(window) == ["a", "b", "c"]
    assert [case.state for case in window.session.worklist.cases()] == [CaseState.SCORED] * 3
    assert [case.number for case in window.session.worklist.cases()] == [1, 2, 3]
    assert current(window) == "a"
    qtbot.waitUntil(lambda: finished(window))
    assert fakes.scored == ["a", "b", "c"]
    assert not window.actions_by_id[ActionId.UNDO].isEnabled()


def test_closing_all_can_be_undone(open_files: Open, qtbot: Any) -> None:
    window = open_files("a", "broken", "c")
    window.actions_by_id[ActionId.CLEAR].trigger()
    assert names(window) == []
    undo(window)
    assert names(window) == ["a", "broken", "c"]
    qtbot.waitUntil(lambda: finished(window))


def test_opening_ends_what_can_be_undone(open_files: Open) -> None:
    window = open_files("a", "b")
    window.actions_by_id[ActionId.CLEAR].trigger()
    assert window.actions_by_id[ActionId.UNDO].isEnabled()
    open_files("c")
    assert not window.actions_by_id[ActionId.UNDO].isEnabled()


def test_a_removed_case_is_not_scored_until_it_is_put_back(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold(1)
    window = open_files("a", "b", "c", "d", wait=lambda: fakes.scoring.arrived == 2)
    window.worklist.choose(case_named(window, "c"))
    window.actions_by_id[ActionId.REMOVE].trigger()
    assert window.session.progress.total == 3
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert "c" not in fakes.scored
    undo(window)
    qtbot.waitUntil(lambda: finished(window))
    assert fakes.scored[-1] == "c"
    assert not window.session.progress.running


def test_a_case_removed_while_it_is_scored_stays_away(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.scoring.hold()
    window = open_files("a", "b", wait=lambda: fakes.scoring.arrived == 1)
    window.actions_by_id[ActionId.REMOVE].trigger()
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert names(window) == ["b"]
    assert not window.session.progress.running


@pytest.mark.parametrize("action", [ActionId.REMOVE, ActionId.CLEAR])
def test_undo_after_the_case_in_hand_was_scored_scores_it_again(
    open_files: Open, fakes: Fakes, qtbot: Any, action: ActionId
) -> None:
    fakes.scoring.hold(1)
    window = open_files(*"abcd", wait=lambda: fakes.scoring.arrived == 2)
    window.worklist.choose(case_named(window, "b"))
    cases = window.session.worklist.cases()
    window.actions_by_id[action].trigger()
    in_hand = next(case.case_id for case in cases if case.name == "b")
    with qtbot.waitSignal(
        window.session._thread.job_finished, check_params_cb=lambda outcome: outcome.case_id == in_hand
    ):
        fakes.scoring.open()
    undo(window)
    qtbot.waitUntil(lambda: finished(window))
    assert sorted(set(fakes.scored)) == list("abcd")
    assert not window.session.progress.running


def test_a_removed_file_can_be_opened_again(open_files: Open) -> None:
    window = open_files("a", "b")
    window.actions_by_id[ActionId.REMOVE].trigger()
    open_files("a", wait=lambda: len(names(window)) == 2)
    assert names(window) == ["b", "a"]


def test_removing_from_a_filtered_list_stays_in_it(open_files: Open) -> None:
    window = open_files("a1", "b", "a2")
    window.worklist.filter.setText("a")
    window.actions_by_id[ActionId.REMOVE].trigger()
    assert current(window) == "a2"
    assert window.worklist.filter.text() == "a"


def test_the_invitation_waits_until_nothing_is_listed(open_files: Open) -> None:
    window = open_files("a1", "b", "c")
    actions = window.actions_by_id
    window.worklist.filter.setText("a")
    actions[ActionId.REMOVE].trigger()
    assert (names(window), current(window)) == (["b", "c"], None)
    assert window.view.isVisible()
    assert not window.invitation.isVisible()
    assert window.view._text.sentence == OTHERS_HIDDEN
    assert actions[ActionId.CLEAR].isEnabled()
    window.worklist.filter.clear()
    actions[ActionId.NEXT].trigger()
    assert current(window) == "b"
    actions[ActionId.CLEAR].trigger()
    assert window.invitation.isVisible()
    assert not any(actions[name].isEnabled() for name in LIST_ACTIONS)
    undo(window)
    assert actions[ActionId.CLEAR].isEnabled()
    assert window.view.isVisible()


def test_removal_keeps_the_rules_of_qt() -> None:
    model = WorklistModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    added, _ = model.append([Path(f"/x/{number}") for number in range(5)])
    taken = model.remove([added[3].case_id, added[1].case_id])
    assert [row for row, _ in taken] == [1, 3]
    assert [model.case(case.case_id).name for case in model.cases()] == ["0", "2", "4"]
    model.restore(taken)
    assert [case.name for case in model.cases()] == ["0", "1", "2", "3", "4"]
    assert tester.model() is model
