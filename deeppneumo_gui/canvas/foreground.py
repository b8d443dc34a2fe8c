"""Text on the canvas that does not move with the image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from core.overlay import CAPTION
from core.reading.radiograph import PixelSpacing, Radiograph
from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.theme import DARK, numerals

_MARGIN: Final = 14
_COLUMN: Final = 420
_HARDLY_SEEN: Final = 0.2
"""So opaque a heatmap is easily overlooked on a radiograph."""
SHADE: Final = QColor(0, 0, 0, 185)
"""Even on white, the text on it has a contrast of more than 4.5."""
_Align = Qt.AlignmentFlag


@dataclass(slots=True)
class CanvasText:
    """What the canvas says beside or instead of an image."""

    title: str = ""
    sentence: str = ""
    busy: str = ""
    caption: str = ""
    strength: float = 0.0
    peak: float = 1.0
    heading: tuple[str, ...] = ()
    corners: bool = True
    marked: bool = False

    def tell_heatmap(self, shown: bool) -> None:
        """Say what a heatmap on the radiograph means, or why nothing is seen of it."""
        weak = f"Heatmap weak ({self.strength:.2f})"
        if not shown:
            self.caption = ""
        elif self.peak == 0.0:
            self.caption = f"{weak}: nothing above the threshold."
        elif self.peak < _HARDLY_SEEN:
            self.caption = f"{CAPTION}.\n{weak}: hardly anything above the threshold."
        else:
            self.caption = f"{CAPTION}."

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
    if text.marked:
        painter.setPen(QPen(QColor(DARK.accent), 2))
        painter.drawRect(area.adjusted(1, 1, -1, -1))
    if display is None:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(numerals(painter.font(), scale=0.92))
    frame = area.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    caption = _draw_legible(painter, frame, _Align.AlignHCenter | _Align.AlignTop, text.caption)
    lines = [*text.heading, *frame_lines(display.radiograph)] if text.corners else []
    heading = _boxed(painter, frame, _Align.AlignLeft | _Align.AlignTop, "\n".join(lines))
    if lines and caption.intersects(heading):
        frame = frame.adjusted(0, caption.bottom() - frame.top() + 8, 0, 0)
    heading = _draw_legible(painter, frame, _Align.AlignLeft | _Align.AlignTop, "\n".join(lines))
    # Said even where the corners are silent: nobody may take left for right unwarned.
    below = frame.adjusted(0, max(heading.bottom() - frame.top() + 8, 0) if lines else 0, 0, 0)
    words = display.orientation.words()
    _draw_legible(painter, below, _Align.AlignLeft | _Align.AlignTop, words, QColor(DARK.notice))
    if text.corners:
        left, right = corner_lines(display, zoom)
        if text.caption:
            # Each map fills its own colours: without the numbers, two of them could not be compared.
            left.insert(0, f"Heatmap strength {text.strength:.2f}")
        grey = _draw_legible(painter, frame, _Align.AlignLeft | _Align.AlignBottom, "\n".join(left))
        corner = _Align.AlignRight | _Align.AlignBottom
        if grey.intersects(_boxed(painter, frame, corner, "\n".join(right))):
            # A narrow pane: one above the other.
            frame = frame.adjusted(0, 0, 0, grey.top() - frame.bottom() - 8)
        _draw_legible(painter, frame, corner, "\n".join(right))


def frame_lines(radiograph: Radiograph) -> list[str]:
    """Return which frame is shown, where there are several."""
    if radiograph.frame_count == 1:
        return []
    return [f"Frame {radiograph.frame + 1} of {radiograph.frame_count}"]


def corner_lines(display: Display, zoom: float) -> tuple[list[str], list[str]]:
    """Return the lines at the bottom left (grey values) and bottom right (geometry)."""
    window = display.window
    grey = [f"W {window.width:.0f}  L {window.center:.0f}"]
    if display.preset is not None and display.preset.percentiles is not None:
        grey.insert(0, display.preset.name)
    if display.inverted:
        grey.insert(0, "Inverted")
    radiograph = display.radiograph
    height, width = radiograph.shape
    geometry = [f"Zoom {zoom:.0%}".replace("%", " %"), f"{width} x {height}"]
    if radiograph.spacing is not None:
        geometry.append(spacing_words(radiograph.spacing))
    return grey, geometry


def spacing_words(spacing: PixelSpacing) -> str:
    """Return the distance between pixels and where it holds; a distance at the detector is no size of a patient."""
    row, column = f"{spacing.row_mm:.3g}", f"{spacing.column_mm:.3g}"
    return f"{row if row == column else f'{row} x {column}'} mm {spacing.kind.value}"


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


def _boxed(painter: QPainter, frame: QRect, alignment: Qt.AlignmentFlag, text: str) -> QRect:
    return painter.boundingRect(frame, _flags(alignment), text).adjusted(-6, -3, 6, 3)


def _draw_legible(
    painter: QPainter,
    frame: QRect,
    alignment: Qt.AlignmentFlag,
    text: str,
    colour: QColor | None = None,
) -> QRect:
    """Draw text on a shade of its own, which keeps it legible on a bright diaphragm; return its box."""
    if not text:
        return QRect()
    box = _boxed(painter, frame, alignment, text)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(SHADE)
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(colour or QColor(DARK.text))
    painter.drawText(frame, _flags(alignment), text)
    return box


def _flags(alignment: Qt.AlignmentFlag) -> int:
    return int(alignment) | int(Qt.TextFlag.TextWordWrap)
