"""Small widgets that several panels share."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

W = TypeVar("W", bound=QWidget)


def named(widget: W, name: str) -> W:
    """Return the widget itself; `name` is its role in the style sheet."""
    widget.setObjectName(name)
    return widget


def label(text: str = "", name: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label; `name` is its role in the style sheet."""
    result = named(QLabel(text), name)
    if wrap:
        result.setWordWrap(True)
        # A wrapped label must not hold a panel open at the width of its text.
        result.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return result


def heading(text: str) -> QLabel:
    """Return the heading of a section."""
    return label(text, "heading")


def rule() -> QFrame:
    """Return a thin line between two sections."""
    return named(QFrame(), "rule")
