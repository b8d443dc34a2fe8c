from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.dataset import patient_mark
from core.engine.card import Card
from core.errors import FileVanishedError
from core.metrics import evaluate
from core.metrics.calls import measure_calls
from core.notice import NOTICE
from core.reading.radiograph import Radiograph
from core.review import document
from core.review import summary as summary_module
from core.review.cases import ReviewCase
from core.review.document import write_contact_sheet, write_report
from core.review.summary import summarise
from core.review.summary_page import NO_TRUTH
from core.review.text import wrap
from core.store.judgement import Judgement
from tests.core.review.conftest import read

Make = Callable[[int], list[ReviewCase]]
DAY = "2026-11-23"


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary_module, "evaluate", partial(evaluate, resamples=20))
    monkeypatch.setattr(summary_module, "measure_calls", partial(measure_calls, resamples=20))


def unlabelled(cases: list[ReviewCase]) -> list[ReviewCase]:
    """Without truth there are no charts, which take long."""
    return [replace(case, truth=None) for case in cases]


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], int]]:
    """Texts and number of pictures of every page."""
    found: list[tuple[list[str], int]] = []
    add = document._Writer.add

    def note(self: Any, page: Any, style: Any) -> None:
        add(self, page, style)
        found.append(([text.get_text() for text in page.texts], len(page.axes)))

    monkeypatch.setattr(document._Writer, "add", note)
    return found


def count_pages(path: Path) -> int:
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert content.rstrip().endswith(b"%%EOF")
    return len(re.findall(rb"/Type /Page\b", content))


def test_a_report_has_a_page_on_all_and_the_selected_four_on_a_page(
    tmp_path: Path, make_cases: Make, card: Card, pages: list[tuple[list[str], int]]
) -> None:
    cases = make_cases(40)
    done: list[tuple[int, int]] = []
    write_report(tmp_path / "a.pdf", cases, cases[:5], card, DAY, read, progress=lambda *n: done.append(n))
    assert count_pages(tmp_path / "a.pdf") == len(pages) == 3
    assert done == [(0, 3), (1, 3), (2, 3), (3, 3)]
    first, second, third = ("\n".join(texts) for texts, _ in pages)
    assert "40 images: 36 scored, 4 refused." in first
    assert card.title in first
    assert "Sensitivity" in first
    assert pages[0][1] == 4
    assert "Case 1" in second
    assert "Model score 0.1" in second or "Model score 0.9" in second
    assert "Note 3: costs $5 & {braces}." in second
    assert "Reader: pneumonia (viral)" in second
    assert "Case 5" in third
    assert pages[1][1] == 4 * 2 + 1  # two pictures each, and the colour bar
    for number, (texts, _) in enumerate(pages, 1):
        assert NOTICE in texts
        assert f"Page {number} of 3" in texts


def test_neither_folders_nor_file_names_get_out(tmp_path: Path, make_cases: Make, card: Card) -> None:
    write_report(tmp_path / "a.pdf", unlabelled(make_cases(8)), make_cases(2), card, DAY, read, per_page=1)
    content = (tmp_path / "a.pdf").read_bytes().lower()
    assert b"smith" not in content
    assert str(tmp_path).encode() not in content


def test_without_truth_it_says_what_is_missing(
    tmp_path: Path, make_cases: Make, card: Card, pages: list[tuple[list[str], int]]
) -> None:
    cases = unlabelled(make_cases(8))
    write_report(tmp_path / "a.pdf", cases, [], card, DAY, read)
    assert count_pages(tmp_path / "a.pdf") == 1
    assert NO_TRUTH.split()[0] in " ".join(pages[0][0])
    assert pages[0][1] == 0


def test_a_file_that_has_gone_is_said_in_its_place(
    tmp_path: Path, make_cases: Make, card: Card, pages: list[tuple[list[str], int]]
) -> None:
    def gone(path: Path, frame: int) -> Radiograph:
        raise FileVanishedError(path.name, "The file is no longer there.")

    write_report(tmp_path / "a.pdf", make_cases(1), make_cases(1), card, DAY, gone)
    assert "The file is no longer there." in pages[1][0]


def test_a_long_note_is_shortened_on_the_page(
    tmp_path: Path, make_cases: Make, card: Card, pages: list[tuple[list[str], int]]
) -> None:
    (case,) = make_cases(1)
    case = replace(case, judgement=Judgement(note="A very long note that goes on and on. " * 400))
    for per_page in (1, 4):
        write_report(tmp_path / "a.pdf", [case], [case], card, DAY, read, per_page=per_page)
    for texts, _ in (pages[1], pages[3]):
        assert any(text.endswith("\N{HORIZONTAL ELLIPSIS}") for text in texts)
        assert len(texts) < 60


def test_one_image_fills_its_page(tmp_path: Path, make_cases: Make, card: Card, monkeypatch: Any) -> None:
    """The pictures take the height of the page, and what is said of them the rest of its width."""
    figures: list[Any] = []
    add = document._Writer.add

    def note(self: Any, page: Any, style: Any) -> None:
        figures.append(page)
        add(self, page, style)

    monkeypatch.setattr(document._Writer, "add", note)
    (case,) = unlabelled(make_cases(1))
    write_report(tmp_path / "a.pdf", [case], [case], card, DAY, read, per_page=1)
    radiograph, heatmap, *_ = (axes.get_position() for axes in figures[1].axes)
    assert heatmap.y1 < radiograph.y0
    assert radiograph.height + heatmap.height > 0.6
    score = next(text for text in figures[1].texts if text.get_text().startswith("Model score"))
    assert score.get_position()[0] > radiograph.x1


