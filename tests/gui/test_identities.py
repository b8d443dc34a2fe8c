"""Hide identities: numbers instead of file names, wherever a name could be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QWidget

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]
NAMES = ("jones-ann.png", "broken-jones.png", "blank-jones.png", "fail-jones.png")


def texts(window: MainWindow) -> list[str]:
    """Everything that can be read in the window."""
    found = [window.windowTitle()]
    for widget in (window, *window.findChildren(QWidget)):
        found += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        for name in ("text", "currentText", "placeholderText"):
            method = getattr(widget, name, None)
            found.append(method() if callable(method) else "")
    for action in window.findChildren(QAction):
        found += [action.text(), action.toolTip()]
    rows = window.worklist.proxy
    for row in range(rows.rowCount()):
        for role in Qt.ItemDataRole:
            data = rows.index(row, 0).data(role)
            found.append(data if isinstance(data, str) else "")
    for pane in window.board.panes:
        found += [pane._text.title, pane._text.sentence, *pane._text.heading]
    # The made-up reader signs its note with the file's name, so that other tests can tell notes apart.
    return [text for text in found if not text.startswith("Note on")]


@pytest.mark.parametrize("name", NAMES)
def test_hidden_identities_are_nowhere(open_files: Open, name: str) -> None:
    window = open_files(*NAMES)
    window.worklist.choose(case_named(window, name))
    assert any("jones" in text for text in texts(window))
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    assert [text for text in texts(window) if "jones" in text] == []
    assert "Case 1: model score 0.80, model call pneumonia" in texts(window)
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    assert any("jones" in text for text in texts(window))


def test_a_pinned_case_is_hidden_too(open_files: Open) -> None:
    window = open_files("jones-ann.png", "jones-bob.png")
    window.actions_by_id[ActionId.TWO_CASES].trigger()
    window.worklist.choose(case_named(window, "jones-bob.png"))
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    assert [text for text in texts(window) if "jones" in text] == []
    assert {"Case 1", "Case 2"} <= set(texts(window))
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    assert {"jones-ann.png", "jones-bob.png"} <= set(texts(window))


def test_the_title_names_the_case_on_screen(open_files: Open, window: MainWindow) -> None:
    assert window.windowTitle() == "DeepPneumo"
    open_files("a.png", "b.png")
    window.worklist.choose(case_named(window, "b.png"))
    assert window.windowTitle() == "b.png - DeepPneumo"
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    assert window.windowTitle() == "Case 2 - DeepPneumo"
    window.session.clear()
    assert window.windowTitle() == "DeepPneumo"


def test_numbers_begin_anew_after_closing_all(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png", "b.png")
    window.session.clear()
    open_files("c.png")
    assert [case.number for case in window.session.worklist.cases()] == [1]


def test_hiding_is_remembered(make_window: Callable[[], MainWindow]) -> None:
    first = make_window()
    first.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    second = make_window()
    assert second.actions_by_id[ActionId.HIDE_IDENTITIES].isChecked()
    assert second.session.identities.hidden


def test_a_painted_row_does_not_give_a_hidden_name_away(open_files: Open, fakes: Fakes) -> None:
    fakes.picturing.hold()
    window = open_files("mmmmmmmm.png", "i.png")
    window.worklist.choose(case_named(window, "i.png"))
    rows = window.worklist.view.visualRect(window.worklist.proxy.index(0, 0))

    def painted() -> QImage:
        return window.worklist.view.grab(rows).toImage()

    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    hidden = painted()
    window.session.clear()
    open_files("jones.png", "i.png")
    window.worklist.choose(case_named(window, "i.png"))
    assert painted() == hidden
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    assert painted() != hidden
