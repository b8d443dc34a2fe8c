"""Runs that were read on other computers stand beside those of this one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox

import deeppneumo_gui.teaching.handouts as handouts_module
from core.store.runs import KeptRun
from core.teaching.lesson import Lesson
from core.teaching.run import Run
from core.teaching.run_file import read_runs, write_runs
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.teaching import learner_runs
from deeppneumo_gui.teaching.debrief_window import DebriefWindow
from deeppneumo_gui.teaching.debriefing import GONE
from deeppneumo_gui.teaching.learner_runs import added_words, ask_to_delete, gather
from deeppneumo_gui.window import MainWindow
from tests.gui.lesson_helpers import build, never_ask, open_real, trigger
from tests.gui.test_lesson_builder_starts import answer, start_run

__all__ = ["never_ask", "open_real"]
Open = Callable[..., MainWindow]
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def in_hand(window: MainWindow) -> Lesson:
    lesson = window.lessons.document.lesson
    assert lesson is not None
    return lesson


def write_run(path: Path, lesson: Lesson, code: str) -> Run:
    """Let a learner elsewhere read the first case and save the run."""
    run = Run.begin(lesson, 0.0, code=code, shuffled=False)
    run.set_call("normal")
    run.set_confidence(3)
    assert run.commit(1.0, None)
    assert run.reveal()
    write_runs(path, [KeptRun(run, NOW, None)])
    return run


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Says which files the teacher will choose."""

    def choose_(*paths: Path) -> None:
        monkeypatch.setattr(learner_runs, "ask_run_files", lambda parent: list(paths))

    return choose_


def test_runs_from_several_computers_stand_side_by_side(
    open_real: Open, choose: Callable[..., None], qtbot: Any, tmp_path: Path
) -> None:
    window = open_real(2)
    build(window, qtbot)
    lesson, start = in_hand(window), window.lessons.start
    write_run(tmp_path / "a.deeprun", lesson, "B3-C4")
    write_run(tmp_path / "b.deeprun", lesson, "C4-D5")
    choose(tmp_path / "a.deeprun")
    assert not window.actions_by_id[ActionId.LESSON_RESULTS].isEnabled()
    trigger(window, ActionId.ADD_RUNS)
    qtbot.waitUntil(lambda: window.actions_by_id[ActionId.LESSON_RESULTS].isEnabled())
    assert window.message.words.text() == "1 run was added."
    trigger(window, ActionId.LESSON_RESULTS)
    (debrief,) = start.debriefing.windows
    assert [one.code for one in debrief.debriefs] == ["B3-C4"]
    choose(tmp_path / "a.deeprun", tmp_path / "b.deeprun")
    debrief.head.add_runs.trigger()
    qtbot.waitUntil(lambda: len(debrief.debriefs) == 2)
    assert debrief.message.words.text() == "1 run was added. 1 was here already."
    assert debrief.pages.currentWidget() is debrief.class_page
    debrief.close()


