"""The shapes of a case that the model is not certain of, or does not know."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from deeppneumo_gui.cases import Case
from deeppneumo_gui.certainty import is_uncertain
from deeppneumo_gui.theme import colours


def draw_certainty(painter: QPainter, box: QRectF, case: Case) -> bool:
    """Draw a diamond for a case outside what the model knows, half a disc for an uncertain one.

    Returns
    -------
    bool
        False where nothing was drawn, and the shape of the state is wanted.
    """
    if case.outside:
        _draw_diamond(painter, box, filled=case.on_request)
    elif case.reason is None and is_uncertain(case):
        _draw_half(painter, box)
    else:
        return False
    return True


def _draw_diamond(painter: QPainter, box: QRectF, filled: bool) -> None:
    colour, centre = QColor(colours().notice), box.center()
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
    corners = (
        QPointF(centre.x(), box.top() + 0.5),
        QPointF(box.right() - 0.5, centre.y()),
        QPointF(centre.x(), box.bottom() - 0.5),
        QPointF(box.left() + 0.5, centre.y()),
    )
    painter.drawPolygon(QPolygonF(corners))


def _draw_half(painter: QPainter, box: QRectF) -> None:
    disc, colour = box.adjusted(1, 1, -1, -1), QColor(colours().accent)
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(disc)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPie(disc, 90 * 16, 180 * 16)
