"""Keys, presets, turning, magnifier and the sheet of keys, on the real window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeySequence, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from core.reading import Radiograph, Window
from core.reading.radiograph import PixelSpacing, SpacingKind
from deeppneumo_gui.actions import SPECS, ActionId
from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.canvas.foreground import CanvasText, corner_lines, draw_foreground, frame_lines
from deeppneumo_gui.canvas.images import rgb_array
from deeppneumo_gui.canvas.orientation import Orientation
from deeppneumo_gui.canvas.presets import PRESETS, preset_window
from deeppneumo_gui.canvas.view import RadiographView, gestures
from deeppneumo_gui.shortcut_sheet import ShortcutSheet, keys_text, sections
from deeppneumo_gui.theme import DARK
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist.delegate import _PADDING, _PICTURE
from tests.gui.conftest import case_named
from tests.gui.fakes import make_radiograph

Open = Callable[..., MainWindow]
Shift, Control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def view(open_files: Open) -> RadiographView:
    return open_files("a.png", "b.png").view


def seen(view: RadiographView) -> QImage:
    return view.grab().toImage()


def on_screen(view: RadiographView, x: float, y: float) -> QPoint:
    return view.mapFromScene(QPointF(x, y))


def test_z_zooms_at_the_cursor_and_shift_z_back(view: RadiographView, qtbot: Any) -> None:
    at = view.viewport().rect().center() + QPoint(90, 60)
    view.follow(QPointF(at))
    fixed, zoom = view.mapToScene(at), view.zoom
    qtbot.keyClick(view, Qt.Key.Key_Z)
    assert view.zoom == pytest.approx(1.25 * zoom)
    assert (view.mapFromScene(fixed) - at).manhattanLength() <= 2
    qtbot.keyClick(view, Qt.Key.Key_Z, Shift)
    assert view.zoom == pytest.approx(zoom)


def test_ctrl_enter_fits(view: RadiographView, qtbot: Any) -> None:
    zoom = view.zoom
    qtbot.keyClick(view, Qt.Key.Key_Z)
    qtbot.keyClick(view, Qt.Key.Key_Return, Control)
    assert view.zoom == pytest.approx(zoom)


@pytest.mark.parametrize(("key", "name"), list(enumerate([preset.name for preset in PRESETS], 1)))
def test_digits_choose_a_window(view: RadiographView, qtbot: Any, key: int, name: str) -> None:
    assert view.display is not None
    view.window_level(50, 50)
    qtbot.keyClick(view, str(key))
    assert view.display.preset is not None
    assert view.display.preset.name == name
    expected = preset_window(view.display.radiograph, PRESETS[key - 1])
    assert view.display.window == (expected or view.display.radiograph.window)
    grey, _ = corner_lines(view.display, 1.0)
    assert (grey[0] == name) == (key > 1)
    view.window_level(5, 5)
    assert name not in corner_lines(view.display, 1.0)[0]


def body(inverted: bool = False, padding: tuple[int, int] | None = None) -> Radiograph:
    """Air of 100 around lungs (1000), soft tissue (2500) and bone (3500)."""
    pixels = np.full((200, 200), 100, np.uint16)
    pixels[20:80], pixels[80:150], pixels[150:180] = 1000, 2500, 3500
    if inverted:
        pixels = (4000 - pixels).astype(np.uint16)
    if padding is not None:
        pixels[:10] = padding[0]
    grey = (pixels >> 4).astype(np.uint8)
    return Radiograph(pixels, grey, Window(2048, 4096), inverted, padding)


@pytest.mark.parametrize("inverted", [False, True])
def test_each_window_brings_out_its_tissue(inverted: bool) -> None:
    display = Display(body(inverted))
    shown = {}
    for preset in PRESETS:
        display.apply(preset)
        grey = display.rendering().astype(int)
        shown[preset.name] = [grey[row, 0] for row in (0, 50, 100, 160)]
    air, lung, soft, bone = shown["Lung"]
    assert air == 0
    assert soft - lung > 200
    air, lung, soft, bone = shown["Soft tissue"]
    assert (air, lung) == (0, 0)
    assert 100 < soft < 200
    assert bone == 255
    assert shown["Bone"][1:] == [0, 0, 255]
    assert shown["Full range"][0] == 0
    assert shown["Full range"][3] == 255


def test_a_window_does_not_count_padding() -> None:
    plain, padded = body(), body(padding=(60000, 60000))
    for preset in PRESETS[1:]:
        first, second = preset_window(plain, preset), preset_window(padded, preset)
        assert first is not None
        assert second is not None
        assert second.center + second.width / 2 < 4000


def test_a_constant_image_has_windows_too() -> None:
    flat = np.full((30, 30), 90, np.uint8)
    for preset in PRESETS:
        display = Display(Radiograph(flat, flat, Window(128, 256)))
        display.apply(preset)
        assert display.rendering().shape == (30, 30)


ORIENTATIONS = [Orientation(turns, mirrored) for turns in range(4) for mirrored in (False, True)]


def laid(picture: np.ndarray, orientation: Orientation) -> np.ndarray:
    return np.rot90(np.fliplr(picture) if orientation.mirrored else picture, -orientation.turns)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_orientations_follow_the_picture(orientation: Orientation) -> None:
    picture = np.arange(6).reshape(2, 3)
    shown = laid(picture, orientation)
    assert np.array_equal(laid(picture, orientation.turned(1)), np.rot90(shown, -1))
    assert np.array_equal(laid(picture, orientation.turned(-1)), np.rot90(shown))
    assert np.array_equal(laid(picture, orientation.flipped()), np.fliplr(shown))
    assert np.array_equal(laid(picture, orientation.flipped(vertically=True)), np.flipud(shown))
    assert orientation.sideways == (shown.shape == (3, 2))
    assert bool(orientation.words()) == orientation.changed


def test_words_say_how_the_picture_is_made_again() -> None:
    """Rotate right and flip look like the flip and a turn to the left."""
    assert Orientation().turned(1).flipped().words() == "Mirrored, then rotated 90° left: view only"
    assert Orientation().flipped().turned(-1) == Orientation().turned(1).flipped()


TURNS = [
    (ActionId.ROTATE_RIGHT, Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier, "Rotated 90° right: view only"),
    (ActionId.ROTATE_LEFT, Qt.Key.Key_R, Shift, "Rotated 90° left: view only"),
    (ActionId.FLIP_HORIZONTALLY, Qt.Key.Key_H, Shift, "Mirrored left to right: view only"),
    (ActionId.FLIP_VERTICALLY, Qt.Key.Key_V, Shift, "Flipped top to bottom: view only"),
]


@pytest.mark.parametrize(("action", "key", "modifier", "words"), TURNS)
def test_turning_is_shown_marked_and_reset(
    view: RadiographView, qtbot: Any, action: ActionId, key: Any, modifier: Any, words: str
) -> None:
    assert view.display is not None
    before = seen(view)
    bright = on_screen(view, 79, 30) - view.viewport().rect().center()
    qtbot.keyClick(view, key, modifier)
    assert view.display.orientation.words() == words
    turned = on_screen(view, 79, 30) - view.viewport().rect().center()
    # The bright right edge of the ramp points elsewhere, and the whole picture still fits.
    assert np.sign(bright.x()) == 1
    if view.display.orientation.sideways:
        assert abs(turned.y()) > 5 * abs(turned.x())
    else:
        assert np.sign(turned.x()) == (-1 if action is ActionId.FLIP_HORIZONTALLY else 1)
    rectangle = view.mapFromScene(view._picture.sceneBoundingRect()).boundingRect()
    assert view.viewport().rect().adjusted(-2, -2, 2, 2).contains(rectangle)
    # The mark stays where the rest of the text is off.
    view.set_corner_text(False)
    marked = seen(view)
    view.display.orientation = Orientation()
    assert seen(view) != marked
    view.display.orientation = replace(view.display.orientation, turns=1)
    qtbot.keyClick(view, Qt.Key.Key_R, Control)
    view.set_corner_text(True)
    assert view.display.orientation == Orientation()
    assert seen(view) == before


def test_the_heatmap_turns_with_the_picture(view: RadiographView, window: MainWindow) -> None:
    window.heatmap.set_visible(True)
    for turn in (lambda: view.rotate_picture(1), view.flip_picture):
        turn()
        view.set_corner_text(False)
        hot, cold = on_screen(view, 4, 4), on_screen(view, 60, 50)
        window.heatmap.set_visible(True)
        view._text.caption = ""
        on = seen(view)
        window.heatmap.set_visible(False)
        off = seen(view)
        assert on.pixelColor(hot) != off.pixelColor(hot)
        assert on.pixelColor(cold) == off.pixelColor(cold)


def test_turning_is_forgotten_with_the_next_image(
    view: RadiographView, window: MainWindow, qtbot: Any
) -> None:
    view.rotate_picture(1)
    window.worklist.choose(case_named(window, "b.png"))
    qtbot.waitUntil(lambda: view.display is not None)
    assert view.display is not None
    assert not view.display.orientation.changed
    rectangle = view.mapFromScene(view._picture.sceneBoundingRect()).boundingRect()
    assert rectangle.width() > rectangle.height()


def test_the_magnifier_follows_the_cursor(view: RadiographView, window: MainWindow, qtbot: Any) -> None:
    assert view.display is not None
    view.set_corner_text(False)
    plain = seen(view)
    qtbot.keyClick(view, Qt.Key.Key_M)
    assert view.magnifying
    centre = view.viewport().rect().center()
    qtbot.mouseMove(view.viewport(), centre)
    shown = seen(view)
    # Around the cursor the ramp is less steep by the magnification; at the cursor it is the same.
    reach = QPoint(80, 0)

    def rise(image: QImage) -> int:
        return image.pixelColor(centre + reach).red() - image.pixelColor(centre - reach).red()

    assert abs(shown.pixelColor(centre).red() - plain.pixelColor(centre).red()) <= 4
    assert rise(shown) == pytest.approx(rise(plain) / 2.5, abs=4)
    qtbot.mouseMove(view.viewport(), centre + QPoint(200, 0))
    assert seen(view) != shown
    qtbot.keyClick(view, Qt.Key.Key_M)
    assert seen(view) == plain


def test_the_magnifier_shows_the_heatmap_as_it_is_shown(view: RadiographView, window: MainWindow) -> None:
    window.actions_by_id[ActionId.MAGNIFIER].trigger()
    view.follow(QPointF(on_screen(view, 5, 5)))
    without = seen(view)
    window.heatmap.set_visible(True)
    colour = seen(view).pixelColor(on_screen(view, 5, 5))
    assert colour != without.pixelColor(on_screen(view, 5, 5))
    assert colour.red() != colour.blue()


def star(window: MainWindow, row: int) -> QColor:
    """The colour where the mark of a key image would be."""
    rows = window.worklist.view
    box = rows.visualRect(rows.model().index(row, 0))
    at = QPoint(box.left() + _PADDING + _PICTURE - 9, box.center().y() - _PICTURE // 2 + _PICTURE - 9)
    return rows.viewport().grab().toImage().pixelColor(at)


def test_k_marks_a_key_image_that_stays_marked(view: RadiographView, window: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(view, Qt.Key.Key_K)
    assert case_named(window, "a.png").key_image
    assert "Key image" in view._text.heading
    tip = window.session.worklist.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("a.png (key image)")
    assert star(window, row=0) == QColor(DARK.notice)
    assert star(window, row=1) != QColor(DARK.notice)
    window.worklist.choose(case_named(window, "b.png"))
    qtbot.waitUntil(lambda: view.display is not None)
    assert "Key image" not in view._text.heading
    assert not case_named(window, "b.png").key_image
    window.worklist.choose(case_named(window, "a.png"))
    qtbot.keyClick(view, Qt.Key.Key_K)
    assert not case_named(window, "a.png").key_image


def test_the_corner_names_the_case_as_the_list_does(view: RadiographView, window: MainWindow) -> None:
    assert view._text.heading == ("a.png",)
    window.actions_by_id[ActionId.HIDE_IDENTITIES].setChecked(True)
    assert view._text.heading == ("Case 1",)


def test_the_corners_tell_spacing_and_frame() -> None:
    plain = make_radiograph()
    assert frame_lines(plain) == []
    detector = PixelSpacing(0.1431, 0.1431, SpacingKind.DETECTOR)
    display = Display(replace(plain, spacing=detector, frame=1, frame_count=5))
    assert frame_lines(display.radiograph) == ["Frame 2 of 5"]
    assert corner_lines(display, 1.0)[1] == ["Zoom 100 %", "80 x 60", "0.143 mm at detector"]
    patient = PixelSpacing(0.2, 0.1, SpacingKind.PATIENT)
    display = Display(replace(plain, spacing=patient))
    assert corner_lines(display, 1.0)[1][-1] == "0.2 x 0.1 mm in the patient"


def test_the_sheet_lists_every_key_and_gesture(window: MainWindow, qtbot: Any) -> None:
    window.actions_by_id[ActionId.SHORTCUTS].trigger()
    sheet = window.findChild(ShortcutSheet)
    assert sheet is not None
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    for spec in SPECS.values():
        if spec.keys:
            assert keys_text(spec.keys) in texts
    for how, what in gestures(wheel_steps=False):
        assert {how, what} <= set(texts)
    rows = [row for _, rows in sections() for row in rows]
    assert len(rows) == len(gestures(wheel_steps=False)) + sum(bool(spec.keys) for spec in SPECS.values())
    # Asked for while it is open, it is the same one.
    window.actions_by_id[ActionId.SHORTCUTS].trigger()
    assert window.findChildren(ShortcutSheet) == [sheet]
    sheet.close()


def test_the_sheet_knows_what_the_wheel_was_set_to(window: MainWindow) -> None:
    window.view.wheel_steps = True
    window.actions_by_id[ActionId.SHORTCUTS].trigger()
    sheet = window.findChild(ShortcutSheet)
    assert sheet is not None
    texts = [label.text() for label in sheet.findChildren(QLabel)]
    assert texts[texts.index("Zoom at the cursor") + 1] == "Shift + wheel, right drag"
    sheet.close()


def test_question_mark_opens_the_sheet() -> None:
    assert QKeySequence("?") in [QKeySequence(key) for key in SPECS[ActionId.SHORTCUTS].keys]


def test_the_invitation_is_whole_in_the_smallest_window(window: MainWindow) -> None:
    window.resize(window.minimumSize())
    for _ in range(6):
        QApplication.processEvents()
    buttons = window.invitation.findChildren(QPushButton)
    assert len(buttons) == 3
    for button in buttons:
        assert button.width() >= button.sizeHint().width()
        assert button.height() >= button.sizeHint().height()
        corner = button.mapTo(window.invitation, button.rect().bottomRight())
        assert window.invitation.rect().contains(corner)


def test_corner_texts_of_a_narrow_pane_do_not_cover_each_other(qapp: QApplication) -> None:
    display = Display(make_radiograph())

    def painted(width: int, words: CanvasText) -> np.ndarray:
        image = QImage(width, 400, QImage.Format.Format_RGB32)
        image.fill(0)
        painter = QPainter(image)
        draw_foreground(painter, image.rect(), words, display, 1.0)
        painter.end()
        return rgb_array(image).max(axis=2)

    wide, narrow = (painted(width, CanvasText(caption="x", strength=1.0)) for width in (600, 190))
    # Every lit pixel of the wide drawing's lower corners is there in the narrow one, for nothing is hidden.
    assert (narrow[200:] > 200).sum() >= 0.98 * (wide[200:] > 200).sum()


KNOWN_KEYS = {
    ActionId.PREVIOUS: ("Left", "Up", "PgUp"),
    ActionId.NEXT: ("Right", "Down", "PgDown"),
    ActionId.FIRST: ("Home",),
    ActionId.LAST: ("End",),
    ActionId.FIT: ("=", "Ctrl+Return", "Ctrl+Enter"),
    ActionId.ACTUAL_SIZE: ("Ctrl+1",),
    ActionId.ZOOM_IN: ("Z",),
    ActionId.INVERT: ("I",),
    ActionId.PRESET_DEFAULT: ("1",),
    ActionId.PRESET_LUNG: ("2",),
    ActionId.PRESET_SOFT_TISSUE: ("3",),
    ActionId.PRESET_BONE: ("4",),
    ActionId.PRESET_FULL: ("5",),
    ActionId.HEATMAP: ("H",),
    ActionId.LESS_OPACITY: ("[",),
    ActionId.MORE_OPACITY: ("]",),
    ActionId.CORNER_TEXT: ("O",),
    ActionId.RESET: ("Ctrl+R",),
    ActionId.FULL_SCREEN: ("F11",),
    ActionId.KEY_IMAGE: ("K",),
    ActionId.CALL_NORMAL: ("N",),
    ActionId.CALL_PNEUMONIA: ("P",),
    ActionId.SHORTCUTS: ("?",),
}
"""What hands that know other viewers expect."""


@pytest.mark.parametrize("name", KNOWN_KEYS, ids=lambda name: name.name)
def test_keys_do_what_hands_expect(window: MainWindow, name: ActionId) -> None:
    shortcuts = {shortcut.toString() for shortcut in window.actions_by_id[name].shortcuts()}
    assert {QKeySequence(key).toString() for key in KNOWN_KEYS[name]} <= shortcuts


def test_f11_fills_the_screen_and_gives_it_back(view: RadiographView, window: MainWindow, qtbot: Any) -> None:
    qtbot.keyClick(view, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert not window.worklist.isVisible()
    assert window.notice.isVisible()
    qtbot.keyClick(view, Qt.Key.Key_F11)
    assert not window.isFullScreen()
    assert window.worklist.isVisible()
