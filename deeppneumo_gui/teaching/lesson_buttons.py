"""Buttons that do what an action does, and can be pressed while it can."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QToolButton


class ActionButton(QPushButton):
    """A push button with words of its own; `name` is its role in the style sheet."""

    def __init__(self, text: str, action: QAction, name: str = "") -> None:
        super().__init__(text)
        self.setObjectName(name)
        self._action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())


def tool_button(action: QAction, words: str) -> QToolButton:
    """Return a small button with words shorter than the menu's."""
    tip = action.toolTip()
    action.setIconText(words)
    action.setToolTip(tip)
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    button.setAccessibleName(action.text().replace("&", "").rstrip("."))
    return button
