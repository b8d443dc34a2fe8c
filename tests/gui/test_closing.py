"""Closing ends everything within a second, whatever hangs, and the process with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import deeppneumo_gui.ending as ending
import deeppneumo_gui.export.controller as controller_module
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.inference.errands import PREFIX, Errands, ReleasedError
from deeppneumo_gui.session_end import SessionEnd
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes, Gate

Open = Callable[..., MainWindow]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def ends_in_time(window: MainWindow, fakes: Fakes) -> Iterator[Callable[[Gate], None]]:
    """Closes the window while a gate is shut, and lets the thread behind it go afterwards."""

    def close(gate: Gate) -> None:
        began = time.monotonic()
        window.close()
        assert time.monotonic() - began < 1.0
        assert window.session._thread.isFinished()
        assert any(thread.name.startswith(PREFIX) for thread in threading.enumerate())
        gate.open()
        for thread in threading.enumerate():
            if thread.name.startswith(PREFIX):
                thread.join(10)

    return close


def test_closing_does_not_wait_for_a_file_that_hangs(
    open_files: Open, fakes: Fakes, qtbot: Any, ends_in_time: Callable[[Gate], None]
) -> None:
    fakes.reading.hold()
    open_files("a", "b", wait=lambda: fakes.reading.arrived >= 1)
    ends_in_time(fakes.reading)


def test_closing_does_not_wait_for_a_file_that_is_decoded_ahead(
    open_files: Open, fakes: Fakes, qtbot: Any, ends_in_time: Callable[[Gate], None]
) -> None:
    window = open_files("a", "b")
    qtbot.waitUntil(lambda: not window.session.progress.running)
    fakes.reading.hold(1)
    before = fakes.reading.arrived
    window.session.open_paths([Path("/private/smith/ward") / name for name in ("c", "d", "e")])
    qtbot.waitUntil(lambda: fakes.reading.arrived >= before + 2)
    ends_in_time(fakes.reading)


def test_closing_does_not_wait_for_a_folder_that_hangs(
    window: MainWindow, fakes: Fakes, qtbot: Any, ends_in_time: Callable[[Gate], None]
) -> None:
    fakes.finding.hold()
    window.start([Path("/private/smith")])
    qtbot.waitUntil(lambda: fakes.finding.arrived == 1)
    ends_in_time(fakes.finding)


def test_closing_does_not_wait_for_a_model_that_hangs(
    window: MainWindow, fakes: Fakes, qtbot: Any, ends_in_time: Callable[[Gate], None]
) -> None:
    fakes.loading.hold()
    window.start()
    qtbot.waitUntil(lambda: fakes.loading.arrived == 1)
    ends_in_time(fakes.loading)


def test_closing_does_not_wait_for_everything_that_hangs_one_after_the_other(
    open_files: Open,
    fakes: Fakes,
    qtbot: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    ends_in_time: Callable[[Gate], None],
) -> None:
    """The share that everything lies on has gone: radiographs, folder, model, thumbnails, the export."""
    window = open_files("a", "b")
    gate = fakes.reading
    fakes.loading = fakes.finding = fakes.picturing = gate
    before = gate.arrived
    gate.hold()
    monkeypatch.setattr(controller_module, "ask_overlay_folder", lambda parent: tmp_path)
    window.actions_by_id[ActionId.SAVE_ALL_OVERLAYS].trigger()
    window.session.open_model(Path("other.bundle"))
    window.session.open_paths([Path("/private/smith/ward")])
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: gate.arrived >= before + 4)
    ends_in_time(gate)


def test_closing_during_a_batch_loses_nothing_that_is_shown(
    open_files: Open, fakes: Fakes, qtbot: Any, ends_in_time: Callable[[Gate], None]
) -> None:
    fakes.scores["a"] = 0.7
    window = open_files("a")
    qtbot.waitUntil(lambda: case_named(window, "a").prediction is not None)
    fakes.reading.hold()
    before = fakes.reading.arrived
    window.session.open_paths([Path("/private/smith") / f"{number}" for number in range(50)])
    qtbot.waitUntil(lambda: fakes.reading.arrived > before)
    ends_in_time(fakes.reading)
    assert case_named(window, "a").score == pytest.approx(0.7)
    assert len(window.session.worklist.cases()) == 51


def test_an_errand_that_is_released_is_not_waited_for() -> None:
    gate, errands = Gate(), Errands("test")
    gate.hold()
    future = errands.submit(gate.enter)
    errands.release()
    with pytest.raises(ReleasedError):
        errands.result(future)
    errands.close(0.0)
    gate.open()
    errands.close()
    assert future.done()


def test_errands_from_two_threads_share_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    errands, others, make = Errands("test"), [], threading.Thread

    def begin(**options: Any) -> threading.Thread:
        if not others:
            # Another errand comes just as the thread is about to be made; where it must wait, it comes later.
            others.append(make(target=errands.submit, args=[int]))
            others[0].start()
            others[0].join(0.2)
        return make(**options)

    monkeypatch.setattr(threading, "Thread", begin)
    errands.submit(int)
    others[0].join()
    lines = [thread for thread in threading.enumerate() if thread.name == f"{PREFIX}test"]
    for _ in lines:
        errands.retire()
    for thread in lines:
        thread.join()
    assert len(lines) == 1


def test_an_errand_keeps_nothing_alive() -> None:
    import weakref

    class Large:
        pass

    errands = Errands("test")
    answer = errands.result(errands.submit(Large))
    kept = weakref.ref(answer)
    errands.result(errands.submit(int))
    del answer
    assert kept() is None
    errands.close()


def test_a_failing_errand_raises_where_it_is_waited_for() -> None:
    errands = Errands("test")
    with pytest.raises(ValueError, match="invalid literal"):
        errands.result(errands.submit(int, "x"))
    assert errands.result(errands.submit(int, "3")) == 3
    errands.close()


def test_the_program_leaves_as_usual_when_nothing_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending.os, "_exit", lambda status: pytest.fail("left in a hurry"))
    assert ending.leave(0) == 0


HANGING = """
import os, sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from deeppneumo_gui import app, services
from dataclasses import replace

