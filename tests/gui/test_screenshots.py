"""What a picture of the window waits for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer

from deeppneumo_gui.screenshots import all_shown, result_shown, wait_for
from deeppneumo_gui.window import MainWindow
from tests.gui.fakes import Fakes


def test_a_picture_waits_for_the_thumbnails(open_files: Callable[..., MainWindow], fakes: Fakes) -> None:
    fakes.picturing.hold()
    window = open_files("a.png", "b.png")
    assert result_shown(window)
    assert not all_shown(window)
    QTimer.singleShot(0, fakes.picturing.open)
    assert wait_for(window, lambda: all_shown(window))
    assert fakes.pictured
