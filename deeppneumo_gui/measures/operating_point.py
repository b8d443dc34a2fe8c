"""Moving the threshold between normal and pneumonia, and back to the model's own."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from core.engine.card import Card, OperatingPoint
from core.metrics.calls import CallMeasures
from deeppneumo_gui.history import History, OfModel
from deeppneumo_gui.measures.following import Following
from deeppneumo_gui.panels.result import ResultPanel
from deeppneumo_gui.session import ViewerSession

NAME = "yours"


class MovablePoint(QObject):
    """Calls in the list, in the result panel and in exports follow; the scores stay."""

    moved = Signal()
    """Everything is called at `threshold` now."""

    def __init__(self, session: ViewerSession, result: ResultPanel, history: History) -> None:
        super().__init__(session)
        self._session = session
        self._result = result
        self._history = history
        self._point: OperatingPoint | None = None
        self._passing: OperatingPoint | None = None
        self._following = Following(session.worklist, self)
        self._following.followed.connect(self._on_followed)
        session.engine_ready.connect(self._on_engine_ready)

    @property
    def threshold(self) -> float | None:
        """Scores of at least this are called pneumonia; None before there is a model."""
        if self._point is not None:
            return self._point.threshold
        return None if self._session.card is None else self._session.card.operating_point.threshold

    @property
    def is_moved(self) -> bool:
        """Whether it is another than the model's own."""
        return self._point is not None

    @property
    def is_passing(self) -> bool:
        """Whether it is being dragged, and calls follow that are not at `threshold`."""
        return self._following.active

    @Slot(float, object)
    def preview(self, threshold: float, calls: CallMeasures) -> None:
        """Let calls follow to a threshold, a few at a time, before it is decided on; `move` ends it."""
        if self.threshold is not None:
            self._passing = _point(threshold, calls)
            self._following.follow(self._passing.threshold, self.threshold)

    def move(self, threshold: float, calls: CallMeasures) -> None:
        """Move it, undoably; `calls` are those that it makes on labelled images."""
        point = _point(threshold, calls)
        if point.threshold != self.threshold:
            self._history.push(_Move(self, self._point, point))
        elif self.is_passing:
            # Let go where it was taken up: what followed on the way goes back too.
            self.operate_at(self._point)

    @Slot()
    def reset(self) -> None:
        """Return to the model's own, undoably."""
        if self._point is not None:
            self._history.push(_Move(self, self._point, None))

    def operate_at(self, point: OperatingPoint | None) -> None:
        """Call everything at a point, or with None at the model's own."""
        card = self._session.card
        self._following.stop()
        if card is None:
            return
        self._point = point
        self._session.worklist.operate_at((point or card.operating_point).threshold, own=point is None)
        self._result.set_card(card if point is None else _with_point(card, point))
        current = self._session.current
        if current is not None:
            self._session.case_changed.emit(current)
        self.moved.emit()

    @Slot()
    def _on_followed(self) -> None:
        """Let the panel say how the case on screen is called at the moment, and at which threshold."""
        card, current = self._session.card, self._session.current
        if card is None or self._passing is None:
            return
        self._result.set_card(_with_point(card, self._passing))
        if current is not None:
            self._session.case_changed.emit(current)

    @Slot()
    def _on_engine_ready(self) -> None:
        """Another model has operating points of its own."""
        self._following.stop()
        if self._point is not None:
            self.operate_at(None)
        self.moved.emit()


def _point(threshold: float, calls: CallMeasures) -> OperatingPoint:
    rates = [calls.measures[key].value for key in ("sensitivity", "specificity")]
    sensitivity, specificity = (0.0 if rate is None else rate for rate in rates)
    return OperatingPoint(NAME, min(max(threshold, 0.0), 1.0), sensitivity, specificity)


def _with_point(card: Card, point: OperatingPoint) -> Card:
    # What was measured at the model's own point says nothing of this one.
    points = (*(known for known in card.operating_points if known.name != NAME), point)
    return replace(card, operating_points=points, default_operating_point=NAME, metrics={})


class _Move(OfModel):
    def __init__(
        self, movable: MovablePoint, before: OperatingPoint | None, after: OperatingPoint | None
    ) -> None:
        super().__init__("moving the operating point")
        self._movable = movable
        self._before, self._after = before, after

    def redo(self) -> None:
        """Move it."""
        self._movable.operate_at(self._after)

    def undo(self) -> None:
        """Move it back."""
        self._movable.operate_at(self._before)
