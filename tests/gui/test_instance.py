"""One window for each user: who is first, and what a second start hands over."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalSocket

from deeppneumo_gui import app, cli, instance
from deeppneumo_gui.instance import Instance, Role
from deeppneumo_gui.window import MainWindow

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="looks at sockets and modes as POSIX has them"
)

# What a second start does, in a process of its own: the first one has to answer meanwhile.
SECOND = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from deeppneumo_gui.instance import Instance
app = QCoreApplication([])
second = Instance(Path(sys.argv[1]))
print(second.role.value, second.hand_over(sys.argv[2:], 20_000))
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a short name, as the runtime folder has: a socket's path holds about 100 bytes."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="dp-", dir="/tmp") as name:
        yield Path(name) / "instance"


@pytest.fixture
def first(folder: Path) -> Iterator[Instance]:
    found = Instance(folder)
    found.listen()
    yield found
    found.close()


def _start_second(folder: Path, *paths: str, cwd: Path = ROOT) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SECOND, str(folder), *paths],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ending(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=60)
    assert errors == ""
    return out.strip()


def test_a_second_start_hands_its_paths_over(
    qtbot: Any, first: Instance, folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "胸片 of May"
    place.mkdir()
    with qtbot.waitSignal(first.requested, timeout=60_000) as taken:
        second = _start_second(folder, "a b.dcm", "./日本.png", "/else where", cwd=place)
    assert taken.args == [[place / "a b.dcm", place / "日本.png", Path("/else where")]]
    assert _ending(second) == "second True"


def test_names_that_are_no_text_survive(qtbot: Any, first: Instance, folder: Path) -> None:
    name = os.fsdecode(b"/\xff\xfe.dcm")
    with qtbot.waitSignal(first.requested, timeout=60_000) as taken:
        second = _start_second(folder, name)
    assert taken.args == [[Path(name)]]
    assert _ending(second) == "second True"


def test_a_second_start_waits_until_the_first_listens(qtbot: Any, folder: Path) -> None:
    first = Instance(folder)
    second = _start_second(folder)
    with qtbot.waitSignal(first.requested, timeout=60_000) as taken:
        first.listen()
    assert taken.args == [[]]
    assert _ending(second) == "second True"
    first.close()


def test_without_an_answer_the_second_opens_its_own_window(first: Instance, folder: Path) -> None:
    second = Instance(folder)
    assert second.role is Role.SECOND
    # Nobody runs the loop of the first one here, as if it hung.
    assert not second.hand_over(["a.png"], 50)


def test_a_closed_window_leaves_its_place(first: Instance, folder: Path) -> None:
    first.close()
    second = Instance(folder)
    assert second.role is Role.FIRST
    second.close()


def test_what_a_killed_process_left_behind_is_in_nobodys_way(qtbot: Any, folder: Path) -> None:
    code = textwrap.dedent(
        f"""
        import os
        from pathlib import Path
        from PySide6.QtCore import QCoreApplication
        from deeppneumo_gui.instance import Instance
        app = QCoreApplication([])
        killed = Instance(Path({str(folder)!r}))
        killed.listen()
        os.kill(os.getpid(), 9)
        """
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert {path.suffix for path in folder.iterdir()} == {".lock", ".socket"}
    first = Instance(folder)
    assert first.role is Role.FIRST
    first.listen()
    with qtbot.waitSignal(first.requested, timeout=60_000):
        second = _start_second(folder)
    assert _ending(second) == "second True"
    first.close()


def test_nobody_else_can_reach_the_window(first: Instance, folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    (socket,) = folder.glob("*.socket")
    assert stat.S_IMODE(socket.stat().st_mode) & 0o077 == 0


def test_a_folder_of_another_user_is_not_trusted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    assert Instance(folder).role is Role.ALONE


def test_without_a_place_to_meet_every_window_is_alone(folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file, not a folder")
    alone = Instance(folder)
    assert alone.role is Role.ALONE
    alone.listen()
    alone.close()


def test_a_name_too_long_for_a_socket_costs_no_window(tmp_path: Path) -> None:
    first = Instance(tmp_path / ("long " * 30))
    first.listen()
    assert first.role is Role.FIRST
    first.close()


def test_windows_on_two_screens_do_not_know_each_other(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    here = Instance(folder)
    monkeypatch.setenv("DISPLAY", ":1")
    there = Instance(folder)
    assert (here.role, there.role) == (Role.FIRST, Role.FIRST)
    here.close()
    there.close()


@pytest.mark.parametrize(
    "message", [b"nonsense\n", b"[]\n", b'{"paths": 3, "token": ""}\n', b'{"paths": []}\n']
)
def test_nonsense_is_refused(qtbot: Any, first: Instance, folder: Path, message: bytes) -> None:
    heard: list[Any] = []
    first.requested.connect(heard.append, Qt.ConnectionType.DirectConnection)
    socket = QLocalSocket()
    socket.connectToServer(first._address)
    assert socket.waitForConnected(5_000)
    with qtbot.waitSignal(socket.disconnected, timeout=60_000):
        socket.write(message)
    assert heard == []


def test_endless_messages_are_cut_off(qtbot: Any, first: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance, "_LARGEST", 1000)
    socket = QLocalSocket()
    socket.connectToServer(first._address)
    assert socket.waitForConnected(5_000)
    with qtbot.waitSignal(socket.disconnected, timeout=60_000):
        socket.write(b"x" * 5000)


def test_a_token_lets_the_first_window_come_to_the_front(
    qtbot: Any, first: Instance, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "from the desktop")
    second = _start_second(folder)
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN")
    with qtbot.waitSignal(first.requested, timeout=60_000):
        pass
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "from the desktop"
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN")
    _ending(second)


def test_the_first_window_opens_what_the_second_was_given(
    qapp: Any, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[list[Path]] = []
    monkeypatch.setattr(window.session, "open_paths", opened.append)
    window.setWindowState(Qt.WindowState.WindowMinimized)
    qapp.files_requested.emit([Path("/a.png"), Path("/b")])
    assert not window.isMinimized()
    assert opened == [[Path("/a.png"), Path("/b")]]
    qapp.files_requested.emit([])
    assert len(opened) == 1


def test_run_ends_once_the_paths_are_handed_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = Instance(folder)
    given: list[Any] = []
    monkeypatch.setattr(instance, "user_instance_folder", lambda: folder)
    monkeypatch.setattr(Instance, "hand_over", lambda self, paths: given.append(paths) or True)
    monkeypatch.setattr(app, "create_window", lambda *files: pytest.fail("a second window was made"))
    assert app.run([tmp_path / "a.png"]) == 0
    assert given == [[tmp_path / "a.png"]]
    first.close()


def test_another_window_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def run(paths: object, *, new_window: bool) -> int:
        asked.append(new_window)
        return 0

    monkeypatch.setattr(app, "run", run)
    assert cli.main(["a.png"]) == 0
    assert cli.main(["--new-window", "a.png"]) == 0
    assert asked == [False, True]
