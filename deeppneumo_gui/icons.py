"""Line icons from `resources/icons`, drawn in the theme's colour at any pixel density."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QWidget

from deeppneumo_gui.assets import asset
from deeppneumo_gui.theme import Theme, colours

_DRAWN_IN: Final = "#000000"
_SIZES: Final = (16, 20, 24, 40, 48)


_names: Final[dict[int, str]] = {}
"""Which icon a `QIcon` shows, by its cache key; copies have the key of the original."""


def icon(name: str) -> QIcon:
    """Return a line icon in the colours of the theme in use, fainter where its action is disabled."""
    return _themed_icon(name, colours())


def redraw_icons(root: QWidget) -> None:
    """Draw the line icons in a window anew, after the theme has changed."""
    holders: list[QAction | QAbstractButton] = [
        *root.findChildren(QAction),
        *root.findChildren(QAbstractButton),
    ]
    for holder in holders:
        name = _names.get(holder.icon().cacheKey())
        if name is not None:
            holder.setIcon(icon(name))


@lru_cache(maxsize=128)
def _themed_icon(name: str, theme: Theme) -> QIcon:
    source = asset("icons", f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, theme.text), (QIcon.Mode.Disabled, theme.faint)):
        renderer = QSvgRenderer(QByteArray(source.replace(_DRAWN_IN, colour).encode()))
        for size in _SIZES:
            result.addPixmap(_draw(renderer, size), mode)
    _names[result.cacheKey()] = name
    return result


def app_icon() -> QIcon:
    """Return the program's icon."""
    renderer = QSvgRenderer(str(asset("icons", "deeppneumo.svg")))
    result = QIcon()
    for size in (16, 32, 64, 128, 256):
        result.addPixmap(_draw(renderer, size))
    return result


def app_pixmap(size: int, ratio: float = 1.0) -> QPixmap:
    """Return the program's icon as a picture of `size` logical pixels."""
    pixmap = _draw(QSvgRenderer(str(asset("icons", "deeppneumo.svg"))), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def _draw(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
