"""The inference thread through the window: order, overtaking, cancelling, closing, failing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference.messages import Loaded, Outcome, Ticket
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes, make_radiograph, no_model

Open = Callable[..., MainWindow]


def states(window: MainWindow) -> list[CaseState]:
    return [case.state for case in window.session.worklist.cases()]


def test_opened_files_are_listed_shown_and_scored(open_files: Open, fakes: Fakes) -> None:
    window = open_files("a.png", "b.png", "c.png")
    assert [case.name for case in window.session.worklist.cases()] == ["a.png", "b.png", "c.png"]
    assert states(window) == [CaseState.SCORED] * 3
    assert sorted(fakes.scored) == ["a.png", "b.png", "c.png"]
    assert window.session.current is not None
    assert window.session.current.name == "a.png"
    assert window.view.display is not None
    assert window.result.number.text() == "0.80"


def test_the_first_image_is_on_screen_before_the_second_is_scored(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold(1)
    window = open_files("a", "b", wait=lambda: fakes.scoring.arrived == 2)
    qtbot.waitUntil(lambda: window.view.display is not None and states(window)[0] is CaseState.SCORED)
    assert fakes.scored == ["a", "b"]


def test_a_folder_is_walked(open_files: Open, fakes: Fakes) -> None:
    fakes.folders["ward"] = [Path("/private/smith/ward") / name for name in ("a.png", "b.png")]
    window = open_files("ward")
    assert [case.name for case in window.session.worklist.cases()] == ["a.png", "b.png"]


def test_a_click_overtakes_the_batch(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.scoring.hold()
    window = open_files(*"abcdef", wait=lambda: fakes.scoring.arrived == 1)
    window.worklist.choose(case_named(window, "f"))
    fakes.scoring.give()
    qtbot.waitUntil(lambda: fakes.scoring.arrived == 2)
    assert fakes.scored == ["a", "f"]
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert fakes.scored == ["a", "f", "b", "c", "d", "e"]
    assert window.session.current is not None
    assert window.session.current.name == "f"


def test_a_case_selected_during_its_own_batch_job_is_scored_once(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold(1)
    window = open_files("a", "b", wait=lambda: fakes.scoring.arrived == 2)
    assert fakes.scored == ["a", "b"]
    window.worklist.choose(case_named(window, "b"))
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert fakes.scored == ["a", "b"]
    assert window.result.number.text() == "0.80"


def test_only_the_newest_of_several_clicks_is_read(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files(*"abcd")
    fakes.read.clear()
    fakes.reading.hold()
    window.worklist.choose(case_named(window, "b"))
    arrived = fakes.reading.arrived
    qtbot.waitUntil(lambda: fakes.reading.arrived == arrived + 1 or fakes.read == ["b"])
    window.worklist.choose(case_named(window, "c"))
    window.worklist.choose(case_named(window, "d"))
    fakes.reading.open()
    qtbot.waitUntil(lambda: window.view.display is not None)
    assert fakes.read == ["b", "d"]


def test_an_overtaken_selection_goes_back_to_the_head_of_the_batch(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold()
    window = open_files(*"abcdef", wait=lambda: fakes.scoring.arrived == 1)
    fakes.reading.hold()
    window.worklist.choose(case_named(window, "e"))
    before = fakes.read.count("e")
    fakes.scoring.give()
    qtbot.waitUntil(lambda: fakes.read.count("e") == before + 1)
    window.worklist.choose(case_named(window, "f"))
    fakes.reading.open()
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert fakes.scored == ["a", "f", "e", "b", "c", "d"]


@pytest.mark.parametrize("held", ["b", "e"], ids=["a file of the batch", "an earlier click"])
def test_a_click_overtakes_what_has_been_read_but_not_begun(
    open_files: Open, fakes: Fakes, qtbot: Any, held: str
) -> None:
    fakes.scoring.hold()
    window = open_files(*"abcdef", wait=lambda: fakes.scoring.arrived == 1)
    fakes.checking.hold()
    if held == "e":
        window.worklist.choose(case_named(window, "e"))
    fakes.scoring.open()
    qtbot.waitUntil(lambda: fakes.checking.arrived == 2)
    window.worklist.choose(case_named(window, "f"))
    fakes.checking.open()
    qtbot.waitUntil(lambda: finished(window))
    rest = [name for name in "bcde" if name != held]
    assert fakes.scored == ["a", "f", held, *rest]


def test_a_stale_answer_is_not_shown(open_files: Open) -> None:
    window = open_files("a", "b")
    current = window.session.current
    assert current is not None
    shown = window.view.display
    window.session._on_radiograph_loaded(Loaded(Ticket(0), current.case_id, make_radiograph()))
    assert window.view.display is shown


def test_nothing_of_the_previous_image_stays_while_the_next_one_loads(
    open_files: Open, fakes: Fakes, window: MainWindow, qtbot: Any
) -> None:
    fakes.scoring.hold(1)
    open_files("a", "b", wait=lambda: fakes.scoring.arrived == 2)
    qtbot.waitUntil(lambda: window.result.number.text() == "0.80" and window.view.display is not None)
    window.heatmap.set_visible(True)
    assert window.view.overlay_shown
    fakes.reading.hold()
    window.worklist.choose(case_named(window, "b"))
    assert window.view.display is None
    assert not window.view.overlay_shown
    assert window.result.number.text() == "\N{EN DASH}"
    assert window.result.notes.text() == ""
    assert window.heatmap.strength.text() == "No heatmap yet: the file is being read."
    assert window.result.statement.text() == "Being scored..."


def test_cancel_keeps_what_is_scored_and_resume_does_the_rest(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold(1)
    window = open_files(*"abcd", wait=lambda: fakes.scoring.arrived == 2)
    qtbot.waitUntil(lambda: window.session.progress.done == 1)
    assert not window.worklist.progress.isHidden()
    window.session.cancel()
    assert not window.session.progress.running
    fakes.scoring.open()
    qtbot.waitUntil(lambda: states(window)[1] is CaseState.SCORED)
    assert states(window) == [CaseState.SCORED] * 2 + [CaseState.NOT_SCORED] * 2
    assert window.worklist.progress.words.text() == "2 not scored"
    window.session.resume()
    qtbot.waitUntil(lambda: finished(window))
    assert fakes.scored == list("abcd")
    assert window.worklist.progress.isHidden()


def test_a_cancelled_batch_still_scores_what_is_clicked(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.scoring.hold(1)
    window = open_files(*"abcd", wait=lambda: fakes.scoring.arrived == 2)
    window.session.cancel()
    window.worklist.choose(case_named(window, "d"))
    fakes.scoring.open()
    qtbot.waitUntil(lambda: states(window)[3] is CaseState.SCORED)
    assert fakes.scored == ["a", "b", "d"]
    # It is told at once that one less is to be scored.
    assert window.worklist.progress.words.text() == "1 not scored"


def test_closing_during_a_batch_ends_it(
    open_files: Open, fakes: Fakes, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.scoring.hold(1)
    names = [f"{number}.png" for number in range(200)]
    window = open_files(*names, wait=lambda: fakes.scoring.arrived == 2)
    thread = window.session._thread
    stop = thread.stop

    def stop_and_release() -> None:
        stop()
        fakes.scoring.open()

    monkeypatch.setattr(thread, "stop", stop_and_release)
    window.close()
    assert thread.isFinished()
    # The file in hand was finished, none after it was begun.
    assert len(fakes.scored) == 2


def test_bad_files_become_rows_and_the_batch_goes_on(open_files: Open) -> None:
    window = open_files("broken.png", "crash.png", "blank.png", "fail.png", "good.png")
    reasons = [(case.state.value, case.reason) for case in window.session.worklist.cases()]
    assert reasons == [
        ("unreadable", "The file ends before its image does."),
        ("unreadable", "The file could not be read."),
        ("refused", "The image is blank or nearly so."),
        ("refused", "The model could not be run on this image."),
        ("scored", None),
    ]


def test_an_unreadable_file_says_so_on_the_canvas(open_files: Open) -> None:
    window = open_files("broken.png")
    assert window.view.display is None
    assert window.view._text.sentence == "The file ends before its image does."
    assert "could not be read" in window.result.statement.text()
    assert window.result.number.text() == "\N{EN DASH}"


def test_a_refused_image_is_shown_with_the_reason_and_no_score(open_files: Open) -> None:
    window = open_files("blank.png")
    assert window.view.display is not None
    assert "The image is blank or nearly so." in window.result.statement.text()
    assert window.result.number.text() == "\N{EN DASH}"


def test_a_file_that_vanishes_after_scoring_keeps_its_score(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    window = open_files("a", "b")
    fakes.vanished.add("b")
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: window.view.settled)
    assert window.view._text.title == "This file could not be read"
    assert window.result.number.text() == "0.80"
    assert window.result.statement.text() == "Scored earlier; the file ends before its image does."


def test_without_a_model_images_are_shown_and_the_reason_is_said(
    open_files: Open, fakes: Fakes, window: MainWindow, qtbot: Any
) -> None:
    fakes.load_error = no_model()
    open_files("a", "b", wait=lambda: window.view.display is not None)
    qtbot.waitUntil(lambda: window.session.failure is not None)
    assert states(window) == [CaseState.NOT_SCORED] * 2
    assert "The file of the model is not there." in window.result.statement.text()
    assert "The file of the model is not there." in window.message.words.text()
    assert window.worklist.progress.isHidden()
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: window.view.display is not None)
    assert fakes.scored == []
    assert not window.message.isHidden()


def test_a_model_that_fails_unexpectedly_is_told_without_its_details(
    window: MainWindow, fakes: Fakes, qtbot: Any
) -> None:
    fakes.load_error = OSError("/private/smith/model")
    window.start()
    qtbot.waitUntil(lambda: window.session.failure is not None)
    assert window.session.failure == "The model could not be loaded."


def test_opening_a_known_file_selects_it_and_adds_no_row(open_files: Open, qtbot: Any) -> None:
    window = open_files("a", "b")
    with qtbot.waitSignal(window.session.cases_opened):
        window.session.open_paths([Path("/private/smith/b")])
    assert len(window.session.worklist.cases()) == 2
    assert window.session.current is not None
    assert window.session.current.name == "b"


def test_an_empty_folder_is_said(window: MainWindow, fakes: Fakes, qtbot: Any) -> None:
    fakes.folders["empty"] = []
    window.start([Path("/private/smith/empty")])
    qtbot.waitUntil(lambda: not window.message.isHidden())
    assert window.message.words.text() == "No radiographs were found in what was opened."


def test_closing_all_empties_the_window(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.scoring.hold(1)
    window = open_files(*"abc", wait=lambda: fakes.scoring.arrived == 2)
    window.session.clear()
    assert window.session.worklist.cases() == ()
    assert window.view.display is None
    assert window.pages.currentWidget() is window.invitation
    with qtbot.waitSignal(window.session._thread.job_finished):
        fakes.scoring.open()
    assert window.session.worklist.cases() == ()
    assert window.worklist.progress.isHidden()


def test_a_selection_put_back_into_a_cancelled_batch_does_not_wait(open_files: Open, fakes: Fakes) -> None:
    fakes.scoring.hold(1)
    window = open_files("a", "b", "c", wait=lambda: fakes.scoring.arrived == 2)
    window.session.cancel()
    # The worker's answer was under way when the batch was cancelled.
    window.session.arrivals.show(Outcome(case_named(window, "c").case_id, CaseState.WAITING))
    assert states(window)[2] is CaseState.NOT_SCORED
