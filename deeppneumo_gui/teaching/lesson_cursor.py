"""Which case of the lesson is in hand, and whether it is the image on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from core.store.content import Picture
from core.teaching.lesson import Item
from deeppneumo_gui.cases import Case
from deeppneumo_gui.teaching.document import LessonDocument
from deeppneumo_gui.teaching.places import Places

if TYPE_CHECKING:
    from deeppneumo_gui.window import MainWindow


class LessonCursor(QObject):
    """Follows the image on screen, and leads the window to a case that is chosen in the lesson."""

    moved = Signal()
    """Another case is in hand, or on screen, or it has another place."""

    def __init__(self, window: MainWindow, document: LessonDocument, places: Places) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session
        self._document = document
        self._places = places
        self.place = -1
        """Of the case in hand, -1 without one."""
        self.on_screen = False
        """Whether its radiograph is the image on screen."""
        self._picture: Picture | None = None
        self._session.case_selected.connect(self._on_case_selected)
        document.switched.connect(self._on_switched)
        document.changed.connect(self._on_changed)
        document.located.connect(self._on_changed)
        document.touched.connect(self.go)

    @property
    def item(self) -> Item | None:
        """The case in hand."""
        return self._document.items[self.place] if 0 <= self.place < len(self._document.items) else None

    @Slot(int)
    def go(self, place: int) -> None:
        """Take a case in hand, and show its radiograph where it is known to lie."""
        if not 0 <= place < len(self._document.items):
            return
        self._settle(place)
        lies = self._places.place_of(self._document.items[place].picture)
        if lies is None or self.on_screen:
            return
        case = self._case_at(lies.path)
        if case is None:
            self._session.open_paths([lies.path])
            return
        self._window.worklist.choose(case)
        if case.frame != lies.frame:
            self._session.choose_frame(lies.frame)

    def _case_at(self, path: object) -> Case | None:
        cases = self._session.worklist.cases()
        return next((case for case in cases if case.path.absolute() == path), None)

    def _settle(self, place: int) -> None:
        self.place = place if 0 <= place < len(self._document.items) else -1
        item = self.item
        self._picture = None if item is None else item.picture
        shown = self._shown()
        self.on_screen = shown is not None and shown == self._picture
        self.moved.emit()

    def _shown(self) -> Picture | None:
        case = self._session.current
        return None if case is None else self._places.picture_at(case.path, case.frame)

    def _place_of(self, picture: Picture | None) -> int:
        pictures = [item.picture for item in self._document.items]
        return pictures.index(picture) if picture in pictures else -1

    @Slot()
    def _on_case_selected(self) -> None:
        place = self._place_of(self._shown())
        self._settle(place if place >= 0 else self.place)

    @Slot()
    def _on_switched(self) -> None:
        self._picture = None
        place = self._place_of(self._shown())
        self._settle(place if place >= 0 else 0)

    @Slot()
    def _on_changed(self) -> None:
        place = self._place_of(self._picture)
        if place < 0:
            place = min(max(self.place, 0), len(self._document.items) - 1)
        self._settle(place)
