"""Which cases a run goes through, and how it knows its lesson again."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from core.engine.values import as_integer, as_list, as_object, as_text, as_texts
from core.teaching.lesson import MAX_ITEMS, MAX_SECONDS, Item, Lesson

_HEXADECIMAL: Final = re.compile(r"[0-9a-f]{32}")
_MARK: Final = re.compile(r"[0-9a-f]{16}")
_CODE: Final = re.compile(r"[A-Z][0-9]-[A-Z][0-9]")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS: Final = "23456789"


@dataclass(frozen=True, slots=True)
class Plan:
    """Who reads which cases in which order.

    Neither the radiographs' hashes nor any truth are in it: forgetting a radiograph needs no look at runs, and a
    run tells nothing without its lesson.

    Attributes
    ----------
    run_id : str
        32 hexadecimal digits.
    code : str
        The learner's anonymous code, such as K7-Q2.
    lesson_id : str
    version : str
        `lesson_version` of the lesson when the run began.
    items : tuple of str
        `item_mark` of each item of the lesson, in the lesson's order.
    order : tuple of int
        Indices into `items`, in the order they are read; each once, those that cannot be shown not at all.
    limit : int or None
        Seconds for each case.

    Raises
    ------
    ValueError
        For what is no plan.
    """

    run_id: str
    code: str
    lesson_id: str
    version: str
    items: tuple[str, ...]
    order: tuple[int, ...]
    limit: int | None = None

    def __post_init__(self) -> None:
        if not all(_HEXADECIMAL.fullmatch(text) for text in (self.run_id, self.lesson_id, self.version)):
            raise ValueError("a run and its lesson are told by 32 hexadecimal digits")
        if not _CODE.fullmatch(self.code):
            raise ValueError("a code is like K7-Q2")
        if not 1 <= len(self.items) <= MAX_ITEMS:
            raise ValueError(f"a run has 1 to {MAX_ITEMS} cases")
        if not all(_MARK.fullmatch(mark) for mark in self.items):
            raise ValueError("a case is told by 16 hexadecimal digits")
        if not self.order or len(set(self.order)) != len(self.order):
            raise ValueError("each case is read once")
        if not set(self.order) <= set(range(len(self.items))):
            raise ValueError("only cases of the lesson are read")
        if self.limit is not None and not 1 <= self.limit <= MAX_SECONDS:
            raise ValueError(f"a time limit is from 1 to {MAX_SECONDS} seconds")

    @classmethod
    def of(cls, lesson: Lesson, order: Sequence[int], run_id: str, code: str) -> Plan:
        """Make the plan of a run through a lesson."""
        version = lesson_version(lesson)
        return cls(run_id, code, lesson.lesson_id, version, _marks(lesson), tuple(order), lesson.seconds)

    def fits(self, lesson: Lesson) -> bool:
        """Whether a lesson is as it was when the run began, in all that a run's results depend on."""
        return self.lesson_id == lesson.lesson_id and self.version == lesson_version(lesson)

    def tells(self, lesson: Lesson) -> bool:
        """Whether its marks are those of the items of a lesson; a plan that fits was tampered with otherwise."""
        return self.items == _marks(lesson)

    def find(self, lesson: Lesson, item: int) -> int | None:
        """Return where an item of the run is in the lesson as it is now; None where it is no longer in it."""
        mark = self.items[item]
        if item < len(lesson.items) and item_mark(lesson.lesson_id, lesson.items[item]) == mark:
            return item
        marks = (item_mark(lesson.lesson_id, other) for other in lesson.items)
        return next((index for index, other in enumerate(marks) if other == mark), None)

    def to_document(self) -> dict[str, object]:
        """Return what JSON can hold of it."""
        return {
            "run": self.run_id,
            "code": self.code,
            "lesson": self.lesson_id,
            "version": self.version,
            "items": list(self.items),
            "order": list(self.order),
            "limit": self.limit,
        }

    @classmethod
    def from_document(cls, value: object) -> Plan:
        """Read it again; `ValueError`, `TypeError` or `KeyError` where it is damaged."""
        document = as_object(value)
        limit = document["limit"]
        return cls(
            as_text(document["run"]),
            as_text(document["code"]),
            as_text(document["lesson"]),
            as_text(document["version"]),
            as_texts(document["items"]),
            tuple(as_integer(place) for place in as_list(document["order"])),
            None if limit is None else as_integer(limit),
        )


def item_mark(lesson_id: str, item: Item) -> str:
    """Return what a run knows an item's radiograph by; who does not have the radiograph cannot tell which it is."""
    text = f"{item.content}:{item.frame}"
    return hashlib.blake2b(text.encode(), key=lesson_id.encode(), digest_size=8).hexdigest()


def _marks(lesson: Lesson) -> tuple[str, ...]:
    return tuple(item_mark(lesson.lesson_id, item) for item in lesson.items)


def lesson_version(lesson: Lesson) -> str:
    """Return what changes with the radiographs, their order, their truth and their regions, but with no text."""
    items = [
        [
            item.content,
            item.frame,
            item.truth.word,
            [[region.shape, [[float(x), float(y)] for x, y in region.points]] for region in item.regions],
        ]
        for item in lesson.items
    ]
    text = json.dumps(items, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), key=lesson.lesson_id.encode(), digest_size=16).hexdigest()


def new_code(taken: Container[str] = ()) -> str:
    """Return an anonymous code such as K7-Q2 that is not taken; without signs that are easily confused."""
    chance = random.SystemRandom()
    while True:
        halves = (chance.choice(_LETTERS) + chance.choice(_DIGITS) for _ in range(2))
        if (code := "-".join(halves)) not in taken:
            return code