read_end, write_end = os.pipe()
began = threading.Event()

def read(path, frame=0):
    began.set()
    return os.read(read_end, 1)  # hangs in the system, as a share does that has gone

genuine = services.core_services
services.core_services = lambda *args, **more: replace(genuine(*args, **more), read=read, thumbnail=read)
folder = Path(sys.argv.pop())
app.user_settings_file = lambda: folder / "settings.ini"
import deeppneumo_gui.crash.log as log
import deeppneumo_gui.instance as instance
log.user_log_folder = lambda: folder
instance.user_instance_folder = lambda: folder / "instance"

def close_when_hanging():
    from PySide6.QtWidgets import QApplication
    if began.is_set():
        for window in QApplication.topLevelWidgets():
            window.close()
    else:
        QTimer.singleShot(20, close_when_hanging)

application = app.create_application()
QTimer.singleShot(20, close_when_hanging)
app.find_obstacle = lambda: None
status = app.run(sys.argv[1:])
print("ended as usual")
sys.exit(status)
"""


OWN_PLACES = """
import os, signal, sys
from pathlib import Path
from deeppneumo_gui import app
import deeppneumo_gui.crash.log as log
import deeppneumo_gui.instance as instance
import deeppneumo_gui.session_end as session_end

folder = Path(sys.argv.pop())
app.user_settings_file = lambda: folder / "settings.ini"
app.user_store_file = lambda: folder / "store.sqlite"
log.user_log_folder = lambda: folder / "log"
instance.user_instance_folder = lambda: folder / "instance"
app.find_obstacle = lambda: None
"""


ASKED = f"""{OWN_PLACES}
class Told(session_end.SessionEnd):
    def __init__(self, window):
        super().__init__(window)
        print("ready", flush=True)

session_end.SessionEnd = Told
sys.exit(app.run(sys.argv[1:]))
"""


ASKED_EARLY = f"""{OWN_PLACES}
make = app.create_window

def create_window(*where):
    os.kill(os.getpid(), signal.SIGTERM)
    return make(*where)

app.create_window = create_window
sys.exit(app.run(sys.argv[1:]))
"""


asks_the_process = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows asks the window, not the process"
)


@asks_the_process
def test_the_end_of_the_session_while_the_window_is_made_is_no_crash(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", ASKED_EARLY, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0
    assert list((tmp_path / "log").glob("run-*.txt")) == []


@asks_the_process
def test_whoever_asks_again_by_another_signal_is_not_asked_back(window: MainWindow) -> None:
    session_end = SessionEnd(window)
    try:
        session_end._note(signal.SIGTERM, None)
        assert signal.getsignal(signal.SIGTERM) == signal.getsignal(signal.SIGHUP) == signal.SIG_DFL
    finally:
        session_end.remove()


@asks_the_process
def test_the_end_of_the_session_closes_the_window_as_usual(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ASKED, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        limit = threading.Timer(60, process.kill)
        limit.start()
        try:
            assert process.stdout.readline() == "ready\n"
            process.send_signal(signal.SIGTERM)
            assert process.stdout.read() == ""
        finally:
            limit.cancel()
            limit.join()
            process.kill()
    assert process.returncode == 0
    assert "geometry" in (tmp_path / "settings.ini").read_text(encoding="utf-8")
    # Nothing is left that the next start would take for a crash.
    assert list((tmp_path / "log").glob("run-*.txt")) == []


def test_the_process_ends_although_a_file_hangs(tmp_path: Path) -> None:
    opened, kept = tmp_path / "opened", tmp_path / "kept"
    opened.mkdir()
    kept.mkdir()
    (opened / "a.png").write_bytes(b"")
    ended = subprocess.run(
        [sys.executable, "-c", HANGING, str(opened), str(kept)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert "ended as usual" not in ended.stdout
    assert "geometry" in (kept / "settings.ini").read_text(encoding="utf-8")
