"""The bar above the radiograph: tools that show it otherwise, the mark, the heatmap, the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.canvas.presets import PRESETS, Preset
from deeppneumo_gui.panels.widgets import label
from deeppneumo_gui.teaching.learner_actions import Key
from deeppneumo_gui.teaching.learner_words import time_words

_VIEWING: Final = (ActionId.FIT, ActionId.ACTUAL_SIZE, ActionId.INVERT, Key.MAGNIFIER, ActionId.RESET)


class LearnerTools(QToolBar):
    """Shows actions that others have made.

    Parameters
    ----------
    actions : mapping
        The learner's.
    apply_preset : callable
        Brings out one tissue.
    """

    def __init__(
        self, actions: Mapping[Key | ActionId, QAction], apply_preset: Callable[[Preset], None]
    ) -> None:
        super().__init__("Tools")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.countdown = label("", "detail")
        self.countdown.setContentsMargins(0, 0, 12, 0)
        for name in _VIEWING:
            self.addAction(actions[name])
        self.addWidget(_preset_button(apply_preset))
        self.addSeparator()
        self.addAction(actions[Key.MARK])
        self.addAction(actions[ActionId.HEATMAP])
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(space)
        self.addWidget(self.countdown)
        self.addAction(actions[Key.PAUSE])
        for action in self.actions():
            button = self.widgetForAction(action)
            if isinstance(button, QToolButton):
                # A click leaves the focus, and with it all keys, on the radiograph.
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                button.setAccessibleName(action.text().replace("&", "") or button.accessibleName())

    def show_time(self, left: float | None) -> None:
        """Say how much time is left; None says nothing."""
        words = "" if left is None else f"Time left {time_words(left)}"
        if words != self.countdown.text():
            self.countdown.setText(words)


def _preset_button(apply: Callable[[Preset], None]) -> QToolButton:
    button = QToolButton()
    button.setText("Window")
    button.setAccessibleName("Window")
    button.setToolTip("Bring out one tissue")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    group = QActionGroup(menu)
    for preset in PRESETS:
        action = QAction(preset.name, menu)
        action.setToolTip(preset.tip)
        action.triggered.connect(partial(apply, preset))
        menu.addAction(group.addAction(action))
    button.setMenu(menu)
    return button
