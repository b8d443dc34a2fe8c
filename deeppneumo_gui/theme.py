"""Colours and style of the window, stated once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from string import Template
from typing import Final, NamedTuple

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from deeppneumo_gui.assets import asset


class Theme(NamedTuple):
    """Colour tokens; texts reach 4.5 : 1 on the surfaces that they are used on."""

    window: str
    panel: str
    raised: str
    hover: str
    border: str
    text: str
    muted: str
    faint: str
    accent: str
    on_accent: str
    selection: str
    notice: str
    notice_panel: str
    empty: str
    track: str
    accent_hover: str


DARK: Final = Theme(
    window="#0e1115",
    panel="#161a20",
    raised="#20262e",
    hover="#2a323c",
    border="#2b323b",
    text="#e8ecf1",
    muted="#a3aebb",
    faint="#84909e",
    accent="#7cb7ff",
    on_accent="#08131f",
    selection="#1f3550",
    notice="#f0cd86",
    notice_panel="#282217",
    empty="#000000",
    track="#39424d",
    accent_hover="#98c7ff",
)

LIGHT: Final = Theme(
    window="#e9edf2",
    panel="#f7f9fb",
    raised="#ffffff",
    hover="#dde4ec",
    border="#c3ccd6",
    text="#161c23",
    muted="#46515e",
    faint="#5d6875",
    accent="#1257a8",
    on_accent="#ffffff",
    selection="#cfe0f5",
    notice="#6b4700",
    notice_panel="#fbeecb",
    empty="#f0f3f7",
    track="#b9c3ce",
    accent_hover="#0d4585",
)

THEMES: Final[dict[str, Theme]] = {"dark": DARK, "light": LIGHT}

CANVAS: Final = "#000000"
"""Around the radiograph in every theme, with the dark theme's text on it: a bright surround blinds the eye."""

_applied = DARK


def colours() -> Theme:
    """Return the theme in use; widgets that paint ask for it each time they paint."""
    return _applied


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the application, whose style is Fusion: a palette, and the style sheet filled with the theme's colours."""
    global _applied
    _applied = theme
    with _no_collection():
        app.setPalette(_palette(theme))
        app.setStyleSheet(style_sheet(theme))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Keep Python's garbage collector still.

    Qt walks along a list of all widgets and tells each. What one of them does then in Python may start a collection,
    which deletes widgets that nobody holds any more but that are still on the list.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def style_sheet(theme: Theme) -> str:
    """Return the style sheet with every colour filled in; a missing one is a `KeyError`."""
    chevron = asset("icons", "chevron.svg").as_posix()
    kind = next(name for name, known in THEMES.items() if known == theme)
    check = asset("icons", f"check-{kind}.svg").as_posix()
    sheet = Template(asset("style", "window.qss").read_text(encoding="utf-8"))
    return sheet.substitute(theme._asdict(), chevron=chevron, check=check)


def numerals(font: QFont, *, scale: float = 1.0, bold: bool = False) -> QFont:
    """Return a font whose digits all have the same width, so that columns of numbers line up."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setPointSizeF(font.pointSizeF() * scale)
    if bold:
        result.setWeight(QFont.Weight.DemiBold)
    return result


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    for key, colour in {
        role.Window: theme.panel,
        role.WindowText: theme.text,
        role.Base: theme.panel,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.text,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.faint,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.Mid: theme.border,
        role.Dark: theme.window,
    }.items():
        palette.setColor(key, QColor(colour))
    for key in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(group.Disabled, key, QColor(theme.faint))
    return palette
