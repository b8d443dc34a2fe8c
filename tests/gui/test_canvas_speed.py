"""What a drag may cost, what it may not lose, and that switching images keeps nothing."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from core.reading import Radiograph, Window
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.canvas import display as display_module
from deeppneumo_gui.canvas.images import grey_image, rgb_array
from deeppneumo_gui.canvas.stage import _QUICK_PIXELS
from deeppneumo_gui.canvas.view import RadiographView
from deeppneumo_gui.window import MainWindow
from tests.gui import fakes as made_up
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes, make_prediction

Open = Callable[..., MainWindow]
_STATM = Path("/proc/self/statm")


def large(dtype: type) -> Radiograph:
    generator = np.random.default_rng(3)
    pixels = generator.integers(0, 4096 if dtype is np.uint16 else 256, (1858, 2090)).astype(dtype)
    grey = (pixels >> 4).astype(np.uint8) if dtype is np.uint16 else pixels
    return Radiograph(pixels, grey, Window(2048, 4096) if dtype is np.uint16 else Window(128, 256))


@pytest.fixture(params=[np.uint8, np.uint16])
def view(window: MainWindow, request: pytest.FixtureRequest) -> RadiographView:
    window.pages.setCurrentWidget(window.board)
    window.view.show_radiograph(large(request.param))
    return window.view


def zoom_to(view: RadiographView, zoom: float) -> None:
    view.zoom_at(view.cursor_point, zoom / view.zoom)


def shown_pixels(view: RadiographView) -> int:
    size = view._picture.pixmap().size()
    return size.width() * size.height()


def has_all_detail(view: RadiographView) -> bool:
    assert view.display is not None
    expected = grey_image(view.display.rendering())
    return view._picture.pixmap().toImage().convertToFormat(expected.format()) == expected


@pytest.mark.parametrize("zoom", [0.6, 1.0, 3.0])
def test_a_drag_windows_few_pixels_and_its_end_all(view: RadiographView, qtbot: Any, zoom: float) -> None:
    zoom_to(view, zoom)
    port, at = view.viewport(), view.viewport().rect().center()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at)
    qtbot.mouseMove(port, at + QPoint(30, 20))
    # A row and a column may come on top where the edge of the view cuts a pixel.
    assert shown_pixels(view) < 1.02 * _QUICK_PIXELS
    dragged = view.grab().toImage()
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at + QPoint(30, 20))
    assert has_all_detail(view)
    if zoom >= 1.0:
        # Only what is outside of the view was left out.
        before, after = (rgb_array(image).astype(int) for image in (dragged, view.grab().toImage()))
        assert np.abs(before - after).max() <= 2


def test_a_drag_that_rests_gets_its_detail(view: RadiographView, qtbot: Any) -> None:
    zoom_to(view, 0.6)
    view.window_level(30, 20)
    assert not has_all_detail(view)
    qtbot.waitUntil(lambda: has_all_detail(view))


def test_a_pan_during_a_drag_shows_no_cut_edge(view: RadiographView) -> None:
    zoom_to(view, 2.0)
    view.window_level(30, 20)
    assert not has_all_detail(view)
    view.pan(QPoint(200, 100))
    assert has_all_detail(view)


def test_a_coarse_picture_fills_the_same_rectangle(view: RadiographView) -> None:
    zoom_to(view, 0.6)
    whole = view._picture.sceneBoundingRect()
    view.window_level(30, 20)
    coarse = view._picture.sceneBoundingRect()
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert coarse.intersected(seen).adjusted(-4, -4, 4, 4).contains(whole.intersected(seen))
    assert whole.adjusted(-4, -4, 4, 4).contains(coarse)


def test_both_panes_of_one_display_get_their_detail(
    view: RadiographView, window: MainWindow, qtbot: Any
) -> None:
    window.actions_by_id[ActionId.BESIDE_HEATMAP].setEnabled(True)
    window.actions_by_id[ActionId.BESIDE_HEATMAP].trigger()
    window.canvas.explain(make_prediction())
    zoom_to(view, 0.6)
    view.window_level(30, 20)
    assert shown_pixels(window.board.companion) < 1.02 * _QUICK_PIXELS
    qtbot.waitUntil(lambda: has_all_detail(view) and has_all_detail(window.board.companion))


def test_both_panes_of_one_display_look_up_once(
    view: RadiographView, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.actions_by_id[ActionId.BESIDE_HEATMAP].setEnabled(True)
    window.actions_by_id[ActionId.BESIDE_HEATMAP].trigger()
    zoom_to(view, 0.6)
    looked_up: list[object] = []
    original = display_module.render
    monkeypatch.setattr(display_module, "render", lambda *args: looked_up.append(args) or original(*args))
    for step in range(5):
        view.window_level(10, step)
    assert len(looked_up) == 5
    pictures = [pane._picture.pixmap().toImage() for pane in window.board.panes]
    assert pictures[0] == pictures[1]


def test_heatmap_steps_leave_the_radiograph_alone(
    window: MainWindow, view: RadiographView, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.canvas.explain(make_prediction())
    window.heatmap.set_visible(True)
    rendered: list[object] = []
    monkeypatch.setattr(type(view), "_render", lambda *args, **kwargs: rendered.append(args))
    before = view._picture.pixmap().cacheKey()
    for value in range(10, 90, 10):
        window.heatmap.opacity.setValue(value)
        window.heatmap.threshold.setValue(value)
    assert rendered == []
    assert view._picture.pixmap().cacheKey() == before


class Forgetful(dict[int, tuple[str, Radiograph]]):
    """Keeps the last radiograph only, and weak references to the pixels of all."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[weakref.ref[Any]] = []

    def __setitem__(self, key: int, value: tuple[str, Radiograph]) -> None:
        self.clear()
        super().__setitem__(key, value)
        self.seen.append(weakref.ref(value[1].pixels))


@pytest.mark.parametrize("layout", [ActionId.ONE_PANE, ActionId.BESIDE_HEATMAP, ActionId.TWO_CASES])
def test_200_switches_keep_nothing(
    open_files: Open, fakes: Fakes, monkeypatch: pytest.MonkeyPatch, qtbot: Any, layout: ActionId
) -> None:
    window = open_files("a.png", "b.png")
    small = made_up.make_radiograph
    monkeypatch.setattr(made_up, "make_radiograph", lambda notes=(): small(600, 800, notes))
    fakes._names = names = Forgetful()
    window.heatmap.set_visible(True)
    window.actions_by_id[layout].trigger()

    def switch(times: int) -> None:
        for turn in range(times):
            before = len(names.seen)
            window.worklist.choose(case_named(window, "b.png" if turn % 2 == 0 else "a.png"))
            qtbot.waitUntil(
                lambda before=before: len(names.seen) > before and window.view.display is not None
            )
            window.view.zoom_at(QPointF(30, 30), 1.5)
            window.view.window_level(9, 9)
            window.view.grab()

    switch(20)
    memory = resident_megabytes()
    switch(200)
    gc.collect()
    assert sum(reference() is not None for reference in names.seen) <= 3
    # Each of the 200 leaves more than 2 MB behind if it leaves anything.
    assert resident_megabytes() - memory < 40


def resident_megabytes() -> float:
    if not _STATM.exists():
        return 0.0
    return int(_STATM.read_text().split()[1]) * 4096 / 1e6
