"""Narrowing the worklist, and what that leaves alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QDockWidget

from core.reading import natural_key
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.shortcut_sheet import sections
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist.filters import CaseFilter
from deeppneumo_gui.worklist.model import WorklistModel
from deeppneumo_gui.worklist.proxy import SortKey, WorklistProxy
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes, make_prediction

Open = Callable[..., MainWindow]


def listed(window: MainWindow) -> list[str]:
    return [case.name for case in window.worklist.proxy.cases()]


@pytest.fixture
def mixed(open_files: Open, fakes: Fakes) -> MainWindow:
    """Two scores on each side of the operating point, a refused and a damaged file."""
    fakes.scores.update({"low.png": 0.1, "near.png": 0.55, "high.png": 0.9, "top.png": 0.97})
    return open_files("low.png", "near.png", "high.png", "top.png", "blank.png", "broken.png")


def test_by_call(mixed: MainWindow) -> None:
    filters = mixed.worklist.filters
    filters.call.setCurrentIndex(filters.call.findData("pneumonia"))
    assert listed(mixed) == ["high.png", "top.png"]
    filters.call.setCurrentIndex(filters.call.findData("normal"))
    assert listed(mixed) == ["low.png", "near.png"]
    assert mixed.worklist.count.text() == "2 of 6"


@pytest.mark.parametrize(
    ("state", "names"), [(CaseState.REFUSED, ["blank.png"]), (CaseState.UNREADABLE, ["broken.png"])]
)
def test_by_state(mixed: MainWindow, state: CaseState, names: list[str]) -> None:
    filters = mixed.worklist.filters
    filters.state.setCurrentIndex(filters.state.findData(state))
    assert listed(mixed) == names


def test_by_score(mixed: MainWindow) -> None:
    filters = mixed.worklist.filters
    filters.lowest.setValue(0.5)
    assert listed(mixed) == ["near.png", "high.png", "top.png"]
    filters.highest.setValue(0.9)
    assert listed(mixed) == ["near.png", "high.png"]


def test_a_range_of_scores_never_turns_over(mixed: MainWindow) -> None:
    filters = mixed.worklist.filters
    filters.highest.setValue(0.3)
    filters.lowest.setValue(0.6)
    assert filters.wanted.scores == (0.6, 0.6)
    filters.highest.setValue(0.2)
    assert filters.wanted.scores == (0.2, 0.2)


def test_clearing_shows_everything(mixed: MainWindow, qtbot: Any) -> None:
    panel = mixed.worklist
    assert not panel.filters.clear_button.isVisible()
    panel.filter.setText("png")
    panel.filters.lowest.setValue(0.99)
    panel.filters.call.setCurrentIndex(1)
    panel.filters.state.setCurrentIndex(2)
    assert listed(mixed) == []
    qtbot.mouseClick(panel.filters.clear_button, Qt.MouseButton.LeftButton)
    assert len(listed(mixed)) == 6
    assert panel.filters.wanted == CaseFilter()
    assert not panel.filters.clear_button.isVisible()
    assert panel.count.text() == "6 images"


def test_an_empty_list_says_why(mixed: MainWindow) -> None:
    view = mixed.worklist.view
    mixed.worklist.filter.setText("zzz")
    with_sentence = view.grab().toImage()
    mixed.session.clear()
    mixed.worklist.filter.clear()
    assert view.grab().toImage() != with_sentence


def test_the_image_on_screen_stays_when_the_filter_hides_it(mixed: MainWindow) -> None:
    mixed.worklist.choose(case_named(mixed, "high.png"))
    mixed.worklist.filter.setText("low")
    assert mixed.session.current is not None
    assert mixed.session.current.name == "high.png"
    assert not mixed.worklist.view.currentIndex().isValid()
    mixed.worklist.filter.clear()
    assert mixed.worklist.view.currentIndex().data() == "high.png"


def test_a_case_that_a_result_takes_from_the_list_stays_on_screen(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold()
    window = open_files("a", "b", "c", wait=lambda: fakes.scoring.arrived == 1)
    filters = window.worklist.filters
    filters.state.setCurrentIndex(filters.state.findData(CaseState.SCORING))
    qtbot.waitUntil(lambda: listed(window) == ["a"])
    fakes.scoring.give()
    qtbot.waitUntil(lambda: listed(window) == ["b"])
    assert window.session.current is not None
    assert window.session.current.name == "a"
    assert not window.worklist.view.currentIndex().isValid()


def test_keys_step_through_what_is_listed(mixed: MainWindow, qtbot: Any) -> None:
    mixed.worklist.filters.lowest.setValue(0.5)
    names = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up):
        qtbot.keyClick(mixed.worklist.view, key)
        assert mixed.session.current is not None
        names.append(mixed.session.current.name)
    assert names == ["near.png", "high.png", "top.png", "top.png", "high.png"]


def test_control_f_leads_to_the_filter_and_escape_back(mixed: MainWindow, qtbot: Any) -> None:
    text = mixed.worklist.filter
    mixed.view.setFocus()
    text.setText("low")
    qtbot.keyClick(mixed.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert text.hasFocus()
    qtbot.keyClicks(text, "hi")  # over what was there
    assert listed(mixed) == ["high.png"]
    qtbot.keyClick(text, Qt.Key.Key_Escape)
    assert (text.text(), text.hasFocus(), len(listed(mixed))) == ("", True, 6)
    qtbot.keyClick(text, Qt.Key.Key_Escape)
    assert mixed.view.hasFocus()
    qtbot.keyClick(mixed.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(text, "top")
    qtbot.keyClick(text, Qt.Key.Key_Return)
    assert (mixed.view.hasFocus(), listed(mixed)) == (True, ["top.png"])
    assert ("Find in the worklist", "Ctrl+F") in [row for _, rows in sections() for row in rows]


def test_control_f_brings_a_hidden_worklist_back(mixed: MainWindow, qtbot: Any) -> None:
    dock = mixed.findChild(QDockWidget, "worklist")
    assert dock is not None
    dock.hide()
    mixed.actions_by_id[ActionId.FIND].trigger()
    assert mixed.worklist.filter.isVisible()
    assert mixed.worklist.filter.hasFocus()


def test_the_only_case_cannot_be_found_by_its_hidden_name(open_files: Open) -> None:
    window = open_files("smith.png")
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    window.worklist.filter.setText("smith")
    assert listed(window) == []


def test_hidden_names_cannot_be_searched(mixed: MainWindow) -> None:
    mixed.worklist.filter.setText("high")
    mixed.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    assert mixed.worklist.filter.text() == ""
    mixed.worklist.filter.setText("high")
    assert listed(mixed) == []
    mixed.worklist.filter.setText("case 3")
    assert listed(mixed) == ["high.png"]
    assert mixed.worklist.filter.placeholderText() == "Filter by number"


def test_hidden_names_do_not_order(open_files: Open) -> None:
    window = open_files("b.png", "a.png")
    window.worklist.order.setCurrentIndex(window.worklist.order.findData(SortKey.NAME))
    assert listed(window) == ["a.png", "b.png"]
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    assert listed(window) == ["b.png", "a.png"]


@pytest.mark.parametrize("key", list(SortKey))
def test_the_arranged_list_keeps_the_rules_of_qt(key: SortKey) -> None:
    """The tester aborts on a broken rule; the expected rows come from sorting everything anew."""
    model = WorklistModel()
    proxy = WorklistProxy(model)
    tester = QAbstractItemModelTester(proxy, QAbstractItemModelTester.FailureReportingMode.Fatal)
    # Another proxy on top complains where rows move without notice.
    mirror = QSortFilterProxyModel()
    mirror.setSourceModel(proxy)
    proxy.set_sort_key(key)
    model.append([Path(f"/x/{number * 7 % 20}.png") for number in range(20)])
    proxy.set_filter(CaseFilter("1"))
    for number, case in enumerate(model.cases()):
        score = number * 3 % 11 / 11 or 0.01
        model.replace(replace(case, state=CaseState.SCORED, prediction=make_prediction(score)))
    model.append([Path("/x/111.png"), Path("/x/0.png"), Path("/x/1111.png")])
    proxy.set_filter(CaseFilter("1", scores=(0.2, 0.8)))
    for number, case in enumerate(model.cases()[::-1]):
        score = number * 5 % 13 / 13 or 0.01
        model.replace(replace(case, state=CaseState.SCORED, prediction=make_prediction(score)))
    moved = [case.case_id for case in proxy.cases()]
    fresh = WorklistProxy(model)
    fresh.set_sort_key(key)
    fresh.set_filter(proxy.filter)
    assert moved == [case.case_id for case in fresh.cases()]
    assert len(moved) > 3
    assert [mirror.index(row, 0).data() for row in range(mirror.rowCount())] == [
        case.name for case in proxy.cases()
    ]
    assert tester.model() is proxy


def test_rows_are_arranged_with_one_key_each(monkeypatch: pytest.MonkeyPatch) -> None:
    model = WorklistModel()
    proxy = WorklistProxy(model)
    model.append([Path(f"/x/{number}.png") for number in range(1000, 0, -1)])
    asked: list[str] = []

    def note(name: str) -> Any:
        asked.append(name)
        return natural_key(name)

    monkeypatch.setattr("deeppneumo_gui.worklist.proxy.natural_key", note)
    proxy.set_sort_key(SortKey.NAME)
    assert len(asked) == 1000
    assert proxy.cases()[0].name == "1.png"


def test_the_numbers_of_the_range_can_be_read(mixed: MainWindow) -> None:
    mixed.worklist.filters.button.setChecked(True)
    for field in (mixed.worklist.filters.lowest, mixed.worklist.filters.highest):
        inner = field.lineEdit()
        assert field.rect().contains(inner.geometry())
        assert inner.width() >= inner.fontMetrics().horizontalAdvance("0.00")
