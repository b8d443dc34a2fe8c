"""What the window says of uncertain, unknown and refused images, and scoring these on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from core.conformal import Conformal
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.certainty import NO_CLASS, Certainty, set_tip, set_words
from deeppneumo_gui.export.results import result_rows
from deeppneumo_gui.export.view_picture import Pane, picture_lines
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist.certainty_glyph import draw_certainty
from deeppneumo_gui.worklist.delegate import second_line
from deeppneumo_gui.worklist.proxy import SortKey
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import ROTATED, UNKNOWN, Fakes, make_prediction
from tests.helpers.tiny_model import make_card

Open = Callable[..., MainWindow]
SETS = Conformal(0.9, (0.4, 0.25, 0.25), (40, 30, 20))
"""With the scores that the tests give: 0.8 is pneumonia of both kinds, 0.55 all three classes."""


@pytest.fixture
def with_sets(fakes: Fakes) -> Fakes:
    fakes.card = make_card(conformal=SETS)
    return fakes


def listed(window: MainWindow) -> list[str]:
    return [case.name for case in window.worklist.proxy.cases()]


def choose(window: MainWindow, name: str, qtbot: Any) -> None:
    window.worklist.choose(case_named(window, name))
    qtbot.waitUntil(lambda: window.view.settled)


# Uncertain


@pytest.mark.parametrize(
    ("names", "kinds", "words"),
    [
        (("normal", "viral"), True, "Normal or viral"),
        (("normal", "viral"), False, "Normal or pneumonia"),
        (("bacterial", "viral"), False, "Pneumonia"),
        (("bacterial", "viral"), True, "Bacterial or viral"),
        (("normal", "pneumonia"), True, "Normal or pneumonia"),
        ((), True, NO_CLASS),
    ],
)
def test_a_set_in_words(names: tuple[str, ...], kinds: bool, words: str) -> None:
    assert set_words(names, kinds=kinds) == words


def test_an_uncertain_image_says_so_with_its_set(open_files: Open, with_sets: Fakes) -> None:
    with_sets.scores["a.png"] = 0.55
    panel = open_files("a.png").result
    assert panel.badge.text() == "uncertain"
    assert not panel.badge.isHidden()
    assert panel.prediction_set.words.text() == "Prediction set: Normal or pneumonia"
    assert "90" in panel.prediction_set.toolTip()
    assert panel.prediction_set.accessibleDescription() == panel.prediction_set.toolTip()
    panel.classes.button.setChecked(True)
    assert panel.prediction_set.words.text() == "Prediction set: Normal or bacterial or viral"
    assert "Prediction set: Normal or bacterial or viral" in panel.result_text().splitlines()


def test_a_certain_image_has_its_set_only_with_the_class_scores(open_files: Open, with_sets: Fakes) -> None:
    panel = open_files("a.png").result
    assert panel.badge.isHidden()
    assert panel.prediction_set.isHidden()
    assert "Prediction set" not in panel.result_text()
    panel.classes.button.setChecked(True)
    assert panel.prediction_set.words.text() == "Prediction set: Bacterial or viral"


def test_an_empty_set_is_uncertain_far_from_the_operating_points_too(open_files: Open, fakes: Fakes) -> None:
    fakes.card = make_card(conformal=Conformal(0.9, (0.99, 0.6, 0.6), (40, 30, 20)))
    window = open_files("a.png")
    assert window.result.badge.text() == "uncertain"
    assert window.result.prediction_set.words.text() == f"Prediction set: {NO_CLASS}"
    assert second_line(case_named(window, "a.png")) == "uncertain: pneumonia"


def test_a_model_without_sets_says_nothing_of_them(open_files: Open, fakes: Fakes) -> None:
    fakes.scores["a.png"] = 0.55
    panel = open_files("a.png").result
    panel.classes.button.setChecked(True)
    assert panel.prediction_set.isHidden()
    assert panel.badge.text() == "uncertain"
    assert set_tip(fakes.card) == ""


def test_filter_order_and_words_of_the_list(open_files: Open, with_sets: Fakes) -> None:
    with_sets.scores.update({"sure.png": 0.97, "open.png": 0.55})
    window = open_files("sure.png", "open.png", "plain.png", "strange.png", "blank.png")
    filters = window.worklist.filters
    for certainty, names in (
        (Certainty.UNCERTAIN, ["open.png"]),
        (Certainty.OUTSIDE, ["strange.png"]),
        (Certainty.CERTAIN, ["sure.png", "plain.png"]),
    ):
        filters.certainty.setCurrentIndex(filters.certainty.findData(certainty))
        assert listed(window) == names
        assert not filters.clear_button.isHidden()
    filters.clear()
    assert len(listed(window)) == 5
    window.worklist.order_by(SortKey.CERTAINTY.name)
    assert listed(window) == ["strange.png", "open.png", "plain.png", "sure.png", "blank.png"]
    assert second_line(case_named(window, "open.png")) == "uncertain: normal"
    assert second_line(case_named(window, "strange.png")) == f"outside: {ROTATED}"
    describe = window.session.identities.describe
    assert "uncertain: normal and pneumonia are both" in describe(case_named(window, "open.png"))
    assert describe(case_named(window, "strange.png")).endswith("outside what the model knows")


def test_shapes_tell_uncertain_and_outside_from_all_other_states() -> None:
    def drawn(case: Case) -> QImage | None:
        image = QImage(20, 20, QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.black)
        painter = QPainter(image)
        done = draw_certainty(painter, QRectF(2, 2, 16, 16), case)
        painter.end()
        return image if done else None

    uncertain = make_prediction(0.5)
    strange = replace(make_prediction(0.9), familiarity=UNKNOWN, refusal=ROTATED)
    scored = Case(1, Path("a"), state=CaseState.SCORED, prediction=make_prediction(0.9))
    assert drawn(scored) is None
    assert drawn(Case(1, Path("a"), state=CaseState.REFUSED, reason="Blank.")) is None
    shapes = [
        drawn(replace(scored, prediction=uncertain)),
        drawn(Case(1, Path("a"), state=CaseState.REFUSED, reason=ROTATED, withheld=strange)),
        drawn(Case(1, Path("a"), state=CaseState.REFUSED, reason=ROTATED, prediction=strange)),
    ]
    for shape in shapes:
        assert shape is not None
        assert sum(shape == other for other in shapes) == 1


# Outside, and on request


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("strange.png", f"Outside what the model knows. {ROTATED}"),
        ("blank.png", "No score: the program refused this image. The image is blank or nearly so."),
    ],
)
def test_a_refused_image_has_no_score_unless_asked_for(
    open_files: Open, fakes: Fakes, qtbot: Any, name: str, words: str
) -> None:
    window = open_files(name)
    panel, case = window.result, case_named(window, name)
    assert case.state is CaseState.REFUSED
    assert (case.prediction, case.score_text, case.call) == (None, "", None)
    assert panel.statement.text() == words
    assert panel.number.text() == "\N{EN DASH}"
    assert panel.classes.isHidden() or not panel.classes.words
    assert "0.80" not in panel.result_text()
    assert (panel.ask.text(), panel.ask.isHidden()) == ("Score anyway", False)
    assert panel.ask in panel.controls
    panel.ask.click()
    qtbot.waitUntil(lambda: panel.number.text() == "0.80")
    case = case_named(window, name)
    assert case.state is CaseState.REFUSED
    assert panel.badge.text() == "scored on request"
    assert panel.statement.text().startswith("Scored on request although refused.")
    assert panel.statement.text().endswith(case.reason)
    assert panel.statement.text() in panel.result_text()
    assert second_line(case) == "on request: pneumonia"
    assert "on request although refused" in window.session.identities.describe(case)
    assert window.heatmap.strength.text().startswith("Strength 0.40")
    assert panel.ask.accessibleName() == "Hide score of this refused image"
    panel.ask.click()
    assert panel.number.text() == "\N{EN DASH}"
    assert panel.statement.text() == words
    assert case_named(window, name).prediction is None


def test_what_the_model_has_seen_is_not_scored_twice(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files("strange.png", "blank.png")
    assert fakes.scored == ["strange.png"]
    window.result.ask.click()
    assert window.result.number.text() == "0.80"
    choose(window, "blank.png", qtbot)
    for _ in range(3):
        window.result.ask.click()
        qtbot.waitUntil(lambda: finished(window))
    assert window.result.number.text() == "0.80"
    assert fakes.scored == ["strange.png", "blank.png"]


def test_a_score_on_request_comes_before_the_batch_and_leaves_the_window_free(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.scoring.hold(0)
    names = ("blank.png", "a.png", "b.png", "c.png")
    window = open_files(*names, wait=lambda: fakes.scoring.arrived == 1)
    qtbot.waitUntil(lambda: not window.result.ask.isHidden())
    window.result.ask.setFocus()
    window.result.ask.click()
    assert window.result.statement.text() == "Waiting to be scored."
    # It stays where the focus is, and takes the wish back.
    assert QApplication.focusWidget() is window.result.ask
    assert window.result.ask.text() == "Hide score"
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert fakes.scored == ["a.png", "blank.png", "b.png", "c.png"]
    assert window.result.number.text() == "0.80"


def test_a_wish_taken_back_while_the_score_is_under_way_shows_none(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    window = open_files("blank.png")
    fakes.scoring.hold()
    window.result.ask.click()
    qtbot.waitUntil(lambda: fakes.scoring.arrived == 1)
    window.result.ask.click()
    fakes.scoring.open()
    qtbot.waitUntil(lambda: finished(window))
    assert window.result.number.text() == "\N{EN DASH}"
    assert window.result.ask.text() == "Score anyway"


def test_the_wish_belongs_to_its_case(open_files: Open, qtbot: Any) -> None:
    window = open_files("blank-1.png", "blank-2.png")
    window.result.ask.click()
    qtbot.waitUntil(lambda: window.result.number.text() == "0.80")
    choose(window, "blank-2.png", qtbot)
    assert window.result.number.text() == "\N{EN DASH}"
    assert window.result.ask.text() == "Score anyway"
    choose(window, "blank-1.png", qtbot)
    assert window.result.number.text() == "0.80"


def test_the_wish_survives_another_model(open_files: Open, fakes: Fakes, qtbot: Any, tmp_path: Path) -> None:
    window = open_files("blank.png", "blank-2.png", "strange.png")
    window.result.ask.click()
    choose(window, "strange.png", qtbot)
    window.result.ask.click()
    qtbot.waitUntil(lambda: window.result.number.text() == "0.80")
    window.session.open_model(tmp_path / "other.bundle")
    qtbot.waitUntil(lambda: window.session.card is not None and window.session.card.name == "other")
    qtbot.waitUntil(lambda: finished(window))
    # The other model knows such images, so that there is nothing to be asked for.
    assert case_named(window, "strange.png").state is CaseState.SCORED
    assert window.result.ask.isHidden()
    assert window.result.badge.text() != "scored on request"
    asked, other = case_named(window, "blank.png"), case_named(window, "blank-2.png")
    assert (asked.state, asked.score_text) == (CaseState.REFUSED, "0.30")
    assert (other.state, other.score_text) == (CaseState.REFUSED, "")


def test_beside_another_case_the_heading_says_it_too(open_files: Open, qtbot: Any) -> None:
    window = open_files("strange.png", "a.png")
    window.result.ask.click()
    window.actions_by_id[ActionId.TWO_CASES].trigger()
    choose(window, "a.png", qtbot)
    heading = window.board.companion._text.heading
    assert "Model score 0.80, on request although refused" in heading


def test_another_frame_is_another_image(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files("frames.png")
    window.session._states.replace(replace(case_named(window, "frames.png"), asked=True))
    window.session.choose_frame(2)
    qtbot.waitUntil(lambda: finished(window))
    assert not case_named(window, "frames.png").asked


def test_an_image_that_the_model_failed_on_cannot_be_asked_for(open_files: Open) -> None:
    window = open_files("fail.png")
    assert case_named(window, "fail.png").state is CaseState.REFUSED
    assert window.result.ask.isHidden()


# Exports


def test_the_table_says_it_too(open_files: Open, with_sets: Fakes, qtbot: Any, tmp_path: Path) -> None:
    with_sets.scores["open.png"] = 0.55
    window = open_files("strange.png", "open.png", "blank.png")
    rows = {
        row.file: row for row in result_rows(window.session.worklist.cases(), window.session.identities, None)
    }
    assert (rows["strange.png"].status, rows["strange.png"].familiar) == ("refused", False)
    assert (rows["strange.png"].score, rows["blank.png"].familiar) == (None, None)
    assert rows["open.png"].prediction_set == ("normal", "bacterial", "viral")
    assert rows["open.png"].notes[0].startswith("Uncertain: normal and pneumonia are both")
    assert rows["open.png"].notes[-1] == "Note on open."
    assert rows["blank.png"].notes == ("Note on blank.",)
    window.result.ask.click()
    (asked, *_) = result_rows(window.session.worklist.cases(), window.session.identities, None)
    assert (asked.status, asked.familiar) == ("refused", False)
    assert asked.score == pytest.approx(0.8)
    assert asked.notes[0] == f"Scored on request although refused: {ROTATED}"


def test_a_picture_with_a_heatmap_on_request_says_it(open_files: Open) -> None:
    window = open_files("strange.png")
    style = window.heatmap.heatmap_style
    window.result.ask.click()
    case = window.session.current
    assert case is not None
    window.heatmap.set_visible(True)
    pane = Pane(window.view, None, case.prediction)
    assert f"Scored on request although refused: {ROTATED}" in picture_lines(
        [pane], window.session.card, style
    )
    # Without a heatmap there is nothing of the model in the picture.
    assert not any("on request" in line for line in picture_lines([pane], window.session.card, None))
