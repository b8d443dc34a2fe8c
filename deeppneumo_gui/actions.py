"""Everything the reader can do, listed once; menus, tool bar and keys are made from it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from deeppneumo_gui.action_ids import ActionId, ActionSpec
from deeppneumo_gui.canvas.canvas_actions import CANVAS_SPECS
from deeppneumo_gui.icons import icon
from deeppneumo_gui.judging.review_actions import REVIEW_SPECS
from deeppneumo_gui.teaching.lesson_actions import LESSON_SPECS

__all__ = [
    "IMAGE_ACTIONS",
    "LIST_ACTIONS",
    "SPECS",
    "ActionId",
    "ActionSpec",
    "Actions",
    "create_action",
    "create_actions",
]

SPECS: Final[dict[ActionId, ActionSpec]] = {
    ActionId.OPEN_FILES: ActionSpec("&Open files...", ("Ctrl+O",), "open-files", "Open radiographs"),
    ActionId.OPEN_FOLDER: ActionSpec(
        "Open &folder...", ("Ctrl+Shift+O",), "open-folder", "Open a folder and everything in it"
    ),
    ActionId.OPEN_SAMPLES: ActionSpec("Open &samples", (), "samples", "Open the synthetic samples"),
    ActionId.SAVE_PICTURE: ActionSpec(
        "Save &view as picture...", ("Ctrl+S",), None, "Save what the image area shows as PNG"
    ),
    ActionId.COPY_PICTURE: ActionSpec(
        "Cop&y view", ("Ctrl+C",), None, "Copy what the image area shows to the clipboard"
    ),
    ActionId.SAVE_TABLE: ActionSpec(
        "Save results as &table...", ("Ctrl+E",), None, "Save the results of all images as CSV"
    ),
    ActionId.SAVE_REVIEW_TABLE: ActionSpec(
        "Save revie&w as table...",
        (),
        None,
        "Save the results as CSV with your calls and notes and the truth in columns behind them",
    ),
    ActionId.SAVE_WORKBOOK: ActionSpec(
        "Save results as wor&kbook...", (), None, "Save results, your calls and notes, and the truth as XLSX"
    ),
    ActionId.SAVE_REPORT: ActionSpec(
        "Save a re&port...",
        ("Ctrl+P",),
        None,
        "Save charts and chosen images with all that is said of them as PDF",
    ),
    ActionId.SAVE_CONTACT_SHEET: ActionSpec(
        "Save a contact s&heet...",
        (),
        None,
        "Save small pictures of the selected images, or of all listed, as PDF",
    ),
    ActionId.SAVE_OVERLAY: ActionSpec(
        "Save overlays of the se&lected...", (), None, "Save selected images with their heatmap as PNG"
    ),
    ActionId.SAVE_ALL_OVERLAYS: ActionSpec(
        "Save overlays of &all...", (), None, "Save every scored image with its heatmap as PNG"
    ),
    ActionId.COPY_RESULT: ActionSpec(
        "Copy resul&t", ("Ctrl+Shift+C",), None, "Copy the result as text, without names"
    ),
    ActionId.OPEN_MODEL: ActionSpec(
        "&Open bundle...", ("Ctrl+M",), None, "Score with another model; all images are scored anew"
    ),
    ActionId.BUNDLED_MODEL: ActionSpec(
        "Use the &bundled model", (), None, "Score with the model that comes with the program"
    ),
    ActionId.MODEL_CARD: ActionSpec(
        "Model &card", (), None, "What the model is, what it is for, and how well it did"
    ),
    ActionId.FORGET_FOLDER: ActionSpec(
        "Forget this &folder...", (), None, "Delete all that is kept of the images in the folder on screen"
    ),
    ActionId.FORGET_ALL: ActionSpec(
        "Forget &everything...", (), None, "Delete all that is kept of all images ever opened"
    ),
    ActionId.ABOUT: ActionSpec("&About DeepPneumo", (), None, "Versions, and what the program is for"),
    ActionId.NAMES_IN_EXPORTS: ActionSpec(
        "I&nclude file name in pictures", (), None, "File names may identify a patient", checkable=True
    ),
    ActionId.PASTE: ActionSpec("&Paste", ("Ctrl+V",), None, "Open the files or the image on the clipboard"),
    ActionId.REMOVE: ActionSpec(
        "Remo&ve from the list",
        ("Del",),
        None,
        "Take the selected cases off the worklist; the files stay",
        near_image=True,
    ),
    ActionId.SELECT_ALL: ActionSpec(
        "Select &all in the list",
        ("Ctrl+A",),
        None,
        "Select every case listed; Shift and Ctrl select some",
        near_image=True,
    ),
    ActionId.FIND: ActionSpec(
        "&Find in the worklist", ("Ctrl+F",), None, "List only what is called so; Escape ends it"
    ),
    ActionId.UNDO: ActionSpec(
        "&Undo", ("Ctrl+Z",), None, "Take back the last call, note, flag, removal or change of the lesson"
    ),
    ActionId.REDO: ActionSpec("&Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), None, "Do again what was taken back last"),
    ActionId.CLEAR: ActionSpec("&Close all", ("Ctrl+W",), None, "Empty the worklist"),
    ActionId.QUIT: ActionSpec("&Quit", ("Ctrl+Q",)),
    ActionId.SETTINGS: ActionSpec("&Settings...", ("Ctrl+,",), None, "Theme, heatmap, mouse wheel, privacy"),
    ActionId.OPEN_LOG: ActionSpec("Open &log folder", (), None, "Where the program writes down its errors"),
    ActionId.PREVIOUS: ActionSpec(
        "&Previous image", ("Left", "Up", "PgUp"), "previous", "Previous image", near_image=True
    ),
    ActionId.NEXT: ActionSpec(
        "&Next image", ("Right", "Down", "PgDown"), "next", "Next image", near_image=True
    ),
    ActionId.FIRST: ActionSpec("&First image", ("Home",), near_image=True),
    ActionId.LAST: ActionSpec("&Last image", ("End",), near_image=True),
    ActionId.SCORE_REST: ActionSpec("&Score the rest", (), None, "Score what is not scored yet"),
    ActionId.CANCEL: ActionSpec("&Cancel scoring", (), None, "Stop scoring in the background"),
    ActionId.FIT: ActionSpec(
        "&Fit", ("=", "Ctrl+Return", "Ctrl+Enter"), "fit", "Fit the image into the window"
    ),
    ActionId.ACTUAL_SIZE: ActionSpec(
        "&1:1", ("Ctrl+1",), "actual-size", "One pixel of the image on one of the screen"
    ),
    **CANVAS_SPECS,
    **REVIEW_SPECS,
    **LESSON_SPECS,
    ActionId.INVERT: ActionSpec("&Invert", ("I",), "invert", "Swap black and white"),
    ActionId.RESET: ActionSpec(
        "&Reset view", ("Ctrl+R",), "reset", "Undo window, level, inversion, zoom and pan"
    ),
    ActionId.HEATMAP: ActionSpec(
        "&Heatmap", ("H",), "heatmap", "Show where the score came from", checkable=True
    ),
    ActionId.MORE_OPACITY: ActionSpec("Heatmap &more opaque", ("]",)),
    ActionId.LESS_OPACITY: ActionSpec("Heatmap &less opaque", ("[",)),
    ActionId.CORNER_TEXT: ActionSpec("&Text on the image", ("O",), checkable=True),
    ActionId.HIDE_IDENTITIES: ActionSpec(
        "Hide i&dentities", (), None, "Show case numbers instead of file names", checkable=True
    ),
    ActionId.FULL_SCREEN: ActionSpec("F&ull screen", ("F11",), checkable=True),
    ActionId.SHORTCUTS: ActionSpec("&Keys and mouse", ("?",), None, "Every key, and what the mouse does"),
}

IMAGE_ACTIONS: Final = (
    ActionId.FIT,
    ActionId.ACTUAL_SIZE,
    *CANVAS_SPECS,
    ActionId.INVERT,
    ActionId.RESET,
    ActionId.HEATMAP,
    ActionId.MORE_OPACITY,
    ActionId.LESS_OPACITY,
)
"""Those that need a case on screen."""

LIST_ACTIONS: Final = (
    ActionId.PREVIOUS,
    ActionId.NEXT,
    ActionId.FIRST,
    ActionId.LAST,
    ActionId.REMOVE,
    ActionId.SELECT_ALL,
    ActionId.FIND,
    ActionId.CLEAR,
    ActionId.NEXT_UNREVIEWED,
    ActionId.TRUTH_FROM_FOLDERS,
    ActionId.TRUTH_FROM_NAMES,
    ActionId.TRUTH_FROM_TABLE,
    ActionId.REMOVE_TRUTH,
)
"""Those that need a case in the worklist, on screen or not."""

Actions = dict[ActionId, QAction]


def create_actions(parent: QObject) -> Actions:
    """Make every action of `SPECS`."""
    return {name: create_action(spec, parent) for name, spec in SPECS.items()}


def create_action(spec: ActionSpec, parent: QObject) -> QAction:
    """Make one action."""
    action = QAction(spec.text, parent)
    action.setShortcuts([QKeySequence(key) for key in spec.keys])
    if spec.near_image:
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    action.setCheckable(spec.checkable)
    if spec.icon is not None:
        action.setIcon(icon(spec.icon))
    if spec.tip:
        keys = f" ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})" if spec.keys else ""
        action.setToolTip(spec.tip + keys)
    return action
