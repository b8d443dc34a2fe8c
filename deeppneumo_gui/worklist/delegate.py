"""How one case looks in the worklist."""

from __future__ import annotations

import math
import re
from typing import Final

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.certainty import row_words
from deeppneumo_gui.inference.thumbnails import Thumbnails
from deeppneumo_gui.theme import CANVAS, DARK, colours, numerals
from deeppneumo_gui.worklist.certainty_glyph import draw_certainty
from deeppneumo_gui.worklist.marks import draw_marks, marks_of
from deeppneumo_gui.worklist.model import Role

_PADDING: Final = 12
_GLYPH: Final = 10
_GAP: Final = 10
_GLYPH_GAP: Final = 6
_LINE_GAP: Final = 4
_VERTICAL: Final = 7
_PICTURE: Final = 44
_EXTENSION: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")
"""What looks like one; the last number of a DICOM identifier does not."""
_LONGEST: Final = ("on request: pneumonia", "> 0.99")
"""The longest call and score that stand beside each other in a row."""
_Align = Qt.AlignmentFlag


def narrowest_row(font: QFont) -> int:
    """Return the width in pixels at which the longest call and its score still stand side by side."""
    small = _small(font)
    words, score = _LONGEST
    texts = QFontMetrics(small).horizontalAdvance(words)
    texts += _GAP + QFontMetrics(numerals(small, bold=True)).horizontalAdvance(score)
    return 2 * _PADDING + _PICTURE + _GAP + _GLYPH + _GLYPH_GAP + texts


