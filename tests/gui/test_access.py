"""Reachable without a mouse, named for those who do not see it, and whole at every size."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QScrollBar,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.crash.dialog import CrashDialog
from deeppneumo_gui.crash.notice import tell_of_crash
from deeppneumo_gui.panels.widgets import QUIET_PADDING
from deeppneumo_gui.window import MainWindow

Make = Callable[[], MainWindow]
Open = Callable[..., MainWindow]

CONTROLS = (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QAbstractItemView,
    QComboBox,
    QGraphicsView,
    QLineEdit,
)


def controls(root: QWidget) -> Iterator[QWidget]:
    """Everything interactive, except what Qt puts inside a control or builds by itself."""
    for widget in root.findChildren(QWidget):
        inside = isinstance(widget.parent(), (*CONTROLS, QComboBox)) or widget.objectName().startswith("qt_")
        in_a_list = widget.window() is not root.window()
        if (
            isinstance(widget, CONTROLS)
            and not isinstance(widget, QScrollBar)
            and not inside
            and not in_a_list
        ):
            yield widget


def spoken(widget: QWidget) -> str:
    """What a screen reader says first, or else a tool tip."""
    own = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or own or widget.toolTip()


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        for widget in controls(root)
        if not spoken(widget).strip()
    ]


def test_every_control_of_the_window_is_named(open_files: Open) -> None:
    window = open_files("a.png", "b.png")
    tell_of_crash(window, "details")
    assert len(list(controls(window))) > 20
    assert nameless(window) == []


def test_every_button_and_list_has_a_tool_tip(open_files: Open) -> None:
    window = open_files("a.png", "b.png")
    window.message.say("A message.")
    kinds = (QAbstractButton, QComboBox)
    silent = [
        spoken(widget)
        for area in (window.worklist, window.side, window.message, window.judging, window.exports.progress)
        for widget in controls(area)
        if isinstance(widget, kinds) and not widget.toolTip()
    ]
    assert silent == []
    assert window.heatmap.opacity.toolTip()
    assert window.heatmap.threshold.toolTip()


def test_every_control_of_the_dialogs_is_named(window: MainWindow, qtbot: Any) -> None:
    window.actions_by_id[ActionId.SETTINGS].trigger()
    settings = window.preferences.dialog
    assert settings is not None
    assert nameless(settings) == []
    settings.reject()
    crash = CrashDialog()
    qtbot.addWidget(crash)
    assert nameless(crash) == []


@pytest.mark.parametrize("action", [ActionId.SHORTCUTS, ActionId.MODEL_CARD, ActionId.ABOUT])
def test_every_control_of_the_help_is_named(open_files: Open, qapp: QApplication, action: ActionId) -> None:
    window = open_files("a.png")
    window.actions_by_id[action].trigger()
    qapp.processEvents()
    (dialog,) = (top for top in qapp.topLevelWidgets() if isinstance(top, QDialog) and top.isVisible())
    assert list(controls(dialog))
    assert nameless(dialog) == []
    dialog.close()


def reached_by_tab(start: QWidget) -> list[QWidget]:
    """What Tab goes through, in its order, from and back to a widget."""
    chain, widget = [start], start.nextInFocusChain()
    while widget is not None and widget is not start:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    return [
        widget
        for widget in chain
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]


def test_every_control_can_be_reached_by_keyboard(open_files: Open) -> None:
    window = open_files("a.png", "b.png")
    tell_of_crash(window, "details")
    reached = set(reached_by_tab(window.view))
    by_key = {
        widget
        for widget in controls(window)
        if isinstance(widget, QAbstractButton)
        and any(action in window.actions_by_id.values() for action in widget.actions())
    }
    missed = [
        spoken(widget)
        for widget in controls(window)
        if widget.isVisible() and widget.isEnabled() and widget not in reached and widget not in by_key
    ]
    assert missed == []


def test_every_button_outside_the_tab_order_has_a_menu_entry(open_files: Open) -> None:
    window = open_files("a.png")
    in_menus = {
        action for entry in window.menuBar().actions() if entry.menu() for action in entry.menu().actions()
    }
    for widget in controls(window):
        actions = [action for action in widget.actions() if action in window.actions_by_id.values()]
        if actions and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            assert set(actions) <= in_menus, spoken(widget)


def test_every_menu_entry_has_a_letter_of_its_own(window: MainWindow) -> None:
    pending: list[QMenu | QMenuBar] = [window.menuBar()]
    while pending:
        menu = pending.pop()
        entries = [entry for entry in menu.actions() if not entry.isSeparator() and entry.isVisible()]
        pending += [entry.menu() for entry in entries if isinstance(entry.menu(), QMenu)]
        texts = [entry.text() for entry in entries if entry.isEnabled() or "&" in entry.text()]
        letters = [text.partition("&")[2][:1].lower() for text in texts]
        assert "" not in letters, texts
        assert len(set(letters)) == len(letters), texts


def test_tab_goes_from_left_to_right_and_from_top_to_bottom(open_files: Open) -> None:
    window = open_files("frames.dcm", "b.png")
    assert_in_reading_order(window)
    window.message.say("A message.")
    tell_of_crash(window, "details")
    chain = assert_in_reading_order(window)
    assert {window.result.copy_button, window.result.card_button, window.frames.slider} <= set(chain)
    assert window.message.buttons[0] in chain


def test_tab_goes_in_order_through_the_empty_window_too(window: MainWindow) -> None:
    window.message.say("A message.")
    assert set(window.invitation.buttons) <= set(assert_in_reading_order(window))


def assert_in_reading_order(window: MainWindow) -> list[QWidget]:
    QApplication.processEvents()
    known_controls = set(controls(window))
    chain = [widget for widget in reached_by_tab(window.worklist.filter) if widget in known_controls]
    areas = (window.worklist, window.centralWidget(), window.side)
    places = [
        next((i for i, area in enumerate(areas) if area.isAncestorOf(widget)), None) for widget in chain
    ]
    known = [place for place in places if place is not None]
    assert known == sorted(known)
    for area in areas:
        inside = [widget for widget in chain if area.isAncestorOf(widget)]
        boxes = [QRect(widget.mapTo(window, QPoint()), widget.size()) for widget in inside]
        for (first, one), (second, other) in itertools.pairwise(zip(inside, boxes, strict=True)):
            below, beside = other.top() > one.bottom(), other.bottom() >= one.top()
            assert below or (beside and other.left() > one.right()), (spoken(first), spoken(second))
    return chain


def test_tab_moves_the_focus(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png", "b.png")
    window.view.setFocus()
    seen = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        if focus is None or focus in seen:
            break
        seen.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    assert {window.worklist.view, window.result.classes.button, window.heatmap.opacity} <= set(seen)


def test_a_click_beside_the_image_leaves_the_keys_to_it(open_files: Open, qtbot: Any) -> None:
    window = open_files("a.png", "b.png", "c.png")
    window.view.setFocus()
    for number, widget in enumerate(
        (window.result.classes.button, window.result.point.button, window.heatmap.opacity), 1
    ):
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        assert QApplication.focusWidget() is window.view, spoken(widget)
        qtbot.keyClick(window.view, Qt.Key.Key_Down)
        current = window.session.current
        assert current is not None
        assert current.number == min(number + 1, 3)
    # A list that is chosen from gives the focus back to whom it belonged.
    assert window.heatmap.colormap.focusPolicy() == Qt.FocusPolicy.TabFocus


@pytest.mark.parametrize(
    "size", [QSize(880, 560), QSize(1000, 640), QSize(1360, 860), QSize(2560, 1440)], ids=str
)
def test_no_word_is_cut_off(open_files: Open, qapp: QApplication, size: QSize) -> None:
    window = open_files("a.png", "broken.png", "blank.png")
    # The most buttons below the image: the kinds are asked for, too.
    window.actions_by_id[ActionId.CALL_PNEUMONIA].trigger()
    window.heatmap.set_visible(True)
    window.resize(size)
    for _ in range(6):
        qapp.processEvents()
    assert window.size() == size
    cut = [widget.text() for widget in window.findChildren(QLabel) if widget.isVisible() and is_cut(widget)]
    cut += [
        spoken(button)
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and button.text() and button.width() < needed_width(button)
    ]
    cut += [
        combo.currentText()
        for combo in window.findChildren(QComboBox)
        if combo.isVisible()
        and room_for_text(combo) < combo.fontMetrics().horizontalAdvance(combo.currentText())
    ]
    assert cut == []


def needed_width(button: QAbstractButton) -> int:
    """Width for the text; a choice says less than that, for it can be shortened."""
    return (button.sizeHint() if button.objectName() == "choice" else button.minimumSizeHint()).width()


def room_for_text(combo: QComboBox) -> int:
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    field = QStyle.SubControl.SC_ComboBoxEditField
    return combo.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, combo).width()


def is_cut(label: QLabel) -> bool:
    if not label.text():
        return False
    if label.wordWrap():
        return label.height() < label.heightForWidth(label.width())
    needed = label.fontMetrics().horizontalAdvance(label.text())
    return label.contentsRect().width() < needed


@pytest.mark.parametrize(
    ("size", "name"), [(QSize(1360, 860), "caption"), (QSize(1000, 640), "opacity")], ids=str
)
def test_the_heatmap_is_handled_without_scrolling(
    open_files: Open, qapp: QApplication, size: QSize, name: str
) -> None:
    window = open_files("a.png", "b.png")
    # The longest case: two on screen, and nothing to see of the heatmap.
    window.actions_by_id[ActionId.TWO_CASES].trigger()
    window.heatmap.set_visible(True)
    window.heatmap.set_strength(0.04)
    window.resize(size)
    for _ in range(6):
        qapp.processEvents()
    widget = getattr(window.heatmap, name)
    assert widget.visibleRegion().boundingRect() == widget.rect()
    # Nor is anything cut off on the right.
    assert window.heatmap.visibleRegion().boundingRect().width() == window.heatmap.width()


def test_what_was_unfolded_stays_unfolded(make_window: Make) -> None:
    window = make_window()
    point = window.result.point
    assert (point.unfolded, point.button.text()) == (False, "More")
    point.button.click()
    window.close()
    again = make_window().result.point
    assert (again.unfolded, again.button.text()) == (True, "Less")


def test_the_focus_ring_keeps_away_from_the_words(open_files: Open) -> None:
    window = open_files("a.png")
    for button in (window.result.copy_button, window.result.card_button, window.result.point.button):
        text = button.fontMetrics().horizontalAdvance(button.text())
        assert button.width() >= text + 2 * QUIET_PADDING


@pytest.mark.parametrize("hidden", [0, 1])
def test_side_panels_can_be_hidden_and_stay_hidden(make_window: Make, hidden: int) -> None:
    window = make_window()
    panels = (window.worklist, window.side)
    menu = next(entry.menu() for entry in window.menuBar().actions() if entry.text() == "&View")
    switch = next(entry for entry in menu.actions() if entry.text() == ("&Worklist", "R&esult")[hidden])
    switch.trigger()
    assert [panel.isVisible() for panel in panels] == [hidden == 1, hidden == 0]
    window.close()
    again = make_window()
    assert [panel.isVisible() for panel in (again.worklist, again.side)] == [hidden == 1, hidden == 0]


def test_size_and_widths_of_the_panels_are_remembered(make_window: Make, qapp: QApplication) -> None:
    window = make_window()
    usual = window.size(), window.worklist.width(), window.side.width()
    # As small as it gets: Qt brings a window back into the screen, and the offscreen one is small.
    window.resize(1, 700)
    qapp.processEvents()
    small = window.size(), window.worklist.width(), window.side.width()
    assert all(now != before for now, before in zip(small, usual, strict=True))
    window.close()
    again = make_window()
    qapp.processEvents()
    assert (again.size(), again.worklist.width(), again.side.width()) == small


def test_the_look_of_the_heatmap_is_remembered(make_window: Make) -> None:
    window = make_window()
    window.heatmap.opacity.setValue(77)
    window.heatmap.threshold.setValue(12)
    window.heatmap.colormap.setCurrentIndex(2)
    style = window.heatmap.heatmap_style
    window.close()
    again = make_window().heatmap.heatmap_style
    assert (again.opacity, again.threshold, again.colormap) == (0.77, 0.12, style.colormap)
