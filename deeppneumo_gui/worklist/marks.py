"""The reader's call, and on request the truth, as small marks at the end of a row's first line."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from core.truth.truth import Truth
from deeppneumo_gui.cases import Case
from deeppneumo_gui.judging.agreement import model_errs, reader_differs
from deeppneumo_gui.theme import colours

_LETTERS: Final = {"normal": "N", "pneumonia": "P", "unsure": "U", "bacterial": "B", "viral": "V"}
"""Those of the keys that call so."""
_DIFFERENT: Final = "\N{NOT EQUAL TO}"
_PADDING: Final = 6.0
_GAP: Final = 4.0


def marks_of(case: Case, truth: Truth | None) -> list[tuple[str, bool]]:
    """Return what the marks say, from left to right, and whether each is to stand out.

    Parameters
    ----------
    case : Case
    truth : Truth or None
        What may be shown of it.
    """
    marks = []
    judgement = case.judgement
    if judgement.call is not None:
        differs = reader_differs(case)
        letter = _LETTERS[judgement.kind or judgement.call]
        marks.append((f"{letter} {_DIFFERENT}" if differs else letter, differs))
    if truth is not None:
        wrong = model_errs(case)
        marks.append(
            (f"T {_DIFFERENT} {_LETTERS[truth.word]}" if wrong else f"T {_LETTERS[truth.word]}", wrong)
        )
    return marks


def draw_marks(painter: QPainter, box: QRectF, font: QFont, marks: list[tuple[str, bool]]) -> float:
    """Draw marks at the right end of a line and return the width that they take."""
    theme, right = colours(), box.right()
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    for words, outstanding in reversed(marks):
        width = metrics.horizontalAdvance(words) + 2 * _PADDING
        mark = QRectF(right - width, box.top() + 0.5, width - 0.5, box.height() - 1)
        painter.setPen(QPen(QColor(theme.notice if outstanding else theme.faint), 1))
        painter.setBrush(QColor(theme.notice_panel) if outstanding else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(mark, 5, 5)
        painter.setPen(QColor(theme.notice if outstanding else theme.text))
        painter.drawText(mark, int(Qt.AlignmentFlag.AlignCenter), words)
        right -= width + _GAP
    return box.right() - right
