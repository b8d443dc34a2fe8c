"""What the learner's keys do to the answer and to the radiograph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, cast

from core.teaching.answer import Confidence
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.teaching.case_view import OPACITY_STEP, CasePresenter
from deeppneumo_gui.teaching.learner_actions import SURENESS, Key
from deeppneumo_gui.teaching.learner_session import LearnerSession
from deeppneumo_gui.teaching.view import LessonView

_ZOOM_STEP: Final = 1.25
Slots = Mapping[Key | ActionId, Callable[[], object]]


def answer_slots(session: LearnerSession) -> Slots:
    """Return what answers."""
    return {
        Key.NORMAL: lambda: session.set_call("normal"),
        Key.PNEUMONIA: lambda: session.set_call("pneumonia"),
        Key.BACTERIAL: lambda: session.set_kind("bacterial"),
        Key.VIRAL: lambda: session.set_kind("viral"),
        Key.UNMARK: lambda: session.set_mark(None),
        Key.UNDO: session.undo,
        Key.REDO: session.redo,
        **{
            key: partial(session.set_confidence, cast(Confidence, number))
            for number, key in enumerate(SURENESS, 1)
        },
    }


def view_slots(view: LessonView, presenter: CasePresenter) -> Slots:
    """Return what shows the radiograph and its heatmap otherwise."""
    return {
        ActionId.FIT: view.fit,
        ActionId.ACTUAL_SIZE: view.actual_size,
        ActionId.ZOOM_IN: lambda: view.zoom_by(_ZOOM_STEP),
        ActionId.ZOOM_OUT: lambda: view.zoom_by(1 / _ZOOM_STEP),
        ActionId.INVERT: view.invert,
        ActionId.ROTATE_LEFT: lambda: view.rotate_picture(-1),
        ActionId.ROTATE_RIGHT: lambda: view.rotate_picture(1),
        ActionId.FLIP_HORIZONTALLY: lambda: view.flip_picture(),
        ActionId.FLIP_VERTICALLY: lambda: view.flip_picture(vertically=True),
        ActionId.RESET: view.reset,
        ActionId.MORE_OPACITY: lambda: presenter.change_opacity(OPACITY_STEP),
        ActionId.LESS_OPACITY: lambda: presenter.change_opacity(-OPACITY_STEP),
    }


def without_check(slot: Callable[[], object], checked: bool = False) -> None:
    """Call a slot; leaves out what `triggered` says of the check mark."""
    slot()
