"""What of the Teaching menu is possible now, and why the rest is not; free of Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from deeppneumo_gui.action_ids import ActionId

NO_LESSON: Final = "There is no lesson; begin one or open one first."
NO_CASES: Final = "The lesson has no cases yet."
NO_IMAGES: Final = "Open radiographs first."
NO_RADIOGRAPHS: Final = "None of its radiographs is on this computer."
SAVED: Final = "All of it is saved."
NO_RUN: Final = "No run of this lesson was broken off."
NO_RESULTS: Final = "Nobody has read this lesson on this computer; add runs from others."
NOTHING_MISSING: Final = "No radiograph is missing."
NOT_CHOSEN: Final = "Choose a case in the lesson first."
AT_END: Final = "It is at the end of the list."
NOT_ON_SCREEN: Final = "Show the image of a case of the lesson first, with the lesson panel in sight."
NO_REGION: Final = "Click the line of a region on the image first."


@dataclass(frozen=True, slots=True)
class Standing:
    """What the menu depends on.

    Attributes
    ----------
    lesson : bool
        Whether there is one.
    cases, missing : int
        How many it has, and of how many the radiograph lies nowhere.
    unsaved : bool
    place : int
        Of the case in hand, -1 without one.
    drawing : bool
        Whether its radiograph can be drawn on.
    region : bool
        Whether a region is chosen.
    listed : int
        Images in the worklist.
    runs, open_runs : int
        Of this lesson, and those of them that are not finished.
    """

    lesson: bool = False
    cases: int = 0
    missing: int = 0
    unsaved: bool = False
    place: int = -1
    drawing: bool = False
    region: bool = False
    listed: int = 0
    runs: int = 0
    open_runs: int = 0


def obstacles(now: Standing) -> Mapping[ActionId, str | None]:
    """Return why each action of the menu is impossible, None where it is possible."""
    lesson = None if now.lesson else NO_LESSON
    cases = lesson or (None if now.cases else NO_CASES)
    shown = cases or (NO_RADIOGRAPHS if now.missing >= now.cases else None)
    listed = None if now.listed else NO_IMAGES
    chosen = cases or (NOT_CHOSEN if now.place < 0 else None)
    drawing = None if now.drawing else NOT_ON_SCREEN
    return {
        ActionId.SAVE_LESSON: cases or (None if now.unsaved else SAVED),
        ActionId.SAVE_LESSON_AS: cases,
        ActionId.CLOSE_LESSON: lesson,
        ActionId.ADD_SELECTED: listed,
        ActionId.ADD_KEY_IMAGES: listed,
        ActionId.ADD_ERRORS: listed,
        ActionId.ADD_RANDOM: listed,
        ActionId.FIND_MISSING: lesson or (None if now.missing else NOTHING_MISSING),
        ActionId.ITEM_UP: chosen or (AT_END if now.place == 0 else None),
        ActionId.ITEM_DOWN: chosen or (AT_END if now.place + 1 >= now.cases else None),
        ActionId.TAKE_OUT: chosen,
        ActionId.DRAW_ELLIPSE: drawing,
        ActionId.DRAW_RECTANGLE: drawing,
        ActionId.DRAW_POLYGON: drawing,
        ActionId.REMOVE_REGION: drawing or (None if now.region else NO_REGION),
        ActionId.READ_LESSON: shown,
        ActionId.CONTINUE_RUN: shown or (None if now.open_runs else NO_RUN),
        ActionId.PRESENT_LESSON: shown,
        ActionId.LESSON_RESULTS: cases or (None if now.runs else NO_RESULTS),
        ActionId.ADD_RUNS: cases,
        ActionId.LESSON_DECK: shown,
        ActionId.LESSON_PAGES: shown,
    }
