"""From the lesson in the main window to a learner, an audience, results and handouts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDialog

from core.teaching.lesson_file import write_lesson
from core.truth import Findings, Truth
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.teaching.handouts import Handouts
from deeppneumo_gui.teaching.learner_actions import Key
from deeppneumo_gui.truth.rule import rule_of_names
from deeppneumo_gui.window import MainWindow
from tests.core.teaching.lessons import make_item, make_lesson, write_radiographs
from tests.gui.lesson_helpers import build, never_ask, open_real, trigger

__all__ = ["never_ask", "open_real"]
Open = Callable[..., MainWindow]


def start_run(window: MainWindow, qtbot: Any) -> Any:
    trigger(window, ActionId.READ_LESSON)
    learner = window.lessons.start.learner
    assert learner is not None
    learner.start_page.begin_button.click()
    qtbot.waitUntil(lambda: learner.session.display is not None and learner.session.ready.scored)
    return learner


def answer(learner: Any) -> None:
    for key in (Key.NORMAL, Key.SURE_3, Key.COMMIT):
        assert learner.actions_by_id[key].isEnabled()
        learner.actions_by_id[key].trigger()
    assert learner.session.run.stage == "committed"


def test_a_learner_reads_while_the_main_window_is_away(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot)
    learner = start_run(window, qtbot)
    assert learner.isVisible()
    assert not window.isVisible()
    visible = [
        widget for widget in QApplication.topLevelWidgets() if widget.isVisible() and widget.isWindow()
    ]
    assert visible == [learner]
    assert learner.session.lesson == window.lessons.document.lesson
    learner.close()
    assert window.isVisible()
    assert window.lessons.start.learner is None


def test_what_floats_beside_the_main_window_is_away_too(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot)
    # A dock that floats is such a window, too.
    dialog = QDialog(window)
    dialog.show()
    learner = start_run(window, qtbot)
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.isWindow()] == [learner]
    learner.close()
    assert dialog.isVisible()
    dialog.close()


def test_a_run_that_was_broken_off_goes_on(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot)
    assert not window.actions_by_id[ActionId.CONTINUE_RUN].isEnabled()
    learner = start_run(window, qtbot)
    answer(learner)
    code = learner.session.run.code
    learner.close()
    qtbot.waitUntil(lambda: len(window.lessons.start.open_runs) == 1)
    trigger(window, ActionId.CONTINUE_RUN)
    again = window.lessons.start.learner
    assert again is not None
    assert again.session.run.code == code
    again.close()
    lesson = window.lessons.document.lesson
    assert lesson is not None
    window.lessons.document.take_out([0])
    assert window.lessons.start.open_runs == ()


def test_a_finished_run_leads_to_its_debrief_and_later_to_the_results(open_real: Open, qtbot: Any) -> None:
    window = open_real(1)
    build(window, qtbot)
    assert not window.actions_by_id[ActionId.LESSON_RESULTS].isEnabled()
    learner = start_run(window, qtbot)
    answer(learner)
    for _ in range(2):
        learner.actions_by_id[Key.GO_ON].trigger()
    assert learner.session.run.finished
    learner.debrief_wanted.emit(learner.session.run)
    (debrief,) = window.lessons.start.debriefing.windows
    assert debrief.isVisible()
    learner.close()
    assert window.isVisible()
    debrief.close()
    assert window.lessons.start.debriefing.windows == []
    qtbot.waitUntil(lambda: window.actions_by_id[ActionId.LESSON_RESULTS].isEnabled())
    trigger(window, ActionId.LESSON_RESULTS)
    (results,) = window.lessons.start.debriefing.windows
    results.close()


def test_a_floating_panel_is_remembered_where_the_program_ends_during_a_presentation(
    make_window: Callable[[], MainWindow], open_real: Open, qtbot: Any
) -> None:
    window = open_real(2)
    build(window, qtbot)
    window.measures.dock.setFloating(True)
    window.measures.dock.show()
    window.lessons.start.present()
    assert not window.measures.dock.isVisible()
    window.close()
    again = make_window()
    assert again.measures.dock.isFloating()
    assert again.measures.dock.isVisible()


def test_a_lesson_is_presented_while_the_main_window_is_away(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot)
    trigger(window, ActionId.PRESENT_LESSON)
    presentation = window.lessons.start.presentation
    assert presentation is not None
    assert presentation.lesson == window.lessons.document.lesson
    assert presentation.audience.isVisible()
    assert not window.isVisible()
    window.lessons.start.present()
    assert window.lessons.start.presentation is presentation
    presentation.end()
    assert window.isVisible()
    assert window.lessons.start.presentation is None


@pytest.mark.parametrize("begin", [ActionId.READ_LESSON, ActionId.PRESENT_LESSON])
def test_a_lesson_that_is_handed_over_meanwhile_waits_for_the_main_window(
    open_real: Open, qtbot: Any, tmp_path: Path, begin: ActionId
) -> None:
    window = open_real(2)
    build(window, qtbot)
    write_lesson(tmp_path / "x.deeplesson", make_lesson([make_item(0)]))
    trigger(window, begin)
    shown = [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]
    QApplication.instance().files_requested.emit([tmp_path / "x.deeplesson"])  # type: ignore[union-attr]
    opening, start = window.lessons.opening, window.lessons.start
    qtbot.waitUntil(lambda: opening._held is not None)
    assert opening.door is None
    assert [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()] == shown
    if start.learner is not None:
        start.learner.close()
    elif start.presentation is not None:
        start.presentation.end()
    assert opening.door is not None
    assert opening.door.isVisible()
    opening.door.reject()


def test_truth_that_is_read_meanwhile_is_told_once_the_main_window_is_back(
    open_real: Open, qtbot: Any
) -> None:
    window = open_real(2)
    build(window, qtbot)
    trigger(window, ActionId.PRESENT_LESSON)
    presentation = window.lessons.start.presentation
    assert presentation is not None
    # One of two is found, so that the other one is listed in a dialog.
    first, second = (case.path for case in window.session.worklist.cases())
    found = Findings({first: Truth.from_word("viral", "file name")}, missing=(second,))
    window.truth._answered.emit(rule_of_names("file names", lambda paths: found), found)
    assert window.truth.dialog is None
    presentation.end()
    qtbot.waitUntil(lambda: window.truth.dialog is not None)
    window.truth.dialog.close()


def test_a_lesson_from_a_file_is_read_without_being_edited(
    window: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    found = write_radiographs(tmp_path, 2)
    lesson = make_lesson([make_item(n, content=content) for n, content in enumerate(found)])
    write_lesson(tmp_path / "x.deeplesson", lesson)
    window.start([tmp_path / "x.deeplesson"])
    qtbot.waitUntil(lambda: window.lessons.opening.door is not None)
    door = window.lessons.opening.door
    assert door is not None
    door.read.click()
    learner = window.lessons.start.learner
    assert learner is not None
    assert learner.session.lesson == lesson
    assert window.session.worklist.cases() == ()
    assert window.lessons.document.lesson is None
    learner.start_page.begin_button.click()
    qtbot.waitUntil(lambda: learner.session.display is not None)
    learner.close()


def test_slides_and_pages_are_asked_of_the_handouts(
    open_real: Open, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(2)
    build(window, qtbot)
    asked: list[tuple[str, Any]] = []
    monkeypatch.setattr(Handouts, "deck", lambda self, lesson, radiographs: asked.append(("deck", lesson)))
    monkeypatch.setattr(Handouts, "pages", lambda self, lesson, radiographs: asked.append(("pages", lesson)))
    trigger(window, ActionId.LESSON_DECK, ActionId.LESSON_PAGES)
    lesson = window.lessons.document.lesson
    assert asked == [("deck", lesson), ("pages", lesson)]


def test_closing_the_program_closes_the_windows_of_teaching(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot)
    learner = start_run(window, qtbot)
    window._end()
    assert not learner.isVisible()
    assert not window.isVisible()
