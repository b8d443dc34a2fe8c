"""Big type beside the radiograph: as large as the window allows, smaller only when there is much to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from deeppneumo_gui.theme import colours, numerals

_SMALLEST: Final = 0.4
_STEPS: Final = (1.0, 0.93, 0.86, 0.79, 0.72, 0.65, 0.58, 0.52, 0.46, _SMALLEST)
"""Shares of the full size that are tried until everything fits."""
_PER_HEIGHT: Final = 1 / 1080
_MARGIN: Final = 36.0
_GAP: Final = 22.0
_WRAP: Final = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)
_ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"


@dataclass(frozen=True, slots=True)
class Ink:
    """What blocks are drawn with: a font, and the number of pixels that a unit of them takes."""

    font: QFont
    unit: float

    def sized(self, size: float, *, bold: bool = False) -> QFont:
        """Return the font at so many units."""
        font = numerals(self.font, bold=bold)
        font.setPixelSize(max(round(size * self.unit), 1))
        return font


class Block(Protocol):
    """A piece of a page; heights and widths are pixels."""

    @property
    def words(self) -> str:
        """The same for those who hear it."""
        ...

    def height(self, ink: Ink, width: float) -> float:
        """Return how much room it takes."""
        ...

    def draw(self, painter: QPainter, ink: Ink, area: QRectF) -> None:
        """Draw it at the top of an area, whose height may be less than it would like."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """Text.

    Attributes
    ----------
    size : float
        Height of the type in pixels on a screen of 1080 lines.
    colour : str
        Of `Theme`.
    bullet : bool
        Whether it is one of several points.
    """

    text: str
    size: float = 34.0
    colour: str = "text"
    bold: bool = False
    bullet: bool = False

    @property
    def words(self) -> str:
        """The text itself."""
        return self.text

    def height(self, ink: Ink, width: float) -> float:
        """Return the height of its lines."""
        return self._height_of(self.text, ink, width)

    def draw(self, painter: QPainter, ink: Ink, area: QRectF) -> None:
        """Draw as many words as there is room for."""
        painter.setFont(ink.sized(self.size, bold=self.bold))
        painter.setPen(QColor(str(getattr(colours(), self.colour))))
        indent = self._indent(ink)
        if self.bullet:
            painter.drawText(area, _WRAP, "\N{BULLET}")
        painter.drawText(area.adjusted(indent, 0, 0, 0), _WRAP, self._fitting(ink, area))

    def _indent(self, ink: Ink) -> float:
        return 0.8 * self.size * ink.unit if self.bullet else 0.0

    def _height_of(self, text: str, ink: Ink, width: float) -> float:
        metrics = QFontMetricsF(ink.sized(self.size, bold=self.bold))
        room = QRectF(0, 0, max(width - self._indent(ink), 1.0), 1e6)
        return metrics.boundingRect(room, _WRAP, text).height()

    def _fitting(self, ink: Ink, area: QRectF) -> str:
        if self._height_of(self.text, ink, area.width()) <= area.height() + 1.0:
            return self.text
        words = self.text.split(" ")
        low, high = 0, len(words)
        while high - low > 1:
            middle = (low + high) // 2
            shorter = " ".join(words[:middle]) + _ELLIPSIS
            fits = self._height_of(shorter, ink, area.width()) <= area.height() + 1.0
            low, high = (middle, high) if fits else (low, middle)
        return " ".join(words[:low]) + _ELLIPSIS


class BigText(QWidget):
    """Blocks one below the other, which share the height among them."""

    def __init__(self, name: str, *, centred: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._blocks: tuple[Block, ...] = ()
        self._centred = centred
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What is on the page."""
        return self._blocks

    def show_blocks(self, blocks: Sequence[Block]) -> None:
        """Put other blocks on the page."""
        self._blocks = tuple(blocks)
        self.setAccessibleDescription("\n".join(block.words for block in self._blocks if block.words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the page."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(colours().window))
        self._draw(painter)
        painter.end()

    def _draw(self, painter: QPainter) -> None:
        # A narrow page asks for smaller type too, or long words would be cut.
        whole = min(self.window().height(), self.width() * (0.62 if self._centred else 1.7)) * _PER_HEIGHT
        margin = _MARGIN * whole
        area = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        if self._centred:
            area.adjust(area.width() / 10, 0, -area.width() / 10, 0)
        ink, heights = self._fit(whole, area)
        gap = _GAP * ink.unit
        if self._centred:
            area.setTop(area.top() + max((area.height() - _sum(heights, gap)) * 0.4, 0.0))
        for block, height in zip(self._blocks, heights, strict=True):
            room = area.bottom() - area.top()
            if room < ink.unit * 20.0:
                return
            block.draw(painter, ink, QRectF(area.left(), area.top(), area.width(), min(height, room)))
            area.setTop(area.top() + height + gap)

    def _fit(self, whole: float, area: QRectF) -> tuple[Ink, list[float]]:
        for share in _STEPS:
            ink = Ink(self.font(), whole * share)
            heights = [block.height(ink, area.width()) for block in self._blocks]
            if _sum(heights, _GAP * ink.unit) <= area.height():
                break
        return ink, heights


def _sum(heights: Sequence[float], gap: float) -> float:
    return sum(heights) + gap * max(len(heights) - 1, 0)
