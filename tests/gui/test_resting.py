"""A model that takes memory only while there is something to score."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.errors import BundleError, EngineError
from core.reading import read_radiograph
from deeppneumo_gui.assets import asset
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference import errands, rest, resting
from deeppneumo_gui.inference import thread as thread_module
from deeppneumo_gui.inference.messages import Generation, Job
from deeppneumo_gui.inference.queue import JobQueue, Lull
from deeppneumo_gui.inference.resting import RestingEngine
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import finished
from tests.gui.fakes import Fakes
from tests.helpers.tiny_model import write_tiny_bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.bundle"
    write_tiny_bundle(path)
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every engine that was opened, by its path."""
    found: list[Any] = []
    genuine = resting.Engine

    def engine(path: Path, *, threads: int) -> Any:
        found.append(path)
        return genuine(path, threads=threads)

    monkeypatch.setattr(resting, "Engine", engine)
    return found


def test_a_rested_model_scores_as_before(bundle: Path, opened: list[Any]) -> None:
    radiograph = read_radiograph(asset("formats", "png-8.png"))
    engine = RestingEngine(bundle, 1)
    before = engine.score(radiograph)
    engine.rest()
    assert engine._engine is None
    assert engine.score(radiograph).logits.tolist() == before.logits.tolist()
    assert engine.score(radiograph).logits.tolist() == before.logits.tolist()
    assert opened == [bundle, bundle]


