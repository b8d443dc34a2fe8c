"""The windows in which learners' results are looked at, and the runs that are in them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot

from core.teaching.lesson import Lesson
from deeppneumo_gui.services import Services
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.teaching.learner_runs import LearnerRuns
from deeppneumo_gui.teaching.sources import LessonRadiographs

if TYPE_CHECKING:
    from core.store.runs import KeptRun
    from core.teaching.run import Run
    from deeppneumo_gui.teaching.debrief_window import DebriefWindow
    from deeppneumo_gui.teaching.handouts import Handouts
    from deeppneumo_gui.window import MainWindow

GONE: Final = "The run is no longer kept on this computer and cannot be saved."
ALL_GONE: Final = "The runs are no longer kept on this computer and cannot be saved."


class Debriefing(QObject):
    """Keeps open debriefs in step with what is known of learners' runs.

    Parameters
    ----------
    window : MainWindow
        Where what happens is said, too.
    services : Services
    settings : Settings
    learners : LearnerRuns
    handouts : callable
        Returns who writes files.
    model : callable
        Asked for the bundle that scores, None for the model that ships.
    """

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        settings: Settings,
        learners: LearnerRuns,
        handouts: Callable[[], Handouts],
        model: Callable[[], Path | None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._settings = settings
        self._learners = learners
        self._handouts = handouts
        self._model = model
        self.windows: list[DebriefWindow] = []
        self._saving: list[DebriefWindow] = []
        learners.changed.connect(self._on_runs_changed)
        learners.said.connect(self._on_said)

    def shutdown(self) -> None:
        """Close what is still open."""
        for debrief in list(self.windows):
            debrief.close()

    def open(
        self, lesson: Lesson, runs: Sequence[Run], radiographs: LessonRadiographs, *, shared: bool
    ) -> None:
        """Open a debrief; `shared` where it is a teacher's, not that of a learner who has just read."""
        from deeppneumo_gui.teaching.debrief_window import open_debrief

        debrief = open_debrief(
            self._services,
            self._settings,
            lesson,
            runs,
            radiographs,
            model=self._model(),
            handouts=self._handouts(),
            shared=shared,
        )
        self.windows.append(debrief)
        debrief.closed.connect(self._on_closed)
        debrief.add_wanted.connect(partial(self._learners.add, lesson, debrief))
        debrief.save_wanted.connect(self._on_save_wanted)
        debrief.delete_wanted.connect(self._on_delete_wanted)

    @Slot()
    def _on_closed(self) -> None:
        debrief = self._asking()
        if debrief is not None:
            self.windows.remove(debrief)
            debrief.deleteLater()

    @Slot(str)
    def _on_runs_changed(self, lesson_id: str) -> None:
        shared = [one for one in self.windows if one.shared and one.lesson.lesson_id == lesson_id]
        for debrief in shared:
            runs = [kept.run for kept in self._learners.of(debrief.lesson)]
            if runs:
                debrief.update_runs(runs)
            else:
                debrief.close()

    @Slot(object)
    def _on_save_wanted(self, runs: Collection[str]) -> None:
        debrief = self._asking()
        # What is known here may be older than what a learner has just done.
        if debrief is not None and debrief not in self._saving:
            self._saving.append(debrief)
            self._learners.find(debrief.lesson, partial(self._on_found, debrief, runs))

    def _on_found(self, debrief: DebriefWindow, runs: Collection[str], found: Sequence[KeptRun]) -> None:
        self._saving.remove(debrief)
        if debrief not in self.windows:
            return
        kept = [one for one in found if one.run.run_id in runs]
        if kept:
            self._handouts().runs(kept, debrief)
        else:
            debrief.say(GONE if len(runs) == 1 else ALL_GONE, False)

    @Slot(object)
    def _on_delete_wanted(self, runs: Collection[str]) -> None:
        debrief = self._asking()
        if debrief is not None:
            codes = [one.code for one in debrief.debriefs if one.run_id in runs]
            self._learners.delete(codes, runs, debrief)

    def _asking(self) -> DebriefWindow | None:
        asking = self.sender()
        return next((debrief for debrief in self.windows if debrief is asking), None)

    @Slot(str, bool)
    def _on_said(self, sentence: str, good: bool) -> None:
        self._window.message.say(sentence, passing=good)
        for debrief in self.windows:
            if debrief.shared:
                debrief.say(sentence, good)
