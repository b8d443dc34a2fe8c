"""The real window, offscreen. A Qt warning or a thread left running fails the test that caused it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QSettings, QThread, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from deeppneumo_gui.app import create_application
from deeppneumo_gui.inference.scan import ScanThread
from deeppneumo_gui.inference.thread import InferenceThread
from deeppneumo_gui.inference.thumbnails import ThumbnailThread
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.window import MainWindow
from tests.gui.fakes import Fakes

# The offscreen platform says so for every window with a smallest size, and for every panel that floats.
_HARMLESS = ("This plugin does not support propagateSizeHints()", "This plugin does not support raise()")
PATIENCE_MS = 30_000


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return create_application()


@pytest.fixture(autouse=True)
def no_qt_warnings(qapp: QApplication) -> Iterator[None]:
    complaints: list[str] = []

    def note(kind: QtMsgType, context: Any, message: str) -> None:
        if kind != QtMsgType.QtDebugMsg and message not in _HARMLESS:
            complaints.append(message)

    previous = qInstallMessageHandler(note)
    yield
    qapp.processEvents()
    qInstallMessageHandler(previous)
    assert complaints == []


@pytest.fixture(autouse=True)
def no_thread_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    started: list[QThread] = []
    for kind in (InferenceThread, ScanThread, ThumbnailThread):

        def start(thread: QThread, *priority: QThread.Priority) -> None:
            started.append(thread)
            QThread.start(thread, *priority)

        monkeypatch.setattr(kind, "start", start)
    before = set(threading.enumerate())
    yield
    import shiboken6

    assert [thread for thread in started if shiboken6.isValid(thread) and thread.isRunning()] == []
    # Python keeps a dummy for every foreign thread that ever ran Python code, dead or alive.
    new = [thread for thread in threading.enumerate() if thread not in before]
    assert [thread for thread in new if not isinstance(thread, threading._DummyThread)] == []


@pytest.fixture
def qtbot(qtbot: Any, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """pytest-qt's, but what waited for a signal stays until everything that was sent to it has been delivered.

    PySide keeps no reference to a receiver that is no `QObject`: a signal from another thread that is still
    under way when `waitSignal` has ended would be delivered to freed memory. A loaded machine gets half a minute
    for what takes a quick one a moment.
    """
    waiters: list[Any] = []
    wait_signal, wait_until = qtbot.waitSignal, qtbot.waitUntil

    def keep(*args: Any, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        waiters.append(wait_signal(*args, timeout=timeout, **options))
        return waiters[-1]

    def wait(callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        wait_until(callback, timeout=timeout)

    monkeypatch.setattr(qtbot, "waitSignal", keep)
    monkeypatch.setattr(qtbot, "waitUntil", wait)
    yield qtbot
    qapp.processEvents()


@pytest.fixture
def fakes() -> Fakes:
    return Fakes()


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    return tmp_path / "settings.ini"


@pytest.fixture
def make_window(
    qtbot: Any, fakes: Fakes, settings_file: Path, no_qt_warnings: None, no_thread_left: None
) -> Iterator[Callable[[], MainWindow]]:
    """Makes shown windows; opens every gate and closes them in the end."""
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        store = QSettings(str(settings_file), QSettings.Format.IniFormat)
        window = MainWindow(fakes.services(), Settings(store))
        windows.append(window)
        window.show()
        return window

    yield make
    fakes.reading.open()
    fakes.scoring.open()
    fakes.loading.open()
    fakes.finding.open()
    fakes.rescoring.open()
    fakes.picturing.open()
    fakes.hanging.open()
    fakes.waking.open()
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete


@pytest.fixture
def window(make_window: Callable[[], MainWindow]) -> MainWindow:
    return make_window()


@pytest.fixture
def open_files(window: MainWindow, qtbot: Any) -> Callable[..., MainWindow]:
    """Opens files by name, waits until the first is on screen, and returns the window."""

    def open_(*names: str, wait: Callable[[], bool] | None = None) -> MainWindow:
        window.start([Path("/private/smith") / name for name in names])
        qtbot.waitUntil(wait or (lambda: finished(window)))
        return window

    return open_


def finished(window: MainWindow) -> bool:
    """Whether every case has reached its end and the selected one is on screen."""
    cases = window.session.worklist.cases()
    return bool(cases) and all(case.state.is_final for case in cases) and window.view.settled


def case_named(window: MainWindow, name: str) -> Any:
    return next(case for case in window.session.worklist.cases() if case.name == name)
