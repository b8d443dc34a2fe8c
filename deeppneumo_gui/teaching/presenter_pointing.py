"""Laser pointer and spotlight: what the teacher points at, in both windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction

from core.teaching.lesson import Point
from deeppneumo_gui.teaching.audience_view import Beam, PointedView, mirror
from deeppneumo_gui.teaching.presenter_actions import Key


class Pointing(QObject):
    """Keeps the beam, and both views of the radiograph in step.

    Parameters
    ----------
    actions : mapping
        Of the presentation.
    views : sequence of PointedView
        The teacher's and the audience's.
    parent : QObject
    """

    changed = Signal(object)
    """The `Beam` as it is now."""

    def __init__(self, actions: Mapping[Key, QAction], views: Sequence[PointedView], parent: QObject) -> None:
        super().__init__(parent)
        self.beam = Beam()
        self._actions = actions
        for key, slot in {
            Key.LASER: self._on_switched,
            Key.SPOTLIGHT: self._on_switched,
            Key.SMALLER: self._on_smaller,
            Key.LARGER: self._on_larger,
        }.items():
            actions[key].triggered.connect(slot)
        for view, other in zip(views, reversed(views), strict=True):
            mirror(view, other)
            view.pointed.connect(self._on_pointed)

    def forget_place(self) -> None:
        """Point at nothing: another radiograph comes."""
        self._point(replace(self.beam, point=None))

    def _point(self, beam: Beam) -> None:
        self.beam = beam
        self.changed.emit(beam)

    @Slot()
    def _on_switched(self) -> None:
        laser, spotlight = (self._actions[key].isChecked() for key in (Key.LASER, Key.SPOTLIGHT))
        self._point(replace(self.beam, laser=laser, spotlight=spotlight))

    @Slot()
    def _on_smaller(self) -> None:
        self._point(replace(self.beam, size=self.beam.resized[0]))

    @Slot()
    def _on_larger(self) -> None:
        self._point(replace(self.beam, size=self.beam.resized[1]))

    @Slot(object)
    def _on_pointed(self, point: Point | None) -> None:
        # The spotlight stays where it was while the hand goes to a button.
        if point is not None or not self.beam.spotlight:
            self._point(replace(self.beam, point=point))
