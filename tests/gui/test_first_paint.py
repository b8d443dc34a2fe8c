"""The window is on the screen before its parts are loaded, and the parts come into it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolBar

from core.notice import NOTICE
from deeppneumo_gui import app, theme
from deeppneumo_gui.first_paint import show_empty_window
from deeppneumo_gui.settings import GEOMETRY, Settings
from deeppneumo_gui.theme import DARK, LIGHT, apply_theme
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import finished
from tests.gui.fakes import Fakes


@pytest.fixture
def empty(qapp: Any, settings_file: Path, no_thread_left: None) -> Iterator[Callable[[], MainWindow]]:
    """Shows the empty window as a start does."""
    windows: list[MainWindow] = []

    def show() -> MainWindow:
        windows.append(show_empty_window(qapp, settings_file))
        return windows[-1]

    yield show
    for window in windows:
        window.close()
        window.deleteLater()
    apply_theme(qapp, DARK)


def test_the_first_paint_waits_for_no_part() -> None:
    code = (
        "import sys, os; os.environ['QT_QPA_PLATFORM'] = 'offscreen'\n"
        "from pathlib import Path\n"
        "from deeppneumo_gui import app\n"
        "from deeppneumo_gui.instance import Instance\n"
        "from deeppneumo_gui.first_paint import show_empty_window\n"
        "window = show_empty_window(app.create_plain_application(), Path('none.ini'))\n"
        "late = {'numpy', 'PIL', 'onnxruntime', 'deeppneumo_gui.assembly', 'deeppneumo_gui.icons', 'hashlib',\n"
        "        'PySide6.QtSvg', 'PySide6.QtNetwork', 'importlib.resources'}\n"
        "assert 'Qt' not in vars(sys.modules['PySide6.QtCore']), 'its enumerations take a tenth of the start'\n"
        "sys.exit(repr(late & set(sys.modules)) if late & set(sys.modules) else not window.painted)"
    )
    result = subprocess.run(
        [sys.executable, "-S", "-c", _with_path(code)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def _with_path(code: str) -> str:
    """Find packages without `site`, which imports some of them itself."""
    return f"import sys; sys.path[:0] = {[path for path in sys.path if path]!r}\n{code}"


def test_the_empty_window_has_the_notice_and_is_painted(empty: Callable[[], MainWindow]) -> None:
    window = empty()
    assert window.painted
    assert window.isVisible()
    assert [label.text() for label in window.findChildren(QLabel)] == [NOTICE]


def test_the_parts_come_into_the_window_that_is_there(
    empty: Callable[[], MainWindow], fakes: Fakes, settings_file: Path, qtbot: Any
) -> None:
    window = empty()
    window.fill(fakes.services(), Settings(QSettings(str(settings_file), QSettings.Format.IniFormat)))
    window.start([Path("/private/smith/a.png")])
    qtbot.waitUntil(lambda: finished(window))
    tools = window.findChild(QToolBar)
    assert all(part.isVisible() for part in (window.worklist, window.side, window.board, tools))
    assert window.worklist.width() > 200
    # Nothing takes a drop for itself, as is seen to when the window is shown.
    qtbot.waitUntil(lambda: not any(field.acceptDrops() for field in window.findChildren(QLineEdit)))
    assert len([label for label in window.findChildren(QLabel) if label.text() == NOTICE]) == 1


def test_a_window_closed_before_its_parts_have_come_ends_the_program(
    qapp: Any, empty: Callable[[], MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def show(*given: object) -> MainWindow:
        window = empty()
        window.close()
        return window

    monkeypatch.setattr("deeppneumo_gui.first_paint.show_empty_window", show)
    monkeypatch.setattr("deeppneumo_gui.instance.user_instance_folder", lambda: tmp_path / "instance")
    monkeypatch.setattr(app, "create_window", lambda *given: pytest.fail("parts for a window that is closed"))
    assert app.run([]) == 0


def test_the_empty_window_is_where_and_how_the_last_one_was(
    empty: Callable[[], MainWindow], settings_file: Path
) -> None:
    before = MainWindow()
    before.resize(1000, 700)
    store = QSettings(str(settings_file), QSettings.Format.IniFormat)
    Settings(store).write(GEOMETRY, before.saveGeometry())
    store.setValue("look/theme", "light")
    store.sync()
    window = empty()
    assert window.height() == 700  # the screen of the tests is narrower than most windows
    assert theme.colours() == LIGHT
    assert window.windowState() == Qt.WindowState.WindowNoState


@pytest.mark.parametrize("value", ["no theme", 3])
def test_damaged_settings_cost_nothing(
    empty: Callable[[], MainWindow], settings_file: Path, value: object
) -> None:
    store = QSettings(str(settings_file), QSettings.Format.IniFormat)
    store.setValue("look/theme", value)
    store.setValue("window/geometry", value)
    store.sync()
    assert empty().painted
    assert theme.colours() == DARK


def test_the_next_start_gives_the_panels_the_widths_that_they_had(
    empty: Callable[[], MainWindow], fakes: Fakes, settings_file: Path, qtbot: Any
) -> None:
    widths: list[tuple[int, int]] = []
    for _ in range(2):
        window = empty()
        window.fill(fakes.services(), Settings(QSettings(str(settings_file), QSettings.Format.IniFormat)))
        window.start([Path("/private/smith/a.png")])
        qtbot.waitUntil(lambda shown=window: finished(shown))
        widths.append((window.worklist.width(), window.side.width()))
        window.close()
        # The screen of the tests is smaller than the window, which would come back smaller, too.
        QSettings(str(settings_file), QSettings.Format.IniFormat).remove(GEOMETRY.key)
    assert widths[0] == widths[1]
