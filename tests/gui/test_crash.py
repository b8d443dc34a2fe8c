"""Errors that nobody expected: told once and calmly, logged without names, noticed at the next start."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, QThread, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QToolButton

from deeppneumo_gui import app
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.crash import log as log_module
from deeppneumo_gui.crash.details import describe, read_fault, scrub
from deeppneumo_gui.crash.dialog import CrashDialog
from deeppneumo_gui.crash.guard import CrashGuard
from deeppneumo_gui.crash.log import Log
from deeppneumo_gui.crash.notice import CrashNotice, tell_of_crash
from deeppneumo_gui.crash.run_marker import RunMarker
from deeppneumo_gui.crash.watch import watch_over
from deeppneumo_gui.window import MainWindow

Open = Callable[..., MainWindow]

NAMES = "SMITH^JOHN", "/private/smith", "C:\\patients\\smith", "scan of smith.dcm"
PRIVATE = "cannot open '/private/smith/scan of smith.dcm' of SMITH^JOHN in C:\\patients\\smith"


class Faulty(QObject):
    """Slots and threads that fail."""

    @Slot()
    def fail(self) -> None:
        raise ValueError(PRIVATE)

    @Slot()
    def fail_elsewhere(self) -> None:
        {}[PRIVATE]


class FaultyThread(QThread):
    def run(self) -> None:
        raise RuntimeError(PRIVATE)


@pytest.fixture
def guard(qapp: Any) -> Iterator[CrashGuard]:
    guard = CrashGuard()
    yield guard
    guard.remove()


@pytest.fixture
def log_folder(tmp_path: Path) -> Iterator[Path]:
    log = Log(tmp_path / "logs")
    yield log.folder
    log.close()


def log_text(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("deeppneumo.log*"))


def assert_no_names(text: str) -> None:
    assert [
        word for word in ("mith", "MITH", "private", "patients", ".dcm", str(Path.home())) if word in text
    ] == []


def raised(action: Callable[[], object]) -> BaseException:
    try:
        action()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def test_an_error_in_a_slot_shows_one_dialog_and_the_program_goes_on(
    open_files: Open, guard: CrashGuard, log_folder: Path, qtbot: Any
) -> None:
    window = open_files("a.png")
    faulty = Faulty()
    QTimer.singleShot(0, faulty.fail)
    qtbot.waitUntil(lambda: guard.dialog is not None)
    assert guard.dialog is not None
    assert guard.dialog.isVisible()
    assert not guard.dialog.isModal()
    assert "tests.gui.test_crash" in guard.dialog.details
    assert "ValueError" in guard.dialog.details
    assert "ValueError" in log_text(log_folder)
    for text in (guard.dialog.details, log_text(log_folder)):
        assert_no_names(text)
    window.actions_by_id[ActionId.INVERT].trigger()
    assert window.view.display is not None
    assert window.view.display.inverted


def test_details_are_copied(guard: CrashGuard, qtbot: Any) -> None:
    faulty = Faulty()
    QTimer.singleShot(0, faulty.fail)
    qtbot.waitUntil(lambda: guard.dialog is not None)
    assert guard.dialog is not None
    qtbot.mouseClick(guard.dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == guard.dialog.details
    assert guard.dialog.copy.text() == "Copied"


def test_several_errors_share_a_dialog_and_none_is_told_twice(
    guard: CrashGuard, qtbot: Any, qapp: Any
) -> None:
    faulty = Faulty()
    for slot in (faulty.fail, faulty.fail, faulty.fail_elsewhere):
        QTimer.singleShot(0, slot)
    qtbot.waitUntil(lambda: guard.dialog is not None and guard.dialog.words.text() == "It happened 3 times.")
    dialog = guard.dialog
    assert dialog is not None
    assert "KeyError" in dialog.details
    assert dialog.details.count("ValueError") == 1
    shown = [
        widget for widget in qapp.topLevelWidgets() if type(widget) is type(dialog) and widget.isVisible()
    ]
    assert shown == [dialog]
    dialog.close()
    qtbot.waitUntil(lambda: guard.dialog is None)
    with qtbot.waitSignal(guard.error_caught):
        QTimer.singleShot(0, faulty.fail)
    qapp.processEvents()
    assert guard.dialog is None


@pytest.mark.parametrize("kind", ["qt", "python"])
def test_an_error_in_a_thread_reaches_the_dialog(guard: CrashGuard, qtbot: Any, kind: str) -> None:
    def fail() -> None:
        raise RuntimeError(PRIVATE)

    thread = FaultyThread() if kind == "qt" else threading.Thread(target=fail)
    thread.start()
    qtbot.waitUntil(lambda: guard.dialog is not None)
    assert guard.dialog is not None
    assert guard.dialog.thread() is QGuiApplication.instance().thread()
    assert "RuntimeError" in guard.dialog.details
    assert_no_names(guard.dialog.details)
    if isinstance(thread, QThread):
        assert thread.wait(5000)
    else:
        thread.join()


def test_an_error_that_keeps_coming_does_not_fill_the_log(
    guard: CrashGuard, log_folder: Path, qtbot: Any
) -> None:
    timer, faulty, turns = QTimer(), Faulty(), []
    timer.timeout.connect(lambda: turns.append(0))
    timer.timeout.connect(faulty.fail)
    timer.start(0)
    qtbot.waitUntil(lambda: len(turns) > 60)
    timer.stop()
    assert log_text(log_folder).count("ValueError") == 20


def test_hooks_are_given_back(qapp: Any) -> None:
    before = (sys.excepthook, threading.excepthook)
    guard = CrashGuard()
    assert sys.excepthook is not before[0]
    guard.remove()
    assert (sys.excepthook, threading.excepthook) == before


def test_an_interrupt_is_no_error(qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    passed_on: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: passed_on.append(kind))
    guard = CrashGuard()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    qapp.processEvents()
    assert guard.dialog is None
    assert passed_on == [KeyboardInterrupt]
    guard.remove()


def test_causes_are_described_without_their_messages() -> None:
    def chain() -> None:
        try:
            raise FileNotFoundError(2, PRIVATE, NAMES[1])
        except FileNotFoundError as error:
            raise ValueError(PRIVATE) from error

    text = describe(raised(chain))
    assert text.index("ValueError") < text.index("because of") < text.index("FileNotFoundError 2")
    assert "test_crash:" in text
    assert_no_names(text)


def test_a_message_about_code_is_kept() -> None:
    assert "'NoneType' object has no attribute 'shape'" in describe(raised(lambda: None.shape))  # type: ignore[attr-defined]


def test_a_deep_recursion_is_cut() -> None:
    def deeper() -> None:
        deeper()

    assert len(describe(raised(deeper)).splitlines()) < 60


@pytest.mark.parametrize(
    ("line", "scrubbed"),
    [
        ("cannot read /private/smith/a b.png", "cannot read (path)"),
        ("cannot read C:\\patients\\smith", "cannot read (path)"),
        ("cannot read '/private/smith.dcm' at all", "cannot read '...' at all"),
        ("cannot read smith.dcm at all", "cannot read (file) at all"),
        ("file://host/smith opened", "(path)"),
        ("'Thing' has no 'shape'", "'Thing' has no 'shape'"),
        ("A file could not be read: ValueError", "A file could not be read: ValueError"),
    ],
)
def test_log_lines_are_scrubbed(line: str, scrubbed: str) -> None:
    assert scrub(line) == scrubbed


def test_the_log_takes_our_records_only_and_rotates(log_folder: Path) -> None:
    ours = logging.getLogger("deeppneumo_gui.session")
    logging.getLogger("pydicom").error("Invalid value for PN: SMITH^JOHN")
    try:
        raise ValueError(PRIVATE)
    except ValueError:
        ours.exception("Failed on %s", NAMES[1])
    text = log_text(log_folder)
    assert "Failed on (path)" in text
    assert "ValueError" in text
    assert_no_names(text)
    for _ in range(6000):
        ours.error("%s", "word " * 50)
    files = sorted(log_folder.glob("deeppneumo.log*"))
    assert len(files) == 4
    assert all(path.stat().st_size <= 256 * 1024 for path in files)


def test_no_folder_for_the_log_is_no_reason_not_to_start(tmp_path: Path, qapp: Any) -> None:
    (tmp_path / "file").write_text("in the way")
    with watch_over(tmp_path / "file" / "logs") as report:
        assert report is None


_DYING = """
import os, sys
from pathlib import Path
from deeppneumo_gui.crash.run_marker import RunMarker
marker = RunMarker(Path(sys.argv[1]))
def read_smith():
    if sys.argv[2] == "fault":
        import faulthandler
        faulthandler._sigsegv()
    elif sys.argv[2] == "killed":
        os._exit(9)
