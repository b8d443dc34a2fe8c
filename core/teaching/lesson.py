"""A lesson: radiographs in an order, with what is known of each and what a teacher wants learnt from it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeAlias

from core.store.content import Picture
from core.teaching.text import one_line, plain_text
from core.truth.truth import Truth

Point: TypeAlias = tuple[float, float]
"""(x, y), each from 0 to 1: shares of the width and height of a radiograph as it is shown."""

Shape = Literal["ellipse", "rectangle", "polygon"]

MAX_ITEMS: Final = 1000
MAX_FRAME: Final = 99_999
MAX_REGIONS: Final = 50
"""Of one item."""
MAX_CORNERS: Final = 1000
"""Of one polygon."""
MAX_POINTS: Final = 50
"""Learning points of one item."""
MAX_LINE: Final = 300
"""Characters of a title or of an author's name."""
MAX_TEXT: Final = 10_000
"""Characters of a question, a learning point, a note, an introduction or a licence."""
MAX_SECONDS: Final = 3600

_CONTENT: Final = re.compile(r"[0-9a-f]{64}")
_LESSON_ID: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Region:
    """Where the teacher sees what is to be seen.

    Attributes
    ----------
    shape : {"ellipse", "rectangle", "polygon"}
    points : tuple of Point
        Two opposite corners of the box around an ellipse or rectangle, in any order; at least three corners
        of a polygon, which closes itself.

    Raises
    ------
    ValueError
        For another shape, too few or too many points, points outside the radiograph, and what has no area.
    """

    shape: Shape
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        if self.shape not in ("ellipse", "rectangle", "polygon"):
            raise ValueError(f"unknown shape {self.shape!r}")
        if self.shape == "polygon" and not 3 <= len(self.points) <= MAX_CORNERS:
            raise ValueError(f"a polygon has 3 to {MAX_CORNERS} corners")
        if self.shape != "polygon" and len(self.points) != 2:
            raise ValueError("an ellipse or rectangle is given by two corners")
        if not all(0.0 <= value <= 1.0 for point in self.points for value in point):
            raise ValueError("a region lies within the radiograph")
        left, top, right, bottom = self.box
        if left == right or top == bottom:
            raise ValueError("a region has an area")

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the box around it."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return min(xs), min(ys), max(xs), max(ys)

    def contains(self, point: Point) -> bool:
        """Whether a point lies in it or on its edge; inside a polygon that crosses itself by the even-odd rule."""
        left, top, right, bottom = self.box
        x, y = point
        if not (left <= x <= right and top <= y <= bottom):
            return False
        if self.shape == "rectangle":
            return True
        if self.shape == "ellipse":
            across = (2 * x - left - right) / (right - left)
            down = (2 * y - top - bottom) / (bottom - top)
            return across * across + down * down <= 1.0
        return _in_polygon(self.points, x, y)


def _in_polygon(corners: Sequence[Point], x: float, y: float) -> bool:
    """Count the edges that a ray to the right crosses; a point on an edge is inside."""
    inside = False
    for index, (x1, y1) in enumerate(corners):
        x2, y2 = corners[index - 1]
        turn = (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)
        if turn == 0 and min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2):
            return True
        if (y1 > y) != (y2 > y) and (turn > 0) == (y2 > y1):
            inside = not inside
    return inside


@dataclass(frozen=True, slots=True)
class Item:
    """One case of a lesson.

    Texts lose what neither a screen nor a slide can show (see `core.teaching.text`).

    Attributes
    ----------
    content : str
        SHA-256 of the bytes of the teacher's file, 64 hexadecimal digits in lower case.
    frame : int
        Counted from 0.
    truth : Truth
    regions : tuple of Region
    question : str
        Asked while the learner reads, empty for none.
    points : tuple of str
        What is to be learnt, told with the truth.
    note : str
        The teacher's own; a learner never sees it.

    Raises
    ------
    ValueError
        When `content` is no such hash, or `frame` is not from 0 to `MAX_FRAME`.
    """

    content: str
    frame: int
    truth: Truth
    regions: tuple[Region, ...] = ()
    question: str = ""
    points: tuple[str, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not _CONTENT.fullmatch(self.content):
            raise ValueError("a content is told by its SHA-256")
        if not 0 <= self.frame <= MAX_FRAME:
            raise ValueError(f"a frame is from 0 to {MAX_FRAME}")
        # How a frozen dataclass puts its own values in order.
        object.__setattr__(self, "question", plain_text(self.question))
        object.__setattr__(self, "points", tuple(plain_text(point) for point in self.points))
        object.__setattr__(self, "note", plain_text(self.note))

    @property
    def picture(self) -> Picture:
        """What the store knows it by."""
        return Picture(self.content, self.frame)


@dataclass(frozen=True, slots=True)
class Lesson:
    """Cases to be read one after the other; never changed, each editing returns another lesson.

    Attributes
    ----------
    lesson_id : str
        32 hexadecimal digits in lower case; stays the same through editing, so that runs find their lesson.
    title : str
    items : tuple of Item
    licence : str
        Under which radiographs may travel in the lesson's file.
    author : str
    introduction : str
        Told before the first case.
    shuffled : bool
        Whether each run has its own order.
    seconds : int or None
        Time limit for each case.
    ask_kind : bool
        Whether learners are asked for bacterial or viral.

    Raises
    ------
    ValueError
        When `lesson_id` is none, or `seconds` is not from 1 to `MAX_SECONDS`.
    """

    lesson_id: str
    title: str
    items: tuple[Item, ...]
    licence: str = ""
    author: str = ""
    introduction: str = ""
    shuffled: bool = False
    seconds: int | None = None
    ask_kind: bool = False

    def __post_init__(self) -> None:
        if not _LESSON_ID.fullmatch(self.lesson_id):
            raise ValueError("a lesson is told by 32 hexadecimal digits")
        if self.seconds is not None and not 1 <= self.seconds <= MAX_SECONDS:
            raise ValueError(f"a time limit is from 1 to {MAX_SECONDS} seconds")
        object.__setattr__(self, "title", one_line(self.title))
        object.__setattr__(self, "author", one_line(self.author))
        object.__setattr__(self, "licence", plain_text(self.licence))
        object.__setattr__(self, "introduction", plain_text(self.introduction))

    @classmethod
    def new(cls, title: str, items: Sequence[Item] = ()) -> Lesson:
        """Begin a lesson that no run belongs to yet."""
        return cls(uuid.uuid4().hex, title, tuple(items))

    def moved(self, index: int, to: int) -> Lesson:
        """Return the lesson with one item taken out and put back so that it is item `to`, counted from 0."""
        items = list(self.items)
        items.insert(to, items.pop(index))
        return replace(self, items=tuple(items))

    def with_item(self, index: int, item: Item) -> Lesson:
        """Return the lesson with another item in place of item `index`, counted from 0."""
        items = list(self.items)
        items[index] = item
        return replace(self, items=tuple(items))

    def without(self, *indices: int) -> Lesson:
        """Return the lesson without some of its items, counted from 0."""
        gone = set(indices)
        kept = tuple(item for index, item in enumerate(self.items) if index not in gone)
        return replace(self, items=kept)

    def added(self, *items: Item) -> Lesson:
        """Return the lesson with more items at its end; pictures that are in it already are left out."""
        pictures = {item.picture for item in self.items}
        fresh = []
        for item in items:
            if item.picture not in pictures:
                pictures.add(item.picture)
                fresh.append(item)
        return replace(self, items=(*self.items, *fresh))
