"""Colours and style of the window, stated once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template
from typing import Final

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from deeppneumo_gui.assets import asset


@dataclass(frozen=True, slots=True)
class Theme:
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
    canvas: str
    track: str


DARK: Final = Theme(
    window="#0e1115",
    panel="#161a20",
    raised="#20262e",
    hover="#2a323c",
    border="#2b323b",
    text="#e8ecf1",
    muted="#a3aebb",
    faint="#7f8b99",
    accent="#7cb7ff",
    on_accent="#08131f",
    selection="#1f3550",
    notice="#f0cd86",
    notice_panel="#282217",
    canvas="#000000",
    track="#39424d",
)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the application: Fusion, a palette, and the style sheet filled with the theme's colours."""
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(_palette(theme))
    app.setStyleSheet(style_sheet(theme))


def style_sheet(theme: Theme) -> str:
    """Return the style sheet with every colour filled in; a missing one is a `KeyError`."""
    chevron = asset("icons", "chevron.svg").as_posix()
    sheet = Template(asset("style", "window.qss").read_text(encoding="utf-8"))
    return sheet.substitute(asdict(theme), chevron=chevron)


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
