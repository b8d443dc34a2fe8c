"""The bar above the canvas: good news passes, everything else waits to be closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.export import controller
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes, no_model

Open = Callable[..., MainWindow]


def test_good_news_passes_without_a_model_too(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.load_error = no_model()
    window = open_files("a.png", wait=lambda: bool(fakes.read))
    qtbot.waitUntil(lambda: window.session.failure is not None and window.view.display is not None)
    assert not window.message.passing.isActive()
    window.actions_by_id[ActionId.COPY_PICTURE].trigger()
    assert "copied" in window.message.words.text()
    assert window.message.passing.isActive()
    window.message.passing.timeout.emit()
    assert window.message.isHidden()


def test_bad_news_stays_until_it_is_closed(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png", "b.png")
    window.message.say("Good news.", passing=True)
    window.message.say("Bad news.")
    assert not window.message.passing.isActive()
    window.worklist.choose(case_named(window, "b.png"))
    assert window.message.isVisible()
    qtbot.mouseClick(window.message.buttons[0], Qt.MouseButton.LeftButton)
    assert window.message.isHidden()


@pytest.mark.parametrize("whole", [True, False])
def test_only_a_whole_export_is_good_news(
    open_files: Open, fakes: Fakes, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    monkeypatch.setattr(controller, "ask_overlay_folder", lambda window: tmp_path)
    window = open_files("a.png", "b.png")
    if not whole:
        fakes.vanished.add("b.png")
    with qtbot.waitSignal(window.exports.background.ended):
        window.actions_by_id[ActionId.SAVE_ALL_OVERLAYS].trigger()
    assert ("no longer be read" in window.message.words.text()) == (not whole)
    assert window.message.passing.isActive() == whole


@pytest.mark.parametrize("works", [True, False])
def test_a_table_that_was_not_written_is_no_good_news(
    open_files: Open, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: bool
) -> None:
    target = tmp_path / "results.csv" if works else tmp_path / "gone" / "results.csv"
    monkeypatch.setattr(controller, "ask_table_file", lambda window, name: target)
    window = open_files("a.png")
    with qtbot.waitSignal(window.exports.background.ended):
        window.actions_by_id[ActionId.SAVE_TABLE].trigger()
    assert target.exists() == works
    assert window.message.passing.isActive() == works
