"""A lesson as a PowerPoint deck."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pptx
import pytest
from pptx.enum.shapes import MSO_SHAPE_TYPE

from core.notice import NOTICE
from core.teaching.deck import write_deck
from core.teaching.lesson import Lesson, Region
from core.teaching.pictures import LessonPicture
from tests.core.teaching.handouts import ANSWERS, DAY, parts, picture, slide_number, small_lesson, vanished
from tests.gui.fakes import make_prediction
from tests.helpers.tiny_model import make_card

Deck = Callable[..., Any]


@pytest.fixture
def deck(tmp_path: Path) -> Deck:
    """Write a lesson and open what was written."""

    def write(lesson: Lesson, pictures: Any = picture, **options: Any) -> Any:
        write_deck(tmp_path / "deck.pptx", lesson, pictures, make_card(), DAY, **options)
        return pptx.Presentation(str(tmp_path / "deck.pptx"))

    return write


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text for slide in deck.slides]


def texts(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def titled(deck: Any, title: str) -> Any:
    return deck.slides[titles(deck).index(title)]


def test_a_question_comes_before_its_answer(deck: Deck) -> None:
    written = deck(small_lesson(2))
    assert titles(written) == [
        "Reading the chest of a child",
        "Before you begin",
        "Case 1: question",
        "Case 1: answer",
        "Case 2: question",
        "Case 2: answer",
        "Licence and method",
    ]
    assert written.slide_width / written.slide_height == pytest.approx(16 / 9, rel=1e-3)


def test_the_notice_stands_on_every_slide_and_the_licence_where_radiographs_are(deck: Deck) -> None:
    written = deck(small_lesson(2))
    for slide in written.slides:
        assert NOTICE in texts(slide)
        shown = any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in slide.shapes)
        assert ("Radiographs: CC BY 4.0" in texts(slide)) == shown


def test_an_answer_tells_truth_points_model_and_what_its_colours_mean(deck: Deck) -> None:
    said = texts(titled(deck(small_lesson(1)), "Case 1: answer"))
    for text in (
        "Truth: pneumonia",
        "Kind: bacterial",
        "Outlined by the teacher.",
        "Look behind the heart",
        "Model score 0.80",
        "agrees with the truth",
        "weak to strong",
        "not where disease is",
        f"Model: {make_card().title}",
    ):
        assert text in said


def test_a_question_says_nothing_of_its_answer_in_any_part(deck: Deck, tmp_path: Path) -> None:
    lesson = small_lesson(3)
    written = deck(lesson, notes=True)
    questions = {place for place, title in enumerate(titles(written), 1) if "question" in title}
    assert len(questions) == 3
    told = parts(tmp_path / "deck.pptx")
    numbers = {name: int(re.findall(r"\d+", name)[0]) for name in told if "slides/_rels/slide" in name}
    asked = [text for name, text in told.items() if slide_number(name) in questions]
    asked += [text for name, text in told.items() if numbers.get(name) in questions]
    assert len(asked) == 6
    about = [text for name, text in told.items() if name.startswith(("docProps", "ppt/presentation"))]
    for text in (*asked, *about):
        for secret in ANSWERS:
            assert secret not in text
        assert "notesSlide" not in "".join(asked)
    # Neither can the file be recognised by what the teacher's is.
    assert not any(item.content in text for item in lesson.items for text in told.values())


def test_the_teacher_s_notes_go_along_only_when_asked_for(deck: Deck, tmp_path: Path) -> None:
    deck(small_lesson(2))
    assert "Mrs Example" not in "".join(parts(tmp_path / "deck.pptx").values())
    for slide in deck(small_lesson(2), notes=True).slides:
        noted = slide.has_notes_slide and "Mrs Example" in slide.notes_slide.notes_text_frame.text
        assert noted == ("answer" in slide.shapes.title.text)


def test_regions_are_shapes_that_a_teacher_can_change(deck: Deck) -> None:
    lesson = small_lesson(1)
    box = Region("rectangle", ((0.6, 0.6), (0.9, 0.8)))
    item = replace(lesson.items[0], regions=(*lesson.items[0].regions, box))
    answer = titled(deck(lesson.with_item(0, item)), "Case 1: answer")
    pictures = [shape for shape in answer.shapes if shape.name.startswith("Picture")]
    first = pictures[0]
    outlines = [shape for shape in answer.shapes if re.match("Oval|Freeform|Rectangle", shape.name)]
    assert len(outlines) == 6  # on the radiograph, and on the heatmap beside it
    oval = outlines[0]
    assert (oval.left - first.left) / first.width == pytest.approx(0.25, abs=0.01)
    assert (oval.top + oval.height - first.top) / first.height == pytest.approx(0.75, abs=0.01)
    assert "Oval" not in texts(titled(deck(lesson), "Case 1: question"))


def test_everything_lies_within_the_slide(deck: Deck) -> None:
    lesson = small_lesson(2)
    long = replace(
        lesson.items[0], question="She coughs at night. " * 400, points=("Look again. " * 40,) * 12
    )
    written = deck(lesson.with_item(0, long), lambda index: replace_shape(picture(index)))
    for slide in written.slides:
        for shape in slide.shapes:
            assert min(shape.left, shape.top) >= 0
            assert shape.left + shape.width <= written.slide_width
            assert shape.top + shape.height <= written.slide_height
    said = "".join(texts(slide) for slide in written.slides)
    assert said.count("She coughs at night.") == 400
    assert said.count("Look again.") == 480
    assert titles(written).count("Case 1: question") == 1
    assert "Case 1: question, continued" in titles(written)
    # Text goes on behind whole sentences.
    assert not re.search(r"She coughs at\n", said)


def replace_shape(shown: LessonPicture) -> LessonPicture:
    return replace(shown, rendering=shown.rendering[:, :20])


def test_texts_stay_what_they_are(deck: Deck) -> None:
    item = replace(small_lesson(1).items[0], question="Costs $5 or $6? <b>&amp;</b>", points=())
    written = deck(replace(small_lesson(1), items=(item,)))
    assert "Costs $5 or $6? <b>&amp;</b>" in texts(titled(written, "Case 1: question"))
    assert "Learning points" not in texts(titled(written, "Case 1: answer"))


def test_without_a_model_an_answer_has_no_score(tmp_path: Path) -> None:
    def unscored(index: int) -> LessonPicture:
        return LessonPicture(picture(index).rendering, None, "The image is blank or nearly so.")

    write_deck(tmp_path / "deck.pptx", small_lesson(1), unscored, None, DAY)
    written = pptx.Presentation(str(tmp_path / "deck.pptx"))
    said = texts(titled(written, "Case 1: answer"))
    assert "There is no model score. The image is blank or nearly so." in said
    assert "Model score 0" not in said
    assert "weak to strong" not in said
    assert "No model was at hand." in texts(titled(written, "Licence and method"))


def test_a_missing_radiograph_is_a_slide_with_the_reason(deck: Deck) -> None:
    written = deck(small_lesson(3), vanished)
    assert "The radiograph has gone." in texts(titled(written, "Case 2: question"))
    assert "Truth: pneumonia" in texts(titled(written, "Case 2: answer"))
    assert "Model score 0.80" in texts(titled(written, "Case 3: answer"))


def test_properties_are_the_lesson_s_and_no_thumbnail_is_the_template_s(deck: Deck, tmp_path: Path) -> None:
    about = deck(small_lesson(1)).core_properties
    assert (about.title, about.author, about.comments) == (
        "Reading the chest of a child",
        "Dr. Ada Example",
        NOTICE,
    )
    assert "thumbnail" not in "".join(parts(tmp_path / "deck.pptx"))


def test_whoever_cancels_has_what_was_there_before(tmp_path: Path) -> None:
    target = tmp_path / "deck.pptx"
    target.write_bytes(b"before")

    def cancel(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_deck(target, small_lesson(3), picture, make_card(), DAY, progress=cancel)
    assert [path.name for path in tmp_path.iterdir()] == ["deck.pptx"]
    assert target.read_bytes() == b"before"


def test_pictures_are_asked_for_one_at_a_time_and_progress_runs_to_its_end(tmp_path: Path) -> None:
    told: list[object] = []

    def shown(index: int) -> LessonPicture:
        told.append(f"picture {index}")
        return LessonPicture(picture(index).rendering, make_prediction())

    progress: Any = lambda done, total: told.append((done, total))  # noqa: E731
    write_deck(tmp_path / "deck.pptx", small_lesson(2), shown, make_card(), DAY, progress=progress)
    assert told == [(0, 3), "picture 0", (1, 3), "picture 1", (2, 3), (3, 3)]
