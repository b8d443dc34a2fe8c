"""Hands of earlier classes: kept, found again after the lesson was changed, never written over unread."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from core.teaching import class_book
from core.teaching.class_book import (
    ClassBookError,
    LessonClass,
    book_path,
    forget_classes,
    keep_class,
    read_classes,
)
from core.teaching.hands import CaseHands, Hands
from tests.core.teaching.lessons import SECRETS, make_item, make_lesson

LESSON = make_lesson([make_item(number) for number in range(3)])
COUNTED = (CaseHands(Hands(3, 4, 1, 2), Hands(5, 2)), CaseHands(), CaseHands(Hands(0, 7)))


def counted() -> LessonClass:
    return LessonClass.begin(LESSON).with_hands(COUNTED)


def test_classes_come_back_in_the_order_they_began(tmp_path: Path) -> None:
    first, second = counted(), counted()
    for kept in (first, second, first.with_hands((*COUNTED[:2], CaseHands(Hands(1, 1))))):
        keep_class(tmp_path / "classes", LESSON, kept)
    found = read_classes(tmp_path / "classes", LESSON)
    assert [known.class_id for known in found] == [first.class_id, second.class_id]
    assert found[0].hands[2] == CaseHands(Hands(1, 1))
    assert found[1] == second
    assert found[1].counted == 2


def test_nothing_kept_is_no_class(tmp_path: Path) -> None:
    assert read_classes(tmp_path / "classes", LESSON) == []
    keep_class(tmp_path, LESSON, LessonClass.begin(LESSON))
    assert read_classes(tmp_path, LESSON) == []


def test_hands_follow_their_case_and_wait_for_one_that_was_taken_out(tmp_path: Path) -> None:
    kept = counted()
    keep_class(tmp_path, LESSON, kept)
    moved = LESSON.moved(0, 2)
    assert read_classes(tmp_path, moved)[0].hands == (COUNTED[1], COUNTED[2], COUNTED[0])
    without = LESSON.without(0)
    less = read_classes(tmp_path, without)[0]
    assert less.hands == COUNTED[1:]
    keep_class(tmp_path, without, less)
    assert read_classes(tmp_path, LESSON) == [kept]


def test_the_oldest_class_goes_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(class_book, "MOST_CLASSES", 2)
    classes = [counted() for _ in range(3)]
    for kept in classes:
        keep_class(tmp_path, LESSON, kept)
    assert read_classes(tmp_path, LESSON) == classes[1:]


def test_lessons_are_kept_apart_and_forgotten_together(tmp_path: Path) -> None:
    other = dataclasses.replace(LESSON, lesson_id="f" * 32)
    keep_class(tmp_path, LESSON, counted())
    keep_class(tmp_path, other, counted())
    assert len(read_classes(tmp_path, other)) == 1
    forget_classes(tmp_path)
    assert list(tmp_path.iterdir()) == []
    forget_classes(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"schema":1}', "[" * 100_000, '{"schema":1,"classes":[{}]}', "\xff",
        json.dumps({"schema": 1, "classes": [{"class": "x", "begun": "2026-01-01T00:00:00+00:00", "hands": {}}]}),
        json.dumps({"schema": 1, "classes": [{"class": "a" * 32, "begun": "2026-01-01T00:00:00", "hands": {}}]}),
        json.dumps(
            {"schema": 1, "classes": [
                {"class": "a" * 32, "begun": "2026-01-01T00:00:00+00:00", "hands": {"a": [1, 2]}}
            ]}
        ),
        json.dumps(
            {"schema": 1, "classes": [
                {"class": "a" * 32, "begun": "2026-01-01T00:00:00+00:00", "hands": {"a": [-1] * 8}}
            ]}
        ),
    ],
)  # fmt: skip
def test_what_is_damaged_is_neither_believed_nor_written_over(tmp_path: Path, text: str) -> None:
    path = book_path(tmp_path, LESSON.lesson_id)
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ClassBookError, match="damaged"):
        keep_class(tmp_path, LESSON, counted())
    assert path.read_bytes() == text.encode("latin-1")


def test_a_newer_programs_file_is_left_alone(tmp_path: Path) -> None:
    path = book_path(tmp_path, LESSON.lesson_id)
    path.write_text('{"schema": 2}')
    with pytest.raises(ClassBookError, match="newer version"):
        keep_class(tmp_path, LESSON, counted())
    assert path.read_text() == '{"schema": 2}'


def test_a_file_without_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_class(tmp_path, LESSON, counted())
    monkeypatch.setattr(class_book, "MAX_BYTES", 10)
    with pytest.raises(ClassBookError, match="damaged"):
        read_classes(tmp_path, LESSON)


def test_no_truth_and_no_hash_is_kept(tmp_path: Path) -> None:
    keep_class(tmp_path, LESSON, counted())
    text = book_path(tmp_path, LESSON.lesson_id).read_text()
    assert not any(secret in text for secret in (*SECRETS, *(item.content for item in LESSON.items)))
