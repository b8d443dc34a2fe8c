"""Thumbnails of the worklist: only what is in sight, never all kept, never in the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColor

import deeppneumo_gui.inference.thumbnails as thumbnails_module
from deeppneumo_gui.cases import Case
from deeppneumo_gui.inference.errands import PREFIX
from deeppneumo_gui.inference.thumbnails import Thumbnails
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]
NAMES = [f"{number:03}.png" for number in range(200)]


def rows_in_sight(window: MainWindow) -> int:
    view = window.worklist.view
    return -(-view.viewport().height() // view.sizeHintForRow(0)) + 1


def grey_of_row(window: MainWindow, row: int) -> int:
    """Grey in the middle of a row's picture."""
    view = window.worklist.view
    box = view.visualRect(window.worklist.proxy.index(row, 0))
    colour: QColor = view.grab().toImage().pixelColor(12 + 22, box.center().y())
    return colour.red() if colour.red() == colour.green() == colour.blue() else -1


def test_a_row_shows_its_picture(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.picturing.hold()
    window = open_files("a.png", "broken.png")
    assert grey_of_row(window, 0) == 0
    fakes.picturing.open()
    qtbot.waitUntil(lambda: grey_of_row(window, 0) == 200)
    assert grey_of_row(window, 1) == 0


def test_only_rows_in_sight_are_read(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files(*NAMES)
    window.worklist.view.grab()
    qtbot.waitUntil(lambda: "000.png" in fakes.pictured)
    assert len(set(fakes.pictured)) <= rows_in_sight(window) < 40
    window.worklist.go_to_last()
    window.worklist.view.grab()
    qtbot.waitUntil(lambda: "199.png" in fakes.pictured)
    assert "100.png" not in fakes.pictured


def test_a_picture_is_made_once(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files("a.png", "b.png")
    for _ in range(3):
        window.worklist.view.grab()
    qtbot.waitUntil(lambda: len(window.session.thumbnails) == 2)
    window.worklist.view.grab()
    assert sorted(fakes.pictured) == ["a.png", "b.png"]


def test_a_waiting_picture_stops_neither_scores_nor_the_selected_image(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.picturing.hold()
    window = open_files("a.png", "b.png", "c.png", wait=lambda: fakes.picturing.arrived == 1)
    qtbot.waitUntil(lambda: finished(window))
    window.worklist.choose(case_named(window, "c.png"))
    qtbot.waitUntil(lambda: window.view.display is not None)
    assert sorted(fakes.scored) == ["a.png", "b.png", "c.png"]


def test_no_picture_is_begun_while_the_selected_image_is_read(
    open_files: Open, fakes: Fakes, window: MainWindow, qtbot: Any
) -> None:
    fakes.reading.hold()
    open_files("a.png", "b.png", wait=lambda: fakes.reading.arrived >= 1)
    window.worklist.view.grab()
    assert fakes.pictured == []
    fakes.reading.open()
    qtbot.waitUntil(lambda: sorted(fakes.pictured) == ["a.png", "b.png"])


def test_a_selected_file_that_cannot_be_read_lets_the_pictures_go_on(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    window = open_files("broken.png", "b.png")
    assert window.session.current is not None
    assert window.session.current.name == "broken.png"
    window.worklist.view.grab()
    qtbot.waitUntil(lambda: "b.png" in fakes.pictured)


def test_the_cache_is_bounded(qtbot: Any, monkeypatch: pytest.MonkeyPatch, no_thread_left: None) -> None:
    monkeypatch.setattr(thumbnails_module, "CAPACITY", 5)
    thumbnails = Thumbnails(lambda path: np.zeros((9, 9), np.uint8))
    cases = [Case(number, Path(f"{number}.png")) for number in range(20)]
    for case in cases:
        with qtbot.waitSignal(thumbnails.arrived):
            assert thumbnails.image(case) is None
    assert len(thumbnails) == 5
    assert thumbnails.image(cases[-1]) is not None
    thumbnails.shutdown()


def test_requests_that_were_scrolled_past_are_forgotten(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch, fakes: Fakes, no_thread_left: None
) -> None:
    monkeypatch.setattr(thumbnails_module, "_WAITING", 3)
    thumbnails = Thumbnails(fakes.services().thumbnail)
    thumbnails.hold(True)
    for number in range(20):
        thumbnails.image(Case(number, Path(f"{number}.png")))
    thumbnails.hold(False)
    qtbot.waitUntil(lambda: len(thumbnails) == 3)
    thumbnails.shutdown()
    assert fakes.pictured == ["19.png", "18.png", "17.png"]


def test_a_picture_that_hangs_does_not_hold_up_the_end(open_files: Open, fakes: Fakes) -> None:
    fakes.picturing.hold()
    window = open_files("a.png", wait=lambda: fakes.picturing.arrived == 1)
    thread = window.session.thumbnails._thread
    window.close()
    assert thread.isFinished()
    fakes.picturing.open()
    for left in threading.enumerate():
        if left.name == f"{PREFIX}thumbnail":
            left.join(60)


def test_the_picture_of_a_file_that_comes_back_is_made_then(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.picturing.hold()
    window = open_files("a.png", "b.png")
    fakes.vanished.add("b.png")
    fakes.picturing.open()
    qtbot.waitUntil(lambda: len(window.session.thumbnails) == 2)
    assert grey_of_row(window, 1) == 0
    fakes.vanished.clear()
    window.worklist.choose(case_named(window, "b.png"))
    qtbot.waitUntil(lambda: grey_of_row(window, 1) == 200)
