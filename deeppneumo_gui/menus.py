"""Menus and tool bar, made from the actions."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenuBar, QToolBar, QToolButton

from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.panels.widgets import named

_MENUS: Final[dict[str, tuple[ActionId | None, ...]]] = {
    "&File": (
        ActionId.OPEN_FILES,
        ActionId.OPEN_FOLDER,
        ActionId.OPEN_SAMPLES,
        None,
        ActionId.CLEAR,
        None,
        ActionId.QUIT,
    ),
    "&Edit": (ActionId.SETTINGS,),
    "&Image": (
        ActionId.PREVIOUS,
        ActionId.NEXT,
        ActionId.FIRST,
        ActionId.LAST,
        None,
        ActionId.SCORE_REST,
        ActionId.CANCEL,
    ),
    "&View": (
        ActionId.FIT,
        ActionId.ACTUAL_SIZE,
        ActionId.INVERT,
        ActionId.RESET,
        None,
        ActionId.HEATMAP,
        ActionId.MORE_OPACITY,
        ActionId.LESS_OPACITY,
        None,
        ActionId.CORNER_TEXT,
        ActionId.HIDE_IDENTITIES,
        ActionId.FULL_SCREEN,
    ),
}

_TOOLS: Final[tuple[ActionId | None, ...]] = (
    ActionId.OPEN_FILES,
    ActionId.OPEN_FOLDER,
    None,
    ActionId.PREVIOUS,
    ActionId.NEXT,
    None,
    ActionId.FIT,
    ActionId.ACTUAL_SIZE,
    ActionId.INVERT,
    ActionId.RESET,
    None,
    ActionId.HEATMAP,
)
_WITH_TEXT: Final = {ActionId.OPEN_FILES, ActionId.HEATMAP}


def fill_menu_bar(bar: QMenuBar, actions: Actions, panels: list[QAction]) -> None:
    """Fill the menu bar; `panels` show and hide the docks."""
    for title, names in _MENUS.items():
        menu = bar.addMenu(title)
        for name in names:
            if name is None:
                menu.addSeparator()
            else:
                menu.addAction(actions[name])
        if title == "&View":
            menu.addSeparator()
            menu.addActions(panels)


def create_tool_bar(actions: Actions) -> QToolBar:
    """Return the tool bar."""
    bar = named(QToolBar("Tools"), "tools")
    bar.setMovable(False)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    bar.setIconSize(QSize(20, 20))
    for name in _TOOLS:
        if name is None:
            bar.addSeparator()
            continue
        action = actions[name]
        bar.addAction(action)
        button = bar.widgetForAction(action)
        assert isinstance(button, QToolButton)
        button.setAccessibleName(action.text().replace("&", ""))
        if name in _WITH_TEXT:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return bar
