"""Text on the canvas that does not move with the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.theme import DARK, numerals

_MARGIN: Final = 14
_COLUMN: Final = 420
_SHADE: Final = QColor(0, 0, 0, 130)
_Align = Qt.AlignmentFlag


@dataclass(slots=True)
class CanvasText:
    """What the canvas says beside or instead of an image."""

    title: str = ""
    sentence: str = ""
    busy: str = ""
    caption: str = ""
    corners: bool = True

    def say(self, title: str, sentence: str) -> None:
        """Set the text in the middle."""
        self.title, self.sentence = title, sentence

    def clear(self) -> None:
        """Say nothing."""
        self.title = self.sentence = self.busy = ""


def draw_foreground(
    painter: QPainter, area: QRect, text: CanvasText, display: Display | None, zoom: float
) -> None:
    """Draw the sentence in the middle and, over an image, the corners and the caption at the top."""
    if text.title or text.sentence:
        _draw_message(painter, area, text)
    if display is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(numerals(painter.font(), scale=0.92))
    frame = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    if text.corners:
        left, right = corner_lines(display, zoom)
        _draw_legible(painter, frame, _Align.AlignLeft | _Align.AlignBottom, "\n".join(left))
        _draw_legible(painter, frame, _Align.AlignRight | _Align.AlignBottom, "\n".join(right))
    _draw_legible(painter, frame, _Align.AlignHCenter | _Align.AlignTop, text.caption)


def corner_lines(display: Display, zoom: float) -> tuple[list[str], list[str]]:
    """Return the lines at the bottom left (grey values) and bottom right (geometry)."""
    window = display.window
    grey = [f"W {window.width:.0f}  L {window.center:.0f}"]
    if display.inverted:
        grey.insert(0, "Inverted")
    height, width = display.radiograph.shape
    return grey, [f"Zoom {zoom:.0%}".replace("%", " %"), f"{width} x {height}"]


def _draw_message(painter: QPainter, area: QRect, text: CanvasText) -> None:
    width = min(_COLUMN, area.width() - 4 * _MARGIN)
    base = painter.font()
    title = QFont(base)
    title.setPointSizeF(base.pointSizeF() * 1.35)
    title.setWeight(QFont.Weight.DemiBold)
    flags = int(_Align.AlignHCenter | _Align.AlignTop) | int(Qt.TextFlag.TextWordWrap)
    left = area.center().x() - width // 2
    top = area.center().y() - 30
    if text.title:
        painter.setFont(title)
        painter.setPen(QColor(DARK.text))
        box = painter.boundingRect(QRect(left, top, width, 400), flags, text.title)
        painter.drawText(box, flags, text.title)
        top = box.bottom() + 10
    painter.setFont(base)
    painter.setPen(QColor(DARK.muted))
    painter.drawText(QRect(left, top, width, 400), flags, text.sentence)


def _draw_legible(painter: QPainter, frame: QRect, alignment: Qt.AlignmentFlag, text: str) -> None:
    """Draw text on a shade of its own, which keeps it legible on a bright diaphragm."""
    if not text:
        return
    flags = int(alignment) | int(Qt.TextFlag.TextWordWrap)
    box = painter.boundingRect(frame, flags, text).adjusted(-6, -3, 6, 3)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_SHADE)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(DARK.text))
    painter.drawText(frame, flags, text)
