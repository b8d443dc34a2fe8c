"""What the log keeps of a bug that met a file: where in the code, and not which file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deeppneumo_gui.crash.log import Log
from deeppneumo_gui.export.background import Background
from deeppneumo_gui.window import MainWindow
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Callable[[], str]]:
    log = Log(tmp_path / "logs")
    yield lambda: (tmp_path / "logs" / "deeppneumo.log").read_text(encoding="utf-8")
    log.close()


def told(text: str, message: str, place: str) -> bool:
    """Whether an error is logged with its kind and place, and without the name of its file."""
    assert "smith" not in text
    return message in text and "RuntimeError" in text and place in text


def test_a_bug_in_reading_is_logged_with_its_place(
    open_files: Open, fakes: Fakes, log: Callable[[], str]
) -> None:
    open_files("crash-smith.png", "b")
    assert told(log(), "A file could not be read.", "tests.gui.fakes:")


def test_a_bug_in_a_thumbnail_is_logged_with_its_place(
    open_files: Open, fakes: Fakes, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    fakes.reading.hold()
    window = open_files("crash-smith.png", "b", wait=lambda: fakes.reading.arrived >= 1)
    window.session.thumbnails.hold(False)
    window.worklist.view.grab()
    qtbot.waitUntil(lambda: len(window.session.thumbnails) == 2)
    assert told(log(), "A thumbnail could not be made.", "_thumbnail")


def bug(*args: object) -> Any:
    raise RuntimeError("a bug at /private/smith")


def test_a_bug_in_scoring_is_logged_with_its_place(
    open_files: Open, fakes: Fakes, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fakes.scoring, "enter", bug)
    open_files("a")
    assert told(log(), "A radiograph could not be scored.", "bug")


def test_a_bug_in_loading_a_model_is_logged_with_its_place(
    window: MainWindow, fakes: Fakes, log: Callable[[], str], qtbot: Any
) -> None:
    fakes.load_error = RuntimeError("a bug at /private/smith")
    window.start()
    qtbot.waitUntil(lambda: window.session.failure is not None)
    assert told(log(), "The model did not load.", "_load")


def test_a_bug_in_walking_a_folder_is_logged_with_its_place(
    window: MainWindow, fakes: Fakes, log: Callable[[], str], monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    monkeypatch.setattr(fakes.finding, "enter", bug)
    with qtbot.waitSignal(window.session.nothing_found):
        window.start([Path("/private/smith")])
    assert told(log(), "A folder could not be walked.", "bug")


def test_a_bug_in_an_export_is_logged_with_its_place(log: Callable[[], str], qtbot: Any) -> None:
    background = Background()
    with qtbot.waitSignal(background.ended):
        background.start(bug)
    assert background._thread is not None
    background._thread.join(10)
    assert told(log(), "An export failed.", "bug")
