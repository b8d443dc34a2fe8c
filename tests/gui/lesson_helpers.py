"""A window with real files in it, whose pictures the fakes make up, and a lesson of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox

from core.truth.truth import Truth
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.teaching import lesson_saving
from deeppneumo_gui.teaching.choosing import Source, Wish
from deeppneumo_gui.window import MainWindow
from tests.core.teaching.lessons import WORDS, write_radiographs
from tests.gui.conftest import finished

Open = Callable[..., MainWindow]


def label_all(window: MainWindow, words: Sequence[str] = WORDS) -> None:
    """Give the listed cases the truth that these words say, one after the other, over and over."""
    cases = window.session.worklist.cases()
    truths = {case.case_id: Truth.from_word(words[n % len(words)], "table") for n, case in enumerate(cases)}
    window.truth.label(truths)


def build(window: MainWindow, qtbot: Any, title: str = "Chests") -> None:
    """Begin a lesson of all that is listed."""
    window.worklist.view.selectAll()
    window.lessons.begin(Wish(Source.SELECTED, title))
    count = len(window.session.worklist.cases())
    qtbot.waitUntil(lambda: len(window.lessons.document.items) == count)


def names(window: MainWindow) -> list[str]:
    """What the list of the lesson calls its cases, in its order."""
    view = window.lessons.panel.view
    assert view is not None
    model = view.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def trigger(window: MainWindow, *actions: ActionId) -> None:
    for name in actions:
        action = window.actions_by_id[name]
        assert action.isEnabled(), action.statusTip()
        action.trigger()


def save_at(window: MainWindow, qtbot: Any, path: Path) -> None:
    """Save without radiographs, asking nothing."""
    lesson = window.lessons.document.lesson
    assert lesson is not None
    with qtbot.waitSignal(window.exports.background.ended):
        window.lessons.saving._write(path, lesson, include=False)


@pytest.fixture
def never_ask(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Closing throws away what is not saved; the titles that were asked for are listed."""
    asked: list[str] = []

    def discard(parent: object, title: str) -> QMessageBox.StandardButton:
        asked.append(title)
        return QMessageBox.StandardButton.Discard

    monkeypatch.setattr(lesson_saving, "ask_unsaved", discard)
    return asked


@pytest.fixture
def open_real(
    never_ask: list[str], window: MainWindow, qtbot: Any, tmp_path: Path
) -> Callable[..., MainWindow]:
    """Opens as many radiographs that exist, labelled, and returns the window."""

    def open_(count: int = 4, *, labelled: bool = True) -> MainWindow:
        folder = tmp_path / "radiographs"
        folder.mkdir(exist_ok=True)
        window.start(list(write_radiographs(folder, count).values()))
        qtbot.waitUntil(lambda: finished(window))
        if labelled:
            label_all(window)
        return window

    return open_
