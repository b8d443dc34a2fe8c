"""A lesson as two texts in JSON: what learners may know, and the answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar, cast, get_args

from core.engine.values import as_integer, as_list, as_number, as_object, as_text, as_texts
from core.errors import LessonError
from core.store.content import Picture
from core.teaching.lesson import (
    MAX_ITEMS,
    MAX_LINE,
    MAX_POINTS,
    MAX_REGIONS,
    MAX_TEXT,
    Item,
    Lesson,
    Point,
    Region,
    Shape,
)
from core.truth.truth import Source, Truth

SCHEMA_VERSION: Final = 1

_DAMAGED: Final = "The lesson is damaged; get the file again."
_NEWER: Final = "This lesson was made by a newer version of the program; update the program to open it."
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Included:
    """A radiograph that lies in the lesson's file.

    Attributes
    ----------
    picture : Picture
        Which picture of the teacher's it is.
    digest : str
        SHA-256 of the bytes in the lesson's file, hexadecimal.
    """

    picture: Picture
    digest: str


def check_lesson(lesson: Lesson) -> None:
    """Refuse what no lesson's file may hold, so that what is written can be opened again.

    Raises
    ------
    LessonError
    """
    if not lesson.items:
        raise LessonError("The lesson has no cases yet.")
    if len(lesson.items) > MAX_ITEMS:
        raise LessonError(f"The lesson has more than {MAX_ITEMS} cases.")
    if max(len(lesson.title), len(lesson.author)) > MAX_LINE:
        raise LessonError(f"The lesson's title or author is longer than {MAX_LINE} characters.")
    if max(len(lesson.licence), len(lesson.introduction)) > MAX_TEXT:
        raise LessonError(f"The lesson's introduction or licence is longer than {MAX_TEXT} characters.")
    for number, item in enumerate(lesson.items, 1):
        if len(item.regions) > MAX_REGIONS:
            raise LessonError(f"Case {number} of the lesson has more than {MAX_REGIONS} regions.")
        if len(item.points) > MAX_POINTS:
            raise LessonError(f"Case {number} of the lesson has more than {MAX_POINTS} learning points.")
        if max(map(len, (item.question, item.note, *item.points))) > MAX_TEXT:
            raise LessonError(f"Case {number} of the lesson has a text of more than {MAX_TEXT} characters.")


def public_text(lesson: Lesson, included: Sequence[Included]) -> bytes:
    """Write what a learner may know: nothing in it depends on truth, regions, learning points or notes."""
    values = {
        "schema_version": SCHEMA_VERSION,
        "lesson_id": lesson.lesson_id,
        "title": lesson.title,
        "author": lesson.author,
        "introduction": lesson.introduction,
        "licence": lesson.licence,
        "shuffled": lesson.shuffled,
        "seconds": lesson.seconds,
        "ask_kind": lesson.ask_kind,
        "items": [
            {"content": item.content, "frame": item.frame, "question": item.question} for item in lesson.items
        ],
        "included": [
            {"content": entry.picture.content, "frame": entry.picture.frame, "sha256": entry.digest}
            for entry in included
        ],
    }
    return _written(values)


def answers_text(lesson: Lesson) -> bytes:
    """Write all the rest."""
    answers = [
        {
            "truth": item.truth.word,
            "source": item.truth.source,
            "regions": [{"shape": region.shape, "points": region.points} for region in item.regions],
            "points": item.points,
            "note": item.note,
        }
        for item in lesson.items
    ]
    return _written({"schema_version": SCHEMA_VERSION, "answers": answers})


def read_public(text: bytes) -> dict[str, object]:
    """Read the first of the two texts as far as is needed to tell whether this program understands the lesson.

    Raises
    ------
    LessonError
        When it is no JSON object, or comes from a newer version of the program.
    """
    return _as_values(text)


def join(public: dict[str, object], answers: bytes) -> tuple[Lesson, tuple[Included, ...]]:
    """Return the lesson of both texts, and what lies in its file.

    Parameters
    ----------
    public : dict
        From `read_public`.
    answers : bytes

    Raises
    ------
    LessonError
        When something is missing, of the wrong type or impossible.
    """
    told = _as_values(answers)
    try:
        pairs = zip(as_list(public["items"]), as_list(told["answers"]), strict=True)
        seconds = public["seconds"]
        lesson = Lesson(
            as_text(public["lesson_id"]),
            as_text(public["title"]),
            tuple(_item(as_object(question), as_object(answer)) for question, answer in pairs),
            licence=as_text(public["licence"]),
            author=as_text(public["author"]),
            introduction=as_text(public["introduction"]),
            shuffled=_as_flag(public["shuffled"]),
            seconds=None if seconds is None else as_integer(seconds),
            ask_kind=_as_flag(public["ask_kind"]),
        )
        included = tuple(_included(as_object(entry)) for entry in as_list(public["included"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise LessonError(_DAMAGED) from None
    check_lesson(lesson)
    return lesson, included


def _written(values: dict[str, object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _as_values(text: bytes) -> dict[str, object]:
    try:
        values = as_object(json.loads(text, parse_constant=_refuse_constant))
        version = as_integer(values.get("schema_version"))
    except (ValueError, TypeError, RecursionError):
        raise LessonError(_DAMAGED) from None
    if version > SCHEMA_VERSION:
        raise LessonError(_NEWER)
    if version != SCHEMA_VERSION:
        raise LessonError(_DAMAGED)
    return values


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _as_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _item(question: dict[str, object], answer: dict[str, object]) -> Item:
    source = as_text(answer["source"])
    if source not in get_args(Source):
        raise ValueError(f"unknown source {source!r}")
    return Item(
        as_text(question["content"]),
        as_integer(question["frame"]),
        Truth.from_word(as_text(answer["truth"]), cast(Source, source)),
        _several(answer["regions"], _region, MAX_REGIONS),
        as_text(question["question"]),
        as_texts(answer["points"]),
        as_text(answer["note"]),
    )


def _several(value: object, convert: Callable[[object], _T], limit: int) -> tuple[_T, ...]:
    values = as_list(value)
    if len(values) > limit:
        raise ValueError("too many")
    return tuple(map(convert, values))


def _region(value: object) -> Region:
    values = as_object(value)
    shape = as_text(values["shape"])
    if shape not in ("ellipse", "rectangle", "polygon"):
        raise ValueError(f"unknown shape {shape!r}")
    return Region(cast(Shape, shape), tuple(map(_point, as_list(values["points"]))))


def _point(value: object) -> Point:
    x, y = map(as_number, as_list(value))
    return x, y


def _included(values: dict[str, object]) -> Included:
    picture = Picture(as_text(values["content"]), as_integer(values["frame"]))
    return Included(picture, as_text(values["sha256"]))
