"""Calls in the list that follow the operating point while it is dragged."""

from __future__ import annotations

import time
from bisect import bisect_left
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from deeppneumo_gui.measures.labelled import scores_of
from deeppneumo_gui.worklist.model import WorklistModel

PAUSE_MS: Final = 40
"""From one step to the next, so that the hand that drags is never waited for by more than it."""
MOST_AT_ONCE: Final = 400
"""Calls that change in one step; a leap across thousands of scores takes several."""
_SHARE: Final = 3
"""Steps pause so many times as long as they take: most of the time belongs to the mouse."""


class Following(QObject):
    """Changes only those calls that the point has passed since the last step, nearest first."""

    followed = Signal()
    """Some more calls are those at the threshold to come."""

    def __init__(self, worklist: WorklistModel, parent: QObject) -> None:
        super().__init__(parent)
        self._worklist = worklist
        self._scores: list[float] = []
        self._ids: list[int] = []
        self._below = 0
        self._wanted: float | None = None
        self._steps = QTimer(self)
        self._steps.setSingleShot(True)
        self._steps.timeout.connect(self._step)

    @property
    def active(self) -> bool:
        """Whether the point is on its way, so that calls may differ from those at any one threshold."""
        return self._wanted is not None

    def follow(self, threshold: float, begun_at: float) -> None:
        """Go to a threshold in steps; the calls were made at `begun_at` before the first of them."""
        if self._wanted is None:
            self._order(begun_at)
        self._wanted = threshold
        if not self._steps.isActive():
            self._steps.start(PAUSE_MS)

    def stop(self) -> None:
        """Follow no longer; whoever stops calls everything at one threshold."""
        self._steps.stop()
        self._wanted = None
        self._scores, self._ids = [], []

    def _order(self, threshold: float) -> None:
        """Line up the scored cases, so that each step knows which calls it changes without looking at the others."""
        cases = [case for case in self._worklist.cases() if case.prediction is not None]
        scores = scores_of([case.prediction for case in cases])
        order = np.argsort(scores, kind="stable")
        self._scores = scores[order].tolist()
        self._ids = [cases[place].case_id for place in order]
        self._below = bisect_left(self._scores, threshold)

    @Slot()
    def _step(self) -> None:
        if self._wanted is None:
            return
        began = time.perf_counter()
        target, before = bisect_left(self._scores, self._wanted), self._below
        self._below = (
            max(target, before - MOST_AT_ONCE) if target < before else min(target, before + MOST_AT_ONCE)
        )
        self._worklist.call_at(self._ids[min(before, self._below) : max(before, self._below)], self._wanted)
        self.followed.emit()
        if self._below != target:
            took = 1e3 * (time.perf_counter() - began)
            self._steps.start(max(PAUSE_MS, round(_SHARE * took)))
