"""A file that hangs in the system costs itself, never the files beside it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest

import deeppneumo_gui.inference.decoder as decoder_module
import deeppneumo_gui.inference.errands as errands_module
import deeppneumo_gui.inference.line as line_module
import deeppneumo_gui.inference.thumbnails as thumbnails_module
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference.decoder import DecodeAhead
from deeppneumo_gui.inference.errands import PREFIX, OvertakenError, ReleasedError, SlowError
from deeppneumo_gui.inference.line import Line
from deeppneumo_gui.inference.messages import Job, Ticket
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes, Gate

Open = Callable[..., MainWindow]
SILENT = "The file does not answer."
AGES = 1000.0
SHORT = 0.4
"""Long beside what the other files take, on a busy machine too."""


@pytest.fixture
def hanging(fakes: Fakes, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """The gate behind which files named `hang*` hang; nothing is waited for long once overtaken."""
    monkeypatch.setattr(errands_module, "PATIENCE_SECONDS", 0.0)
    limit(monkeypatch, AGES)
    monkeypatch.setattr(decoder_module, "SELECTED_LIMIT_SECONDS", AGES)
    fakes.hanging.hold()
    yield fakes.hanging
    fakes.hanging.open()
    window.close()
    for thread in threading.enumerate():
        if thread.name.startswith(PREFIX):
            thread.join(10)


def limit(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    monkeypatch.setattr(decoder_module, "LIMIT_SECONDS", seconds)
    monkeypatch.setattr(thumbnails_module, "LIMIT_SECONDS", seconds)


def state(window: MainWindow, name: str) -> CaseState:
    found: CaseState = case_named(window, name).state
    return found


def test_a_file_that_hangs_in_a_batch_does_not_stop_the_others(
    open_files: Open, fakes: Fakes, hanging: Gate, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    limit(monkeypatch, SHORT)
    window = open_files("a", "hang1", "hang2", "b", "c")
    assert fakes.scored == ["a", "b", "c"]
    assert [case_named(window, name).reason for name in ("hang1", "hang2")] == [SILENT] * 2
    assert state(window, "hang1") is CaseState.UNREADABLE
    assert not window.session.progress.running
    # The share is back, and the file is asked for once more.
    hanging.open()
    limit(monkeypatch, AGES)
    window.worklist.choose(case_named(window, "hang1"))
    qtbot.waitUntil(lambda: finished(window) and state(window, "hang1") is CaseState.SCORED)


def test_a_selected_file_that_hangs_says_so(
    open_files: Open, hanging: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoder_module, "SELECTED_LIMIT_SECONDS", SHORT)
    window = open_files("hang", "b")
    assert window.view._text.sentence == SILENT
    assert state(window, "b") is CaseState.SCORED


def test_a_click_overtakes_a_selected_file_that_hangs(
    open_files: Open, fakes: Fakes, hanging: Gate, qtbot: Any
) -> None:
    window = open_files("hang", "b", wait=lambda: "hang" in fakes.read)
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: window.view.display is not None and state(window, "b") is CaseState.SCORED)
    assert state(window, "hang") in (CaseState.WAITING, CaseState.SCORING)
    hanging.open()
    qtbot.waitUntil(lambda: finished(window))
    assert state(window, "hang") is CaseState.SCORED
    # What was slow, not dead, was read on and not begun anew.
    assert fakes.read.count("hang") == 1


def test_a_click_overtakes_a_file_of_the_batch_that_hangs(
    open_files: Open, fakes: Fakes, hanging: Gate, qtbot: Any
) -> None:
    window = open_files("a", "hang", "c", "d", "e", wait=lambda: "hang" in fakes.read)
    qtbot.waitUntil(lambda: state(window, "hang") is CaseState.SCORING)
    window.worklist.choose(case_named(window, "e"))
    qtbot.waitUntil(lambda: window.view.display is not None and state(window, "e") is CaseState.SCORED)
    assert fakes.scored == ["a", "e"]
    hanging.open()
    qtbot.waitUntil(lambda: finished(window))
    assert fakes.scored == ["a", "e", "hang", "c", "d"]
    assert fakes.read.count("hang") == 1


def test_a_file_that_hangs_and_is_cancelled_does_not_return(
    open_files: Open, fakes: Fakes, hanging: Gate, qtbot: Any
) -> None:
    window = open_files("a", "hang", "c", wait=lambda: "hang" in fakes.read)
    qtbot.waitUntil(lambda: state(window, "hang") is CaseState.SCORING)
    window.session.cancel()
    window.worklist.choose(case_named(window, "c"))
    qtbot.waitUntil(lambda: state(window, "c") is CaseState.SCORED)
    assert state(window, "hang") is CaseState.NOT_SCORED
    assert fakes.scored == ["a", "c"]


def test_a_thumbnail_that_hangs_does_not_stop_the_others(
    open_files: Open, fakes: Fakes, hanging: Gate, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    limit(monkeypatch, SHORT)
    window = open_files("a", "hang1", "b", "hang2", "c")
    window.worklist.view.grab()
    qtbot.waitUntil(lambda: {"a", "b", "c"} <= set(fakes.pictured))


def test_the_selected_file_is_read_although_the_batch_left_all_it_may(
    fakes: Fakes, hanging: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "MOST_LEFT", 1)
    overtaken = [True]
    with DecodeAhead(fakes.services().read, lambda: overtaken[0]) as decoder:
        for number in range(3):
            with pytest.raises(OvertakenError):
                decoder.radiograph(Job(number, Path(f"hang{number}")))
        # The third waits behind the second, which may not be left.
        assert "hang2" not in fakes.read
        overtaken[0] = False
        assert fakes.name_of(decoder.radiograph(Job(9, Path("z"), Ticket(1)))) == "z"
        hanging.open()


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line("test")
    yield line
    line.close()
    for thread in threading.enumerate():
        if thread.name == f"{PREFIX}test":
            thread.join(10)


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    gate.hold()
    yield gate
    gate.open()


def test_a_line_leaves_no_more_threads_than_it_may(
    line: Line, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "MOST_LEFT", 2)
    for _ in range(2):
        with pytest.raises(SlowError):
            line.result(line.submit(gate.enter), 0.0)
    third, last = line.submit(gate.enter), line.submit(int, "3")
    assert not line.leave(third)
    assert sum(thread.name == f"{PREFIX}test" for thread in threading.enumerate()) == 3
    # With so many it waits beyond the limit, until the system answers or something more urgent comes.
    monkeypatch.setattr(errands_module, "PATIENCE_SECONDS", 0.0)
    asked = itertools.count()
    with pytest.raises(OvertakenError):
        line.result(last, 0.0, lambda: next(asked) > 20)
    gate.open()
    assert last.future.result(10) == 3


def test_a_thread_that_was_left_ends_with_its_call(line: Line, gate: Gate) -> None:
    hung = line.submit(gate.enter)
    with pytest.raises(SlowError):
        line.result(hung, 0.0)
    gate.open()
    assert line.result(hung, AGES) is None
    assert hung.errands._thread is not None
    hung.errands._thread.join(10)
    assert not hung.errands.busy


def test_what_is_overtaken_can_be_waited_for_again(
    line: Line, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands_module, "PATIENCE_SECONDS", 0.0)
    slow = line.submit(gate.enter)
    with pytest.raises(OvertakenError):
        line.result(slow, AGES, lambda: True)
    assert line.result(line.submit(int, "3"), AGES) == 3
    gate.open()
    assert line.result(slow, AGES) is None


def test_a_call_that_ends_soon_is_not_overtaken(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands_module, "PATIENCE_SECONDS", AGES)
    assert line.result(line.submit(int, "3"), AGES, lambda: True) == 3


def test_a_released_line_releases_what_it_left_and_what_comes(line: Line, gate: Gate) -> None:
    hung = line.submit(gate.enter)
    line.leave(hung)
    line.release()
    for pending in (hung, line.submit(gate.enter)):
        with pytest.raises((ReleasedError, CancelledError)):
            line.result(pending, AGES)
