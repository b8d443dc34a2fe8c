"""What a reader can do with the image on screen."""

from __future__ import annotations

from typing import Final

from deeppneumo_gui.action_ids import ActionId, ActionSpec
from deeppneumo_gui.canvas.presets import PRESETS

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
