"""Which of the learner's keys have a meaning at a moment, and what the large button says then."""

from __future__ import annotations

from collections.abc import Mapping

from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.teaching.learner_actions import HEATMAP_ACTIONS, SURENESS, VIEW_ACTIONS, Key
from deeppneumo_gui.teaching.learner_sight import LearnerSight


def offered(sight: LearnerSight) -> Mapping[Key | ActionId, bool]:
    """Return which actions are possible now; a key without a meaning must not be swallowed."""
    run, shown = sight.run, sight.shown()
    reading = shown is not None and shown.before is None
    seen = sight.display is not None
    open_ = seen and shown is not None and shown.revealed is None
    kinds = open_ and sight.lesson.ask_kind
    return {
        **dict.fromkeys((Key.NORMAL, Key.PNEUMONIA, *SURENESS), open_),
        **dict.fromkeys((Key.BACTERIAL, Key.VIRAL), kinds),
        Key.MARK: reading and seen and run.answer.call != "normal",
        Key.UNMARK: reading and run.answer.mark is not None,
        Key.UNDO: reading and run.can_undo,
        Key.REDO: reading and run.can_redo,
        Key.COMMIT: shown is not None,
        # In the blind reading Space belongs to the hand that pans, and the arrows to the mark.
        Key.GO_ON: shown is not None and not reading,
        Key.PAUSE: sight.begun and not run.finished,
        Key.DEBRIEF: sight.begun and run.finished,
        **dict.fromkeys((*VIEW_ACTIONS, Key.MAGNIFIER), seen),
        # Pages without a radiograph may fill the screen, too.
        ActionId.FULL_SCREEN: True,
        **dict.fromkeys(HEATMAP_ACTIONS, sight.explained is not None),
    }


def go_words(sight: LearnerSight) -> str:
    """Return what Enter does now."""
    run = sight.run
    if sight.paused:
        return "Go on   (F9)"
    if sight.obstacle is not None and run.stage == "reading":
        return "Skip this case   (Enter)"
    last = run.position + 1 == len(run.order)
    return {
        "reading": "Commit   (Enter)",
        "committed": "Show the truth   (Space)",
        "revealed": "Finish   (Space)" if last else "Next case   (Space)",
    }[run.stage]
