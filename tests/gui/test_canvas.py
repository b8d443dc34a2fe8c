"""Mouse, keyboard and heatmap on the real window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from core.overlay import CAPTION
from core.reading import Radiograph, Window
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.canvas.display import Display, fitting_reduction
from deeppneumo_gui.canvas.foreground import corner_lines
from deeppneumo_gui.canvas.view import RadiographView
from deeppneumo_gui.inference.thread import InferenceThread
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes, make_radiograph

Open = Callable[..., MainWindow]
NoModifier = Qt.KeyboardModifier.NoModifier
Shift = Qt.KeyboardModifier.ShiftModifier
Left, Middle, Right = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton


def picture(view: RadiographView) -> QImage:
    return view._picture.pixmap().toImage()


def middle(view: RadiographView) -> QPoint:
    return view.viewport().rect().center()


def drag(qtbot: Any, view: RadiographView, button: Qt.MouseButton, by: QPoint) -> None:
    port, start = view.viewport(), middle(view)
    qtbot.mousePress(port, button, pos=start)
    qtbot.mouseMove(port, start + by)
    qtbot.mouseRelease(port, button, pos=start + by)


def turn_wheel(view: RadiographView, steps: int, at: QPoint, modifiers: Any = NoModifier) -> None:
    port = view.viewport()
    event = QWheelEvent(
        QPointF(at),
        QPointF(port.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(port, event)


@pytest.fixture
def view(open_files: Open) -> RadiographView:
    return open_files("a.png", "b.png", "c.png").view


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that enters the queue while the test runs."""
    made: list[str] = []
    for name in ("select", "extend"):
        original = getattr(InferenceThread, name)

        def spy(thread: InferenceThread, job: Any, name: str = name, original: Any = original) -> None:
            made.append(name)
            original(thread, job)

        monkeypatch.setattr(InferenceThread, name, spy)
    return made


def test_left_drag_changes_window_and_level(view: RadiographView, qtbot: Any) -> None:
    assert view.display is not None
    before, width = picture(view), view.display.window.width
    drag(qtbot, view, Left, QPoint(60, 0))
    assert view.display.window.width > width
    center = view.display.window.center
    drag(qtbot, view, Left, QPoint(0, 60))
    assert view.display.window.center > center
    assert picture(view) != before
    # Down is darker.
    assert picture(view).pixelColor(60, 30).red() < before.pixelColor(60, 30).red()