def test_the_code_that_runs_models_is_given_back_too(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given_back: list[str] = []
    monkeypatch.setattr(resting, "give_back_code", given_back.append)
    engine = RestingEngine(bundle, 1)
    assert given_back == []
    engine.rest()
    (name,) = given_back
    # By the name that this version of ONNX Runtime gives its library.
    assert Path(sys.modules[name].__file__ or "").suffix in (".so", ".pyd")


def test_another_model_in_the_same_place_is_not_taken_for_it(bundle: Path) -> None:
    radiograph = read_radiograph(asset("formats", "png-8.png"))
    engine = RestingEngine(bundle, 1)
    engine.rest()
    write_tiny_bundle(bundle, version="2.0")
    with pytest.raises(EngineError, match="has been replaced"):
        engine.score(radiograph)


def test_a_model_that_has_gone_is_a_sentence(bundle: Path) -> None:
    engine = RestingEngine(bundle, 1)
    engine.rest()
    bundle.unlink()
    with pytest.raises(BundleError, match=r"^The model bundle was not found\.$"):
        engine.score(read_radiograph(asset("formats", "png-8.png")))


def test_the_model_rests_once_nothing_is_to_be_done(
    open_files: Callable[..., MainWindow], fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_files("a.png")
    assert fakes.rests == 0
    monkeypatch.setattr(thread_module, "REST_AFTER", 0.001)
    for count, name in enumerate(("b.png", "c.png"), 2):
        fakes.scoring.hold()
        window.opening.open([Path("/private/smith") / name])
        qtbot.waitUntil(lambda: len(fakes.scored) == count)  # noqa: B023
        fakes.rests = 0
        fakes.scoring.open()
        qtbot.waitUntil(lambda: fakes.rests > 0 and finished(window))


def test_a_lull_is_told_only_to_who_asks_for_it() -> None:
    queue = JobQueue()
    assert queue.take(0.001) == Lull()
    job = Job(1, Path("a"), Generation(1))
    queue.extend([job])
    assert queue.take(0.001) == job
    queue.stop()
    assert queue.take(0.001) is None


def test_waking_opens_the_model_and_scoring_no_more(bundle: Path, opened: list[Any]) -> None:
    engine = RestingEngine(bundle, 1)
    engine.wake()
    assert opened == [bundle]
    engine.rest()
    engine.wake()
    assert opened == [bundle, bundle]
    engine.score(read_radiograph(asset("formats", "png-8.png")))
    assert opened == [bundle, bundle]


@pytest.fixture
def rested(window: MainWindow, fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A window whose model rests and stays so until something happens."""
    monkeypatch.setattr(thread_module, "REST_AFTER", 0.001)
    with qtbot.waitSignal(window.session.model_rested):
        window.start([])
    monkeypatch.setattr(thread_module, "REST_AFTER", 1000.0)
    return window


def _move_mouse(window: MainWindow) -> None:
    QTest.mouseMove(window.windowHandle(), QPoint(100, 100))
    QTest.mouseMove(window.windowHandle(), QPoint(120, 110))


def _press_key(window: MainWindow) -> None:
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Shift)


@pytest.mark.parametrize("sign", [_move_mouse, _press_key])
def test_a_hand_near_the_window_wakes_the_model(
    rested: MainWindow, fakes: Fakes, qtbot: Any, sign: Callable[[MainWindow], None]
) -> None:
    assert fakes.wakes == 0
    sign(rested)
    qtbot.waitUntil(lambda: fakes.wakes == 1)
    rested.opening.open([Path("/private/smith/a.png")])
    qtbot.waitUntil(lambda: finished(rested))
    assert (fakes.wakes, fakes.scored) == (1, ["a.png"])


def test_the_model_rests_again_when_the_hand_did_nothing(
    rested: MainWindow, fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_module, "REST_AFTER", 0.001)
    for count in (1, 2):
        with qtbot.waitSignal(rested.session.model_rested):
            _move_mouse(rested)
        assert fakes.wakes == count


def test_a_hand_wakes_no_model_where_everything_is_scored(
    open_files: Callable[..., MainWindow], fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thread_module, "REST_AFTER", 0.001)
    window = open_files("a.png", "b.png")
    qtbot.waitUntil(lambda: fakes.rests > 0)
    stirred: list[None] = []
    monkeypatch.setattr(window.session, "stir", lambda: stirred.append(None))
    _move_mouse(window)
    assert stirred == []
    _, second = window.session.worklist.cases()
    window.session.worklist.replace(replace(second, state=CaseState.NOT_SCORED, prediction=None))

    def noticed() -> bool:
        _move_mouse(window)
        return bool(stirred)

    qtbot.waitUntil(noticed)


def test_the_model_wakes_while_folders_are_walked_and_files_read(
    rested: MainWindow, fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.finding.hold()
    rested.opening.open([Path("/private/smith/a.png")])
    qtbot.waitUntil(lambda: fakes.wakes == 1)
    fakes.finding.open()
    qtbot.waitUntil(lambda: finished(rested))
    monkeypatch.setattr(thread_module, "REST_AFTER", 0.001)
    with qtbot.waitSignal(rested.session.model_rested):
        rested.session.stir()
    woken, read = fakes.waking.arrived, fakes.reading.arrived
    fakes.reading.hold()
    fakes.waking.hold()
    rested.session.choose_frame(1)
    # Both have begun, and neither has ended.
    qtbot.waitUntil(lambda: (fakes.waking.arrived, fakes.reading.arrived) == (woken + 1, read + 1))
    assert len(fakes.scored) == 1


def test_a_model_that_hangs_while_it_wakes_does_not_keep_images_from_the_screen(
    rested: MainWindow, fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errands, "PATIENCE_SECONDS", 0.0)
    fakes.waking.hold()
    rested.opening.open([Path("/private/smith") / name for name in ("a.png", "b.png")])
    qtbot.waitUntil(lambda: rested.view.display is not None)
    rested.worklist.step(1)
    assert rested.view.display is None
    qtbot.waitUntil(lambda: rested.view.display is not None)
    fakes.waking.open()
    qtbot.waitUntil(lambda: finished(rested))
    assert sorted(fakes.scored) == ["a.png", "b.png"]


def test_the_window_closes_while_the_model_wakes(rested: MainWindow, fakes: Fakes, qtbot: Any) -> None:
    fakes.waking.hold()
    rested.opening.open([Path("/private/smith/a.png")])
    qtbot.waitUntil(lambda: rested.view.display is not None and fakes.waking.arrived == 1)
    started = time.monotonic()
    rested.close()
    assert time.monotonic() - started < 1.0
    fakes.waking.open()
    for thread in threading.enumerate():
        if thread.name.startswith(errands.PREFIX):
            thread.join(10)


def test_a_model_that_cannot_wake_is_a_sentence_and_may_wake_later(
    rested: MainWindow, fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.wake_error = BundleError("The model bundle was not found.")
    rested.opening.open([Path("/private/smith/a.png")])
    qtbot.waitUntil(lambda: finished(rested))
    assert rested.session.worklist.cases()[0].reason == "The model bundle was not found."
    fakes.wake_error = None
    rested.opening.open([Path("/private/smith/b.png")])
    qtbot.waitUntil(lambda: fakes.scored == ["b.png"])


def test_a_model_that_does_not_answer_when_it_is_to_wake_is_a_sentence(
    rested: MainWindow, fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "LIMIT_SECONDS", 0.01)
    fakes.waking.hold()
    rested.opening.open([Path("/private/smith/a.png")])
    qtbot.waitUntil(lambda: finished(rested))
    assert rested.session.worklist.cases()[0].reason == rest.NO_ANSWER
    fakes.waking.open()
    qtbot.waitUntil(lambda: fakes.wakes == 1)
