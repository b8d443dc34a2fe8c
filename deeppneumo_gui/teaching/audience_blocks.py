"""What stands beside the radiograph: question, hands, score and truth as blocks of big type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from core.score_words import digits_apart
from core.teaching.hands import Choice, Hands
from deeppneumo_gui.teaching.audience_content import Shown, ShownHands, ShownScore
from deeppneumo_gui.teaching.audience_text import Block, Ink, Words
from deeppneumo_gui.theme import colours

_BAR: Final = 32.0
_ROW: Final = 44.0
_SCALE: Final = 74.0
_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_MAIN: Final[tuple[Choice, ...]] = ("normal", "pneumonia")
_KINDS: Final[tuple[Choice, ...]] = ("bacterial", "viral")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it counts, how many, and whether it is paler than the others."""

    label: str
    count: int
    pale: bool = False


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars below each other with their numbers; `most` is the count of the longest that can be."""

    bars: tuple[Bar, ...]
    most: int
    size: float = 32.0

    @property
    def words(self) -> str:
        """All numbers."""
        return ", ".join(f"{bar.label} {bar.count}" for bar in self.bars)

    def height(self, ink: Ink, width: float) -> float:
        """Return the height of all rows."""
        return _ROW * ink.unit * len(self.bars)

    def draw(self, painter: QPainter, ink: Ink, area: QRectF) -> None:
        """Draw label, bar and number of each row."""
        font, bold = ink.sized(self.size), ink.sized(self.size, bold=True)
        # Of all that there could be, so that bars of two blocks begin below each other.
        label = max(QFontMetricsF(font).horizontalAdvance(text) for text in ("Pneumonia ", "Bacterial "))
        number = QFontMetricsF(bold).horizontalAdvance(f" {self.most} ")
        room = max(area.width() - label - number, 1.0)
        theme, height = colours(), _ROW * ink.unit
        for place, bar in enumerate(self.bars):
            top = area.top() + place * height
            if top + height > area.bottom() + 1.0:
                return
            painter.setFont(font)
            painter.setPen(QColor(theme.muted if bar.pale else theme.text))
            painter.drawText(QRectF(area.left(), top, label, height), _LEFT, bar.label)
            length = room * bar.count / max(self.most, 1)
            thick = _BAR * ink.unit
            body = QRectF(area.left() + label, top + (height - thick) / 2, max(length, 2.0), thick)
            painter.setPen(QPen(QColor(theme.accent), max(2.0 * ink.unit, 1.0)))
            painter.setBrush(QColor(theme.selection if bar.pale else theme.accent))
            painter.drawRoundedRect(body, 4 * ink.unit, 4 * ink.unit)
            painter.setFont(bold)
            painter.setPen(QColor(theme.text))
            painter.drawText(QRectF(body.right(), top, number, height), _LEFT, f" {bar.count}")


@dataclass(frozen=True, slots=True)
class Scale:
    """The score on a track from 0 to 1 with the operating point below it."""

    score: float
    threshold: float
    size: float = 24.0

    @property
    def words(self) -> str:
        """The operating point; the score itself is said above."""
        return self._point

    @property
    def _point(self) -> str:
        return f"operating point {self.threshold:.{digits_apart(self.score, self.threshold)}f}"

    def height(self, ink: Ink, width: float) -> float:
        """Return the height of marker, track and words."""
        return _SCALE * ink.unit

    def draw(self, painter: QPainter, ink: Ink, area: QRectF) -> None:
        """Draw it in one hue: where the marker lies says all."""
        theme, unit = colours(), ink.unit
        inset = 12 * unit
        track = QRectF(area.left() + inset, area.top() + 24 * unit, area.width() - 2 * inset, 16 * unit)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(track, 5 * unit, 5 * unit)
        line = track.left() + self.threshold * track.width()
        painter.setPen(QPen(QColor(theme.text), 3 * unit))
        painter.drawLine(QPointF(line, track.top() - 4 * unit), QPointF(line, track.bottom() + 6 * unit))
        x, tip = track.left() + self.score * track.width(), track.top() + 6 * unit
        painter.setPen(QPen(QColor(theme.window), 2 * unit))
        painter.setBrush(QColor(theme.accent))
        corners = (
            QPointF(x, tip),
            QPointF(x - 13 * unit, tip - 26 * unit),
            QPointF(x + 13 * unit, tip - 26 * unit),
        )
        painter.drawPolygon(QPolygonF(corners))
        font = ink.sized(self.size)
        width = QFontMetricsF(font).horizontalAdvance(self._point)
        left = min(max(line - width / 2, area.left()), area.right() - width)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        painter.drawText(QRectF(left, track.bottom() + 6 * unit, width + 1, 30 * unit), _LEFT, self._point)


def case_blocks(shown: Shown) -> list[Block]:
    """Return what stands beside the radiograph."""
    # With the truth comes more to read, and what was seen before may be smaller.
    told = shown.truth is not None
    blocks: list[Block] = [Words(shown.heading, 30, "muted")]
    blocks += [Words(text, 30 if told else 42, bold=not told) for text in shown.texts]
    blocks += _hands_blocks(shown.hands)
    if shown.score is not None:
        blocks += _score_blocks(shown.score, brief=told)
    if shown.truth is not None:
        blocks += [Words("Truth", 28, "muted"), Words(shown.truth, 54, bold=True)]
    blocks += [Words(point, 32, bullet=True) for point in shown.points or ()]
    return blocks


def slide_blocks(shown: Shown) -> list[Block]:
    """Return a slide without a radiograph: the opening, the end, or the reason why there is none."""
    if shown.slide == "case":
        return [Words(shown.sentence, 40)]
    return [Words(shown.heading, 76, bold=True), *(Words(text, 38, "muted") for text in shown.texts)]


def _score_blocks(score: ShownScore, *, brief: bool) -> list[Block]:
    if brief and score.number:
        return [Words(f"Model score {score.number}", 40, bold=True), Words(score.words, 32)]
    blocks: list[Block] = [Words("Model score", 28, "muted")]
    if score.number:
        blocks.append(Words(score.number, 84, bold=True))
    if score.score is not None and score.threshold is not None:
        blocks.append(Scale(score.score, score.threshold))
    blocks.append(Words(score.words, 34))
    return blocks


def _hands_blocks(hands: ShownHands) -> list[Block]:
    if hands.before is None:
        if not hands.asked:
            return []
        asked = "Normal, bacterial or viral?" if hands.kinds else "Normal or pneumonia?"
        return [Words("Show of hands", 28, "muted"), Words(asked, 54, bold=True)]
    choices = [*_MAIN, *(_KINDS if hands.kinds else ())]
    counted = [moment for moment in (hands.before, hands.after) if moment is not None]
    most = max(moment.of(choice) for moment in counted for choice in choices)
    if hands.after is None:
        return [Words("Show of hands", 28, "muted"), Bars(_bars(hands.before, choices), most)]
    return [
        Words("Hands before the model", 28, "muted"),
        Bars(_bars(hands.before, choices, pale=True), most),
        Words("Hands after", 28, "muted"),
        Bars(_bars(hands.after, choices), most),
    ]


def _bars(hands: Hands, choices: list[Choice], *, pale: bool = False) -> tuple[Bar, ...]:
    return tuple(Bar(choice.capitalize(), hands.of(choice), pale) for choice in choices)
