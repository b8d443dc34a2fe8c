"""One pane, heatmap beside the image, two cases: what each pane shows, and what it never shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QApplication

from core.overlay import CAPTION
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.canvas.board import Arrangement, CanvasBoard
from deeppneumo_gui.canvas.heatmap import Heatmap, HeatmapStyle
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference.thread import InferenceThread
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes, make_prediction, make_radiograph

Open = Callable[..., MainWindow]


@pytest.fixture
def board(open_files: Open, fakes: Fakes) -> CanvasBoard:
    fakes.scores["a.png"] = 0.97
    return open_files("a.png", "b.png", "c.png").board


def trigger(window: MainWindow, *names: ActionId) -> None:
    for name in names:
        window.actions_by_id[name].trigger()
    QApplication.processEvents()


def choose(window: MainWindow, name: str, qtbot: Any) -> None:
    window.worklist.choose(case_named(window, name))
    qtbot.waitUntil(lambda: window.view.settled)


def alike(board: CanvasBoard) -> bool:
    one, other = board.view.framing, board.companion.framing
    assert one is not None
    assert other is not None
    near = np.allclose(one.centre, other.centre, atol=0.02)
    return near and one.magnification == pytest.approx(other.magnification, rel=0.01)


def test_one_pane_at_first(board: CanvasBoard, window: MainWindow) -> None:
    assert board.view.isVisible()
    assert not board.companion.isVisible()
    assert window.actions_by_id[ActionId.ONE_PANE].isChecked()


def test_beside_the_heatmap_only_the_second_pane_has_it(board: CanvasBoard, window: MainWindow) -> None:
    trigger(window, ActionId.BESIDE_HEATMAP)
    assert board.companion.isVisible()
    assert board.companion.x() > board.view.x()
    assert board.companion.display is board.view.display
    assert board.companion.overlay_shown
    assert not board.view.overlay_shown
    trigger(window, ActionId.ONE_PANE)
    assert board.view.overlay_shown
    assert board.companion.display is None


def test_beside_the_heatmap_everything_goes_together(board: CanvasBoard, window: MainWindow) -> None:
    trigger(window, ActionId.BESIDE_HEATMAP)
    board.companion.zoom_at(QPointF(30, 40), 4.0)
    assert board.view.zoom == pytest.approx(board.companion.zoom)
    assert alike(board)
    board.view.pan(QPoint(-30, 25))
    assert alike(board)
    before = board.view._picture.pixmap().toImage()
    board.companion.window_level(80, 50)
    assert board.view._picture.pixmap().toImage() != before
    assert board.view._picture.pixmap().toImage() == board.companion._picture.pixmap().toImage()
    trigger(window, ActionId.ROTATE_RIGHT)
    assert board.companion.framing is not None
    assert board.companion.transform().m12() == pytest.approx(board.view.transform().m12())
    trigger(window, ActionId.RESET)
    assert board.companion._picture.pixmap().toImage() == board.view._picture.pixmap().toImage()
    assert alike(board)


def test_beside_the_heatmap_no_pane_keeps_the_image_before(
    board: CanvasBoard, window: MainWindow, fakes: Fakes, qtbot: Any
) -> None:
    trigger(window, ActionId.BESIDE_HEATMAP)
    fakes.reading.hold()
    window.worklist.choose(case_named(window, "b.png"))
    for pane in board.panes:
        assert pane.display is None
        assert not pane.overlay_shown
    fakes.reading.open()
    qtbot.waitUntil(lambda: board.view.display is not None)
    assert board.companion.display is board.view.display
    assert board.companion._text.heading == ("b.png",)
    assert board.companion.overlay_shown


def test_two_cases_keep_the_first(board: CanvasBoard, window: MainWindow, qtbot: Any) -> None:
    assert board.view.display is not None
    pinned = board.view.display.radiograph
    trigger(window, ActionId.TWO_CASES)
    assert board.companion.x() < board.view.x()
    choose(window, "b.png", qtbot)
    assert board.companion.display is not None
    assert board.companion.display.radiograph is pinned
    assert board.view.display.radiograph is not pinned
    assert board.companion._text.heading == ("Pinned for comparison", "a.png", "Model score 0.97")
    assert board.view._text.heading == ("b.png", "Model score 0.80")
    assert window.result.subject.text() == "b.png, on the right"
    assert window.result.subject.isVisible()
    window.actions_by_id[ActionId.HIDE_IDENTITIES].setChecked(True)
    assert board.companion._text.heading == ("Pinned for comparison", "Case 1", "Model score 0.97")
    assert window.result.subject.text() == "Case 2, on the right"
    # Once more pins what is on screen now.
    trigger(window, ActionId.TWO_CASES)
    assert board.companion.display.radiograph is board.view.display.radiograph
    trigger(window, ActionId.ONE_PANE)
    assert board.view._text.heading == ("Case 2",)
    assert window.result.subject.isHidden()


def test_another_frame_takes_nothing_from_the_pinned_one(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files("frames.dcm")
    trigger(window, ActionId.HEATMAP, ActionId.TWO_CASES)
    assert window.board.companion.overlay_shown
    window.session.choose_frame(3)
    qtbot.waitUntil(lambda: window.view.display is not None and window.view.overlay_shown)
    assert window.view._text.heading == ("frames.dcm", "Model score 0.80")
    # Its score and its map were those of the first frame, and are no longer known.
    assert window.board.companion._text.heading == ("Pinned for comparison", "frames.dcm")
    assert not window.board.companion.overlay_shown


def test_two_cases_are_windowed_apart_but_framed_together(
    board: CanvasBoard, window: MainWindow, qtbot: Any
) -> None:
    trigger(window, ActionId.TWO_CASES)
    choose(window, "b.png", qtbot)
    board.view.zoom_at(QPointF(50, 60), 3.0)
    assert alike(board)
    board.view.window_level(80, 0)
    assert board.companion.display is not None
    assert board.companion.display.window == board.companion.display.radiograph.window
    board.companion.pan(QPoint(20, -10))
    assert alike(board)
    # The next image is looked at in the same place.
    choose(window, "c.png", qtbot)
    assert alike(board)
    assert board.view.framing is not None
    assert board.view.framing.magnification == pytest.approx(3.0, rel=0.01)
    trigger(window, ActionId.LINK_PANES)
    board.view.fit()
    assert not alike(board)
    trigger(window, ActionId.LINK_PANES)
    assert alike(board)


def test_linked_zoom_fits_pictures_of_other_sizes(window: MainWindow) -> None:
    board = window.board
    window.pages.setCurrentWidget(board)
    board.view.show_radiograph(make_radiograph(300, 400))
    board.arrange(Arrangement.TWO_CASES)
    QApplication.processEvents()
    board.view.show_radiograph(make_radiograph(1200, 900))
    board.companion.zoom_at(QPointF(70, 80), 2.0)
    assert alike(board)
    assert board.view.zoom != pytest.approx(board.companion.zoom)


def test_keys_work_on_the_pane_last_touched(board: CanvasBoard, window: MainWindow, qtbot: Any) -> None:
    trigger(window, ActionId.TWO_CASES)
    choose(window, "b.png", qtbot)
    board.companion.setFocus()
    qtbot.keyClick(board.companion, Qt.Key.Key_I)
    assert board.companion.display is not None
    assert board.view.display is not None
    assert (board.companion.display.inverted, board.view.display.inverted) == (True, False)
    assert (board.companion._text.marked, board.view._text.marked) == (True, False)
    qtbot.mouseClick(board.view.viewport(), Qt.MouseButton.LeftButton)
    trigger(window, ActionId.ROTATE_RIGHT)
    assert board.view.display.orientation.changed
    assert not board.companion.display.orientation.changed
    # Arrow keys step through the list wherever the focus is.
    board.companion.setFocus()
    qtbot.keyClick(board.companion, Qt.Key.Key_Down)
    assert window.session.current is not None
    assert window.session.current.name == "c.png"


def test_the_pinned_case_has_its_own_heatmap(board: CanvasBoard, window: MainWindow, qtbot: Any) -> None:
    trigger(window, ActionId.TWO_CASES)
    choose(window, "b.png", qtbot)
    window.heatmap.set_visible(True)
    assert board.companion.overlay_shown
    assert board.view.overlay_shown
    window.session.worklist.replace(
        replace(case_named(window, "b.png"), state=CaseState.NOT_SCORED, prediction=None)
    )
    window.canvas.explain(None)
    assert board.companion.overlay_shown
    assert not board.view.overlay_shown


def test_a_score_that_arrives_later_explains_the_pinned_case(
    window: MainWindow, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold()
    window.start([Path("/private/smith") / name for name in ("a.png", "b.png")])
    qtbot.waitUntil(lambda: window.view.display is not None)
    trigger(window, ActionId.HEATMAP, ActionId.TWO_CASES)
    window.worklist.choose(case_named(window, "b.png"))
    assert not window.board.companion.overlay_shown
    fakes.scoring.open()
    qtbot.waitUntil(lambda: case_named(window, "a.png").prediction is not None)
    assert window.board.companion.overlay_shown


def test_each_pane_says_the_strength_of_its_own_map(
    board: CanvasBoard, window: MainWindow, qtbot: Any
) -> None:
    trigger(window, ActionId.HEATMAP, ActionId.TWO_CASES)
    choose(window, "b.png", qtbot)
    weak = replace(make_prediction(), activation_maps=make_prediction().activation_maps / 4)
    window.canvas.explain(weak)
    assert (board.companion._text.strength, board.view._text.strength) == pytest.approx((0.4, 0.1))
    shown = board.view.grab().toImage()
    board.view._text.strength = 0.2
    assert board.view.grab().toImage() != shown


def test_a_heatmap_with_nothing_to_see_says_so_on_the_image(board: CanvasBoard, window: MainWindow) -> None:
    trigger(window, ActionId.HEATMAP)
    faint = replace(make_prediction(), activation_maps=make_prediction().activation_maps / 20)
    window.canvas.explain(faint)
    board.view.grab()
    assert board.view._text.caption == "Heatmap weak (0.02): nothing above the threshold."
    window.heatmap.threshold.setValue(17)
    board.view.grab()
    hardly = "Heatmap weak (0.02): hardly anything above the threshold."
    assert board.view._text.caption == f"{CAPTION}.\n{hardly}"
    window.heatmap.threshold.setValue(5)
    board.view.grab()
    assert board.view._text.caption == f"{CAPTION}."
    window.heatmap.threshold.setValue(35)
    trigger(window, ActionId.HEATMAP)
    board.view.grab()
    assert board.view._text.caption == ""


def test_a_file_that_cannot_be_read_is_not_pinned(open_files: Open) -> None:
    window = open_files("broken.png", "b.png")
    trigger(window, ActionId.TWO_CASES)
    assert window.board.arrangement is Arrangement.ONE
    assert window.actions_by_id[ActionId.ONE_PANE].isChecked()


def test_closing_all_ends_a_comparison(board: CanvasBoard, window: MainWindow) -> None:
    trigger(window, ActionId.TWO_CASES, ActionId.CLEAR)
    assert board.arrangement is Arrangement.ONE
    assert board.companion.display is None
    assert window.actions_by_id[ActionId.ONE_PANE].isChecked()


def test_the_layouts_ask_the_model_for_nothing(
    board: CanvasBoard, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    for name in ("select", "extend"):
        monkeypatch.setattr(InferenceThread, name, lambda thread, job: made.append(job))
    for name in (
        ActionId.BESIDE_HEATMAP,
        ActionId.TWO_CASES,
        ActionId.LINK_PANES,
        ActionId.MAGNIFIER,
        ActionId.ROTATE_LEFT,
        ActionId.PRESET_LUNG,
        ActionId.ONE_PANE,
    ):
        trigger(window, name)
    assert made == []


def test_raw_cells_show_49_values() -> None:
    heatmap = Heatmap(make_prediction().activation_map("pneumonia"))
    smooth, raw = (
        heatmap.image(replace(HeatmapStyle(threshold=0.0), smooth=smooth)) for smooth in (True, False)
    )
    cell = raw.width() // 7
    inside = {raw.pixelColor(x, y).name() for x in (0, cell - 1) for y in (0, cell - 1)}
    assert len(inside) == 1
    assert raw.pixelColor(cell, 0).alpha() == 0
    assert smooth.pixelColor(cell, 0).alpha() > 0


def test_raw_cells_are_remembered(make_window: Callable[[], MainWindow]) -> None:
    first = make_window()
    first.heatmap.cells.setCurrentIndex(1)
    first.close()
    assert not make_window().heatmap.heatmap_style.smooth


@pytest.mark.parametrize("arrangement", [ActionId.BESIDE_HEATMAP, ActionId.TWO_CASES])
def test_what_was_enlarged_stays_in_sight_beside_a_second_pane(
    board: CanvasBoard, window: MainWindow, arrangement: ActionId
) -> None:
    board.view.zoom_at(QPointF(300.0, 200.0), 6.0)
    before = board.view.framing
    assert before is not None
    trigger(window, arrangement)
    assert alike(board)
    trigger(window, ActionId.ONE_PANE)
    after = board.view.framing
    assert after is not None
    assert np.allclose(before.centre, after.centre, atol=0.02)


def test_what_was_enlarged_stays_in_the_middle_of_another_window(
    board: CanvasBoard, window: MainWindow
) -> None:
    board.view.zoom_at(QPointF(300.0, 200.0), 6.0)
    before, zoom = board.view.framing, board.view.zoom
    assert before is not None
    window.resize(1000, 640)
    QApplication.processEvents()
    after = board.view.framing
    assert after is not None
    assert np.allclose(before.centre, after.centre, atol=0.02)
    assert board.view.zoom == zoom
