"""What a teacher can do with a lesson."""

from __future__ import annotations

from typing import Final

from deeppneumo_gui.action_ids import ActionId, ActionSpec

LESSON_SPECS: Final[dict[ActionId, ActionSpec]] = {
    ActionId.LESSON_PANEL: ActionSpec(
        "&Lesson panel",
        ("Ctrl+L",),
        None,
        "The cases of the lesson and what is asked of each",
        checkable=True,
    ),
    ActionId.NEW_LESSON: ActionSpec("&New lesson...", ("Ctrl+N",), None, "Begin a lesson"),
    ActionId.OPEN_LESSON: ActionSpec(
        "&Open lesson...", ("Ctrl+Shift+L",), None, "Open a lesson from its file"
    ),
    ActionId.SAVE_LESSON: ActionSpec("&Save lesson", ("Ctrl+Shift+S",), None, "Save the lesson in its file"),
    ActionId.SAVE_LESSON_AS: ActionSpec(
        "Sa&ve lesson as...", (), None, "Save the lesson in another file, with or without its radiographs"
    ),
    ActionId.CLOSE_LESSON: ActionSpec("&Close lesson", (), None, "Put the lesson away"),
    ActionId.ADD_SELECTED: ActionSpec(
        "A&dd the selected images", ("Ctrl+D",), None, "Add what is selected in the worklist to the lesson"
    ),
    ActionId.ADD_KEY_IMAGES: ActionSpec(
        "Add &key images", (), None, "Add the listed key images to the lesson"
    ),
    ActionId.ADD_ERRORS: ActionSpec(
        "Add errors of the &model",
        (),
        None,
        "Add the listed images that the model calls otherwise than their truth",
    ),
    ActionId.ADD_RANDOM: ActionSpec(
        "Add at random of eac&h class...", (), None, "Draw as many listed images of each class, by a seed"
    ),
    ActionId.TAKE_OUT: ActionSpec(
        "Ta&ke out of the lesson", (), None, "Take the selected cases out of the lesson (Delete in its list)"
    ),
    ActionId.ITEM_UP: ActionSpec(
        "Move &up in the lesson", ("Alt+Up",), None, "Ask the case earlier", near_image=True
    ),
    ActionId.ITEM_DOWN: ActionSpec(
        "Move do&wn in the lesson", ("Alt+Down",), None, "Ask the case later", near_image=True
    ),
    ActionId.DRAW_ELLIPSE: ActionSpec(
        "Draw an &ellipse", ("E",), None, "Draw where it is to be seen: drag over the image", checkable=True
    ),
    ActionId.DRAW_RECTANGLE: ActionSpec(
        "Draw a &box", ("X",), None, "Draw where it is to be seen: drag over the image", checkable=True
    ),
    ActionId.DRAW_POLYGON: ActionSpec(
        "Draw a pol&ygon",
        ("G",),
        None,
        "Draw where it is to be seen: click its corners, then press Enter",
        checkable=True,
    ),
    ActionId.REMOVE_REGION: ActionSpec(
        "Remo&ve the region", (), None, "Remove the region that is chosen on the image (Delete)"
    ),
    ActionId.FIND_MISSING: ActionSpec(
        "Look for missing rad&iographs...", (), None, "Look in a folder for radiographs of the lesson"
    ),
    ActionId.READ_LESSON: ActionSpec(
        "&Read as learner...", ("F6",), None, "Read the lesson blind, in a window of its own"
    ),
    ActionId.CONTINUE_RUN: ActionSpec(
        "Continu&e a paused run...", (), None, "Go on with a run of this lesson that was broken off"
    ),
    ActionId.PRESENT_LESSON: ActionSpec("&Present...", ("F5",), None, "Show the lesson to an audience"),
    ActionId.LESSON_RESULTS: ActionSpec(
        "Resul&ts...", (), None, "What learners made of the lesson, one beside the other"
    ),
    ActionId.ADD_RUNS: ActionSpec(
        "Add runs fro&m files...", (), None, "Add runs of the lesson that were saved on other computers"
    ),
    ActionId.LESSON_DECK: ActionSpec(
        "Save as sli&des...", (), None, "Save questions and answers as a PowerPoint presentation"
    ),
    ActionId.LESSON_PAGES: ActionSpec("Save as PD&F...", (), None, "Save questions and answers as PDF"),
}

TOOLS: Final = {
    "ellipse": ActionId.DRAW_ELLIPSE,
    "rectangle": ActionId.DRAW_RECTANGLE,
    "polygon": ActionId.DRAW_POLYGON,
}
"""From the shape of a region to the action that draws it."""
