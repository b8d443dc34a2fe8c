"""Lessons and predictions for what a teacher hands out."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path

from core.errors import FileVanishedError
from core.teaching.answer import MachineView
from core.teaching.debrief import Debrief, make_debrief
from core.teaching.lesson import Lesson
from core.teaching.pictures import LessonPicture
from core.teaching.run import Run
from tests.core.teaching.lessons import grey_picture, make_item, make_lesson
from tests.gui.fakes import make_prediction

DAY = "2026-11-23"
ANSWERS = (
    "Truth",
    "bacterial",
    "viral",
    "Look behind the heart",
    "silhouette sign",
    "0.8",
    "Model score",
    "Heatmap of",
    "Outlined",
    "Mrs Example",
)
"""What no question may tell; the kinds are asked for by no question of `small_lesson`."""


def small_lesson(count: int = 3, **changes: object) -> Lesson:
    items = tuple(make_item(number + 1) for number in range(count))
    return replace(make_lesson(items), ask_kind=False, **changes)  # type: ignore[arg-type]


def picture(index: int) -> LessonPicture:
    return LessonPicture(grey_picture(index), make_prediction(0.8))


def vanished(index: int) -> LessonPicture:
    if index == 1:
        raise FileVanishedError("radiograph", "The radiograph has gone.")
    return picture(index)


def make_result(lesson: Lesson, *, model: str | None = None, scored: bool = True) -> Debrief:
    run = Run.begin(replace(lesson, shuffled=False), 0.0, seed=3)
    now = 0.0
    while not run.finished:
        assert run.item is not None
        run.set_call("pneumonia" if run.item % 2 else "normal")
        run.set_confidence(3)
        now += 10.0
        view = MachineView.of(make_prediction(0.8)) if scored else None
        run.commit(now, view if view is None or model is None else replace(view, model=model))
        run.reveal()
        run.next(now)
    return make_debrief(run, lesson)


def parts(path: Path) -> dict[str, str]:
    """Every part of a deck that is XML, by name."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith((".xml", ".rels"))
        }


def slide_number(name: str) -> int:
    found = re.search(r"slides/slide(\d+)\.xml$", name)
    return int(found[1]) if found else 0
