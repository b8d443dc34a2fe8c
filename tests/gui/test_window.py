"""Around the image: opening, the strip, settings, accessibility, privacy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollBar,
    QWidget,
)

import deeppneumo_gui.opening as opening_module
from core.notice import NOTICE
from core.overlay import DEFAULT_COLORMAP, DEFAULT_OPACITY
from deeppneumo_gui.actions import SPECS, ActionId
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]
Make = Callable[[], MainWindow]


def drop(target: QWidget, data: QMimeData) -> None:
    """Deliver a drop the way Qt does: to the innermost widget that accepts drops."""
    args = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    while not target.acceptDrops():
        target = target.parentWidget()
    QApplication.sendEvent(target, QDragEnterEvent(QPoint(5, 5), *args))
    QApplication.sendEvent(target, QDropEvent(QPointF(5, 5), *args))


def second_click(qtbot: Any, port: QWidget, at: QPoint) -> None:
    """What Qt sends for the second press and release in quick succession."""
    left = Qt.MouseButton.LeftButton
    position, world = QPointF(at), QPointF(port.mapToGlobal(at))
    kind = QEvent.Type.MouseButtonDblClick
    QApplication.sendEvent(
        port, QMouseEvent(kind, position, world, left, left, Qt.KeyboardModifier.NoModifier)
    )
    qtbot.mouseRelease(port, left, pos=at)


@pytest.mark.parametrize("place", ["invitation", "view", "worklist list", "filter", "result"])
def test_files_can_be_dropped_anywhere(
    window: MainWindow, fakes: Fakes, qtbot: Any, tmp_path: Path, place: str
) -> None:
    target = {
        "invitation": window.invitation,
        "view": window.view.viewport(),
        "worklist list": window.worklist.view.viewport(),
        "filter": window.worklist.filter,
        "result": window.result,
    }[place]
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png")), QUrl("https://example.org/b.png")])
    # File managers add the paths as text, which a text field would take.
    data.setText(str(tmp_path / "a.png"))
    window.start()
    drop(target, data)
    qtbot.waitUntil(lambda: finished(window))
    assert [case.name for case in window.session.worklist.cases()] == ["a.png"]


def test_a_drop_of_text_is_not_welcome(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("a.png")
    args = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    event = QDragEnterEvent(QPoint(5, 5), *args)
    event.ignore()
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()


@pytest.mark.parametrize(
    ("action", "asked"), [(ActionId.OPEN_FILES, "ask_files"), (ActionId.OPEN_FOLDER, "ask_folder")]
)
def test_open_from_the_menu(
    window: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch, action: ActionId, asked: str
) -> None:
    monkeypatch.setattr(opening_module, asked, lambda parent, start: [Path("/private/smith/a.png")])
    window.start()
    window.actions_by_id[action].trigger()
    qtbot.waitUntil(lambda: finished(window))


def test_open_samples(
    make_window: Make, fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opening_module, "samples_folder", lambda: tmp_path)
    fakes.folders[tmp_path.name] = [tmp_path / "sample.png"]
    window = make_window()
    window.start()
    window.actions_by_id[ActionId.OPEN_SAMPLES].trigger()
    qtbot.waitUntil(lambda: finished(window))


def test_samples_that_were_not_installed_are_not_offered(
    make_window: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening_module, "samples_folder", lambda: None)
    assert not make_window().actions_by_id[ActionId.OPEN_SAMPLES].isEnabled()


def test_the_empty_window_invites(window: MainWindow) -> None:
    assert window.invitation.isVisible()
    texts = [button.text() for button in window.invitation.findChildren(QAbstractButton)]
    assert texts == ["Open files...", "Open folder...", "Try the samples"]
    assert "Open a radiograph" in window.result.statement.text()


@pytest.mark.parametrize("full_screen", [False, True])
def test_the_strip_stays(open_files: Open, full_screen: bool) -> None:
    window = open_files("a.png")
    window.actions_by_id[ActionId.FULL_SCREEN].setChecked(full_screen)
    window.statusBar().showMessage("something else")
    assert window.notice.isVisible()
    assert window.notice.text() == NOTICE
    assert window.notice.width() >= window.notice.fontMetrics().horizontalAdvance(NOTICE)


def test_full_screen_shows_the_image_alone_and_gives_the_panels_back(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png")
    qtbot.keyClick(window.view, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert not window.worklist.isVisible()
    assert not window.menuBar().isVisible()
    qtbot.keyClick(window.view, Qt.Key.Key_I)
    assert window.view.display is not None
    assert window.view.display.inverted
    qtbot.keyClick(window.view, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.worklist.isVisible()


def test_a_double_click_toggles_full_screen(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png")
    port = window.view.viewport()
    start = port.rect().center()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=start)
    second_click(qtbot, port, start)
    assert window.isFullScreen()


def test_two_quick_drags_are_no_double_click(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png")
    port = window.view.viewport()
    left, start = Qt.MouseButton.LeftButton, port.rect().center()
    assert window.view.display is not None
    before = window.view.display.window
    qtbot.mousePress(port, left, pos=start)
    qtbot.mouseMove(port, start + QPoint(30, 0))
    qtbot.mouseRelease(port, left, pos=start + QPoint(30, 0))
    after_first = window.view.display.window
    second_click(qtbot, port, start)
    assert not window.isFullScreen()
    assert after_first != before


def test_keys_work_at_once_after_opening(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png")
    assert window.focusWidget() is window.view


def test_settings_are_remembered(make_window: Make, qtbot: Any) -> None:
    first = make_window()
    first.resize(760, 600)  # fits on the screen of the offscreen platform
    first.heatmap.opacity.setValue(70)
    first.heatmap.threshold.setValue(40)
    first.heatmap.colormap.setCurrentIndex(2)
    first.result.classes.button.setChecked(True)
    first.actions_by_id[ActionId.CORNER_TEXT].setChecked(False)
    first.close()
    second = make_window()
    style = second.heatmap.heatmap_style
    assert (style.opacity, style.threshold, style.colormap) == (0.7, 0.4, "magma")
    assert second.result.classes.shown
    assert not second.view.corner_text
    assert second.size() == first.size()


def test_full_screen_is_not_remembered(make_window: Make) -> None:
    first = make_window()
    first.actions_by_id[ActionId.FULL_SCREEN].setChecked(True)
    first.close()
    second = make_window()
    assert not second.isFullScreen()
    assert second.worklist.isVisible()
    assert second.menuBar().isVisible()


def test_damaged_settings_read_as_defaults(settings_file: Path, make_window: Make) -> None:
    settings_file.write_text(
        "[heatmap]\nopacity=much\nthreshold=7\ncolormap=jet\n[canvas]\ncorner_text=perhaps\n"
        "[window]\ngeometry=@ByteArray(nonsense)\n"
    )
    window = make_window()
    style = window.heatmap.heatmap_style
    assert (style.opacity, style.threshold, style.colormap) == (DEFAULT_OPACITY, 0.95, DEFAULT_COLORMAP)
    assert window.view.corner_text


def test_class_scores_are_shown_only_on_request(open_files: Open) -> None:
    window = open_files("a.png")
    names = {label.text() for label in window.result.classes.findChildren(QLabel) if label.isVisible()}
    assert names == set()
    assert window.heatmap.target.findData("bacterial") == -1
    window.result.classes.button.setChecked(True)
    names = {label.text() for label in window.result.classes.findChildren(QLabel) if label.isVisible()}
    assert {"Normal", "Bacterial", "Viral"} <= names
    assert window.heatmap.target.findData("bacterial") > 0


def test_a_hidden_class_is_no_longer_explained(open_files: Open) -> None:
    window = open_files("a.png")
    window.result.classes.button.setChecked(True)
    window.heatmap.target.setCurrentIndex(window.heatmap.target.findData("viral"))
    window.result.classes.button.setChecked(False)
    assert window.heatmap.heatmap_style.target == "pneumonia"


@pytest.mark.parametrize(
    ("score", "words", "uncertain"),
    [
        (0.2, "Model call: normal", False),
        (0.45, "Model call: normal", True),
        (0.7, "Model call: pneumonia", False),
    ],
)
def test_a_score_is_read_at_the_operating_point(
    open_files: Open, fakes: Fakes, score: float, words: str, uncertain: bool
) -> None:
    fakes.scores["a.png"] = score
    window = open_files("a.png")
    assert window.result.number.text() == f"{score:.2f}"
    assert window.result.number.accessibleName() == f"Model score {score:.2f}"
    assert window.result.call.text().startswith(words)
    point = window.result.point
    assert point.words.text().startswith("Operating point 0.60 (balanced): sensitivity 95")
    assert ("The score lies between" in point.words.text()) == uncertain
    assert "specificity 90" in point.words.text()
    point.button.click()
    shown = point.words.text().replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "0.60 (balanced): sensitivity 95.0 %, specificity 90.0 %" in shown
    assert "Hatched: between" in shown
    assert window.result.badge.isVisible() == uncertain


def test_notes_of_the_reader_are_shown(open_files: Open) -> None:
    assert open_files("a.png").result.notes.text() == "Note on a."


def test_no_text_in_the_window_names_a_folder(open_files: Open) -> None:
    window = open_files("a.png", "broken.png", "crash.png", "blank.png")
    window.worklist.choose(case_named(window, "broken.png"))
    texts = [window.windowTitle()]
    for widget in (window, *window.findChildren(QWidget)):
        text = getattr(widget, "text", None)
        texts += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        texts.append(text() if callable(text) else "")
    worklist = window.session.worklist
    for row in range(worklist.rowCount()):
        for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            texts.append(worklist.index(row).data(role))
    assert [text for text in texts if "smith" in text or "private" in text] == []


def test_every_control_has_a_name(open_files: Open) -> None:
    window = open_files("a.png")
    kinds = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit)
    nameless = [
        widget
        for kind in kinds
        for widget in window.findChildren(kind)
        if not isinstance(widget, QScrollBar)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parent(), (QLineEdit, QComboBox))
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_no_two_actions_share_a_key() -> None:
    keys = [key for spec in SPECS.values() for key in spec.keys]
    assert len(keys) == len(set(keys))


def test_the_whole_window_paints(open_files: Open) -> None:
    window = open_files("a.png", "broken.png", "blank.png")
    image = window.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, 400, 7)}
    assert len(colours) > 20


def test_a_longer_sentence_gets_its_room(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png")
    strength, field = window.heatmap.strength, window.heatmap.target
    strength.setText("word " * 60)
    qtbot.waitUntil(lambda: strength.height() >= strength.heightForWidth(strength.width()))
    assert field.parentWidget().height() >= field.parentWidget().sizeHint().height()
    assert field.height() >= field.sizeHint().height()
