"""What a teacher takes along from a lesson, from the window."""

from __future__ import annotations

import csv
import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pptx
import pytest

import core.teaching.deck
import deeppneumo_gui.teaching.handouts as handouts_module
from core.errors import BundleError
from core.teaching.lesson import Lesson
from deeppneumo_gui.export.controller import BUSY
from deeppneumo_gui.teaching.handouts import Handouts
from deeppneumo_gui.teaching.sources import LessonRadiographs
from deeppneumo_gui.window import MainWindow
from tests.core.teaching.handouts import make_result, small_lesson
from tests.gui.conftest import finished
from tests.gui.fakes import Fakes, lesson_radiographs

NAMES = ("a.png", "b.png", "c.png")


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where everything goes."""
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(
        handouts_module,
        "ask_document_file",
        lambda parent, title, stem, suffix: folder / f"{stem}.{suffix}",
    )
    monkeypatch.setattr(handouts_module, "_ask_notes", lambda parent: False)
    return folder


@pytest.fixture
def lesson() -> Lesson:
    return small_lesson(3)


@pytest.fixture
def handouts(window: MainWindow, fakes: Fakes, qtbot: Any) -> Handouts:
    window.start([])
    qtbot.waitUntil(lambda: window.session.card is not None)
    return Handouts(window, fakes.services(), lambda: None)


def radiographs(fakes: Fakes, lesson: Lesson, *names: str) -> LessonRadiographs:
    folder = Path("/private/smith")
    contents = [item.content for item in lesson.items]
    paths = {content: folder / name for content, name in zip(contents, names, strict=False)}
    return lesson_radiographs(fakes.services(), paths)


def said(handouts: Handouts, qtbot: Any, begin: Callable[[], None]) -> str:
    with qtbot.waitSignal(handouts.said, timeout=60_000) as signal:
        begin()
    return str(signal.args[0])


def slides(path: Path) -> dict[str, str]:
    """The text of each slide by its title."""
    return {
        slide.shapes.title.text: "\n".join(
            shape.text_frame.text for shape in slide.shapes if shape.has_text_frame
        )
        for slide in pptx.Presentation(str(path)).slides
    }


def test_a_deck_is_scored_and_written_beside_the_window(
    handouts: Handouts, fakes: Fakes, lesson: Lesson, qtbot: Any, out: Path
) -> None:
    sources = radiographs(fakes, lesson, *NAMES)
    assert said(handouts, qtbot, lambda: handouts.deck(lesson, sources)) == (
        "The slides were saved with 3 cases."
    )
    told = slides(out / "deeppneumo-lesson.pptx")
    assert "Model score 0.80" in told["Case 3: answer"]
    assert "Model score" not in told["Case 3: question"]
    assert not any("smith" in text or "a.png" in text for text in told.values())
    assert fakes.scored == list(NAMES)
    assert fakes.rests == 1


def test_pages_results_and_tables_are_written_too(
    handouts: Handouts, fakes: Fakes, lesson: Lesson, qtbot: Any, out: Path
) -> None:
    sources, debrief = radiographs(fakes, lesson, *NAMES), make_result(lesson)
    assert said(handouts, qtbot, lambda: handouts.pages(lesson, sources)) == (
        "The pages were saved with 3 cases."
    )
    assert said(handouts, qtbot, lambda: handouts.result(lesson, debrief, sources)) == (
        "The result was saved with 3 cases."
    )
    assert said(handouts, qtbot, lambda: handouts.table(lesson, [debrief, debrief])) == (
        "The results of 2 runs were saved with 6 rows."
    )
    assert sorted(path.name for path in out.iterdir()) == [
        "deeppneumo-learners.csv",
        "deeppneumo-lesson.pdf",
        f"deeppneumo-result-{debrief.code}.pdf",
    ]
    for path in out.glob("*.pdf"):
        assert path.read_bytes().startswith(b"%PDF")
    with (out / "deeppneumo-learners.csv").open(newline="", encoding="utf-8") as stream:
        assert len(list(csv.reader(stream))) == 7


def test_what_cannot_be_read_or_scored_does_not_stop_the_others(
    handouts: Handouts, fakes: Fakes, qtbot: Any, out: Path
) -> None:
    lesson = small_lesson(6)
    sources = radiographs(fakes, lesson, "broken.png", "crash.png", "blank.png", "strange.png", "fail.png")
    assert said(handouts, qtbot, lambda: handouts.deck(lesson, sources)) == (
        "The slides were saved with 6 cases; 3 radiographs could not be read."
    )
    told = slides(out / "deeppneumo-lesson.pptx")
    for number, reason in enumerate(
        (
            "The file ends before its image does.",
            "The file could not be read.",
            "The image is blank or nearly so.",
            "The image looks rotated by 90 degrees.",
            "The model could not be run on this image.",
            "This radiograph is neither on this computer",
        ),
        1,
    ):
        told_here = told[f"Case {number}: answer"]
        assert reason in told_here
        assert "Model score" not in told_here


def test_a_deck_without_a_model_has_no_scores(
    handouts: Handouts, fakes: Fakes, lesson: Lesson, qtbot: Any, out: Path
) -> None:
    fakes.load_error = BundleError("The model is damaged.")
    sources = radiographs(fakes, lesson, *NAMES)
    assert said(handouts, qtbot, lambda: handouts.deck(lesson, sources)) == (
        "The slides were saved with 3 cases; no model was at hand to score them."
    )
    assert "The model is damaged." in slides(out / "deeppneumo-lesson.pptx")["Case 1: answer"]


def test_whoever_cancels_finds_nothing(
    handouts: Handouts, window: MainWindow, fakes: Fakes, lesson: Lesson, qtbot: Any, out: Path
) -> None:
    sources = radiographs(fakes, lesson, *NAMES)
    fakes.reading.hold(1)
    before = fakes.reading.arrived
    handouts.deck(lesson, sources)
    qtbot.waitUntil(lambda: fakes.reading.arrived == before + 2)
    # Nothing else is begun meanwhile.
    assert said(handouts, qtbot, lambda: handouts.pages(lesson, sources)) == BUSY
    window.exports.progress.cancel.click()
    with qtbot.waitSignal(handouts.said) as signal:
        fakes.reading.open()
    assert signal.args == ["Nothing was written: the export was cancelled."]
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EROFS, "This folder can only be read, not written to."),
    ],
)
def test_a_failure_is_one_sentence(
    handouts: Handouts,
    window: MainWindow,
    fakes: Fakes,
    lesson: Lesson,
    qtbot: Any,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    reason: str,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, "at /private/smith")

    monkeypatch.setattr(core.teaching.deck, "write_deck", fail)
    sources = radiographs(fakes, lesson, *NAMES)
    sentence = said(handouts, qtbot, lambda: handouts.deck(lesson, sources))
    assert sentence == f"The file could not be written. {reason}"
    assert window.message.isVisible()


@pytest.mark.parametrize("answer", [True, False, None])
def test_notes_go_along_only_when_the_teacher_says_so(
    handouts: Handouts,
    fakes: Fakes,
    lesson: Lesson,
    qtbot: Any,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: bool | None,
) -> None:
    monkeypatch.setattr(handouts_module, "_ask_notes", lambda parent: answer)
    sources = radiographs(fakes, lesson, *NAMES)
    if answer is None:
        handouts.deck(lesson, sources)
        assert list(out.iterdir()) == []
        return
    said(handouts, qtbot, lambda: handouts.deck(lesson, sources))
    written = pptx.Presentation(str(out / "deeppneumo-lesson.pptx"))
    assert any(slide.has_notes_slide for slide in written.slides) == answer


def test_the_end_of_another_export_is_none_of_a_handout(
    handouts: Handouts, window: MainWindow, qtbot: Any
) -> None:
    window.start([Path("/private/smith/a.png")])
    qtbot.waitUntil(lambda: finished(window))
    told: list[str] = []
    handouts.said.connect(told.append)
    with qtbot.waitSignal(window.exports.background.ended):
        window.exports.background.start(lambda control: "Another thing was saved.")
    assert told == []
