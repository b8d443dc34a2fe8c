"""Several rows of the worklist at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.theme import colours
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist.filters import CaseFilter
from deeppneumo_gui.worklist.model import WorklistModel
from deeppneumo_gui.worklist.proxy import SortKey, WorklistProxy
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def selected(window: MainWindow) -> list[str]:
    return [case.name for case in window.worklist.selected_cases()]


def highlighted(window: MainWindow) -> list[str]:
    return sorted(index.data() for index in window.worklist.view.selectedIndexes())


def listed(window: MainWindow) -> list[str]:
    return [case.name for case in window.worklist.proxy.cases()]


def current(window: MainWindow) -> str | None:
    return None if window.session.current is None else window.session.current.name


def test_shift_extends_the_selection_from_the_case_on_screen(open_files: Open, qtbot: Any) -> None:
    window = open_files("a", "b", "c", "d")
    view = window.worklist.view
    window.worklist.step(1)
    qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    assert (selected(window), current(window)) == (["b", "c"], "c")
    qtbot.keyClick(view, Qt.Key.Key_Up, SHIFT)
    qtbot.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert (selected(window), current(window)) == (["a", "b"], "a")
    qtbot.keyClick(view, Qt.Key.Key_Down)
    assert selected(window) == ["b"]


def test_control_a_selects_all_and_keeps_the_case_on_screen(open_files: Open, qtbot: Any) -> None:
    window = open_files("a", "b", "c")
    window.worklist.choose(case_named(window, "b"))
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_A, CTRL)
    assert (selected(window), current(window)) == (["a", "b", "c"], "b")


def test_overlays_of_all_three_selected_are_written(
    open_files: Open, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a", "b", "c", "d")
    monkeypatch.setattr("deeppneumo_gui.export.controller.ask_overlay_folder", lambda *_: tmp_path)
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_Down, SHIFT)
    window.actions_by_id[ActionId.NAMES_IN_EXPORTS].setChecked(True)
    with qtbot.waitSignal(window.exports.background.ended):
        window.actions_by_id[ActionId.SAVE_OVERLAY].trigger()
    assert [path.name[0] for path in sorted(tmp_path.glob("*.png"))] == ["a", "b", "c"]


def test_delete_takes_all_selected_and_one_undo_brings_them_back(open_files: Open, qtbot: Any) -> None:
    window = open_files("a", "b", "c", "d")
    window.worklist.step(1)
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_Delete)
    assert (listed(window), current(window), selected(window)) == (["a", "d"], "d", ["d"])
    window.actions_by_id[ActionId.UNDO].trigger()
    assert listed(window) == ["a", "b", "c", "d"]
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_Delete)
    assert (listed(window), current(window)) == ([], None)


def test_the_selection_outlasts_a_filter_and_a_model(open_files: Open, qtbot: Any) -> None:
    window = open_files("a1", "a2", "b1", "b2")
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_Down, SHIFT)
    window.worklist.filter.setText("1")
    assert highlighted(window) == ["a1", "b1"]
    window.worklist.filter.clear()
    with qtbot.waitSignal(window.session.engine_ready):
        window.session.open_model(Path("/x/other.bundle"))
    assert highlighted(window) == ["a1", "b1"]
    qtbot.waitUntil(lambda: finished(window))
    assert (highlighted(window), current(window)) == (["a1", "b1"], "b1")


def test_other_rows_stay_selected_when_a_result_takes_the_current_away(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold()
    window = open_files("a", "b", "c", wait=lambda: fakes.scoring.arrived == 1)
    filters = window.worklist.filters
    qtbot.waitUntil(lambda: case_named(window, "a").state is CaseState.SCORING)
    qtbot.keyClick(window.worklist.view, Qt.Key.Key_A, CTRL)
    filters.state.setCurrentIndex(filters.state.findData(CaseState.WAITING))
    assert highlighted(window) == ["b", "c"]
    fakes.scoring.give()
    qtbot.waitUntil(lambda: highlighted(window) == ["c"])


def test_of_several_selected_rows_the_one_on_screen_stands_out(open_files: Open, qtbot: Any) -> None:
    window = open_files("a", "b", "c")
    view = window.worklist.view
    window.worklist.choose(case_named(window, "b"))
    qtbot.keyClick(view, Qt.Key.Key_A, CTRL)
    picture = view.viewport().grab().toImage()
    places = [view.visualRect(window.worklist.proxy.index(row)).center().y() for row in range(3)]
    edges = [picture.pixelColor(1, place).name() for place in places]
    assert edges[1] == colours().accent.lower()
    assert edges[0] == edges[2] == colours().selection.lower()


def test_taking_many_arranges_the_list_once() -> None:
    model = WorklistModel()
    proxy = WorklistProxy(model)
    tester = QAbstractItemModelTester(proxy, QAbstractItemModelTester.FailureReportingMode.Fatal)
    proxy.set_sort_key(SortKey.NAME)
    proxy.set_filter(CaseFilter("1"))
    added, _ = model.append([Path(f"/x/{number}") for number in range(100)])
    resets: list[None] = []
    proxy.modelReset.connect(lambda: resets.append(None))
    model.remove([case.case_id for case in added[:90]])
    assert len(resets) == 1
    assert [case.name for case in proxy.cases()] == ["91"]
    assert tester.model() is proxy
