"""Small widgets that several panels share."""

from __future__ import annotations

from typing import Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

_FIELD_PADDING: Final = 14
QUIET_PADDING: Final = 7
"""Between the edge of a quiet button and its text, with the border; as in the style sheet."""
W = TypeVar("W", bound=QWidget)


def named(widget: W, name: str) -> W:
    """Return the widget itself; `name` is its role in the style sheet."""
    widget.setObjectName(name)
    return widget


def label(text: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label whose text is no markup, whoever wrote it; `name` is its role in the style sheet."""
    result = named(QLabel(), name)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setText(text)
    if wrap:
        result.setWordWrap(True)
        # A wrapped label must not hold a panel open at the width of its text.
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        result.setSizePolicy(policy)
    return result


def roomy(widget: W) -> W:
    """Give a field the height of its text and padding, known before the style sheet has seen it.

    A layout that is computed while the panel is hidden would otherwise keep the height of the bare style.
    """
    widget.setMinimumHeight(widget.fontMetrics().height() + _FIELD_PADDING)
    return widget


def heading(text: str) -> QLabel:
    """Return the heading of a section."""
    return label(text, "heading")


def rule() -> QFrame:
    """Return a thin line between two sections."""
    return named(QFrame(), "rule")
