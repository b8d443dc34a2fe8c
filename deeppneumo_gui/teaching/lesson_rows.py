"""The items of a lesson as rows, and what is told of each on the teacher's screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QImage

from core.teaching.lesson import Item
from deeppneumo_gui.cases import Case
from deeppneumo_gui.identities import Identities
from deeppneumo_gui.session import ViewerSession
from deeppneumo_gui.teaching.document import LessonDocument
from deeppneumo_gui.teaching.places import Places

ROW: Final = Qt.ItemDataRole.UserRole + 1
_ROOT: Final = QModelIndex()
MISSING: Final = "radiograph missing"
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One item as the list shows it.

    Attributes
    ----------
    number : int
        Its place in the lesson, from 1.
    item : Item
    name : str
        What the radiograph is called on screen.
    here : bool
        Whether its radiograph is known to lie on this computer.
    picture : QImage or None
        Null where there is none, None while it is being made.
    """

    number: int
    item: Item
    name: str
    here: bool
    picture: QImage | None

    @property
    def second_line(self) -> str:
        """What is asked, or what has been said instead."""
        return MISSING if not self.here else self.item.question.replace("\n", " ") or "no question"

    @property
    def extras(self) -> str:
        """How much is told with the truth."""
        item = self.item
        return ", ".join(filter(None, (_count(item.regions, "region"), _count(item.points, "point"))))

    @property
    def description(self) -> str:
        """One line for a tool tip or a screen reader."""
        parts = [f"{self.number}: {self.name}, truth {self.item.truth.word}", self.second_line, self.extras]
        return "; ".join(filter(None, parts))


class LessonRows(QAbstractListModel):
    """One row for each item, in the order of the lesson."""

    def __init__(self, document: LessonDocument, places: Places, session: ViewerSession) -> None:
        super().__init__(document)
        self._document = document
        self._places = places
        self._worklist = session.worklist
        self._names: Identities = session.identities
        self._thumbnails = session.thumbnails
        self._count = 0
        self._cases: dict[Path, Case] = {}
        for signal in (document.changed, document.located, self._names.changed):
            signal.connect(self.refresh)
        for signal in (self._worklist.rowsInserted, self._worklist.rowsRemoved, self._worklist.modelReset):
            signal.connect(self._on_listed)
        self._thumbnails.arrived.connect(self._on_arrived)
        self._on_listed()

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802
        """Return the number of items."""
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the `Row`, or words of it."""
        if not index.isValid() or index.row() >= len(self._document.items):
            return None
        row = self.row(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return row.description
        return row if role == ROW else None

    def row(self, place: int) -> Row:
        """Return what is told of an item."""
        item = self._document.items[place]
        lies = self._places.place_of(item.picture)
        path = None if lies is None else lies.path
        return Row(place + 1, item, self._name(path, place), path is not None, self._picture(path))

    @Slot()
    def refresh(self) -> None:
        """Take a look at the lesson and at where its radiographs lie."""
        count = len(self._document.items)
        if count != self._count:
            self.beginResetModel()
            self._count = count
            self.endResetModel()
        elif count:
            self.dataChanged.emit(self.index(0), self.index(count - 1))

    def _name(self, path: Path | None, place: int) -> str:
        if path is None:
            return f"Item {place + 1}"
        case = self._cases.get(path)
        if case is not None:
            return self._names.name(case)
        return f"Item {place + 1}" if self._names.hidden else path.name

    def _picture(self, path: Path | None) -> QImage | None:
        case = None if path is None else self._cases.get(path)
        return QImage() if case is None else self._thumbnails.image(case)

    @Slot()
    def _on_listed(self) -> None:
        self._cases = {case.path.absolute(): case for case in self._worklist.cases()}
        self.refresh()

    @Slot(int)
    def _on_arrived(self, key: int) -> None:
        if self._count:
            self.dataChanged.emit(self.index(0), self.index(self._count - 1))


def _count(things: tuple[object, ...], what: str) -> str:
    return f"{len(things)} {what}{'' if len(things) == 1 else 's'}" if things else ""


def summary(items: tuple[Item, ...]) -> str:
    """Return how many cases a lesson has, and of which truth."""
    if not items:
        return "No cases yet."
    words = [item.truth.word for item in items]
    kinds = [f"{words.count(word)} {word}" for word in dict.fromkeys(sorted(words))]
    return f"{_count(items, 'case')}: {', '.join(kinds)}"
