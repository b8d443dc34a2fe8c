"""Files that go away, or come back, between listing and reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist import delegate
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes, no_model

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


def test_no_sentence_denies_the_score_of_a_file_that_has_gone(
    open_files: Open, fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a", "b")
    fakes.vanished.add("b")
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: case_named(window, "b").reason is not None)
    assert window.result.number.text() == "0.80"
    assert window.heatmap.strength.text() == "No heatmap: the file cannot be shown."
    assert window.result.statement.text() == "Scored earlier; the file ends before its image does."
    drawn: list[CaseState] = []
    monkeypatch.setattr(delegate, "draw_glyph", lambda painter, box, state: drawn.append(state))
    row = window.worklist.proxy.index_of(case_named(window, "b").case_id)
    window.worklist.view.grab(window.worklist.view.visualRect(row))
    assert drawn == [CaseState.UNREADABLE]


def test_why_there_is_no_heatmap_is_told_case_by_case(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.scoring.hold()
    window = open_files("a", "blank", wait=lambda: fakes.scoring.arrived == 1)
    qtbot.waitUntil(lambda: window.view.display is not None)
    assert window.heatmap.strength.text() == "No heatmap yet: this image is not scored."
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert window.heatmap.strength.text().startswith("Strength 0.40")
    fakes.reading.hold()
    window.worklist.choose(case_named(window, "blank"))
    assert window.heatmap.strength.text() == "No heatmap yet: the file is being read."
    fakes.reading.open()
    qtbot.waitUntil(lambda: window.view.display is not None)
    assert window.heatmap.strength.text() == "No heatmap: the program refused this image."


def test_without_a_model_the_heatmap_is_missing_for_that_reason(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.load_error = no_model()
    window = open_files("a", wait=lambda: bool(fakes.read))
    qtbot.waitUntil(lambda: window.session.failure is not None and window.view.display is not None)
    assert window.heatmap.strength.text() == "No heatmap: there is no model."