def test_reset_undoes_window_inversion_and_zoom(view: RadiographView, qtbot: Any, window: MainWindow) -> None:
    before, zoom = picture(view), view.zoom
    drag(qtbot, view, Left, QPoint(60, 40))
    qtbot.keyClick(view, Qt.Key.Key_I)
    turn_wheel(view, 3, middle(view))
    assert view.zoom > zoom
    qtbot.keyClick(view, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert picture(view) == before
    assert view.zoom == pytest.approx(zoom)


def test_invert_swaps_black_and_white(view: RadiographView, qtbot: Any) -> None:
    before = picture(view)
    qtbot.keyClick(view, Qt.Key.Key_I)
    assert picture(view).pixelColor(0, 0).red() == 255 - before.pixelColor(0, 0).red()
    qtbot.keyClick(view, Qt.Key.Key_I)
    assert picture(view) == before


def test_wheel_zooms_at_the_cursor(view: RadiographView) -> None:
    at = middle(view) + QPoint(100, 70)
    fixed, zoom = view.mapToScene(at), view.zoom
    turn_wheel(view, 2, at)
    assert view.zoom == pytest.approx(zoom * 1.0015**240)
    moved = view.mapFromScene(fixed) - at
    assert moved.manhattanLength() <= 2


def test_right_drag_zooms(view: RadiographView, qtbot: Any) -> None:
    zoom = view.zoom
    drag(qtbot, view, Right, QPoint(0, -50))
    assert view.zoom > zoom


@pytest.mark.parametrize("hold_space", [False, True])
def test_pan(view: RadiographView, qtbot: Any, hold_space: bool) -> None:
    assert view.display is not None
    turn_wheel(view, 8, middle(view))
    point, window = view.mapToScene(middle(view)), view.display.window
    if hold_space:
        qtbot.keyPress(view, Qt.Key.Key_Space)
    drag(qtbot, view, Left if hold_space else Middle, QPoint(40, 25))
    if hold_space:
        qtbot.keyRelease(view, Qt.Key.Key_Space)
    assert (view.mapFromScene(point) - middle(view) - QPoint(40, 25)).manhattanLength() <= 2
    assert view.display.window == window


def test_fit_follows_the_window_until_the_reader_zooms(view: RadiographView, window: MainWindow) -> None:
    zoom = view.zoom
    window.resize(window.width() - 300, window.height() - 200)
    assert view.zoom < zoom
    turn_wheel(view, 1, middle(view))
    zoomed = view.zoom
    window.resize(window.width() + 200, window.height() + 100)
    assert view.zoom == pytest.approx(zoomed)


def test_one_to_one(view: RadiographView, qtbot: Any) -> None:
    qtbot.keyClick(view, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert view.zoom == pytest.approx(1.0)
    qtbot.keyClick(view, Qt.Key.Key_Equal)
    assert view.zoom > 1.0


def test_keys_and_shift_wheel_step_through_the_list(
    view: RadiographView, window: MainWindow, qtbot: Any
) -> None:
    def name() -> str:
        assert window.session.current is not None
        return window.session.current.name

    visited = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Home):
        qtbot.keyClick(view, key)
        visited.append(name())
    qtbot.keyClick(view, Qt.Key.Key_End)
    turn_wheel(view, 1, middle(view), Shift)
    assert [*visited, name()] == ["b.png", "c.png", "c.png", "b.png", "a.png", "b.png"]


def test_arrow_keys_on_a_slider_move_the_slider(view: RadiographView, window: MainWindow, qtbot: Any) -> None:
    window.heatmap.opacity.setFocus()
    value = window.heatmap.opacity.value()
    qtbot.keyClick(window.heatmap.opacity, Qt.Key.Key_Right)
    assert window.heatmap.opacity.value() == value + 1
    assert window.session.current is not None
    assert window.session.current.name == "a.png"


def test_h_toggles_the_heatmap_and_brackets_set_its_opacity(
    view: RadiographView, window: MainWindow, qtbot: Any
) -> None:
    assert not view.overlay_shown
    qtbot.keyClick(view, Qt.Key.Key_H)
    assert view.overlay_shown
    opacity = view._overlay.opacity()
    qtbot.keyClick(view, Qt.Key.Key_BracketRight)
    assert view._overlay.opacity() == pytest.approx(opacity + 0.1)
    qtbot.keyClick(view, Qt.Key.Key_H)
    assert not view.overlay_shown
    qtbot.keyClick(view, Qt.Key.Key_BracketLeft)
    assert view.overlay_shown
    assert view._overlay.opacity() == pytest.approx(opacity)


def test_the_caption_lies_on_the_canvas_only_with_the_heatmap(
    view: RadiographView, window: MainWindow
) -> None:
    view.grab()
    assert view._text.caption == ""
    window.heatmap.set_visible(True)
    view.grab()
    assert CAPTION in view._text.caption


def test_the_heatmap_covers_the_image_and_leaves_the_rest_alone(
    view: RadiographView, window: MainWindow
) -> None:
    view.set_corner_text(False)
    off = view.grab().toImage()
    window.heatmap.set_visible(True)
    view._text.caption = ""
    on = view.grab().toImage()
    rectangle = view.mapFromScene(view._picture.sceneBoundingRect()).boundingRect()
    inside = rectangle.topLeft() + QPoint(rectangle.width() // 20, rectangle.height() // 20)
    assert on.pixelColor(inside) != off.pixelColor(inside)
    # Below the threshold the radiograph keeps its grey.
    low = rectangle.center()
    assert on.pixelColor(low) == off.pixelColor(low)


@pytest.mark.parametrize("control", ["opacity", "threshold", "colormap", "target", "cells"])
def test_controls_of_the_heatmap_only_repaint(
    view: RadiographView, window: MainWindow, requests: list[str], fakes: Fakes, control: str
) -> None:
    window.heatmap.set_visible(True)
    window.result.classes.button.setChecked(True)
    read, scored = len(fakes.read), len(fakes.scored)
    before = view.grab().toImage()
    match control:
        case "opacity":
            window.heatmap.opacity.setValue(90)
        case "threshold":
            window.heatmap.threshold.setValue(5)
        case "colormap":
            window.heatmap.colormap.setCurrentIndex(1)
        case "target":
            window.heatmap.target.setCurrentIndex(window.heatmap.target.findData("normal"))
        case "cells":
            window.heatmap.cells.setCurrentIndex(1)
    assert view.grab().toImage() != before
    assert requests == []
    assert (len(fakes.read), len(fakes.scored)) == (read, scored)


def test_window_level_asks_the_model_for_nothing(
    view: RadiographView, qtbot: Any, requests: list[str], fakes: Fakes
) -> None:
    scored = len(fakes.scored)
    drag(qtbot, view, Left, QPoint(60, 60))
    qtbot.keyClick(view, Qt.Key.Key_I)
    assert requests == []
    assert len(fakes.scored) == scored


def test_strength_is_shown_unnormalised(view: RadiographView, window: MainWindow) -> None:
    assert "0.40 logits per cell" in window.heatmap.strength.text()


def test_the_next_image_gets_its_own_window(view: RadiographView, window: MainWindow, qtbot: Any) -> None:
    drag(qtbot, view, Left, QPoint(60, 60))
    window.worklist.choose(case_named(window, "b.png"))
    qtbot.waitUntil(lambda: finished(window) and view.display is not None)
    assert view.display is not None
    assert view.display.window == view.display.radiograph.window


def test_mouse_and_keys_on_an_empty_window_do_nothing(window: MainWindow, qtbot: Any) -> None:
    view = window.view
    drag(qtbot, view, Left, QPoint(50, 50))
    turn_wheel(view, 1, middle(view))
    for name in (ActionId.INVERT, ActionId.RESET, ActionId.ACTUAL_SIZE, ActionId.FIT, ActionId.NEXT):
        window.actions_by_id[name].trigger()
    assert view.display is None


def test_corner_text_shows_window_and_zoom(view: RadiographView, qtbot: Any) -> None:
    assert view.display is not None
    grey, geometry = corner_lines(view.display, 0.5)
    assert grey == ["W 256  L 128"]
    assert geometry == ["Zoom 50 %", "80 x 60"]
    shown = view.grab().toImage()
    qtbot.keyClick(view, Qt.Key.Key_O)
    assert not view.corner_text
    assert view.grab().toImage() != shown


def test_a_dicom_with_bright_low_values_darkens_downwards_too() -> None:
    plain = make_radiograph()
    film = replace(plain, pixels=255 - plain.pixels, window=Window(127, 256), inverted=True)
    for radiograph in (plain, film):
        display = Display(radiograph)
        before = display.rendering().astype(int)
        display.drag(0, 100)
        change = display.rendering().astype(int) - before
        assert change.min() < 0
        assert np.all(change <= 0)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_small_view_shows_averages_not_single_pixels(dtype: type) -> None:
    scale = 1 if dtype is np.uint8 else 256
    board = (np.indices((30, 41)).sum(axis=0) % 2 * 200 * scale).astype(dtype)
    grey = (board // scale).astype(np.uint8)
    display = Display(Radiograph(board, grey, Window(128 * scale, 256 * scale)))
    assert display.rendering(2).shape == (15, 21)
    assert np.all(display.rendering(2)[:, :20] == 100)
    display.drag(0, 1)
    assert np.ptp(display.rendering(2)[:, :20]) == 0
    assert display.rendering().shape == (30, 41)


@pytest.mark.parametrize(
    ("zoom", "reduction"), [(3.0, 1), (0.51, 1), (0.5, 2), (0.26, 2), (0.25, 4), (0.01, 8)]
)
def test_the_image_is_never_reduced_below_the_screen(zoom: float, reduction: int) -> None:
    assert fitting_reduction(zoom) == reduction


def test_a_reduced_image_fills_the_same_rectangle(window: MainWindow) -> None:
    view = window.view
    window.pages.setCurrentWidget(window.board)
    view.show_radiograph(make_radiograph(2000, 1600))
    assert view._picture.pixmap().width() < 1600
    rectangle = view._picture.sceneBoundingRect()
    assert (rectangle.width(), rectangle.height()) == (1600, 2000)
    view.actual_size()
    assert view._picture.pixmap().width() == 1600
    assert view._picture.sceneBoundingRect().width() == 1600
