"""What the keys of a presentation do; the same in the teacher's window and in the audience's."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from core.teaching.hands import Choice
from deeppneumo_gui.actions import ActionSpec
from deeppneumo_gui.canvas.view import gestures
from deeppneumo_gui.shortcut_sheet import Section, keys_text


class Key(Enum):
    """Names of the actions."""

    FORWARD = auto()
    BACK = auto()
    HEATMAP = auto()
    BARS = auto()
    BLACK = auto()
    LASER = auto()
    SPOTLIGHT = auto()
    SMALLER = auto()
    LARGER = auto()
    FIT = auto()
    INVERT = auto()
    RESET = auto()
    FULL_SCREEN = auto()
    TEACHER = auto()
    SAVE = auto()
    KEYS = auto()


SPECS: Final[dict[Key, ActionSpec]] = {
    # Remote controls for slides send Page Up, Page Down and a full stop.
    Key.FORWARD: ActionSpec(
        "Next step", ("Space", "Right", "PgDown"), tip="Show the audience what comes next"
    ),
    Key.BACK: ActionSpec("Step back", ("Left", "PgUp"), tip="Hide again what the last step showed"),
    Key.HEATMAP: ActionSpec(
        "Heatmap", ("H",), tip="Show the audience where the model score came from", checkable=True
    ),
    Key.BARS: ActionSpec("Counted hands", ("C",), tip="Show the audience the hands as bars", checkable=True),
    Key.BLACK: ActionSpec("Black", ("B", "."), tip="Show the audience nothing", checkable=True),
    Key.LASER: ActionSpec("Laser", ("L",), tip="Point at the radiograph with the mouse", checkable=True),
    Key.SPOTLIGHT: ActionSpec(
        "Spotlight", ("S",), tip="Darken all but a circle around the mouse", checkable=True
    ),
    Key.SMALLER: ActionSpec("Smaller spotlight", ("[",)),
    Key.LARGER: ActionSpec("Larger spotlight", ("]",)),
    Key.FIT: ActionSpec("Fit the radiograph", ("=",)),
    Key.INVERT: ActionSpec("Invert the radiograph", ("I",)),
    Key.RESET: ActionSpec("Reset window, zoom and pan", ("Ctrl+R",)),
    Key.FULL_SCREEN: ActionSpec(
        "Full screen", ("F11", "F5"), tip="Let the audience's window fill its screen", checkable=True
    ),
    Key.TEACHER: ActionSpec(
        "Teacher's window",
        ("Ctrl+T",),
        tip="Show or put away the window with truth and notes; all keys work in the audience's window too",
        checkable=True,
    ),
    Key.SAVE: ActionSpec("Save results of the class...", ("Ctrl+S",), tip="Save the counted hands as CSV"),
    Key.KEYS: ActionSpec("Keys", ("?",), tip="Every key"),
}

HAND_KEYS: Final[dict[Choice, str]] = {
    "normal": "N",
    "pneumonia": "P",
    "bacterial": "Alt+B",
    "viral": "Alt+V",
}
_STEPS: Final = (Key.FORWARD, Key.BACK, Key.HEATMAP, Key.BLACK)


def create_presenter_actions(parent: QObject) -> dict[Key, QAction]:
    """Make every action of `SPECS`."""
    return {key: _create(spec, parent) for key, spec in SPECS.items()}


def create_hand_actions(parent: QObject) -> list[QAction]:
    """Make those that count hands; their data is the choice and what is added to it."""
    actions = []
    for choice, key in HAND_KEYS.items():
        for modifier, step, words in (("", 1, "one hand more"), ("Shift+", -1, "one hand less")):
            action = _create(ActionSpec(f"{choice.capitalize()}: {words}", (modifier + key,)), parent)
            action.setData((choice, step))
            actions.append(action)
    return actions


def create_digit_actions(parent: QObject) -> list[QAction]:
    """Make those that type a number of hands; their data is the digit."""
    actions = []
    for digit in range(10):
        action = _create(ActionSpec(f"Type {digit}", (str(digit),)), parent)
        action.setData(digit)
        actions.append(action)
    return actions


def key_sections(kinds: bool) -> list[Section]:
    """Return what the sheet of keys says."""
    steps = [(SPECS[key].text, keys_text(SPECS[key].keys)) for key in _STEPS]
    rest = [(spec.text, keys_text(spec.keys)) for key, spec in SPECS.items() if key not in _STEPS]
    choices = HAND_KEYS if kinds else {choice: HAND_KEYS[choice] for choice in ("normal", "pneumonia")}
    hands = [(f"One hand for {choice}", keys_text((key,))) for choice, key in choices.items()]
    hands += [
        ("One hand less", "Shift and the same key"),
        ("So many hands, such as 23", "2 3 and the same key"),
    ]
    # Space is the next step here, and pans nothing.
    mouse = [
        (what, how.replace(", Space + left drag", "")) for how, what in gestures(False) if "image" not in what
    ]
    return [
        ("Steps", steps),
        ("Show of hands", hands),
        ("Audience", rest),
        ("Mouse on the radiograph", mouse),
    ]


def _create(spec: ActionSpec, parent: QObject) -> QAction:
    action = QAction(spec.text, parent)
    action.setShortcuts([QKeySequence(key) for key in spec.keys])
    action.setCheckable(spec.checkable)
    # A key that is held down must not run through machine, truth and the next case.
    action.setAutoRepeat(False)
    native = QKeySequence.SequenceFormat.NativeText
    action.setToolTip(f"{spec.tip or spec.text} ({action.shortcut().toString(native)})")
    return action
