"""Regions are drawn in the radiograph's own measure, whatever zoom, turn and mirror do to the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from core.teaching.lesson import Region
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.teaching.drawing import RegionLayer
from deeppneumo_gui.teaching.outlines import in_pixels
from deeppneumo_gui.window import MainWindow

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def layer(open_files: Callable[..., MainWindow]) -> tuple[MainWindow, RegionLayer]:
    window = open_files("a.png", "b.png")
    layer = RegionLayer(window.view)
    layer.show_regions(())
    layer.edited.connect(lambda regions, words: layer.show_regions(regions))
    return window, layer


def at(window: MainWindow, x: float, y: float) -> QPoint:
    from PySide6.QtCore import QSize

    return window.view.mapFromScene(in_pixels((x, y), QSize(80, 60)))


def drag(window: MainWindow, qtbot: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    port = window.view.viewport()
    qtbot.mousePress(port, LEFT, pos=at(window, *start))
    qtbot.mouseMove(port, at(window, *end))
    qtbot.mouseRelease(port, LEFT, pos=at(window, *end))


@pytest.mark.parametrize("turned", [(), (ActionId.ROTATE_RIGHT, ActionId.FLIP_HORIZONTALLY)])
@pytest.mark.parametrize("shape", ["ellipse", "rectangle"])
def test_a_box_is_where_it_was_drawn(layer: Any, qtbot: Any, shape: Any, turned: Any) -> None:
    window, layer = layer
    for name in turned:
        window.actions_by_id[name].trigger()
    level = window.view.display.window
    layer.take_tool(shape)
    drag(window, qtbot, (0.25, 0.25), (0.5, 0.75))
    (region,) = layer._regions
    assert region.shape == shape
    assert region.box == pytest.approx((0.25, 0.25, 0.5, 0.75), abs=0.01)
    assert layer.tool is None
    assert window.view.display.window == level
    drag(window, qtbot, (0.25, 0.5), (0.35, 0.5))
    assert layer._regions[0].box == pytest.approx((0.35, 0.25, 0.6, 0.75), abs=0.01)
    drag(window, qtbot, (0.35, 0.25), (0.1, 0.1))
    assert layer._regions[0].box == pytest.approx((0.1, 0.1, 0.6, 0.75), abs=0.015)
    qtbot.keyClick(window.view, Qt.Key.Key_Delete)
    assert layer._regions == ()
    assert len(window.session.worklist.cases()) == 2


def test_a_polygon_escape_and_delete(layer: Any, qtbot: Any) -> None:
    window, layer = layer
    port = window.view.viewport()
    layer.take_tool("polygon")
    for x, y in ((0.2, 0.2), (0.6, 0.2)):
        qtbot.mouseClick(port, LEFT, pos=at(window, x, y))
    qtbot.keyClick(window.view, Qt.Key.Key_Escape)
    assert (layer._regions, layer.tool) == ((), "polygon")
    for x, y in ((0.2, 0.2), (0.6, 0.2), (0.6, 0.6)):
        qtbot.mouseClick(port, LEFT, pos=at(window, x, y))
    qtbot.keyClick(window.view, Qt.Key.Key_Return)
    (region,) = layer._regions
    assert len(region.points) == 3
    assert isinstance(region, Region)
    qtbot.keyClick(window.view, Qt.Key.Key_Delete)
    assert layer._regions == ()
    assert len(window.session.worklist.cases()) == 2
    drag(window, qtbot, (0.2, 0.2), (0.5, 0.5))
    assert window.view.display.preset is None, "without a tool a drag windows as always"