def test_a_run_is_deleted_only_when_that_is_confirmed(
    open_real: Open, choose: Callable[..., None], qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(1)
    build(window, qtbot)
    start = window.lessons.start
    write_run(tmp_path / "a.deeprun", in_hand(window), "B3-C4")
    choose(tmp_path / "a.deeprun")
    trigger(window, ActionId.ADD_RUNS)
    qtbot.waitUntil(lambda: len(start.runs) == 1)
    trigger(window, ActionId.LESSON_RESULTS)
    (debrief,) = start.debriefing.windows
    asked: list[list[str]] = []

    def ask(parent: object, codes: list[str]) -> bool:
        asked.append(codes)
        return len(asked) > 1

    monkeypatch.setattr(learner_runs, "ask_to_delete", ask)
    debrief.head.delete_runs.trigger()
    assert asked == [["B3-C4"]]
    with qtbot.waitSignal(start.runs_changed):
        debrief.head.delete_runs.trigger()
    assert start.runs == ()
    assert start.debriefing.windows == []
    assert window.message.words.text() == "1 run was deleted."
    assert not window.actions_by_id[ActionId.LESSON_RESULTS].isEnabled()


def read_to_the_end(window: MainWindow, qtbot: Any) -> tuple[Run, DebriefWindow]:
    """Read a lesson of one case as a learner does, up to the debrief."""
    build(window, qtbot)
    learner = start_run(window, qtbot)
    answer(learner)
    learner.session.advance()
    learner.session.advance()
    learner._ask_for_debrief()
    (debrief,) = window.lessons.start.debriefing.windows
    return learner.session.run, debrief


def test_a_learner_saves_the_own_run_for_the_teacher(
    open_real: Open, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(1)
    run, debrief = read_to_the_end(window, qtbot)
    assert debrief.head.runs_button.text() == "Save run..."
    assert debrief.head.runs_button.menu() is None
    names: list[str] = []

    def ask(parent: object, title: str, stem: str, suffix: str) -> Path:
        names.append(f"{stem}.{suffix}")
        return tmp_path / "mine.deeprun"

    monkeypatch.setattr(handouts_module, "ask_document_file", ask)
    lesson = in_hand(window)
    # Also before what is known of the run has come up to its end.
    monkeypatch.setattr(window.lessons.start.learners, "_kept", {})
    with qtbot.waitSignal(window.exports.background.ended):
        debrief.head.runs_button.click()
    assert names == [f"deeppneumo-run-{run.code}.deeprun"]
    (kept,) = read_runs(tmp_path / "mine.deeprun", lesson)
    assert kept.run.run_id == run.run_id
    assert kept.ended_at is not None
    assert debrief.message.words.text() == "1 run saved; add it on the other computer."
    debrief.close()


def test_a_run_that_was_deleted_meanwhile_is_not_saved_in_silence(
    open_real: Open, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(1)
    run, debrief = read_to_the_end(window, qtbot)
    window.session.memory.runs.forget_some([run.run_id])
    for _ in range(2):
        debrief.head.runs_button.click()
    debriefing = window.lessons.start.debriefing
    assert debriefing._saving == [debrief]
    qtbot.waitUntil(lambda: debriefing._saving == [])
    assert debrief.message.words.text() == GONE
    # Who has closed the window meanwhile is asked nothing.
    asked: list[object] = []
    monkeypatch.setattr(handouts_module, "ask_document_file", lambda *given: asked.append(given))
    window.session.memory.runs.put(run)
    debrief.head.runs_button.click()
    debrief.close()
    qtbot.waitUntil(lambda: debriefing._saving == [])
    assert asked == []


def test_results_are_away_while_somebody_reads_or_presents(
    open_real: Open, qtbot: Any, tmp_path: Path
) -> None:
    window = open_real(2)
    build(window, qtbot)
    write_run(tmp_path / "a.deeprun", in_hand(window), "B3-C4")
    start = window.lessons.start
    start.learners._memory.runs.add(gather([tmp_path / "a.deeprun"], in_hand(window)).runs)
    start._recall()
    qtbot.waitUntil(lambda: len(start.runs) == 1)
    trigger(window, ActionId.LESSON_RESULTS)
    (debrief,) = start.debriefing.windows
    for begin in (ActionId.READ_LESSON, ActionId.PRESENT_LESSON):
        trigger(window, begin)
        assert not debrief.isVisible()
        if start.learner is not None:
            start.learner.close()
        elif start.presentation is not None:
            start.presentation.end()
        assert debrief.isVisible()
    debrief.close()


def test_what_does_not_fit_is_refused_by_name_and_the_rest_comes_in(
    open_real: Open, qtbot: Any, tmp_path: Path
) -> None:
    window = open_real(1)
    build(window, qtbot)
    lesson = in_hand(window)
    write_run(tmp_path / "a.deeprun", lesson, "B3-C4")
    write_run(tmp_path / "b.deeprun", replace(lesson, lesson_id="f" * 32), "C4-D5")
    (tmp_path / "c.deeprun").write_bytes(b"PK\x03\x04")
    gathered = gather([tmp_path / f"{name}.deeprun" for name in "abca"], lesson)
    assert [kept.run.code for kept in gathered.runs] == ["B3-C4"]
    assert gathered.refused == (
        "b.deeprun: The runs in it belong to another lesson.",
        "c.deeprun: This file holds no learners' runs.",
    )
    assert added_words(1, 0, gathered.refused[:1]) == f"1 run was added. {gathered.refused[0]}"
    assert added_words(0, 2, ()) == "2 were here already."


@pytest.mark.parametrize(("button", "deleted"), [("Delete", True), ("Cancel", False)])
def test_the_question_before_deleting_defaults_to_keeping(
    window: MainWindow, button: str, deleted: bool
) -> None:
    defaults: list[str] = []

    def press() -> None:
        box = window.findChild(QMessageBox)
        assert box is not None
        defaults.append(box.defaultButton().text())
        assert box.text() == "Delete the run of B3-C4?"
        next(one for one in box.buttons() if one.text().strip("&") == button).click()

    QTimer.singleShot(0, press)
    assert ask_to_delete(window, ["B3-C4"]) == deleted
    assert [words.strip("&") for words in defaults] == ["Cancel"]
