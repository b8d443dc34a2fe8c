"""Where a lesson's radiographs come from: never another file than the one that the teacher had."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from core.errors import ReadError
from core.reading import read_radiograph
from core.reading.radiograph import Radiograph
from core.store.content import content_hash
from core.teaching.lesson_file import LessonFile, write_lesson
from deeppneumo_gui.services import core_services
from deeppneumo_gui.teaching.sources import CHANGED, MISSING, LessonRadiographs
from tests.core.teaching.lessons import make_item, make_lesson, picture_bytes

READ = core_services().read


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A file as the teacher had it."""
    path = tmp_path / "smith.png"
    path.write_bytes(picture_bytes("PNG", 1))
    return path


def lesson_file(folder: Path, own: Path, *, included: bool) -> LessonFile:
    content = content_hash(own)
    lesson = make_lesson([make_item(content=content)])
    return write_lesson(folder / "a.deeplesson", lesson, {content: own} if included else None)


def test_the_teachers_own_file_is_shown(own: Path, tmp_path: Path) -> None:
    file = lesson_file(tmp_path, own, included=False)
    item = file.lesson.items[0]
    radiograph = LessonRadiographs(READ, {item.content: own}, file).read(item)
    assert np.array_equal(radiograph.rendering, read_radiograph(own).rendering)


@pytest.mark.parametrize(("change", "reason"), [("replace", CHANGED), ("remove", "no longer there")])
def test_a_file_that_has_changed_is_no_longer_the_case(
    own: Path, tmp_path: Path, change: str, reason: str
) -> None:
    file = lesson_file(tmp_path, own, included=False)
    item = file.lesson.items[0]
    radiographs = LessonRadiographs(READ, {item.content: own}, file)
    spoil(own, change)
    with pytest.raises(ReadError, match=reason) as caught:
        radiographs.read(item)
    assert "smith" not in str(caught.value)


@pytest.mark.parametrize("change", ["replace", "remove"])
def test_the_lessons_copy_takes_its_place(own: Path, tmp_path: Path, change: str) -> None:
    file = lesson_file(tmp_path, own, included=True)
    item = file.lesson.items[0]
    before = read_radiograph(own).rendering
    spoil(own, change)
    radiograph = LessonRadiographs(READ, {item.content: own}, file).read(item)
    assert np.array_equal(radiograph.rendering, before)


def test_a_file_that_changes_while_it_is_read_is_not_shown(own: Path, tmp_path: Path) -> None:
    def read(path: Path, frame: int = 0) -> Radiograph:
        spoil(path, "replace")
        return READ(path, frame)

    file = lesson_file(tmp_path, own, included=False)
    item = file.lesson.items[0]
    with pytest.raises(ReadError, match="changed"):
        LessonRadiographs(read, {item.content: own}, file).read(item)


def test_what_is_nowhere_is_said_to_be_missing(own: Path, tmp_path: Path) -> None:
    file = lesson_file(tmp_path, own, included=True)
    other = dataclasses.replace(file.lesson.items[0], content="f" * 64)
    with pytest.raises(ReadError, match=MISSING):
        LessonRadiographs(READ, {}, file).read(other)


def spoil(path: Path, change: str) -> None:
    path.unlink()
    if change == "replace":
        path.write_bytes(picture_bytes("PNG", 4, compress_level=0))
