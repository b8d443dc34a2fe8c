"""Every way in which a lesson comes into the window."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout

from core.store.content import Picture
from core.teaching.lesson_file import LessonFile
from deeppneumo_gui.focus_order import order_focus
from deeppneumo_gui.private_folder import PrivateFolder
from deeppneumo_gui.teaching.document import LessonDocument
from deeppneumo_gui.teaching.lesson_desk import LessonDesk
from deeppneumo_gui.teaching.lesson_dialogs import LessonDoor, ask_lesson_file, ask_search_folder
from deeppneumo_gui.teaching.lesson_drafts import Drafts
from deeppneumo_gui.teaching.lesson_finding import Opened, missing_of, open_lesson, recover, unpack
from deeppneumo_gui.teaching.lesson_offer import DraftOffer
from deeppneumo_gui.teaching.lesson_saving import LessonSaving
from deeppneumo_gui.teaching.places import Places, Search, search

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow

_PREFIX: Final = "deeppneumo-lesson-"
_READING: Final = "The lesson is being opened."
_SEARCHING: Final = "The folder is being looked through."


class LessonOpening(QObject):
    """Reads a lesson beside the window, asks what to do with it, and has its radiographs listed."""

    begun = Signal(str, object)
    """`read` or `present`, and the `Opened` lesson."""

    def __init__(
        self,
        window: MainWindow,
        document: LessonDocument,
        places: Places,
        desk: LessonDesk,
        drafts: Drafts,
        saving: LessonSaving,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._places = places
        self._desk = desk
        self._drafts = drafts
        self._saving = saving
        self._unpacked = PrivateFolder(_PREFIX)
        self._count = 0
        self._wanted = 0
        self._away = False
        self._held: Opened | None = None
        self.door: LessonDoor | None = None
        self.offer: DraftOffer | None = None

    def shutdown(self) -> None:
        """Remove what was unpacked from the disk."""
        self._unpacked.close()

    # A lesson's file

    @Slot()
    def ask(self) -> None:
        """Ask for a lesson's file."""
        path = ask_lesson_file(self._window, self._window.opening.folder)
        if path is not None:
            self._window.opening.open([path])

    def open(self, path: Path) -> None:
        """Open a lesson's file; of several asked for at once the last one."""
        self._wanted += 1
        self._window.message.say(_READING, passing=True)
        call = partial(open_lesson, path, self._listed(), self._lately(), self._is_ended)
        self._desk.ask(call, partial(self._on_opened, self._wanted))

    def _on_opened(self, wanted: int, opened: Opened) -> None:
        if wanted == self._wanted:
            if self._away:
                self._held = opened
            else:
                self._ask_what_to_do(opened)

    @Slot(bool)
    def set_away(self, away: bool) -> None:
        """Ask nothing while the main window is away, but once it is back: an audience would see it."""
        self._away = away
        if not away and self._held is not None:
            opened, self._held = self._held, None
            self._ask_what_to_do(opened)

    def _ask_what_to_do(self, opened: Opened) -> None:
        self._window.message.hide()
        if self.door is not None:
            self.door.reject()
        self.door = LessonDoor(self._window, opened.lesson, opened.missing)
        self.door.chosen.connect(partial(self._on_chosen, opened))
        self.door.destroyed.connect(self._on_door_gone)
        self.door.open()

    def _on_chosen(self, opened: Opened, choice: str) -> None:
        if choice == "edit":
            self._saving.leave(partial(self.take_up, opened))
        else:
            self.begun.emit(choice, opened)

    @Slot()
    def _on_door_gone(self) -> None:
        self.door = None

    def take_up(self, opened: Opened) -> None:
        """Take a lesson up to be edited, and list its radiographs."""
        self._places.learn(opened.paths)
        path = None if opened.file is None else opened.file.path
        self._document.open(opened.lesson, path, opened.file, saved=not opened.draft)
        file = opened.file
        if file is not None and not file.included <= opened.paths.keys():
            self._count += 1
            folder = self._unpacked.path / str(self._count)
            folder.mkdir()
            call = partial(unpack, file, opened.lesson, frozenset(opened.paths), folder)
            self._desk.ask(call, self._on_unpacked)
        else:
            self._list_radiographs()

    def _on_unpacked(self, made: dict[Picture, Path]) -> None:
        self._places.unpack(made)
        self._document.located.emit()
        self._list_radiographs()

    def _list_radiographs(self) -> None:
        places = [self._places.place_of(item.picture) for item in self._document.items]
        paths = list(dict.fromkeys(place.path for place in places if place is not None))
        if paths:
            self._window.session.open_paths(paths)

    # Missing radiographs

    @property
    def missing(self) -> frozenset[str]:
        """Contents of the lesson that lie nowhere."""
        document = self._document
        if document.lesson is None:
            return frozenset()
        return missing_of(document.lesson, document.file, dict(self._places.paths))

    @Slot()
    def look(self) -> None:
        """Ask for a folder and look for missing radiographs in it."""
        folder = ask_search_folder(self._window, self._window.opening.folder)
        if folder is not None:
            self._window.message.say(_SEARCHING, passing=True)
            wanted = Search(self.missing, None, (folder,))
            self._desk.ask(partial(search, wanted, self._is_ended), self._on_searched)

    def _on_searched(self, found: dict[str, Path]) -> None:
        before = len(self.missing)
        self._places.learn(found)
        self._document.located.emit()
        after = len(self.missing)
        if after == before:
            words = "None of the missing radiographs is in that folder."
        elif after:
            words = f"{before - after:,} were found; {after:,} are still missing."
        else:
            words = "All missing radiographs were found."
        self._window.message.say(words, passing=not after)
        if after < before:
            self._list_radiographs()

    # A draft

    def look_for_drafts(self) -> None:
        """Offer what a program that is gone did not save."""
        if self._drafts.lasting:
            self._desk.ask(self._drafts.left, self._on_left)

    def _on_left(self, drafts: list[LessonFile]) -> None:
        if not drafts:
            return
        self.offer = DraftOffer(drafts[0])
        self.offer.accepted.connect(self._on_accepted)
        self.offer.declined.connect(self._on_declined)
        centre = self._window.centralWidget()
        column = None if centre is None else centre.layout()
        assert isinstance(column, QVBoxLayout)
        column.insertWidget(0, self.offer)
        order_focus(self._window)
        self.offer.show()

    @Slot(object)
    def _on_accepted(self, draft: LessonFile) -> None:
        call = partial(recover, draft, self._listed(), self._lately(), self._is_ended)
        self._desk.ask(call, self._on_recovered)

    def _on_recovered(self, opened: Opened) -> None:
        self._saving.leave(partial(self.take_up, opened))

    @Slot(object)
    def _on_declined(self, draft: LessonFile) -> None:
        self._desk.ask(partial(self._drafts.drop, draft.lesson.lesson_id), lambda answer: None)

    # Common

    def _listed(self) -> tuple[Path, ...]:
        return tuple(case.path for case in self._window.session.worklist.cases())

    def _lately(self) -> tuple[Path, ...]:
        return tuple(path for opening in self._window.opening.openings for path in opening)

    def _is_ended(self) -> bool:
        return self._desk.ended
