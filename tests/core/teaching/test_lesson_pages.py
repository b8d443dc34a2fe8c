"""A lesson and a learner's result as PDF, and results as a table."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.figure import Figure

from core.notice import NOTICE
from core.teaching.lesson_pages import write_lesson_pdf
from core.teaching.result_pages import OTHER_MODEL, write_result
from core.teaching.result_table import write_results
from tests.core.teaching.handouts import ANSWERS, DAY, make_result, picture, small_lesson, vanished
from tests.helpers.tiny_model import make_card


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of every page as it is drawn."""
    from matplotlib.backends.backend_pdf import PdfPages

    told: list[str] = []
    save: Any = PdfPages.savefig

    def note(pdf: Any, page: Figure, **options: Any) -> None:
        told.append("\n".join(text.get_text() for text in page.texts))
        assert not any(text.get_parse_math() for text in page.texts)
        save(pdf, page, **options)

    monkeypatch.setattr(PdfPages, "savefig", note)
    return told


def test_pages_tell_what_slides_tell(tmp_path: Path, pages: list[str]) -> None:
    write_lesson_pdf(tmp_path / "a.pdf", small_lesson(2), picture, make_card(), DAY)
    assert len(pages) == 7
    assert all(NOTICE in page for page in pages)
    for number, page in enumerate(pages[2:6], 2):
        assert "Radiographs: CC BY 4.0" in page
        if number % 2 == 0:
            assert page.startswith(f"Case {number // 2}: question")
            assert not any(secret in page for secret in ANSWERS)
        else:
            assert page.startswith(f"Case {number // 2}: answer")
            assert "Truth: pneumonia" in page
            assert "Model score 0.80" in page
    assert "Mrs Example" not in "".join(pages)
    content = (tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF")
    assert content.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type /Page\b", content)) == 7


def test_a_dollar_is_no_formula(tmp_path: Path, pages: list[str]) -> None:
    item = replace(small_lesson(1).items[0], question="From $5 to $6?", points=("A $n$ of 1.",))
    write_lesson_pdf(tmp_path / "a.pdf", replace(small_lesson(1), items=(item,)), picture, None, DAY)
    assert "From $5 to $6?" in pages[2]
    assert "A $n$ of 1." in pages[3]


def test_a_missing_radiograph_is_a_page_with_the_reason(tmp_path: Path, pages: list[str]) -> None:
    write_lesson_pdf(tmp_path / "a.pdf", small_lesson(3), vanished, make_card(), DAY)
    assert "The radiograph has gone." in pages[4].replace("\n", " ")
    assert "Model score 0.80" in pages[7]


def test_whoever_cancels_has_no_half_pages(tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    lesson = small_lesson(2)
    with pytest.raises(KeyboardInterrupt):
        write_lesson_pdf(tmp_path / "a.pdf", lesson, picture, make_card(), DAY, progress=cancel)
    with pytest.raises(KeyboardInterrupt):
        write_result(tmp_path / "b.pdf", make_result(lesson), picture, DAY, progress=cancel)
    with pytest.raises(KeyboardInterrupt):
        write_results(tmp_path / "c.csv", lesson, [make_result(lesson)] * 2, progress=cancel)
    assert list(tmp_path.iterdir()) == []


def test_a_result_tells_figures_and_cases(tmp_path: Path, pages: list[str]) -> None:
    result = make_result(small_lesson(8))
    write_result(tmp_path / "a.pdf", result, picture, DAY)
    assert f"Result of learner {result.code}" in pages[0]
    for text in ("Sensitivity", "Negative predictive value", "Rescued", "Wrongly resisted", "ROC curves"):
        assert text in pages[0]
    assert "50.0\N{NARROW NO-BREAK SPACE}%" in pages[0]
    assert all("Cross: your mark. Outline: the teacher's region." in page for page in pages[1:])
    assert "against a right model: cases 1, 3, 5, 7" in pages[0]
    told = "\n".join(pages[1:])
    for number in range(1, 9):
        assert len(re.findall(rf"^Case {number}\b", told, re.MULTILINE)) == 1
    assert "Model score 0.80: pneumonia" in told.replace("\n", " ")
    assert all(NOTICE in page for page in pages)
    assert "Mrs Example" not in told
    assert not any(item.content in told for item in result.lesson.items)


def test_a_result_shows_no_heatmap_that_the_learner_did_not_see(tmp_path: Path, pages: list[str]) -> None:
    lesson = small_lesson(1)
    write_result(tmp_path / "a.pdf", make_result(lesson, model="Another 1.0"), picture, DAY)
    assert OTHER_MODEL in pages[1].replace("\n", " ")
    write_result(tmp_path / "a.pdf", make_result(lesson, scored=False), picture, DAY)
    assert "No heatmap." in pages[3]
    assert "Model score" not in pages[3]


def test_a_result_goes_on_over_a_missing_radiograph(tmp_path: Path, pages: list[str]) -> None:
    write_result(tmp_path / "a.pdf", make_result(small_lesson(3)), vanished, DAY)
    assert "The radiograph has gone." in "\n".join(pages).replace("\n", " ")


def test_long_points_of_a_result_are_all_told(tmp_path: Path, pages: list[str]) -> None:
    item = replace(small_lesson(1).items[0], points=("Look again. " * 60,) * 12)
    write_result(tmp_path / "a.pdf", make_result(replace(small_lesson(1), items=(item,))), picture, DAY)
    assert " ".join(pages).replace("\n", " ").count("Look again.") == 720
    assert "Case 1, continued" in " ".join(pages)


def test_a_table_has_a_row_for_each_case_and_no_formula(tmp_path: Path) -> None:
    lesson = replace(small_lesson(3), title="=1+1, a lesson")
    results = [make_result(lesson), make_result(lesson, scored=False)]
    write_results(tmp_path / "a.csv", lesson, results)
    with (tmp_path / "a.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 6
    assert {row["lesson"] for row in rows} == {"'=1+1, a lesson"}
    assert {row["notice"] for row in rows} == {NOTICE}
    assert [row["case"] for row in rows] == ["1", "2", "3"] * 2
    assert [row["model_score"] for row in rows] == ["0.800000"] * 3 + [""] * 3
    assert [row["call_before"] for row in rows[:3]] == ["normal", "pneumonia", "normal"]
