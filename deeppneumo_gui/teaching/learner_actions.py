"""What a learner can do, and which keys do it; the keys of the viewer stay where they do not collide."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from deeppneumo_gui.actions import SPECS, ActionId, ActionSpec, create_action


class Key(Enum):
    """Names of the learner's own actions."""

    NORMAL = auto()
    PNEUMONIA = auto()
    BACTERIAL = auto()
    VIRAL = auto()
    SURE_1 = auto()
    SURE_2 = auto()
    SURE_3 = auto()
    SURE_4 = auto()
    SURE_5 = auto()
    MARK = auto()
    UNMARK = auto()
    UNDO = auto()
    REDO = auto()
    COMMIT = auto()
    GO_ON = auto()
    PAUSE = auto()
    MAGNIFIER = auto()
    DEBRIEF = auto()
    KEYS = auto()


SURENESS: Final = (Key.SURE_1, Key.SURE_2, Key.SURE_3, Key.SURE_4, Key.SURE_5)

LEARNER_SPECS: Final[dict[Key, ActionSpec]] = {
    Key.NORMAL: ActionSpec("Call normal", ("N",), None, "Your call: normal"),
    Key.PNEUMONIA: ActionSpec("Call pneumonia", ("P",), None, "Your call: pneumonia"),
    Key.BACTERIAL: ActionSpec("Call bacterial, where asked", ("B",), None, "Your call: bacterial pneumonia"),
    Key.VIRAL: ActionSpec("Call viral, where asked", ("V",), None, "Your call: viral pneumonia"),
    **{
        key: ActionSpec(f"How sure: {number} of 5", (str(number),), None, f"How sure you are: {number} of 5")
        for number, key in enumerate(SURENESS, 1)
    },
    Key.MARK: ActionSpec(
        "Mark", ("M",), "mark", "The next click, or the arrow keys, mark where you see it", checkable=True
    ),
    Key.UNMARK: ActionSpec(
        "Take the mark off", ("Del", "Backspace"), None, "Take the mark off the radiograph"
    ),
    Key.UNDO: ActionSpec("Undo", ("Ctrl+Z",), None, "Take back the last change of your answer"),
    Key.REDO: ActionSpec("Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), None, "Make it again"),
    Key.COMMIT: ActionSpec("Commit, then go on", ("Return", "Enter"), None, "Commit your answer"),
    Key.GO_ON: ActionSpec(
        "Show the truth, then the next case", ("Space", "Right"), None, "Show the truth, then the next case"
    ),
    Key.PAUSE: ActionSpec(
        "Pause", ("F9", "Pause"), "pause", "Hide everything and stop the time", checkable=True
    ),
    Key.MAGNIFIER: ActionSpec(
        "Magnifier", ("G",), "magnifier", "Show the place under the cursor larger", checkable=True
    ),
    Key.DEBRIEF: ActionSpec("Debrief, after the last case", ("D",), None, "See how the run went"),
    Key.KEYS: ActionSpec("Keys and mouse", ("?",), None, "Every key, and what the mouse does"),
}

VIEW_ACTIONS: Final = (
    ActionId.FIT,
    ActionId.ACTUAL_SIZE,
    ActionId.ZOOM_IN,
    ActionId.ZOOM_OUT,
    ActionId.INVERT,
    ActionId.ROTATE_LEFT,
    ActionId.ROTATE_RIGHT,
    ActionId.FLIP_HORIZONTALLY,
    ActionId.FLIP_VERTICALLY,
    ActionId.RESET,
    ActionId.CORNER_TEXT,
    ActionId.FULL_SCREEN,
)
"""Of the viewer, with the viewer's keys; its windows have none here, for the numbers say how sure a call is."""

HEATMAP_ACTIONS: Final = (ActionId.HEATMAP, ActionId.MORE_OPACITY, ActionId.LESS_OPACITY)
"""Without any effect until the commit."""


def create_learner_actions(parent: QObject) -> dict[Key | ActionId, QAction]:
    """Make the learner's actions, and those of the viewer that a learner has."""
    actions: dict[Key | ActionId, QAction] = {}
    for key, spec in LEARNER_SPECS.items():
        actions[key] = create_action(spec, parent)
        # A key that is held down must not run through commit, truth and the next case.
        actions[key].setAutoRepeat(key in (Key.UNDO, Key.REDO))
    for name in (*VIEW_ACTIONS, *HEATMAP_ACTIONS):
        actions[name] = create_action(SPECS[name], parent)
    return actions


def key_sections(gestures: tuple[tuple[str, str], ...]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what the sheet of keys says: the answer, the radiograph, the mouse."""
    from deeppneumo_gui.shortcut_sheet import keys_text

    answer = [(spec.text, keys_text(spec.keys)) for spec in LEARNER_SPECS.values()]
    specs = [SPECS[name] for name in (*VIEW_ACTIONS, *HEATMAP_ACTIONS)]
    view = [(spec.text.replace("&", ""), keys_text(spec.keys)) for spec in specs]
    mouse = [(what, how) for how, what in gestures if "image" not in what]
    return [("Your answer", answer), ("Radiograph", view), ("Mouse on the radiograph", mouse)]