class CaseDelegate(QStyledItemDelegate):
    """Thumbnail and two lines: the name; the model's call, state or reason, and the score. A glyph says the state."""

    def __init__(self, thumbnails: Thumbnails, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(  # noqa: N802
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        """Return the size of a row, the same for all."""
        height = QFontMetrics(option.font).height() + QFontMetrics(_small(option.font)).height()
        return QSize(200, max(_PICTURE, height + _LINE_GAP) + 2 * _VERTICAL)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw a case."""
        case = index.data(Role.CASE)
        assert isinstance(case, Case)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = option.widget
        _draw_ground(painter, option, isinstance(view, QListView) and view.currentIndex() == index)
        inner = option.rect.adjusted(_PADDING, _VERTICAL, -_PADDING, -_VERTICAL)
        picture = QRect(inner.left(), inner.center().y() - _PICTURE // 2, _PICTURE, _PICTURE)
        # Asking for it here means that only rows in sight are read.
        _draw_picture(painter, picture, self._thumbnails.image(case))
        if case.key_image:
            draw_star(painter, picture)
        marks = marks_of(case, index.data(Role.TRUTH))
        words = inner.adjusted(_PICTURE + _GAP, 0, 0, 0)
        _draw_words(painter, words, option.font, index.data(), case, marks)
        painter.restore()


def _draw_picture(painter: QPainter, box: QRect, image: QImage | None) -> None:
    """Draw a thumbnail whole, in the middle of its square."""
    painter.fillRect(box, QColor(CANVAS))
    if image is None or image.isNull():
        return
    size = image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(QPoint(0, 0), size)
    target.moveCenter(box.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, image)


def draw_star(painter: QPainter, picture: QRect) -> None:
    """Draw the mark of a key image into the lower right corner of its thumbnail."""
    centre = QPointF(picture.right() - 8, picture.bottom() - 8)
    points = []
    for tip in range(10):
        angle, radius = math.pi * (tip / 5 - 0.5), 7.0 if tip % 2 == 0 else 3.0
        points.append(centre + QPointF(radius * math.cos(angle), radius * math.sin(angle)))
    painter.setPen(QPen(QColor(CANVAS), 1.5))
    painter.setBrush(QColor(DARK.notice))
    painter.drawPolygon(QPolygonF(points))


def _draw_words(
    painter: QPainter, box: QRect, font: QFont, name: str, case: Case, marks: list[tuple[str, bool]]
) -> None:
    small, theme = _small(font), colours()
    name_height, state_height = QFontMetrics(font).height(), QFontMetrics(small).height()
    top = box.center().y() - (name_height + _LINE_GAP + state_height) // 2
    first = QRect(box.left(), top, box.width(), name_height)
    second = QRect(box.left(), first.bottom() + 1 + _LINE_GAP, box.width(), state_height)
    if marks:
        taken = draw_marks(painter, QRectF(first), small, marks)
        first.setWidth(first.width() - round(taken) - _GLYPH_GAP)
    known = case.state not in (CaseState.REFUSED, CaseState.UNREADABLE)
    painter.setFont(font)
    painter.setPen(QColor(theme.text if known else theme.muted))
    flags = int(_Align.AlignLeft | _Align.AlignVCenter)
    painter.drawText(first, flags, fitted_name(name, QFontMetrics(font), first.width()))
    glyph = QRectF(second.left(), second.top() + (state_height - _GLYPH) / 2, _GLYPH, _GLYPH)
    gone = case.state is CaseState.SCORED and case.reason is not None
    if not draw_certainty(painter, glyph, case):
        draw_glyph(painter, glyph, CaseState.UNREADABLE if gone else case.state)
    _draw_line(
        painter,
        second.adjusted(_GLYPH + _GLYPH_GAP, 0, 0, 0),
        (second_line(case), theme.muted, small),
        (case.score_text, theme.text, numerals(small, bold=True)),
    )


def fitted_name(name: str, metrics: QFontMetrics, width: int) -> str:
    """Return what of a name fits: whole, or without its extension, or only its end, where series differ."""
    if metrics.horizontalAdvance(name) <= width:
        return name
    return metrics.elidedText(_EXTENSION.sub("", name), Qt.TextElideMode.ElideLeft, width)


def second_line(case: Case) -> str:
    """Return the words below the name; a bare "pneumonia" would read like a verdict."""
    words = row_words(case)
    if words is not None:
        return words
    if case.reason is not None:
        return f"{case.state.value}: {case.reason}"
    return case.state.value if case.call is None else f"call: {case.call}"


def draw_glyph(painter: QPainter, box: QRectF, state: CaseState) -> None:
    """Draw the shape of a state; shapes differ, so that no colour has to be told apart."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours().faint), 1.6))
    match state:
        case CaseState.NOT_SCORED:
            painter.drawLine(
                QPointF(box.left() + 1, box.center().y()), QPointF(box.right() - 1, box.center().y())
            )
        case CaseState.WAITING:
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        case CaseState.SCORING:
            painter.setPen(QPen(QColor(colours().accent), 2.0))
            painter.drawArc(box.adjusted(1, 1, -1, -1), 90 * 16, -270 * 16)
        case CaseState.SCORED:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours().accent))
            painter.drawEllipse(box.adjusted(1, 1, -1, -1))
        case CaseState.REFUSED:
            painter.setPen(QPen(QColor(colours().notice), 1.6))
            top = QPointF(box.center().x(), box.top() + 0.5)
            painter.drawPolygon(QPolygonF([top, box.bottomRight(), box.bottomLeft()]))
        case CaseState.UNREADABLE:
            painter.setPen(QPen(QColor(colours().notice), 1.8))
            cross = box.adjusted(1.5, 1.5, -1.5, -1.5)
            painter.drawLine(cross.topLeft(), cross.bottomRight())
            painter.drawLine(cross.topRight(), cross.bottomLeft())


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem, on_screen: bool) -> None:
    """Draw what lies below a row; of several selected ones only that of the case on screen has a bar."""
    state = option.state
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, QColor(colours().selection))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, QColor(colours().hover))
    if on_screen:
        painter.fillRect(
            QRect(option.rect.topLeft(), QSize(3, option.rect.height())), QColor(colours().accent)
        )


def _draw_line(
    painter: QPainter,
    box: QRect,
    left: tuple[str, str, QFont],
    right: tuple[str, str, QFont],
) -> None:
    words, colour, font = right
    metrics = QFontMetrics(font)
    width = metrics.horizontalAdvance(words) + (_GAP if words else 0)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    line = QRect(box.left(), box.top(), box.width(), metrics.height())
    painter.drawText(line, int(_Align.AlignRight | _Align.AlignVCenter), words)
    words, colour, font = left
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    line = QRect(box.left(), box.top(), box.width() - width, metrics.height())
    flags = int(_Align.AlignLeft | _Align.AlignVCenter)
    painter.drawText(line, flags, metrics.elidedText(words, Qt.TextElideMode.ElideRight, line.width()))


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.9)
    return small