read_smith()
marker.close()
"""


def run_and_end(folder: Path, end: str) -> None:
    command = [sys.executable, "-c", _DYING, str(folder), end]
    subprocess.run(command, check=False, capture_output=True, timeout=60)


@pytest.mark.parametrize(
    ("end", "told"), [("fault", "read_smith"), ("killed", "without a word"), ("well", None)]
)
def test_a_run_that_broke_off_is_noticed_once(tmp_path: Path, end: str, told: str | None) -> None:
    run_and_end(tmp_path, end)
    marker = RunMarker(tmp_path)
    assert (marker.report is None) == (told is None)
    if told is not None and marker.report is not None:
        assert told in marker.report
        assert "/" not in marker.report.replace("crash/", "")
    marker.close()
    again = RunMarker(tmp_path)
    assert again.report is None
    again.close()
    assert list(tmp_path.iterdir()) == []


def test_a_second_window_is_no_crash(tmp_path: Path) -> None:
    first, second = RunMarker(tmp_path), RunMarker(tmp_path)
    assert second.report is None
    second.close()
    first.close()
    assert list(tmp_path.iterdir()) == []


def test_a_fault_is_reduced_to_places() -> None:
    text = read_fault(
        "Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007f (most recent call first):\n"
        '  File "/home/smith/app/core/engine/engine.py", line 12 in score\n'
        '  File "C:\\smith\\session.py", line 3 in <module>\n'
        "Extension modules: numpy\n/home/smith\n"
    )
    assert "  engine:12 score" in text
    assert "  session:3 <module>" in text
    assert "Segmentation fault" in text
    assert_no_names(text)


def test_the_notice_of_a_crash_stays_until_closed(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png", "b.png")
    notice = tell_of_crash(window, "the details")
    window.worklist.step(1)
    assert notice.isVisible()
    qtbot.mouseClick(notice.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "the details"
    closing = next(
        button
        for button in notice.findChildren(QToolButton)
        if button.accessibleName() == "Close this message"
    )
    qtbot.mouseClick(closing, Qt.MouseButton.LeftButton)
    assert not notice.isVisible()


@pytest.fixture
def run_program(
    qapp: Any, user_folder: Path, monkeypatch: pytest.MonkeyPatch, make_window: Any
) -> Callable[[Callable[[MainWindow], None]], int]:
    """Runs the program with made-up services; what it does while it is open is up to the test."""

    def run(while_open: Callable[[MainWindow], None]) -> int:
        window = make_window()

        def execute() -> int:
            while_open(window)
            return 0

        monkeypatch.setattr("deeppneumo_gui.first_paint.show_empty_window", lambda *given: window)
        monkeypatch.setattr(app, "create_window", lambda *given: window)
        monkeypatch.setattr("deeppneumo_gui.ending.leave", lambda status: status)
        monkeypatch.setattr(type(qapp), "exec", staticmethod(execute))
        return app.run([])

    return run


@pytest.fixture
def user_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders, made up."""
    folder = tmp_path / "user"
    monkeypatch.setattr(log_module, "user_log_folder", lambda: folder)
    monkeypatch.setattr("deeppneumo_gui.instance.user_instance_folder", lambda: folder / "instance")
    return folder


