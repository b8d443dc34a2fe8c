"""Ways into the window beside dialogs: recent openings, the clipboard, the system."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QAction, QFileOpenEvent, QImage
from PySide6.QtWidgets import QApplication, QWidget

from deeppneumo_gui import opening
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.opening import MISSING, NOTHING_PASTED
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import finished
from tests.gui.fakes import Fakes

Make = Callable[[], MainWindow]


@pytest.fixture
def clipboard(qapp: QApplication) -> Iterator[Callable[[QMimeData], None]]:
    yield qapp.clipboard().setMimeData
    qapp.clipboard().clear()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "smith" / name for name in ("a.png", "b & c.png")]
    paths[0].parent.mkdir()
    for path in paths:
        path.touch()
    return paths


def names(window: MainWindow) -> list[str]:
    return [case.name for case in window.session.worklist.cases()]


def entries(window: MainWindow) -> list[QAction]:
    return [action for action in window.opening.recent_menu.menu.actions() if not action.isSeparator()]


def words(window: MainWindow) -> list[str]:
    return [action.text() for action in entries(window)]


def test_recent_openings_are_listed_by_name_and_opened_again(
    make_window: Make, qtbot: Any, files: list[Path]
) -> None:
    first = make_window()
    assert words(first) == ["Nothing opened yet"]
    first.start([files[0]])
    first.opening.open(files)
    first.opening.recent_menu.menu.aboutToShow.emit()
    second = make_window()
    assert words(second) == ["&1  a.png and 1 more", "&2  a.png", "&Clear recent"]
    second.start()
    entries(second)[0].trigger()
    qtbot.waitUntil(lambda: names(second) == ["a.png", "b & c.png"])


def test_what_was_opened_again_comes_first(window: MainWindow, files: list[Path]) -> None:
    window.opening.open([files[0]])
    window.opening.open([files[1]])
    window.opening.open([files[0]])
    window.opening.recent_menu.fill()
    assert words(window)[:2] == ["&1  a.png", "&2  b && c.png"]


def test_ten_openings_are_kept(window: MainWindow) -> None:
    for number in range(15):
        window.opening.open([Path(f"/x/{number}.png")])
    window.opening.recent_menu.fill()
    assert words(window)[0] == "&1  14.png"
    assert len(words(window)) == 11


def test_recent_openings_can_be_cleared(make_window: Make, files: list[Path]) -> None:
    window = make_window()
    window.opening.open(files)
    window.opening.recent_menu.fill()
    entries(window)[-1].trigger()
    assert words(window) == ["Nothing opened yet"]
    assert words(make_window()) == ["Nothing opened yet"]


def test_a_recent_file_that_is_gone_is_said_and_adds_no_row(
    window: MainWindow, qtbot: Any, files: list[Path]
) -> None:
    window.start([files[0]])
    qtbot.waitUntil(lambda: finished(window))
    window.session.clear()
    files[0].unlink()
    window.opening.recent_menu.fill()
    with qtbot.waitSignal(window.session.paths_missing):
        entries(window)[0].trigger()
    assert window.message.words.text() == MISSING
    assert words(window)[0] == "&1  a.png (missing)"
    assert names(window) == []


def test_hidden_identities_hide_recent_names(window: MainWindow, qtbot: Any, files: list[Path]) -> None:
    window.start(files)
    qtbot.waitUntil(lambda: finished(window))
    window.opening.recent_menu.fill()
    window.actions_by_id[ActionId.HIDE_IDENTITIES].trigger()
    assert words(window)[0] == "&1  Opening 1 and 1 more"
    for path in files:
        path.unlink()
    with qtbot.waitSignal(window.session.paths_missing):
        entries(window)[0].trigger()
    assert "png" not in window.message.words.text()


def test_damaged_recent_openings_read_as_none(settings_file: Path, make_window: Make) -> None:
    settings_file.write_text('[recent]\nopenings="[[3]]"\n')
    assert words(make_window()) == ["Nothing opened yet"]


def test_files_are_pasted(
    window: MainWindow, qtbot: Any, files: list[Path], clipboard: Callable[[QMimeData], None]
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    clipboard(data)
    window.start()
    qtbot.keyClick(window, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: names(window) == ["a.png", "b & c.png"])


def test_an_image_is_pasted_and_leaves_nothing_behind(
    window: MainWindow, qtbot: Any, clipboard: Callable[[QMimeData], None]
) -> None:
    image = QImage(40, 30, QImage.Format.Format_Grayscale8)
    image.fill(77)
    data = QMimeData()
    data.setImageData(image)
    clipboard(data)
    window.start()
    for number in (1, 2):
        window.actions_by_id[ActionId.PASTE].trigger()
        qtbot.waitUntil(lambda number=number: len(names(window)) == number)
    assert names(window) == ["Pasted image 1.png", "Pasted image 2.png"]
    path = window.session.worklist.cases()[0].path
    assert QImage(str(path)).pixelColor(5, 5).red() == 77
    window.close()
    assert not path.parent.exists()


def test_text_is_not_pasted_as_a_file(window: MainWindow, clipboard: Callable[[QMimeData], None]) -> None:
    data = QMimeData()
    data.setText("a.png")
    clipboard(data)
    window.actions_by_id[ActionId.PASTE].trigger()
    assert window.message.words.text() == NOTHING_PASTED


def test_paste_in_the_filter_stays_there(
    window: MainWindow, qtbot: Any, clipboard: Callable[[QMimeData], None]
) -> None:
    data = QMimeData()
    data.setText("im-")
    clipboard(data)
    window.worklist.filter.setFocus()
    qtbot.keyClick(window.worklist.filter, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.worklist.filter.text() == "im-"
    assert window.message.isHidden()


def test_a_file_opened_in_the_system_is_opened(
    window: MainWindow, qtbot: Any, qapp: QApplication, fakes: Fakes
) -> None:
    window.start()
    QApplication.sendEvent(qapp, QFileOpenEvent("/private/smith/a.png"))
    qtbot.waitUntil(lambda: names(window) == ["a.png"])


def test_nothing_in_the_window_takes_a_drop_from_it(window: MainWindow) -> None:
    greedy = [widget for widget in window.findChildren(QWidget) if widget.acceptDrops()]
    assert greedy == []
    assert window.acceptDrops()


def test_dialogs_start_where_the_reader_was_last(
    make_window: Make, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: list[Path]
) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    monkeypatch.setattr("deeppneumo_gui.recent.QStandardPaths.writableLocation", lambda place: str(pictures))
    answers = {"ask_files": files, "ask_folder": []}
    starts: list[str] = []

    def ask(name: str) -> Callable[[Any, str], list[Path]]:
        def answer(parent: Any, start: str) -> list[Path]:
            starts.append(start)
            return answers[name]

        return answer

    for name in answers:
        monkeypatch.setattr(opening, name, ask(name))
    window = make_window()
    window.start()
    window.actions_by_id[ActionId.OPEN_FOLDER].trigger()
    window.actions_by_id[ActionId.OPEN_FILES].trigger()
    window.actions_by_id[ActionId.OPEN_FILES].trigger()
    second = make_window()
    second.actions_by_id[ActionId.OPEN_FOLDER].trigger()
    entries(second)[-1].trigger()
    assert words(second) == ["Nothing opened yet"]
    second.actions_by_id[ActionId.OPEN_FOLDER].trigger()
    assert starts == [str(folder) for folder in (pictures, pictures, *[files[0].parent] * 2, pictures)]
    qtbot.waitUntil(lambda: finished(window))


def test_a_folder_that_has_gone_is_not_started_from(window: MainWindow, tmp_path: Path) -> None:
    window.opening._recent.remember_folder(tmp_path)
    assert window.opening._recent.folder == str(tmp_path)
    window.opening._recent.remember_folder(tmp_path / "gone")
    assert not window.opening._recent.folder.startswith(str(tmp_path))
