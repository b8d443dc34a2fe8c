"""Files that go away, or come back, between listing and reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]


def states(window: MainWindow) -> list[CaseState]:
    return [case.state for case in window.session.worklist.cases()]


def test_a_file_that_goes_before_its_turn_keeps_its_row_with_the_reason(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold()
    window = open_files(*"abcdef", wait=lambda: fakes.scoring.arrived == 1)
    fakes.vanished.add("f")
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert states(window) == [CaseState.SCORED] * 5 + [CaseState.UNREADABLE]
    case = case_named(window, "f")
    assert case.reason == "The file ends before its image does."
    assert window.session.identities.describe(case) == f"f: unreadable. {case.reason}"
    assert not window.session.progress.running


def test_a_file_that_comes_back_is_read_and_scored_when_it_is_selected(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.vanished.add("b")
    window = open_files("a", "b")
    assert states(window)[1] is CaseState.UNREADABLE
    fakes.vanished.clear()
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: states(window)[1] is CaseState.SCORED)
    assert window.view.display is not None
    assert case_named(window, "b").reason is None


def test_a_file_that_came_back_after_its_score_is_said_no_longer(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    window = open_files("a", "b")
    fakes.vanished.add("b")
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: case_named(window, "b").reason is not None)
    fakes.vanished.clear()
    window.worklist.choose(case_named(window, "a"))
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: window.view.display is not None)
    assert case_named(window, "b").reason is None
