"""From the lesson in hand to a learner, an audience, its results and its handouts."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.teaching.lesson import Lesson
from deeppneumo_gui.services import Services
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.teaching.curtain import Curtain
from deeppneumo_gui.teaching.debriefing import Debriefing
from deeppneumo_gui.teaching.document import LessonDocument
from deeppneumo_gui.teaching.learner_runs import LearnerRuns
from deeppneumo_gui.teaching.lesson_desk import LessonDesk
from deeppneumo_gui.teaching.lesson_finding import Opened
from deeppneumo_gui.teaching.places import Places
from deeppneumo_gui.teaching.sources import LessonRadiographs

if TYPE_CHECKING:
    from core.teaching.run import Run
    from deeppneumo_gui.teaching.handouts import Handouts
    from deeppneumo_gui.teaching.learner import LearnerWindow
    from deeppneumo_gui.teaching.presenter import Presentation
    from deeppneumo_gui.window import MainWindow


class LessonStart(QObject):
    """Opens the windows of teaching; the main window, which shows truth and names, is away meanwhile."""

    runs_changed = Signal()
    """Other runs may be known of the lesson in hand."""
    away_changed = Signal(bool)
    """Whether the main window is away, and nothing of it is to come up."""

    def __init__(
        self,
        window: MainWindow,
        services: Services,
        settings: Settings,
        document: LessonDocument,
        places: Places,
        desk: LessonDesk,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._settings = settings
        self._document = document
        self._places = places
        self.learners = LearnerRuns(window.session.memory, desk, self)
        self.learner: LearnerWindow | None = None
        self.presentation: Presentation | None = None
        self._handouts: Handouts | None = None
        self.learners.changed.connect(self.runs_changed)
        self.debriefing = Debriefing(
            window, services, settings, self.learners, lambda: self.handouts, self._bundle
        )
        self._curtain = Curtain(window)
        document.switched.connect(self._on_switched)

    def give_back_panels(self) -> None:
        """Have the floating panels of the main window count as shown, before its layout is remembered."""
        self._curtain.give_back_panels()

    def shutdown(self) -> None:
        """Close what is still open."""
        if self.learner is not None:
            self.learner.close()
        if self.presentation is not None:
            self.presentation.end()
        self.debriefing.shutdown()

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs of the lesson in hand that fit it as it is now."""
        lesson = self._document.lesson
        return () if lesson is None else tuple(kept.run for kept in self.learners.of(lesson))

    @property
    def open_runs(self) -> tuple[Run, ...]:
        """Those that are not finished."""
        return tuple(run for run in self.runs if not run.finished)

    # The lesson in hand

    @Slot()
    def read(self) -> None:
        """Let a learner read the lesson in hand."""
        opened = self._in_hand()
        if opened is not None:
            self._read(opened)

    @Slot()
    def go_on(self) -> None:
        """Go on with a run that was broken off; of several the learner's window asks which."""
        opened, runs = self._in_hand(), self.open_runs
        if opened is not None and runs:
            self._read(opened, runs[0] if len(runs) == 1 else None)

    @Slot()
    def present(self) -> None:
        """Show the lesson in hand to an audience."""
        opened = self._in_hand()
        if opened is not None:
            self._present(opened)

    @Slot()
    def results(self) -> None:
        """Show what learners made of the lesson in hand."""
        opened = self._in_hand()
        if opened is not None and self.runs:
            self.debriefing.open(opened.lesson, self.runs, self._radiographs(opened), shared=True)

    @Slot()
    def add_runs(self) -> None:
        """Add runs of the lesson in hand from other computers."""
        lesson = self._document.lesson
        if lesson is not None:
            self.learners.add(lesson, self._window)

    @Slot()
    def deck(self) -> None:
        """Save the lesson in hand as slides."""
        opened = self._in_hand()
        if opened is not None:
            self.handouts.deck(opened.lesson, self._radiographs(opened))

    @Slot()
    def pages(self) -> None:
        """Save the lesson in hand as PDF."""
        opened = self._in_hand()
        if opened is not None:
            self.handouts.pages(opened.lesson, self._radiographs(opened))

    @Slot(str, object)
    def begin(self, choice: str, opened: Opened) -> None:
        """Read or present a lesson that nobody edits."""
        (self._read if choice == "read" else self._present)(opened)

    @property
    def handouts(self) -> Handouts:
        """What writes slides and pages."""
        if self._handouts is None:
            from deeppneumo_gui.teaching.handouts import Handouts

            self._handouts = Handouts(self._window, self._services, self._bundle)
        return self._handouts

    # Windows

    def _read(self, opened: Opened, run: Run | None = None) -> None:
        if self._busy:
            return
        from deeppneumo_gui.teaching.learner import open_learner

        session = self._window.session
        self.learner = open_learner(
            self._services,
            self._settings,
            session.memory,
            opened.lesson,
            self._radiographs(opened),
            model=session.bundle,
            run=run,
        )
        self.learner.debrief_wanted.connect(partial(self._on_debrief_wanted, opened))
        self.learner.closed.connect(self._on_learner_closed)
        self._curtain.fall(self.debriefing.windows)
        self.away_changed.emit(True)
        # After the main window has gone, the keys are to be the learner's without a click.
        self.learner.activateWindow()

    def _present(self, opened: Opened) -> None:
        if self._busy:
            return
        from deeppneumo_gui.teaching.presenter import present

        self.presentation = present(
            self._services, self._settings, opened.lesson, self._radiographs(opened), self._bundle()
        )
        self.presentation.ended.connect(self._on_presentation_ended)
        self._curtain.fall(self.debriefing.windows)
        self.away_changed.emit(True)
        self.presentation.activate()

    def _on_debrief_wanted(self, opened: Opened, run: Run) -> None:
        self.debriefing.open(opened.lesson, [run], self._radiographs(opened), shared=False)
        self.learners.recall(run.lesson_id)

    @Slot()
    def _on_learner_closed(self) -> None:
        learner, self.learner = self.learner, None
        self._come_back(learner)
        self._recall()

    @Slot()
    def _on_presentation_ended(self) -> None:
        self.presentation = None
        self._come_back(None)

    def _come_back(self, gone: QWidget | None) -> None:
        if gone is not None:
            gone.deleteLater()
        if not self._window.closing:
            self._curtain.rise()
            for debrief in self.debriefing.windows:
                debrief.activateWindow()
            self.away_changed.emit(False)

    @property
    def _busy(self) -> bool:
        """Whether somebody reads or presents; the one window of that is brought to the front."""
        if self.learner is not None:
            self.learner.activateWindow()
        elif self.presentation is not None:
            self.presentation.activate()
        return self.learner is not None or self.presentation is not None

    # Common

    def _in_hand(self) -> Opened | None:
        lesson = self._document.lesson
        if lesson is None or not lesson.items:
            return None
        return Opened(lesson, self._document.file, dict(self._places.paths))

    def _radiographs(self, opened: Opened) -> LessonRadiographs:
        return LessonRadiographs(self._services.read, opened.paths, opened.file)

    def _bundle(self) -> Path | None:
        return self._window.session.bundle

    @Slot()
    def _on_switched(self) -> None:
        self._recall()
        self.runs_changed.emit()

    @Slot()
    def _recall(self) -> None:
        lesson: Lesson | None = self._document.lesson
        if lesson is not None:
            self.learners.recall(lesson.lesson_id)
