"""What a reader can say of the images, and what is known of them."""

from __future__ import annotations

from typing import Final

from deeppneumo_gui.action_ids import ActionId, ActionSpec

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
