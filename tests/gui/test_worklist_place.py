"""The worklist stays where the reader is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist.proxy import SortKey
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]


def current(window: MainWindow) -> str | None:
    return None if window.session.current is None else window.session.current.name


@pytest.mark.parametrize("order", [SortKey.OPENED, SortKey.SCORE])
def test_cancel_resume_and_a_change_of_model_do_not_scroll(
    open_files: Open, fakes: Fakes, qtbot: Any, order: SortKey
) -> None:
    fakes.scoring.hold(2)
    names = [f"{number}.png" for number in range(60)]
    window = open_files(*names, wait=lambda: fakes.scoring.arrived == 3)
    window.worklist.order.setCurrentIndex(window.worklist.order.findData(order))
    bar = window.worklist.view.verticalScrollBar()
    bar.setValue(1000)
    assert bar.value() == 1000
    window.session.cancel()
    assert bar.value() == 1000
    window.session.resume()
    assert bar.value() == 1000
    fakes.scoring.open()
    with qtbot.waitSignal(window.session.engine_ready):
        window.session.open_model(Path("/x/other.bundle"))
    qtbot.waitUntil(lambda: finished(window))
    assert bar.value() == 1000
    assert current(window) == "0.png"


def test_a_reset_of_the_filtered_list_does_not_scroll(open_files: Open, qtbot: Any) -> None:
    window = open_files(*[f"{number}.png" for number in range(60)])
    filters = window.worklist.filters
    window.worklist.filter.setText("png")
    bar = window.worklist.view.verticalScrollBar()
    bar.setValue(1000)
    window.session.remove([case_named(window, "7.png").case_id, case_named(window, "9.png").case_id])
    assert (bar.value(), window.worklist.view.currentIndex().data()) == (1000, "0.png")
    filters.clear()
    window.worklist.go_to_last()
    window.worklist.filter.setText("5")
    window.worklist.filter.clear()
    view = window.worklist.view
    assert view.viewport().rect().intersects(view.visualRect(view.currentIndex()))


def test_stepping_goes_on_from_where_a_case_left_the_filter(mixed_states: MainWindow) -> None:
    window = mixed_states
    window.worklist.choose(case_named(window, "c"))
    filters = window.worklist.filters
    filters.highest.setValue(0.5)  # c, with 0.9, goes
    assert [case.name for case in window.worklist.proxy.cases()] == ["a", "b", "d", "e"]
    assert not window.worklist.view.currentIndex().isValid()
    window.worklist.step(1)
    assert current(window) == "d"
    filters.clear()
    window.worklist.choose(case_named(window, "c"))
    filters.highest.setValue(0.5)
    window.worklist.step(-1)
    assert current(window) == "b"


@pytest.fixture
def mixed_states(open_files: Open, fakes: Fakes) -> MainWindow:
    fakes.scores.update({"a": 0.1, "b": 0.2, "c": 0.9, "d": 0.3, "e": 0.4})
    window = open_files("a", "b", "c", "d", "e")
    assert {case.state for case in window.session.worklist.cases()} == {CaseState.SCORED}
    return window
