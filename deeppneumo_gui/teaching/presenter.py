"""Presenting a lesson: two windows, one course, and the show of hands."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget

from core.engine.prediction import Prediction
from core.teaching.lesson import Lesson
from deeppneumo_gui.canvas.heatmap import Heatmap
from deeppneumo_gui.export.failures import why_not_written
from deeppneumo_gui.services import Services
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.shortcut_sheet import ShortcutSheet
from deeppneumo_gui.teaching.ahead import AHEAD, Ahead, Ready
from deeppneumo_gui.teaching.audience import AudienceWindow
from deeppneumo_gui.teaching.audience_content import Shown, compose
from deeppneumo_gui.teaching.audience_view import Beam
from deeppneumo_gui.teaching.presenter_actions import Key, create_presenter_actions, key_sections
from deeppneumo_gui.teaching.presenter_counting import Counting
from deeppneumo_gui.teaching.presenter_dialogs import ask_results_file, ask_unsaved
from deeppneumo_gui.teaching.presenter_pointing import Pointing
from deeppneumo_gui.teaching.presenter_state import Course
from deeppneumo_gui.teaching.presenter_window import TeacherWindow
from deeppneumo_gui.teaching.sources import LessonRadiographs

_SECOND_MS: Final = 1000
_running: Final[set[Presentation]] = set()
Clock = Callable[[], float]


class Presentation(QObject):
    """Holds everything that a presentation knows; the audience's window is given moments of it."""

    ended = Signal()

    def __init__(
        self,
        services: Services,
        settings: Settings,
        lesson: Lesson,
        radiographs: LessonRadiographs,
        model: Path | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        super().__init__()
        self.lesson = lesson
        self.course = Course.of(len(lesson.items))
        self._style = settings.heatmap_style()
        self._clock = clock
        self._begun = self._case_begun = clock()
        self._over = False
        self._predictions: dict[int, Prediction] = {}
        self.actions = create_presenter_actions(self)
        self.audience = AudienceWindow(self._style)
        self.window = TeacherWindow(lesson, self.actions, self._may_end)
        self.window.view.set_heatmap_opacity(self._style.opacity)
        self.pointing = Pointing(self.actions, (self.window.view, self.audience.view), self)
        self.counting = Counting(lesson.items, self.window.panel.hands, lambda: self.course, self)
        self.tally = self.counting.tally
        self.ahead = Ahead(services, lesson.items, radiographs, model, self)
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._connect()
        self._timer.start()
        self._want()
        self._update()

    def show(self) -> None:
        """Open on a second screen and the teacher's window on the first; with one screen, the audience's alone."""
        screens = QGuiApplication.screens()
        own = QGuiApplication.primaryScreen()
        others = [screen for screen in screens if screen is not own]
        self.audience.open_on(others[0] if others else own, full=bool(others))
        self.actions[Key.TEACHER].setChecked(bool(others))

    def activate(self) -> None:
        """Give the keys to the window that the teacher works in."""
        self._front.activateWindow()

    def end(self) -> None:
        """Close both windows, asking nothing."""
        if self._over:
            return
        self._over = True
        self._timer.stop()
        self.ahead.shutdown()
        self.audience.close()
        self.window.close()
        for window in (self.audience, self.window):
            window.deleteLater()
        _running.discard(self)
        self.ended.emit()

    def save(self, path: Path) -> bool:
        """Write the hands that were counted; says in the teacher's window whether that worked."""
        predictions = [self._predictions.get(index) for index in range(len(self.lesson.items))]
        try:
            self.tally.save(path, predictions)
        except OSError as error:
            self.window.message.say(f"The results could not be saved. {why_not_written(error)}")
            return False
        self.window.message.say(f"The results of the class were saved: {path.name}.", passing=True)
        return True

    # Steps

    def step(self, course: Course) -> None:
        """Go to another place of the presentation."""
        moved = course.position != self.course.position
        self.course = course
        self.tally.forget_digits()
        if moved:
            self._case_begun = self._clock()
            self.pointing.forget_place()
            self._want()
        self._update()

    @property
    def ready(self) -> Ready:
        """What is known of the case on screen."""
        return self.ahead.at(self.course.position) if self.course.on_case else Ready()

    def _want(self) -> None:
        first = max(self.course.position, 0)
        wanted = [*range(first, first + AHEAD + 1), first - 1]
        self.ahead.want([index for index in wanted if 0 <= index < len(self.lesson.items)])

    def _update(self) -> None:
        shown = compose(self.course, self.lesson, self.ready, self.tally.hands)
        self._copy(shown)
        self.audience.show_moment(shown)
        framing = self.window.view.framing
        if framing is not None:
            self.audience.view.adopt(framing)
        self.window.show_course(self.course, self.ready)
        on_case = self.course.on_case
        counting = self.course.counting if on_case else None
        self.window.panel.hands.show_hands(self.tally.of(self.course.position), counting)
        for key, checked, enabled in (
            (Key.HEATMAP, self.course.heatmap, self.course.shows_machine),
            (Key.BARS, self.course.bars, on_case),
            (Key.BLACK, self.course.black, True),
        ):
            self.actions[key].setChecked(checked)
            self.actions[key].setEnabled(enabled)
        self._on_second()

    def _copy(self, shown: Shown) -> None:
        """Show the teacher the radiograph as the audience sees it, with regions that they may not see yet."""
        view, ready = self.window.view, self.ready
        if ready.display is None:
            view.show_nothing(sentence=ready.reason or "")
        elif ready.display is not view.display:
            view.show_display(ready.display)
        regions = self.lesson.items[self.course.position].regions if self.course.on_case else ()
        view.set_regions(regions, private=not self.course.shows_truth)
        if shown.heatmap is None:
            view.set_heatmap(None)
        else:
            heatmap = Heatmap(shown.heatmap)
            view.set_heatmap(heatmap.image(self._style), heatmap.strength, heatmap.peak(self._style))

    # Wiring

    def _connect(self) -> None:
        for window in (self.audience, self.window):
            window.addActions([*self.actions.values(), *self.counting.actions])
        for key, slot in {
            Key.FORWARD: self._on_forward,
            Key.BACK: self._on_back,
            Key.HEATMAP: self._on_heatmap,
            Key.BARS: self._on_bars,
            Key.BLACK: self._on_black,
            Key.FIT: self.audience.view.fit,
            Key.INVERT: self.window.view.invert,
            Key.RESET: self.window.view.reset,
            Key.FULL_SCREEN: self._on_full_screen,
            Key.SAVE: self._on_save,
            Key.KEYS: self._on_keys,
        }.items():
            self.actions[key].triggered.connect(slot)
        self.actions[Key.TEACHER].toggled.connect(self.window.setVisible)
        self.pointing.changed.connect(self._on_pointing_changed)
        self.counting.changed.connect(self._on_counted)
        self.ahead.arrived.connect(self._on_arrived)
        self._timer.timeout.connect(self._on_second)
        self.audience.closed.connect(self._on_audience_closed)
        self.audience.full_screen_changed.connect(self.actions[Key.FULL_SCREEN].setChecked)
        self.window.closed.connect(self.end)
        self.window.chosen.connect(self._on_chosen)
        self.window.panel.hands.left.connect(self.window.view.setFocus)

    @Slot()
    def _on_forward(self) -> None:
        self.step(self.course.forward())

    @Slot()
    def _on_back(self) -> None:
        self.step(self.course.back())

    @Slot()
    def _on_heatmap(self) -> None:
        self.step(self.course.toggle_heatmap())

    @Slot()
    def _on_bars(self) -> None:
        self.step(self.course.toggle_bars())

    @Slot()
    def _on_black(self) -> None:
        self.step(self.course.toggle_black())

    @Slot()
    def _on_full_screen(self) -> None:
        # Closed by mistake while the teacher's window is open, it comes back.
        self.audience.show()
        self.audience.toggle_full_screen()

    @Slot(int)
    def _on_chosen(self, position: int) -> None:
        self.step(self.course.go(position))

    @Slot(int)
    def _on_arrived(self, index: int) -> None:
        prediction = self.ahead.at(index).prediction
        if prediction is not None:
            self._predictions[index] = prediction
        if index == self.course.position:
            self._update()

    @Slot()
    def _on_second(self) -> None:
        now = self._clock()
        self.window.panel.show_time(now - self._case_begun, now - self._begun, self.lesson.seconds)

    @Slot(object)
    def _on_pointing_changed(self, beam: Beam) -> None:
        self.audience.set_beam(beam)
        self.window.view.set_beam(beam)

    @Slot()
    def _on_counted(self) -> None:
        self._update()

    # Ending and saving

    @Slot()
    def _on_save(self) -> None:
        path = ask_results_file(self._front)
        if path is not None:
            self.save(path)

    @Slot()
    def _on_keys(self) -> None:
        ShortcutSheet(self._front, key_sections(self.lesson.ask_kind)).show()

    @property
    def _front(self) -> QWidget:
        """The window that the teacher works in; a dialog on it has no secrets."""
        return self.window if self.window.isVisible() else self.audience

    @Slot()
    def _on_audience_closed(self) -> None:
        if not self._over and not self.window.isVisible():
            if self._may_end():
                self.end()
            else:
                self.audience.show()

    def _may_end(self) -> bool:
        if self._over or not self.tally.unsaved:
            return True
        answer = ask_unsaved(self._front)
        if answer is not QMessageBox.StandardButton.Save:
            # What is thrown away is not asked for twice.
            return answer is QMessageBox.StandardButton.Discard
        path = ask_results_file(self._front)
        return path is not None and self.save(path)


def present(
    services: Services,
    settings: Settings,
    lesson: Lesson,
    radiographs: LessonRadiographs,
    model: Path | None = None,
) -> Presentation:
    """Present a lesson in windows of its own, until the teacher closes them.

    Parameters
    ----------
    services : Services
    settings : Settings
        For the look of the heatmap.
    lesson : Lesson
        With one case at least.
    radiographs : LessonRadiographs
    model : Path or None
        Bundle that scores, None for the one that comes with the program.
    """
    presentation = Presentation(services, settings, lesson, radiographs, model)
    _running.add(presentation)
    presentation.show()
    app = QApplication.instance()
    if app is not None:
        app.aboutToQuit.connect(presentation.end)
    return presentation
