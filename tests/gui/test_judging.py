"""The reader's own calls, key images, notes and tags; undo, redo, and what comes next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from core.store.judgement import NO_JUDGEMENT, Judgement
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.judging.controller import ALL_REVIEWED
from deeppneumo_gui.menus import MENUS
from deeppneumo_gui.shortcut_sheet import sections
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]
Key = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def said(window: MainWindow, name: str) -> Judgement:
    judgement = case_named(window, name).judgement
    assert isinstance(judgement, Judgement)
    return judgement


def current(window: MainWindow) -> str | None:
    return None if window.session.current is None else window.session.current.name


@pytest.fixture
def window3(open_files: Open) -> MainWindow:
    return open_files("a", "b", "c")


@pytest.mark.parametrize(
    ("key", "call", "kind"),
    [
        (Key.Key_N, "normal", None),
        (Key.Key_P, "pneumonia", None),
        (Key.Key_U, "unsure", None),
        (Key.Key_B, "pneumonia", "bacterial"),
        (Key.Key_V, "pneumonia", "viral"),
    ],
)
def test_one_key_calls(window3: MainWindow, qtbot: Any, key: Key, call: str, kind: str | None) -> None:
    qtbot.keyClick(window3.view, key)
    judgement = said(window3, "a")
    assert (judgement.call, judgement.kind) == (call, kind)
    assert judgement.reviewed_at is not None
    assert current(window3) == "a"
    assert said(window3, "b") == NO_JUDGEMENT


def test_a_new_call_drops_the_kind_of_the_old_one(window3: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(window3.view, Key.Key_V)
    qtbot.keyClick(window3.view, Key.Key_N)
    assert (said(window3, "a").call, said(window3, "a").kind) == ("normal", None)


def test_backspace_takes_the_call_back_and_leaves_the_rest(window3: MainWindow, qtbot: Any) -> None:
    for key in (Key.Key_B, Key.Key_K, Key.Key_Backspace):
        qtbot.keyClick(window3.view, key)
    assert said(window3, "a") == Judgement(key_image=True)


def test_the_buttons_say_what_was_called(window3: MainWindow, qtbot: Any) -> None:
    panel = window3.judging
    assert not panel.kinds["viral"].isVisible()
    qtbot.mouseClick(panel.calls["pneumonia"], Qt.MouseButton.LeftButton)
    assert said(window3, "a").call == "pneumonia"
    qtbot.mouseClick(panel.kinds["viral"], Qt.MouseButton.LeftButton)
    assert said(window3, "a").kind == "viral"

    def checked() -> list[str]:
        buttons = {**panel.calls, **panel.kinds}
        return [name for name, button in buttons.items() if button.isVisible() and button.isChecked()]

    assert checked() == ["pneumonia", "viral"]
    # The same button again is no way to lose a call.
    qtbot.mouseClick(panel.calls["normal"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.calls["normal"], Qt.MouseButton.LeftButton)
    assert (checked(), said(window3, "a").call) == (["normal"], "normal")
    window3.worklist.step(1)
    assert checked() == []


def test_a_click_leaves_the_keys_on_the_image(window3: MainWindow, qtbot: Any) -> None:
    window3.view.setFocus()
    qtbot.mouseClick(window3.judging.calls["normal"], Qt.MouseButton.LeftButton)
    assert window3.view.hasFocus()


def test_every_step_can_be_undone_and_done_again(window3: MainWindow, qtbot: Any) -> None:
    view = window3.view
    qtbot.keyClick(view, Key.Key_N)
    called = said(window3, "a")
    qtbot.keyClick(view, Key.Key_K)
    window3.worklist.step(1)
    qtbot.keyClick(view, Key.Key_P)
    undo, redo = window3.actions_by_id[ActionId.UNDO], window3.actions_by_id[ActionId.REDO]
    assert undo.text() == "&Undo call pneumonia"
    qtbot.keyClick(view, Key.Key_Z, CTRL)
    assert (said(window3, "b"), current(window3)) == (NO_JUDGEMENT, "b")
    qtbot.keyClick(view, Key.Key_Z, CTRL)
    # What was undone is what the reader looks at.
    assert (said(window3, "a"), current(window3)) == (called, "a")
    qtbot.keyClick(view, Key.Key_Z, CTRL)
    assert (said(window3, "a"), undo.isEnabled()) == (NO_JUDGEMENT, False)
    qtbot.keyClick(view, Key.Key_Z, CTRL | SHIFT)
    assert said(window3, "a") == called
    qtbot.keyClick(view, Key.Key_Y, CTRL)
    qtbot.keyClick(view, Key.Key_Y, CTRL)
    assert (said(window3, "b").call, current(window3), redo.isEnabled()) == ("pneumonia", "b", False)


def test_removal_and_judging_share_one_history(window3: MainWindow, qtbot: Any) -> None:
    view = window3.view
    qtbot.keyClick(view, Key.Key_N)
    qtbot.keyClick(view, Key.Key_Delete)
    assert window3.actions_by_id[ActionId.UNDO].text() == "&Undo removal"
    qtbot.keyClick(view, Key.Key_Z, CTRL)
    assert said(window3, "a").call == "normal"
    qtbot.keyClick(view, Key.Key_Z, CTRL)
    assert said(window3, "a") == NO_JUDGEMENT
    for _ in range(2):
        window3.actions_by_id[ActionId.REDO].trigger()
    assert [case.name for case in window3.session.worklist.cases()] == ["b", "c"]


def test_opening_more_leaves_judgements_undoable(open_files: Open, qtbot: Any) -> None:
    window = open_files("a")
    qtbot.keyClick(window.view, Key.Key_P)
    open_files("b", wait=lambda: finished(window) and current(window) == "b")
    qtbot.keyClick(window.view, Key.Key_Z, CTRL)
    assert (said(window, "a"), current(window)) == (NO_JUDGEMENT, "a")


def test_next_unreviewed_goes_round_and_says_when_there_is_none(window3: MainWindow, qtbot: Any) -> None:
    view = window3.view
    window3.worklist.step(1)
    qtbot.keyClick(view, Key.Key_N)
    for expected in ("c", "a", "c"):
        qtbot.keyClick(view, Key.Key_J)
        assert current(window3) == expected
    qtbot.keyClick(view, Key.Key_N)
    qtbot.keyClick(view, Key.Key_J)
    qtbot.keyClick(view, Key.Key_N)
    qtbot.keyClick(view, Key.Key_J)
    assert (current(window3), window3.message.words.text()) == ("a", ALL_REVIEWED)
    assert window3.judging.count.text() == "3 of 3"


def test_going_on_after_a_call_is_a_choice_that_lasts(
    make_window: Callable[[], MainWindow], window3: MainWindow, qtbot: Any
) -> None:
    window3.actions_by_id[ActionId.GO_ON].trigger()
    for key in (Key.Key_N, Key.Key_V, Key.Key_U):
        qtbot.keyClick(window3.view, key)
    calls = [case.judgement.kind or case.judgement.call for case in window3.session.worklist.cases()]
    assert calls == ["normal", "viral", "unsure"]
    window3.close()
    assert make_window().actions_by_id[ActionId.GO_ON].isChecked()


def test_a_note_is_one_step_however_many_letters(window3: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(window3.view, Key.Key_W)
    note = window3.judging.note
    assert note.hasFocus()
    qtbot.keyClicks(note, "new")  # letters that are keys elsewhere
    window3.view.setFocus()
    qtbot.keyClick(window3.view, Key.Key_W)
    qtbot.keyClicks(note, " P")  # what was there stays
    assert said(window3, "a") == Judgement(note="new P")
    qtbot.keyClick(note, Key.Key_Escape)
    assert window3.view.hasFocus()
    window3.worklist.step(1)
    assert note.text() == ""
    window3.actions_by_id[ActionId.UNDO].trigger()
    assert (said(window3, "a"), current(window3), note.text()) == (NO_JUDGEMENT, "a", "")
    window3.actions_by_id[ActionId.REDO].trigger()
    assert note.text() == "new P"


def test_tags_are_different_words(window3: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(window3.view, Key.Key_W)
    tags = window3.judging.tags
    qtbot.keyClicks(tags, "effusion,  left   base, effusion,")
    assert said(window3, "a").tags == ("effusion", "left base")
    assert tags.text() == "effusion,  left   base, effusion,"  # nothing is rewritten under the hands
    qtbot.keyClick(tags, Key.Key_Return)
    window3.worklist.step(1)
    window3.worklist.step(-1)
    assert tags.text() == "effusion, left base"


def test_a_difference_from_the_model_is_said_without_a_verdict(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scores["a"] = 0.95
    window = open_files("a")
    words = window.judging.words
    assert words.text == "Not reviewed yet."
    qtbot.keyClick(window.view, Key.Key_N)
    assert words.text.startswith("Your call differs from the model's. Reviewed at")
    qtbot.keyClick(window.view, Key.Key_U)
    assert "differs" not in words.text


def test_a_file_that_cannot_be_read_has_no_call(open_files: Open, qtbot: Any) -> None:
    window = open_files("broken", "b")
    qtbot.keyClick(window.view, Key.Key_N)
    assert said(window, "broken") == NO_JUDGEMENT
    assert not window.judging.calls["normal"].isEnabled()
    qtbot.keyClick(window.view, Key.Key_J)
    qtbot.keyClick(window.view, Key.Key_N)
    qtbot.keyClick(window.view, Key.Key_J)
    assert (current(window), window.message.words.text()) == ("b", ALL_REVIEWED)


def test_each_frame_has_a_judgement_of_its_own(open_files: Open, qtbot: Any) -> None:
    window = open_files("frames.dcm")
    qtbot.keyClick(window.view, Key.Key_N)
    window.session.choose_frame(2)
    qtbot.waitUntil(lambda: finished(window))
    assert said(window, "frames.dcm") == NO_JUDGEMENT
    qtbot.keyClick(window.view, Key.Key_P)
    window.session.choose_frame(0)
    assert said(window, "frames.dcm").call == "normal"
    window.actions_by_id[ActionId.UNDO].trigger()
    assert said(window, "frames.dcm").call == "normal"
    window.session.choose_frame(2)
    assert said(window, "frames.dcm") == NO_JUDGEMENT


def test_a_file_that_comes_back_brings_its_judgement(open_files: Open, qtbot: Any) -> None:
    window = open_files("a", "b")
    qtbot.keyClick(window.view, Key.Key_P)
    window.actions_by_id[ActionId.CLEAR].trigger()
    open_files("a", wait=lambda: finished(window))
    assert said(window, "a").call == "pneumonia"


def test_a_rejudged_case_survives_a_new_model(window3: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(window3.view, Key.Key_N)
    with qtbot.waitSignal(window3.session.engine_ready):
        window3.session.open_model(Path("/x/other.bundle"))
    qtbot.waitUntil(lambda: finished(window3))
    assert said(window3, "a").call == "normal"


def test_the_keys_stand_in_menu_and_sheet(window: MainWindow) -> None:
    rows = dict(sections())["Review"]
    assert ("Call normal", "N") in rows
    assert ("Next unreviewed", "J") in rows
    assert ActionId.GO_ON in MENUS["&Review"]
    assert not window.actions_by_id[ActionId.CALL_NORMAL].isEnabled()


def test_the_buttons_have_the_tips_of_their_keys(window3: MainWindow) -> None:
    tips = [button.toolTip() for button in window3.judging.findChildren(QPushButton)]
    assert any("(N)" in tip for tip in tips)
    assert all(tips)
