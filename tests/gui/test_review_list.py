"""What the worklist tells of a review: marks, filters, orders, and nothing of the truth unasked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from core.store.judgement import Judgement
from core.truth.truth import Truth
from deeppneumo_gui.cases import Case
from deeppneumo_gui.judging.agreement import Difference, Reading
from deeppneumo_gui.judging.filters import ReviewFilter
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist.filters import CaseFilter
from deeppneumo_gui.worklist.marks import marks_of
from deeppneumo_gui.worklist.model import Role
from deeppneumo_gui.worklist.proxy import SortKey
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes

Open = Callable[..., MainWindow]


@pytest.fixture
def reviewed(open_files: Open, fakes: Fakes) -> MainWindow:
    """Scores 0.1 to 0.9; the model calls pneumonia from 0.6 on."""
    fakes.scores.update({"a": 0.1, "b": 0.3, "c": 0.7, "d": 0.9, "e": 0.95})
    window = open_files("a", "b", "c", "d", "e")
    calls = {"a": Judgement("pneumonia", "viral"), "b": Judgement("normal", note="Rotated?", key_image=True)}
    calls |= {"c": Judgement("normal", tags=("Hilum",)), "d": Judgement("unsure")}
    for name, judgement in calls.items():
        window.session.judge(case_named(window, name).case_id, 0, judgement)
    truths = {"a": "bacterial", "b": "viral", "c": "normal", "d": "pneumonia"}
    worklist = window.session.worklist
    for name, word in truths.items():
        worklist.replace(replace(case_named(window, name), truth=Truth.from_word(word, "folder")))
    return window


def listed(window: MainWindow) -> str:
    return "".join(case.name for case in window.worklist.proxy.cases())


def spoken(window: MainWindow, name: str) -> str:
    words = window.session.worklist.index_of(case_named(window, name).case_id).data(
        Qt.ItemDataRole.AccessibleTextRole
    )
    assert isinstance(words, str)
    return words


def pick(window: MainWindow, value: Reading | Difference | str) -> str:
    review = window.worklist.filters.review
    fields = {Reading: review.reading, Difference: review.difference, str: review.truth}
    field = fields[type(value)]
    field.setCurrentIndex(field.findData(value))
    names = listed(window)
    field.setCurrentIndex(0)
    return names


@pytest.mark.parametrize(
    ("reading", "names"),
    [
        (Reading.UNREVIEWED, "e"),
        (Reading.REVIEWED, "abcd"),
        (Reading.PNEUMONIA, "a"),
        (Reading.NORMAL, "bc"),
        (Reading.UNSURE, "d"),
        (Reading.KEY_IMAGE, "b"),
        (Reading.NOTED, "bc"),
    ],
)
def test_by_reading(reviewed: MainWindow, reading: Reading, names: str) -> None:
    assert pick(reviewed, reading) == names


def test_by_who_differs(reviewed: MainWindow) -> None:
    assert pick(reviewed, Difference.READER_MODEL) == "ac"
    reviewed.session.identities.show_truth(True)
    assert pick(reviewed, Difference.MODEL_TRUTH) == "abc"
    assert pick(reviewed, Difference.READER_TRUTH) == "b"
    assert pick(reviewed, "normal") == "c"
    assert pick(reviewed, "pneumonia") == "abd"
    assert pick(reviewed, "unknown") == "e"


def test_text_finds_notes_and_tags(reviewed: MainWindow) -> None:
    for text, names in (("rotat", "b"), ("hilum", "c"), ("zzz", "")):
        reviewed.worklist.filter.setText(text)
        assert listed(reviewed) == names


def test_clearing_the_filters_clears_these_too(reviewed: MainWindow) -> None:
    filters = reviewed.worklist.filters
    filters.review.set_wanted(ReviewFilter(Reading.UNSURE, Difference.READER_MODEL))
    assert listed(reviewed) == ""
    filters.clear()
    assert (listed(reviewed), filters.wanted) == ("abcde", CaseFilter())


@pytest.mark.parametrize(
    ("key", "names"),
    [
        # Pneumonia, unsure, normal, none; contradictions before agreement.
        (SortKey.READER, "adcbe"),
        # The model is 0.9 away from the reader on a, 0.7 on c; then agreement.
        (SortKey.DIFFERENCE, "acbde"),
        # 0.9 away from the truth on a, 0.7 on b and c; then the right ones; the unlabelled last.
        (SortKey.ERROR, "abcde"),
        # Wrong on b, unsure of d, right on a and c.
        (SortKey.MISTAKE, "bdace"),
    ],
)
def test_orders(reviewed: MainWindow, key: SortKey, names: str) -> None:
    reviewed.session.identities.show_truth(True)
    order = reviewed.worklist.order
    order.setCurrentIndex(order.findData(key))
    assert listed(reviewed) == names


def test_the_truth_is_nowhere_until_asked_for(reviewed: MainWindow) -> None:
    panel, identities = reviewed.worklist, reviewed.session.identities
    review = panel.filters.review
    index = reviewed.session.worklist.index(0)

    def offered() -> tuple[bool, ...]:
        difference = review.difference.findData(Difference.MODEL_TRUTH) >= 0
        orders = (panel.order.findData(key) >= 0 for key in (SortKey.ERROR, SortKey.MISTAKE))
        return not review.truth.isHidden(), difference, *orders

    assert offered() == (False,) * 4
    assert "truth" not in spoken(reviewed, "a")
    assert index.data(Role.TRUTH) is None
    before = panel.view.grab().toImage()
    identities.show_truth(True)
    assert offered() == (True,) * 4
    assert spoken(reviewed, "a").endswith("truth bacterial")
    assert index.data(Role.TRUTH) == Truth("pneumonia", "bacterial", "folder")
    assert panel.view.grab().toImage() != before


def test_hiding_the_truth_ends_what_it_had_arranged(reviewed: MainWindow) -> None:
    panel, identities = reviewed.worklist, reviewed.session.identities
    identities.show_truth(True)
    panel.order.setCurrentIndex(panel.order.findData(SortKey.ERROR))
    panel.filters.review.set_wanted(ReviewFilter(Reading.REVIEWED, Difference.MODEL_TRUTH, "normal"))
    assert listed(reviewed) == "c"
    identities.show_truth(False)
    assert listed(reviewed) == "abcd"
    assert panel.filters.wanted.review == ReviewFilter(Reading.REVIEWED)
    assert panel.order.currentData() is SortKey.OPENED


def test_marks_tell_by_more_than_colour(reviewed: MainWindow) -> None:
    def marks(name: str) -> list[tuple[str, bool]]:
        case: Case = case_named(reviewed, name)
        return marks_of(case, case.truth)

    assert marks("a") == [("V \N{NOT EQUAL TO}", True), ("T \N{NOT EQUAL TO} B", True)]
    assert marks("b") == [("N", False), ("T \N{NOT EQUAL TO} V", True)]
    assert marks("d") == [("U", False), ("T P", False)]
    assert marks("e") == []
    assert "your call pneumonia (viral), which differs from the model's" in spoken(reviewed, "a")


def test_no_call_is_held_against_a_model_that_refused(reviewed: MainWindow) -> None:
    case = case_named(reviewed, "b")
    assert case.prediction is not None
    asked = replace(case, prediction=replace(case.prediction, refusal="The image is blank."))
    assert marks_of(asked, asked.truth) == [("N", False), ("T V", False)]


def test_a_case_moves_when_it_is_judged(reviewed: MainWindow) -> None:
    review = reviewed.worklist.filters.review
    review.set_wanted(ReviewFilter(Reading.UNREVIEWED))
    assert listed(reviewed) == "e"
    reviewed.session.judge(case_named(reviewed, "e").case_id, 0, Judgement("normal"))
    assert listed(reviewed) == ""
    review.set_wanted(ReviewFilter(difference=Difference.READER_MODEL))
    assert listed(reviewed) == "ace"
