"""Both themes: legible, complete, and exchanged while the window is open."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QDialogButtonBox, QProxyStyle, QStyle, QWidget

from deeppneumo_gui.canvas.foreground import SHADE
from deeppneumo_gui.theme import CANVAS, DARK, THEMES, Theme, style_sheet
from deeppneumo_gui.window import MainWindow

TEXTS = [
    (ink, ground) for ink in ("text", "muted", "faint") for ground in ("window", "panel", "raised", "empty")
] + [
    ("text", "hover"),
    ("text", "selection"),
    ("muted", "selection"),
    ("muted", "hover"),
    ("accent", "panel"),
    ("accent", "hover"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("notice", "notice_panel"),
    ("notice", "raised"),
]
SHAPES = [
    ("accent", "track"),
    ("accent", "panel"),
    ("notice", "panel"),
    ("faint", "selection"),
    ("track", "panel"),
]


class IconsOnButtons(QProxyStyle):
    """Asks for icons on the buttons of dialogs, as desktops on Linux do."""

    def styleHint(self, hint: Any, option: Any = None, widget: Any = None, data: Any = None) -> int:  # noqa: N802
        if hint == QStyle.StyleHint.SH_DialogButtonBox_ButtonsHaveIcons:
            return 1
        return super().styleHint(hint, option, widget, data)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
def test_buttons_of_dialogs_have_none_of_qts_icons(theme: Theme, qtbot: Any) -> None:
    """They are drawn for another time and for light grounds."""
    icons = IconsOnButtons()
    buttons = QDialogButtonBox.StandardButton
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.setStyleSheet(style_sheet(theme))
    box = QDialogButtonBox(parent)
    box.setStyle(icons)
    box.setStandardButtons(buttons.Close | buttons.Ok)
    assert [box.button(kind).icon().isNull() for kind in (buttons.Close, buttons.Ok)] == [True, True]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = QColor(colour).getRgbF()[:3]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
def test_every_text_is_legible(theme: Theme) -> None:
    weak = {
        (ink, ground): round(contrast(getattr(theme, ink), getattr(theme, ground)), 2)
        for ink, ground in TEXTS
        if contrast(getattr(theme, ink), getattr(theme, ground)) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
def test_every_shape_stands_out(theme: Theme) -> None:
    weak = {
        (ink, ground): round(contrast(getattr(theme, ink), getattr(theme, ground)), 2)
        for ink, ground in SHAPES
        if contrast(getattr(theme, ink), getattr(theme, ground)) < (1.5 if ink == "track" else 3.0)
    }
    assert weak == {}


def test_the_canvas_is_black_and_its_text_legible() -> None:
    assert QColor(CANVAS) == QColor("black")
    assert contrast(DARK.muted, CANVAS) >= 4.5


def test_text_on_a_white_radiograph_is_legible() -> None:
    grey = round(255 * (1 - SHADE.alphaF()))
    ground = QColor(grey, grey, grey).name()
    assert min(contrast(DARK.text, ground), contrast(DARK.notice, ground)) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES.keys())
def test_the_style_sheet_has_all_its_colours(theme: Theme) -> None:
    sheet = style_sheet(theme)
    assert "$" not in sheet
    assert sheet.count(theme.accent) > 5


def test_no_widget_is_collected_while_qt_tells_all_of_them_of_a_theme(window: MainWindow) -> None:
    collects: list[bool] = []

    class Listener(QWidget):
        def changeEvent(self, event: QEvent) -> None:  # noqa: N802
            if event.type() == QEvent.Type.StyleChange:
                collects.append(gc.isenabled())

    listener = Listener(window)
    for theme in ("light", "dark"):
        window.preferences.apply(replace(window.preferences.current, theme=theme))
    assert collects
    assert not any(collects)
    assert gc.isenabled()
    listener.deleteLater()
