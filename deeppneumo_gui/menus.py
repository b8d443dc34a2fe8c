"""Menus and tool bar, made from the actions."""

from __future__ import annotations

from typing import Final, NamedTuple

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QToolButton

from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.panels.widgets import named


class Submenu(NamedTuple):
    """Actions that are seldom wanted all at once."""

    title: str
    names: tuple[ActionId | None, ...]


Entries = tuple[ActionId | Submenu | None, ...]
"""None is a line between two groups."""

MENUS: Final[dict[str, Entries]] = {
    "&File": (
        ActionId.OPEN_FILES,
        ActionId.OPEN_FOLDER,
        ActionId.OPEN_SAMPLES,
        None,
        ActionId.SAVE_PICTURE,
        ActionId.SAVE_TABLE,
        ActionId.SAVE_REVIEW_TABLE,
        ActionId.SAVE_WORKBOOK,
        ActionId.SAVE_REPORT,
        ActionId.SAVE_CONTACT_SHEET,
        ActionId.SAVE_OVERLAY,
        ActionId.SAVE_ALL_OVERLAYS,
        ActionId.NAMES_IN_EXPORTS,
        None,
        ActionId.CLEAR,
        None,
        ActionId.QUIT,
    ),
    "&Edit": (
        ActionId.UNDO,
        ActionId.REDO,
        None,
        ActionId.COPY_PICTURE,
        ActionId.COPY_RESULT,
        ActionId.PASTE,
        ActionId.REMOVE,
        ActionId.SELECT_ALL,
        ActionId.FIND,
        None,
        ActionId.SETTINGS,
    ),
    "&Image": (
        ActionId.PREVIOUS,
        ActionId.NEXT,
        ActionId.FIRST,
        ActionId.LAST,
        None,
        ActionId.SCORE_REST,
        ActionId.CANCEL,
    ),
    "&Review": (
        ActionId.CALL_NORMAL,
        ActionId.CALL_PNEUMONIA,
        ActionId.CALL_UNSURE,
        ActionId.CALL_BACTERIAL,
        ActionId.CALL_VIRAL,
        ActionId.TAKE_BACK_CALL,
        None,
        ActionId.KEY_IMAGE,
        ActionId.WRITE_NOTE,
        None,
        ActionId.NEXT_UNREVIEWED,
        ActionId.GO_ON,
        None,
        ActionId.MEASURES,
    ),
    "&Truth": (
        ActionId.SHOW_TRUTH,
        None,
        ActionId.TRUTH_FROM_FOLDERS,
        ActionId.TRUTH_FROM_NAMES,
        ActionId.TRUTH_FROM_TABLE,
        None,
        ActionId.REMOVE_TRUTH,
    ),
    "&View": (
        ActionId.ONE_PANE,
        ActionId.BESIDE_HEATMAP,
        ActionId.TWO_CASES,
        ActionId.LINK_PANES,
        None,
        ActionId.FIT,
        ActionId.ACTUAL_SIZE,
        ActionId.ZOOM_IN,
        ActionId.ZOOM_OUT,
        ActionId.MAGNIFIER,
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
    "&Adjust": (
        ActionId.PRESET_DEFAULT,
        ActionId.PRESET_LUNG,
        ActionId.PRESET_SOFT_TISSUE,
        ActionId.PRESET_BONE,
        ActionId.PRESET_FULL,
        None,
        ActionId.INVERT,
        None,
        ActionId.ROTATE_LEFT,
        ActionId.ROTATE_RIGHT,
        ActionId.FLIP_HORIZONTALLY,
        ActionId.FLIP_VERTICALLY,
    ),
    "Teachin&g": (
        ActionId.NEW_LESSON,
        ActionId.OPEN_LESSON,
        ActionId.SAVE_LESSON,
        ActionId.SAVE_LESSON_AS,
        ActionId.CLOSE_LESSON,
        None,
        Submenu(
            "&Add cases",
            (ActionId.ADD_SELECTED, ActionId.ADD_KEY_IMAGES, ActionId.ADD_ERRORS, ActionId.ADD_RANDOM),
        ),
        ActionId.FIND_MISSING,
        ActionId.ITEM_UP,
        ActionId.ITEM_DOWN,
        ActionId.TAKE_OUT,
        Submenu(
            "Re&gion",
            (
                ActionId.DRAW_ELLIPSE,
                ActionId.DRAW_RECTANGLE,
                ActionId.DRAW_POLYGON,
                None,
                ActionId.REMOVE_REGION,
            ),
        ),
        None,
        ActionId.READ_LESSON,
        ActionId.CONTINUE_RUN,
        ActionId.PRESENT_LESSON,
        ActionId.LESSON_RESULTS,
        ActionId.ADD_RUNS,
        None,
        ActionId.LESSON_DECK,
        ActionId.LESSON_PAGES,
        None,
        ActionId.LESSON_PANEL,
    ),
    "&Model": (ActionId.OPEN_MODEL, ActionId.BUNDLED_MODEL, None, ActionId.MODEL_CARD),
    "Hi&story": (ActionId.FORGET_FOLDER, ActionId.FORGET_ALL),
    "&Help": (ActionId.SHORTCUTS, ActionId.MODEL_CARD, ActionId.OPEN_LOG, None, ActionId.ABOUT),
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
    ActionId.MAGNIFIER,
    None,
    ActionId.ONE_PANE,
    ActionId.BESIDE_HEATMAP,
    ActionId.TWO_CASES,
    None,
    ActionId.HEATMAP,
)
_WITH_TEXT: Final = {ActionId.OPEN_FILES, ActionId.HEATMAP}


def fill_menu_bar(bar: QMenuBar, actions: Actions, panels: list[QAction]) -> None:
    """Fill the menu bar; `panels` show and hide the docks."""
    for title, names in MENUS.items():
        menu = bar.addMenu(title)
        _fill(menu, names, actions)
        # There a reason stands beside what is impossible now.
        menu.setToolTipsVisible(title == "Teachin&g")
        if title == "&View":
            menu.addSeparator()
            menu.addActions(panels)


def flat(names: Entries) -> list[ActionId]:
    """Return the actions of a menu and of the menus in it, in their order."""
    found: list[ActionId] = []
    for name in names:
        if isinstance(name, Submenu):
            found += flat(name.names)
        elif name is not None:
            found.append(name)
    return found


def _fill(menu: QMenu, names: Entries, actions: Actions) -> None:
    for name in names:
        if name is None:
            menu.addSeparator()
        elif isinstance(name, Submenu):
            within = menu.addMenu(name.title)
            within.setToolTipsVisible(True)
            _fill(within, name.names, actions)
        else:
            menu.addAction(actions[name])


def insert_menu(bar: QMenuBar, before: QAction, menu: QMenu) -> None:
    """Put a submenu into the menu bar's menu that holds an action, just before it."""
    for title in bar.actions():
        within = title.menu()
        if isinstance(within, QMenu) and before in within.actions():
            within.insertMenu(before, menu)


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
