"""Shows of hands of the classes that were shown a lesson, kept in one small file for each lesson.

Neither truth nor radiographs' hashes nor anybody's name are in it; cases are told by `core.teaching.plan.item_mark`,
so that hands find their case after the lesson has been put in another order.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core.engine.values import as_integer, as_list, as_object, as_text
from core.errors import DeepPneumoError
from core.files import atomic_write
from core.teaching.hands import CHOICES, CaseHands, Hands
from core.teaching.lesson import Lesson
from core.teaching.plan import item_mark

SCHEMA: Final = 1
"""Of the JSON; raised when an older program could no longer read it."""
MOST_CLASSES: Final = 100
"""Of one lesson; the oldest goes when another one comes."""
MAX_BYTES: Final = 16 * 2**20
SUFFIX: Final = ".json"

NEWER: Final = "Hands were kept by a newer version of the program; those counted now are not kept."
DAMAGED: Final = "What was kept of earlier classes is damaged; hands counted now are not kept."


class ClassBookError(DeepPneumoError):
    """Hands of classes that cannot be read, and are not written over."""


@dataclass(frozen=True, slots=True)
class LessonClass:
    """One class that was shown a lesson.

    Attributes
    ----------
    class_id : str
        32 hexadecimal digits.
    begun_at : datetime
        With its time zone.
    hands : tuple of CaseHands
        Of every case of the lesson, in its order.
    others : tuple of (str, CaseHands)
        Marks and hands of cases that are no longer in the lesson; they come back with their case.
    """

    class_id: str
    begun_at: datetime
    hands: tuple[CaseHands, ...]
    others: tuple[tuple[str, CaseHands], ...] = ()

    @classmethod
    def begin(cls, lesson: Lesson) -> LessonClass:
        """Begin to count."""
        now = datetime.now(UTC).replace(microsecond=0)
        return cls(uuid.uuid4().hex, now, (CaseHands(),) * len(lesson.items))

    @property
    def counted(self) -> int:
        """In how many cases of the lesson hands were counted."""
        return sum(not case.is_empty for case in self.hands)

    def with_hands(self, hands: Sequence[CaseHands]) -> LessonClass:
        """Return the class with other hands."""
        return replace(self, hands=tuple(hands))


def book_path(folder: Path, lesson_id: str) -> Path:
    """Return where the classes of a lesson are kept."""
    return folder / f"{lesson_id}{SUFFIX}"


def read_classes(folder: Path, lesson: Lesson) -> list[LessonClass]:
    """Return the classes that were shown a lesson, the oldest first; none where nothing was kept.

    Raises
    ------
    ClassBookError
        With one sentence, where what was kept is damaged or was written by a newer version of the program.
    OSError
        When it cannot be read.
    """
    path = book_path(folder, lesson.lesson_id)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ClassBookError(DAMAGED)
        text = path.read_bytes()
    except FileNotFoundError:
        return []
    try:
        document = as_object(json.loads(text))
        if as_integer(document["schema"]) > SCHEMA:
            raise ClassBookError(NEWER)
        return [_read_class(value, lesson) for value in as_list(document["classes"])]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise ClassBookError(DAMAGED) from None


def keep_class(folder: Path, lesson: Lesson, kept: LessonClass) -> None:
    """Keep a class as it is now, in place of what it was before; one without hands is not kept.

    Raises
    ------
    ClassBookError
        As `read_classes` does; nothing is written then.
    OSError
        When it cannot be read or written.
    """
    classes = {known.class_id: known for known in read_classes(folder, lesson)}
    classes[kept.class_id] = kept
    lasting = [known for known in classes.values() if known.counted or known.others][-MOST_CLASSES:]
    folder.mkdir(parents=True, exist_ok=True)
    document = {"schema": SCHEMA, "classes": [_class_document(known, lesson) for known in lasting]}
    with atomic_write(book_path(folder, lesson.lesson_id)) as stream:
        stream.write(json.dumps(document, separators=(",", ":")).encode())


def forget_classes(folder: Path) -> None:
    """Delete what was kept of all lessons.

    Raises
    ------
    OSError
        When something of it cannot be deleted.
    """
    for path in folder.glob(f"*{SUFFIX}"):
        path.unlink(missing_ok=True)


def _marks(lesson: Lesson) -> list[str]:
    return [item_mark(lesson.lesson_id, item) for item in lesson.items]


def _class_document(kept: LessonClass, lesson: Lesson) -> dict[str, object]:
    pairs = [*zip(_marks(lesson), kept.hands, strict=True), *kept.others]
    return {
        "class": kept.class_id,
        "begun": kept.begun_at.isoformat(),
        "hands": {mark: _numbers(case) for mark, case in pairs if not case.is_empty},
    }


def _numbers(case: CaseHands) -> list[int]:
    return [moment.of(choice) for moment in (case.before, case.after) for choice in CHOICES]


def _read_class(value: object, lesson: Lesson) -> LessonClass:
    document = as_object(value)
    begun = datetime.fromisoformat(as_text(document["begun"]))
    if begun.tzinfo is None:
        raise ValueError
    class_id = uuid.UUID(as_text(document["class"])).hex
    hands = {mark: _read_hands(numbers) for mark, numbers in as_object(document["hands"]).items()}
    own = tuple(hands.pop(mark, CaseHands()) for mark in _marks(lesson))
    return LessonClass(class_id, begun, own, tuple(hands.items()))


def _read_hands(value: object) -> CaseHands:
    numbers = [as_integer(number) for number in as_list(value)]
    half = len(CHOICES)
    if len(numbers) != 2 * half:
        raise ValueError
    return CaseHands(Hands(*numbers[:half]), Hands(*numbers[half:]))
