"""Everything the reader can do, listed once; menus, tool bar and keys are made from it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from deeppneumo_gui.action_ids import ActionId, ActionSpec
from deeppneumo_gui.canvas.presets import PRESETS
from deeppneumo_gui.icons import icon
from deeppneumo_gui.teaching.lesson_actions import LESSON_SPECS

__all__ = [
    "CANVAS_SPECS",
    "IMAGE_ACTIONS",
    "LIST_ACTIONS",
    "REVIEW_SPECS",
    "SPECS",
    "ActionId",
    "ActionSpec",
    "Actions",
    "create_action",
    "create_actions",
]


_PRESET_IDS: Final = (
    ActionId.PRESET_DEFAULT,
    ActionId.PRESET_LUNG,
    ActionId.PRESET_SOFT_TISSUE,
    ActionId.PRESET_BONE,
    ActionId.PRESET_FULL,
)
CANVAS_SPECS: Final[dict[ActionId, ActionSpec]] = {
    ActionId.ZOOM_IN: ActionSpec("Zoom &in", ("Z", "+"), None, "Enlarge at the cursor"),
    ActionId.ZOOM_OUT: ActionSpec("Zoom &out", ("Shift+Z", "-"), None, "Reduce at the cursor"),
    **{
        name: ActionSpec(f"&{preset.name} window", (str(key),), None, preset.tip)
        for key, (name, preset) in enumerate(zip(_PRESET_IDS, PRESETS, strict=True), 1)
    },
    ActionId.ROTATE_LEFT: ActionSpec("Rotate lef&t", ("Shift+R",), None, "Turn the picture, on screen only"),
    ActionId.ROTATE_RIGHT: ActionSpec("Rotate ri&ght", ("R",), None, "Turn the picture, on screen only"),
    ActionId.FLIP_HORIZONTALLY: ActionSpec(
        "Flip hori&zontally", ("Shift+H",), None, "Exchange left and right, on screen only"
    ),
    ActionId.FLIP_VERTICALLY: ActionSpec(
        "Flip &vertically", ("Shift+V",), None, "Exchange top and bottom, on screen only"
    ),
    ActionId.MAGNIFIER: ActionSpec(
        "Ma&gnifier", ("M",), "magnifier", "Show the place under the cursor larger", checkable=True
    ),
    ActionId.ONE_PANE: ActionSpec("O&ne image", ("Alt+1",), "one-pane", "One image", checkable=True),
    ActionId.BESIDE_HEATMAP: ActionSpec(
        "Heatmap &beside the image",
        ("Alt+2",),
        "beside-heatmap",
        "The image beside its heatmap",
        checkable=True,
    ),
    ActionId.TWO_CASES: ActionSpec(
        "&Compare: pin this image",
        ("Alt+3",),
        "two-cases",
        "Keep this image on the left, then select another beside it",
        checkable=True,
    ),
    ActionId.LINK_PANES: ActionSpec(
        "Lin&k zoom and pan", ("L",), None, "Zoom and pan compared images together", checkable=True
    ),
    ActionId.KEY_IMAGE: ActionSpec(
        "&Key image", ("K",), "key-image", "Mark this image to be found again", checkable=True
    ),
}

REVIEW_SPECS: Final[dict[ActionId, ActionSpec]] = {
    ActionId.CALL_NORMAL: ActionSpec("Call &normal", ("N",), None, "Your call: normal"),
    ActionId.CALL_PNEUMONIA: ActionSpec("Call &pneumonia", ("P",), None, "Your call: pneumonia"),
    ActionId.CALL_UNSURE: ActionSpec("Call &unsure", ("U",), None, "Your call: unsure"),
    ActionId.CALL_BACTERIAL: ActionSpec("Call &bacterial", ("B",), None, "Your call: bacterial pneumonia"),
    ActionId.CALL_VIRAL: ActionSpec("Call &viral", ("V",), None, "Your call: viral pneumonia"),
    ActionId.TAKE_BACK_CALL: ActionSpec(
        "&Take the call back",
        ("Backspace",),
        None,
        "Leave this image without a call of yours",
        near_image=True,
    ),
    ActionId.WRITE_NOTE: ActionSpec(
        "&Write a note", ("W",), None, "Type a note on this image; Escape ends it"
    ),
    ActionId.NEXT_UNREVIEWED: ActionSpec(
        "Ne&xt unreviewed",
        ("J",),
        "next-unreviewed",
        "Go to the next image in the list without a call of yours",
    ),
    ActionId.SHOW_TRUTH: ActionSpec(
        "&Show truth",
        ("Ctrl+T",),
        None,
        "Show what is known of each image; reading is blind without",
        checkable=True,
    ),
    ActionId.TRUTH_FROM_FOLDERS: ActionSpec(
        "From &folder names", (), None, "Label the images by their folders, such as NORMAL and PNEUMONIA"
    ),
    ActionId.TRUTH_FROM_NAMES: ActionSpec(
        "From f&ile names", (), None, "Label the images of the public set by their file names"
    ),
    ActionId.TRUTH_FROM_TABLE: ActionSpec(
        "From a &table...", (), None, "Label the images by a CSV file whose columns you explain"
    ),
    ActionId.REMOVE_TRUTH: ActionSpec("Take the truth &off", (), None, "Leave all images without labels"),
    ActionId.MEASURES: ActionSpec(
        "&Measures", ("Ctrl+Shift+M",), None, "How model and reader do on the labelled images", checkable=True
    ),
    ActionId.GO_ON: ActionSpec(
        "&Go on after a call", (), None, "Every call leads to the next unreviewed image", checkable=True
    ),
}

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
