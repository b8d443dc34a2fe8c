"""Line icons from `resources/icons`, drawn in the theme's colour at any pixel density."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from deeppneumo_gui.assets import asset
from deeppneumo_gui.theme import colours

_DRAWN_IN: Final = "#000000"
_SIZES: Final = (16, 20, 24, 40, 48)


@lru_cache(maxsize=64)
def icon(name: str) -> QIcon:
    """Return a line icon, fainter where its action is disabled."""
    source = asset("icons", f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, colours().text), (QIcon.Mode.Disabled, colours().faint)):
        renderer = QSvgRenderer(QByteArray(source.replace(_DRAWN_IN, colour).encode()))
        for size in _SIZES:
            result.addPixmap(_draw(renderer, size), mode)
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