def test_letters_that_the_font_lacks_are_no_warning(tmp_path: Path, make_cases: Make, card: Card) -> None:
    (case,) = make_cases(1)
    case = replace(case, name="患者 😀", judgement=Judgement(note="影像"))
    write_report(tmp_path / "a.pdf", [case], [case], card, DAY, read)
    assert count_pages(tmp_path / "a.pdf") == 2


def test_a_heatmap_that_cannot_be_seen_is_said_to_be_weak(
    tmp_path: Path, make_cases: Make, card: Card, pages: list[tuple[list[str], int]]
) -> None:
    strong, weak = unlabelled(make_cases(2))
    assert weak.prediction is not None
    faint = replace(weak.prediction, activation_maps=weak.prediction.activation_maps * 0)
    weak = replace(weak, prediction=faint)
    for case in (strong, weak):
        write_report(tmp_path / "a.pdf", [case], [case], card, DAY, read)
    said = ["too weak to be seen" in " ".join(pages[place][0]) for place in (1, 3)]
    assert said == [False, True]


def test_a_contact_sheet_has_twenty_four_on_a_page(
    tmp_path: Path, make_cases: Make, card: Card, pages: list[tuple[list[str], int]]
) -> None:
    write_contact_sheet(tmp_path / "a.pdf", make_cases(30), card, DAY, read)
    assert count_pages(tmp_path / "a.pdf") == 2
    assert [axes for _, axes in pages] == [24, 6]
    assert all(NOTICE in texts for texts, _ in pages)
    assert "Case 30" in pages[1][0]


def test_what_is_given_up_is_not_there(tmp_path: Path, make_cases: Make, card: Card) -> None:
    class GivenUpError(Exception):
        pass

    def progress(done: int, total: int) -> None:
        if done == 2:
            raise GivenUpError

    with pytest.raises(GivenUpError):
        write_report(
            tmp_path / "a.pdf", unlabelled(make_cases(9)), make_cases(9), card, DAY, read, progress=progress
        )
    assert list(tmp_path.iterdir()) == []


def test_calls_are_counted_and_measured(make_cases: Make, card: Card) -> None:
    cases = make_cases(40)
    summary = summarise(cases, card)
    assert (summary.images, summary.scored, summary.refused) == (40, 36, 4)
    assert summary.labelled == summary.judged == 40
    assert summary.key_images == 8
    assert summary.reader is not None
    assert summary.reader.measures["accuracy"].value == 1
    assert summary.model is not None
    assert summary.model.images == 36
    assert summary.evaluation is not None
    wrong = sum(case.is_error for case in cases)
    assert summary.both - summary.agreeing == wrong
    assert summary.model.measures["accuracy"].value == pytest.approx(1 - wrong / 36)


def test_unsure_calls_are_in_no_figure(make_cases: Make, card: Card) -> None:
    cases = [replace(case, judgement=Judgement("unsure")) for case in make_cases(8)]
    summary = summarise(cases, card)
    assert summary.judged == 8
    assert summary.reader is None
    assert summary.both == 0


def test_text_is_broken_between_words_and_long_words_within(make_cases: Make) -> None:
    assert wrap("one two", 9, 10) == ["one two"]
    assert wrap("one\ntwo", 9, 10) == ["one", "two"]
    lines = wrap("word " * 50, 2, 10)
    assert len(lines) > 3
    assert " ".join(lines).split() == ["word"] * 50
    pieces = wrap("x" * 300, 2, 10)
    assert "".join(pieces) == "x" * 300
    assert len(pieces) > 5
    assert wrap("word " * 50, 2, 10, 2)[1].endswith("\N{HORIZONTAL ELLIPSIS}")


def test_scores_on_request_are_in_no_figure_and_counted_apart(
    tmp_path: Path, make_cases: Make, card: Card, pages: list[tuple[list[str], int]]
) -> None:
    cases = make_cases(8)
    before = summarise(cases, card)
    odd = cases[0]
    assert odd.prediction is not None
    refusal = "The image is blank or nearly so."
    asked = replace(odd.prediction, refusal=refusal)
    cases[0] = replace(odd, status="refused", reason=refusal, prediction=asked)
    after = summarise(cases, card)
    assert (after.scored, after.refused, after.requested) == (before.scored - 1, before.refused + 1, 1)
    assert before.model is not None
    assert after.model is not None
    assert after.model.images == before.model.images - 1
    assert after.both == before.both - 1
    assert not cases[0].is_error
    write_report(tmp_path / "a.pdf", unlabelled(cases), [], card, DAY, read)
    assert "7 scored, 1 refused (1 scored on request, in none of the figures)." in "\n".join(pages[0][0])


def test_a_report_on_patients_of_the_training_says_so(
    tmp_path: Path, make_cases: Make, card: Card, pages: list[tuple[list[str], int]]
) -> None:
    cases = make_cases(8)
    card = replace(card, seen_patients=(patient_mark(cases[0].patient),))
    count = sum(case.patient == cases[0].patient and case.truth is not None for case in cases)
    assert summarise(cases, card).seen == count > 0
    write_report(tmp_path / "a.pdf", cases, [], card, DAY, read)
    assert f"{count} of them are of patients that the model was trained on" in " ".join(pages[0][0])
