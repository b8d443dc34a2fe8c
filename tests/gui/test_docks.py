"""The width of the panels at the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

from deeppneumo_gui.panels.side import SidePanel
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist import delegate
from tests.gui.fakes import Fakes


def widths(window: MainWindow) -> list[int]:
    docks = (window.findChild(QDockWidget, name) for name in ("worklist", "result"))
    return [dock.width() for dock in docks if dock is not None]


def resize(window: MainWindow, width: int) -> None:
    window.resize(width, 860)
    QApplication.processEvents()


def test_panels_get_their_width_back_when_the_window_grows(window: MainWindow) -> None:
    assert widths(window) == [290, 320]
    resize(window, 900)
    assert sum(widths(window)) < 610
    resize(window, 1000)
    assert window.board.width() >= 480
    resize(window, 1360)
    assert widths(window) == [290, 320]


def test_a_width_that_was_dragged_is_the_one_to_come_back(window: MainWindow) -> None:
    edge = QPoint(widths(window)[0], 400)
    button = Qt.MouseButton.LeftButton
    QTest.mousePress(window, button, pos=edge)
    QTest.mouseMove(window, edge + QPoint(60, 0))
    QApplication.processEvents()
    QTest.mouseRelease(window, button, pos=edge + QPoint(60, 0))
    QApplication.processEvents()
    assert widths(window) == [350, 320]
    resize(window, 880)
    QTest.mouseClick(window, button, pos=QPoint(500, 3))
    resize(window, 1360)
    assert widths(window) == [350, 320]


@pytest.mark.parametrize(
    ("name", "words"), [("a.png", "call: pneumonia"), ("strange.png", "on request: pneumonia")]
)
def test_the_longest_call_and_score_fit_into_the_smallest_window(
    open_files: Callable[..., MainWindow],
    fakes: Fakes,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    words: str,
) -> None:
    fakes.scores[name] = 0.9999
    window = open_files(name)
    window.session.ask(True)
    resize(window, window.minimumWidth())
    drawn: list[tuple[int, str, str]] = []

    def note(painter: Any, box: QRect, left: tuple[str, str, QFont], right: tuple[str, str, QFont]) -> None:
        needed = sum(QFontMetrics(font).horizontalAdvance(words) for words, _, font in (left, right))
        drawn.append((box.width() - needed - delegate._GAP, left[0], right[0]))

    monkeypatch.setattr(delegate, "_draw_line", note)
    window.worklist.view.grab()
    assert drawn[-1][1:] == (words, "> 0.99")
    assert drawn[-1][0] >= 0


def test_wider_letters_make_the_narrowest_panels_wider(open_files: Callable[..., MainWindow]) -> None:
    window = open_files("a.png")
    side = window.heatmap
    while not isinstance(side, SidePanel):
        side = side.parentWidget()
    panels: tuple[QWidget, ...] = (window.worklist, side)
    before = [panel.minimumSizeHint().width() for panel in panels]
    wide = QFont(window.font())
    wide.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 2)
    for widget in (window.worklist.view, window.result, window.heatmap):
        for inner in (widget, *widget.findChildren(QWidget)):
            inner.setFont(wide)
    for _ in range(4):  # a request for room goes up from one layout to the next
        QApplication.processEvents()
    after = [panel.minimumSizeHint().width() for panel in panels]
    assert all(new > old for new, old in zip(after, before, strict=True))
    assert [panel.width() >= least for panel, least in zip(panels, after, strict=True)] == [True, True]
