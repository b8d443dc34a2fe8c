"""Files with several frames: one is shown and scored, and the reader chooses which."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference.messages import Job
from deeppneumo_gui.inference.queue import JobQueue
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]


def frame_on_screen(window: MainWindow) -> int | None:
    return None if window.view.display is None else window.view.display.radiograph.frame


def test_a_file_of_one_frame_offers_no_choice(open_files: Open) -> None:
    assert not open_files("a.png").frames.isVisible()


def test_the_first_frame_is_shown_and_said(open_files: Open, qtbot: Any) -> None:
    window = open_files("frames.dcm", "a.png")
    assert window.frames.isVisible()
    assert (window.frames.number.value(), window.frames.number.maximum()) == (1, 5)
    assert window.frames.note.text() == "of 5. Shown and scored by itself."
    window.worklist.choose(case_named(window, "a.png"))
    assert not window.frames.isVisible()


def test_another_frame_is_shown_and_scored(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.scores["frames.dcm"] = 0.3
    window = open_files("frames.dcm")
    fakes.scores["frames.dcm"] = 0.9
    window.frames.number.setValue(3)
    assert window.view.display is None
    assert window.result.number.text() == "\N{EN DASH}"
    qtbot.waitUntil(lambda: finished(window))
    assert frame_on_screen(window) == 2
    assert window.result.number.text() == "0.90"
    assert fakes.scored == ["frames.dcm"] * 2
    assert window.frames.isVisible()
    assert window.frames.slider.value() == 3


def test_the_chosen_frame_comes_back_with_its_case(open_files: Open, qtbot: Any, fakes: Fakes) -> None:
    window = open_files("frames.dcm", "a.png")
    window.frames.number.setValue(4)
    qtbot.waitUntil(lambda: finished(window))
    window.worklist.choose(case_named(window, "a.png"))
    qtbot.waitUntil(lambda: finished(window))
    window.worklist.choose(case_named(window, "frames.dcm"))
    qtbot.waitUntil(lambda: finished(window))
    assert frame_on_screen(window) == 3
    assert window.frames.number.value() == 4
    assert len(fakes.scored) == 3


def test_the_first_frame_is_scored_again_when_it_is_chosen_again(
    open_files: Open, qtbot: Any, fakes: Fakes
) -> None:
    window = open_files("frames.dcm")
    for number in (2, 1):
        window.frames.number.setValue(number)
        qtbot.waitUntil(lambda: finished(window))
    assert case_named(window, "frames.dcm").score is not None
    assert frame_on_screen(window) == 0


def test_a_score_of_the_frame_before_is_not_shown(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.scoring.hold()
    fakes.scores["frames.dcm"] = 0.3
    window = open_files("frames.dcm", wait=lambda: fakes.scoring.arrived == 1)
    qtbot.waitUntil(lambda: window.frames.isVisible())
    window.frames.number.setValue(5)
    with qtbot.waitSignal(window.session._thread.job_finished):
        fakes.scoring.give()
    assert case_named(window, "frames.dcm").score is None
    fakes.scores["frames.dcm"] = 0.6
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert case_named(window, "frames.dcm").score == pytest.approx(0.6)


def test_a_frame_chosen_before_its_turn_leaves_the_batch(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.scoring.hold()
    window = open_files("a.png", "frames.dcm", wait=lambda: fakes.scoring.arrived == 1)
    window.worklist.choose(case_named(window, "frames.dcm"))
    fakes.scoring.give()
    qtbot.waitUntil(lambda: window.frames.isVisible())
    window.frames.number.setValue(2)
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert [case.state for case in window.session.worklist.cases()] == [CaseState.SCORED] * 2
    assert not window.session.progress.running
    assert frame_on_screen(window) == 1


def test_the_arrows_of_the_keyboard_reach_every_frame(open_files: Open, qtbot: Any) -> None:
    window = open_files("frames.dcm")
    window.frames.number.setFocus()
    qtbot.keyClick(window.frames.number, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: finished(window))
    assert frame_on_screen(window) == 1


def test_a_score_belongs_to_a_frame() -> None:
    queue = JobQueue()
    first, second = Job(1, Path("a")), Job(1, Path("a"), frame=1)
    queue.mark_scored(first)
    queue.extend([first])
    assert queue.upcoming(1) == []
    queue.extend([second])
    assert queue.upcoming(1) == [second]
    queue.withdraw([1])
    assert queue.upcoming(1) == []
    queue.extend([first])
    assert queue.upcoming(1) == [first]
