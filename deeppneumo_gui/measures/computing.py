"""Measures are computed beside the window: ten thousand images and two thousand resamples take seconds."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject, Signal, Slot

from deeppneumo_gui.cases import Case
from deeppneumo_gui.inference.errands import Errands
from deeppneumo_gui.measures.labelled import Labelled, gather
from deeppneumo_gui.measures.review import Review, measure

_log = logging.getLogger(__name__)


class Computing(QObject):
    """One computation at a time; a newer request makes the answers to older ones worthless."""

    measured = Signal(object)
    """A `Review` of what was asked for last: first without what takes long, then with everything."""
    _arrived = Signal(int, object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._errands = Errands("measures")
        self._request = 0
        self._arrived.connect(self._on_arrived)

    def request(
        self, cases: Sequence[Case], threshold: float | None, seen_patients: Collection[str] = frozenset()
    ) -> None:
        """Measure some cases; none of them changes, for cases are only ever replaced.

        Parameters
        ----------
        cases : sequence of Case
        threshold : float or None
            The operating point.
        seen_patients : collection of str
            Marks of those whom the model was trained on or chosen by.
        """
        self._request += 1
        self._submit(self._request, lambda: gather(cases, threshold, seen_patients))

    def shutdown(self) -> None:
        """End the thread; a computation in hand is left behind after a moment."""
        self._request += 1
        self._errands.close()

    def _submit(self, request: int, collect: Callable[[], Labelled]) -> None:
        def work() -> None:
            labelled = self._first(request, collect)
            if labelled is not None and request == self._request:
                self._arrived.emit(request, measure(labelled))

        self._errands.submit(work).add_done_callback(_note_failure)

    def _first(self, request: int, collect: Callable[[], Labelled]) -> Labelled | None:
        """Send the quick answer; None where somebody has asked for another since."""
        if request != self._request:
            return None
        labelled = collect()
        self._arrived.emit(request, measure(labelled, complete=False))
        return labelled

    @Slot(int, object)
    def _on_arrived(self, request: int, review: Review) -> None:
        if request == self._request:
            self.measured.emit(review)


def _note_failure(future: Future[None]) -> None:
    error = None if future.cancelled() else future.exception()
    if error is not None:
        _log.error("The measures could not be computed.", exc_info=error)
