"""The lesson in the main window: its parts made and connected, its menu kept up to date."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Slot

from core.teaching.lesson import Lesson
from core.truth.truth import Truth
from deeppneumo_gui.actions import SPECS, ActionId
from deeppneumo_gui.cases import Case
from deeppneumo_gui.services import Services
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.teaching.choosing import Found, Source, Wish, cases_of, choose, told
from deeppneumo_gui.teaching.choosing_dialog import ask_wish
from deeppneumo_gui.teaching.document import LessonDocument
from deeppneumo_gui.teaching.lesson_cursor import LessonCursor
from deeppneumo_gui.teaching.lesson_desk import LessonDesk
from deeppneumo_gui.teaching.lesson_dialogs import ask_truth
from deeppneumo_gui.teaching.lesson_drafts import Drafts
from deeppneumo_gui.teaching.lesson_menu import Standing, obstacles
from deeppneumo_gui.teaching.lesson_opening import LessonOpening
from deeppneumo_gui.teaching.lesson_panel import LessonPanel
from deeppneumo_gui.teaching.lesson_regions import LessonRegions
from deeppneumo_gui.teaching.lesson_saving import LessonSaving
from deeppneumo_gui.teaching.lesson_start import LessonStart
from deeppneumo_gui.teaching.places import Places

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow

_NONE: Final = {
    Source.SELECTED: "No image is selected in the worklist.",
    Source.KEY_IMAGES: "No listed image is marked as a key image.",
    Source.ERRORS: "The model calls no listed image otherwise than its truth; without truth nothing can be told.",
    Source.RANDOM: "No listed image has a truth; label the images by the menu Truth first.",
}


class LessonController(QObject):
    """Makes lessons of the worklist, and leads the Teaching menu to those who do its work."""

    def __init__(
        self, window: MainWindow, services: Services, settings: Settings, drafts: Path | None
    ) -> None:
        super().__init__(window)
        self._window = window
        self.document = LessonDocument(window.history)
        self.places = Places()
        self.desk = LessonDesk(self)
        self._drafts = Drafts(drafts)
        self.saving = LessonSaving(window, self.document, self.places, self.desk, self._drafts)
        self.opening = LessonOpening(window, self.document, self.places, self.desk, self._drafts, self.saving)
        self.cursor = LessonCursor(window, self.document, self.places)
        self.regions = LessonRegions(window, self.document, self.cursor)
        self.panel = LessonPanel(window, self.document, self.places, self.cursor, self.opening)
        self.start = LessonStart(window, services, settings, self.document, self.places, self.desk)
        self._connect_actions()
        self._connect_parts()
        self.offer()

    def _connect_actions(self) -> None:
        slots: dict[ActionId, Callable[[], object]] = {
            ActionId.NEW_LESSON: self._on_new,
            ActionId.OPEN_LESSON: self.opening.ask,
            ActionId.SAVE_LESSON: self.saving.save,
            ActionId.SAVE_LESSON_AS: self.saving.save_as,
            ActionId.CLOSE_LESSON: self._on_close,
            ActionId.ADD_SELECTED: partial(self.add, Wish(Source.SELECTED)),
            ActionId.ADD_KEY_IMAGES: partial(self.add, Wish(Source.KEY_IMAGES)),
            ActionId.ADD_ERRORS: partial(self.add, Wish(Source.ERRORS)),
            ActionId.ADD_RANDOM: self._on_add_random,
            ActionId.TAKE_OUT: self._on_take_out,
            ActionId.ITEM_UP: partial(self._move, -1),
            ActionId.ITEM_DOWN: partial(self._move, 1),
            ActionId.FIND_MISSING: self.opening.look,
            ActionId.READ_LESSON: self.start.read,
            ActionId.CONTINUE_RUN: self.start.go_on,
            ActionId.PRESENT_LESSON: self.start.present,
            ActionId.LESSON_RESULTS: self.start.results,
            ActionId.ADD_RUNS: self.start.add_runs,
            ActionId.LESSON_DECK: self.start.deck,
            ActionId.LESSON_PAGES: self.start.pages,
        }
        for name, slot in slots.items():
            self._window.actions_by_id[name].triggered.connect(partial(_call, slot))

    def _connect_parts(self) -> None:
        window = self._window
        window.opening.lesson_given.connect(self.opening.open)
        self.opening.begun.connect(self.start.begin)
        self.start.away_changed.connect(self.opening.set_away)
        self.start.away_changed.connect(window.truth.set_away)
        self.saving.saved.connect(self._on_saved)
        self.desk.failed.connect(window.message.say)
        self.panel.seen.connect(self.regions.set_seen)
        self.document.switched.connect(self._on_switched)
        worklist = window.session.worklist
        for signal in (
            self.document.changed,
            self.document.saved_changed,
            self.document.located,
            self.cursor.moved,
            self.start.runs_changed,
            self.panel.seen,
            self.regions.layer.chosen_changed,
            worklist.rowsInserted,
            worklist.rowsRemoved,
            worklist.modelReset,
        ):
            signal.connect(self.offer)

    def shutdown(self) -> None:
        """Close the windows of teaching and end the thread."""
        self.start.shutdown()
        self.desk.shutdown()
        self._drafts.release()
        self.opening.shutdown()

    def leave(self, then: Callable[[], object]) -> None:
        """Do something after which the lesson would be gone, once nothing of it can be lost."""
        self.saving.leave(then)

    def forget(self) -> None:
        """Delete the drafts that earlier sessions left."""
        self.desk.ask(self._drafts.drop_all, lambda answer: None)

    @Slot()
    def offer(self) -> None:
        """Let the menu say what is possible now, and why the rest is not."""
        document = self.document
        missing = self.opening.missing
        now = Standing(
            document.lesson is not None,
            len(document.items),
            sum(item.content in missing for item in document.items),
            document.unsaved,
            self.cursor.place,
            self.regions.offered,
            self.regions.layer.chosen is not None,
            self._window.session.worklist.rowCount(),
            len(self.start.runs),
            len(self.start.open_runs),
        )
        for name, reason in obstacles(now).items():
            action, tip = self._window.actions_by_id[name], SPECS[name].tip
            action.setEnabled(reason is None)
            action.setStatusTip(reason or tip)
            keys = action.shortcut().toString(action.shortcut().SequenceFormat.NativeText)
            told_keys = f" ({keys})" if keys else ""
            action.setToolTip(f"{tip}{told_keys}" if reason is None else f"{tip}{told_keys}. {reason}")

    # Beginning and ending

    @Slot()
    def _on_new(self) -> None:
        counts = {source: len(self._cases(source)) for source in Source}
        counts = {source: count for source, count in counts.items() if count}
        # One image is selected whenever there is one on screen; several are what somebody wants.
        several = counts.get(Source.SELECTED, 0) > 1
        counts = {**counts, Source.NONE: 0} if several else {Source.NONE: 0, **counts}
        wish = ask_wish(self._window, counts, fresh=True)
        if wish is not None:
            self.leave(partial(self.begin, wish))

    def begin(self, wish: Wish) -> None:
        """Begin a lesson with what is wished for in it."""
        self.document.begin(Lesson.new(wish.title))
        if wish.source is not Source.NONE:
            self.add(wish)

    @Slot()
    def _on_close(self) -> None:
        self.leave(self._close)

    def _close(self) -> None:
        self.document.close()
        self.panel.dock.hide()

    @Slot()
    def _on_switched(self) -> None:
        if self.document.lesson is not None:
            self.panel.show()

    @Slot(Path)
    def _on_saved(self, path: Path) -> None:
        self._window.opening.remember(path)

    # Adding

    def _cases(self, source: Source) -> list[Case]:
        worklist = self._window.worklist
        return cases_of(source, worklist.proxy.cases(), worklist.selected_cases())

    @Slot()
    def _on_add_random(self) -> None:
        count = len(self._cases(Source.RANDOM))
        if not count:
            self._window.message.say(_NONE[Source.RANDOM])
            return
        wish = ask_wish(self._window, {Source.RANDOM: count}, fresh=False)
        if wish is not None:
            self.add(wish)

    def add(self, wish: Wish) -> None:
        """Add cases of the worklist; without a lesson, to a new one."""
        cases = self._cases(wish.source)
        if not cases:
            self._window.message.say(_NONE[wish.source])
            return
        unknown = sum(case.truth is None for case in cases)
        word = ask_truth(self._window, unknown) if unknown else ""
        if word is None:
            return
        otherwise = Truth.from_word(word, "teacher") if word else None
        if self.document.lesson is None:
            self.document.begin(Lesson.new(wish.title))
        call = partial(choose, cases, wish, self._is_ended, otherwise)
        self.desk.ask(call, self._on_chosen)

    def _on_chosen(self, found: Found) -> None:
        lesson = self.document.lesson
        if lesson is None:
            return
        self.places.learn(found.paths)
        after = lesson.added(*found.items)
        added = len(after.items) - len(lesson.items)
        self._window.message.say(told(found, added), passing=not found.without_truth and not found.unreadable)
        if added:
            self.document.edit(after, "adding to the lesson", place=len(lesson.items))
        self.document.located.emit()

    def _is_ended(self) -> bool:
        return self.desk.ended

    # Changing the list

    @Slot()
    def _on_take_out(self) -> None:
        view = self.panel.view
        chosen = view.list.places if view is not None and self.panel.dock.isVisible() else []
        self.document.take_out(chosen or [self.cursor.place])

    def _move(self, distance: int) -> None:
        self.document.move(self.cursor.place, self.cursor.place + distance)


def _call(slot: Callable[[], object], checked: bool = False) -> None:
    """Leave out what `triggered` says of the check mark."""
    slot()