def test_the_next_start_tells_of_a_crash(
    run_program: Callable[[Callable[[MainWindow], None]], int], user_folder: Path
) -> None:
    run_and_end(user_folder, "fault")
    told: list[list[CrashNotice]] = []
    for _ in range(2):
        assert run_program(lambda window: told.append(window.findChildren(CrashNotice))) == 0
    assert [len(notices) for notices in told] == [1, 0]
    assert [path.name for path in user_folder.glob("run-*")] == []


def test_an_error_that_ends_the_program_is_told_at_the_next_start(tmp_path: Path, qapp: Any) -> None:
    with pytest.raises(RuntimeError), watch_over(tmp_path):
        raise RuntimeError(PRIVATE)
    with watch_over(tmp_path) as report:
        assert report is not None
        assert "without a word" in report


def test_the_running_program_survives_an_error(
    run_program: Callable[[Callable[[MainWindow], None]], int], user_folder: Path, qapp: Any
) -> None:
    def go_wrong(window: MainWindow) -> None:
        faulty = Faulty()
        window.actions_by_id[ActionId.FIT].triggered.connect(faulty.fail)
        window.actions_by_id[ActionId.FIT].setEnabled(True)
        window.actions_by_id[ActionId.FIT].trigger()
        qapp.processEvents()
        assert [dialog.isVisible() for dialog in window.findChildren(CrashDialog)] == [True]

    assert run_program(go_wrong) == 0
    assert "ValueError" in log_text(user_folder)
    assert_no_names(log_text(user_folder))
