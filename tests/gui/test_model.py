"""The model behind the scores: changing it, its card, what is said of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import deeppneumo_gui.model.controller as controller_module
from core.notice import NOTICE
from core.version import VERSION
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import CaseState
from deeppneumo_gui.inference.errands import PREFIX
from deeppneumo_gui.inference.messages import Generation, ModelFailed, ModelReady, Outcome
from deeppneumo_gui.inference.queue import Arrival
from deeppneumo_gui.model.card_page import card_page
from deeppneumo_gui.model.dialogs import PageDialog
from deeppneumo_gui.model.figures import best_part, measured_parts
from deeppneumo_gui.reading_aid import read_score
from deeppneumo_gui.window import MainWindow
from tests.gui.conftest import case_named, finished
from tests.gui.fakes import Fakes, OtherModel, make_prediction, no_model
from tests.helpers.tiny_model import make_card

Open = Callable[..., MainWindow]


def measured(part: str, sensitivity: float = 0.96, **more: Any) -> dict[str, Any]:
    """What an export writes on the card for one part of the data."""
    return {
        part: {
            "images": 785,
            "patients": 280,
            "confidence": 0.95,
            "measures": {
                "sensitivity": {"title": "Sensitivity", "value": sensitivity, "interval": [0.94, 0.98]},
                "specificity": {"title": "Specificity", "value": 0.9, "interval": [0.85, 0.93]},
                "auroc": {"title": "AUROC", "value": 0.987, "interval": [0.98, 0.992]},
                **more,
            },
        }
    }


@pytest.fixture
def choose_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controller_module, "ask_bundle", lambda parent: Path("/private/other.bundle"))


def models(window: MainWindow) -> list[str | None]:
    cases = window.session.worklist.cases()
    return [None if case.prediction is None else case.prediction.model for case in cases]


def plain(text: str) -> str:
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{EN DASH}", "-")


@pytest.mark.usefixtures("choose_bundle")
def test_another_bundle_scores_everything_anew(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files("a", "b", "blank", "broken")
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: window.view.display is not None)
    display = window.view.display
    window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    assert window.side.model.text() == "Loading the model..."
    qtbot.waitUntil(lambda: models(window)[:2] == ["other 2.0"] * 2 and finished(window))
    assert fakes.loaded == [None, "other.bundle"]
    # The image on screen first, and without being shown anew: its window and zoom stay.
    assert fakes.rescored == ["b", "a"]
    assert window.view.display is display
    assert window.result.number.text() == "0.30"
    assert window.side.model.text() == "Model: other 2.0, 2026-11-23"
    assert window.message.words.text() == "The model is now other 2.0. Everything is scored anew."
    assert [case.state.value for case in window.session.worklist.cases()][2:] == ["refused", "unreadable"]
    window.actions_by_id[ActionId.BUNDLED_MODEL].trigger()
    qtbot.waitUntil(lambda: models(window)[:2] == ["tiny 1.0"] * 2)
    assert window.result.number.text() == "0.80"


@pytest.mark.usefixtures("choose_bundle")
def test_no_old_score_stays_while_the_new_ones_come(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files("a", "b")
    window.heatmap.set_visible(True)
    fakes.rescoring.hold()
    window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    qtbot.waitUntil(lambda: fakes.rescoring.arrived == 1)
    assert models(window) == [None, None]
    assert window.result.number.text() == "\N{EN DASH}"
    assert not window.view.overlay_shown
    assert window.session.progress.total == 2


def test_an_answer_of_the_old_model_is_not_shown(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files("a")
    case = case_named(window, "a")
    old = Outcome(case.case_id, CaseState.SCORED, make_prediction(0.99, fakes.card), generation=Generation(1))
    window.session._on_engine_ready(ModelReady(Generation(2), OtherModel(fakes).card))
    assert case_named(window, "a").prediction is None
    window.session.arrivals.show(old)
    assert case_named(window, "a").prediction is None
    assert window.result.number.text() == "\N{EN DASH}"


@pytest.mark.usefixtures("choose_bundle")
def test_a_model_that_comes_during_a_batch_takes_over(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    fakes.scoring.hold(1)
    window = open_files(*"abcd", wait=lambda: fakes.scoring.arrived == 2)
    window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    qtbot.waitUntil(lambda: fakes.loading.arrived == 2)
    # The old model goes on while the new one loads, and ends with the image in hand.
    qtbot.waitUntil(lambda: len(window.session._thread._queue._arrivals) == 1)
    fakes.scoring.open()
    qtbot.waitUntil(lambda: models(window) == ["other 2.0"] * 4)
    assert fakes.scored == ["a", "b"]
    assert not window.session.progress.running


@pytest.mark.usefixtures("choose_bundle")
def test_a_bundle_that_does_not_load_leaves_the_model_and_says_why(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    window = open_files("a")
    fakes.load_error = no_model()
    window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    qtbot.waitUntil(lambda: not window.message.isHidden())
    assert window.message.words.text() == "The model stays tiny 1.0. The file of the model is not there."
    assert window.side.model.text() == "Model: tiny 1.0, 2026-11-23"
    assert models(window) == ["tiny 1.0"]
    assert window.result.number.text() == "0.80"
    window.session.open_paths([Path("/private/smith/b")])
    qtbot.waitUntil(lambda: models(window) == ["tiny 1.0"] * 2)


@pytest.mark.usefixtures("choose_bundle")
def test_a_viewer_without_a_model_gets_one(
    open_files: Open, fakes: Fakes, window: MainWindow, qtbot: Any
) -> None:
    fakes.load_error = no_model()
    open_files("a", wait=lambda: window.view.display is not None)
    qtbot.waitUntil(lambda: window.session.failure is not None)
    assert not window.actions_by_id[ActionId.MODEL_CARD].isEnabled()
    fakes.load_error = None
    window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    qtbot.waitUntil(lambda: models(window) == ["other 2.0"])
    assert window.session.failure is None
    assert window.result.statement.isHidden()
    assert "no model scores" not in window.message.words.text()
    assert window.actions_by_id[ActionId.MODEL_CARD].isEnabled()


def test_images_are_shown_while_a_model_still_loads(
    window: MainWindow, open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    fakes.loading.hold()
    open_files("a", "b", wait=lambda: window.view.display is not None)
    assert window.result.statement.text() == "Waiting to be scored."
    window.worklist.choose(case_named(window, "b"))
    qtbot.waitUntil(lambda: window.view.display is not None)
    fakes.loading.open()
    qtbot.waitUntil(lambda: finished(window))
    assert fakes.scored == ["b", "a"]


@pytest.mark.usefixtures("choose_bundle")
def test_no_thread_stays_behind_a_loaded_model(open_files: Open, qtbot: Any) -> None:
    window = open_files("a")
    for _ in range(3):
        window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    qtbot.waitUntil(lambda: models(window) == ["other 2.0"])
    for thread in threading.enumerate():
        if thread.name == f"{PREFIX}model":
            thread.join(10)
            assert not thread.is_alive()


def test_a_model_that_comes_too_late_is_not_taken(open_files: Open, fakes: Fakes, qtbot: Any) -> None:
    window = open_files("a")
    thread = window.session._thread
    with qtbot.waitSignal(thread.engine_ready):
        thread._queue.deliver(Arrival(Generation(3), OtherModel(fakes)))
    thread._queue.deliver(Arrival(Generation(2), fakes))
    window.session.open_paths([Path("/private/smith/b")])
    qtbot.waitUntil(lambda: models(window) == ["other 2.0"] * 2)


@pytest.mark.usefixtures("choose_bundle")
def test_an_answer_older_than_the_newest_request_is_dropped(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    window = open_files("a")
    fakes.loading.hold()
    ready: list[str] = []
    refused: list[str] = []
    window.session.engine_ready.connect(lambda card: ready.append(card.title))
    window.session.model_refused.connect(refused.append)
    for _ in range(3):
        window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    queue = window.session._thread._queue
    queue.deliver(Arrival(Generation(2), fakes))
    queue.deliver(Arrival(Generation(3), None, "An old reason."))
    queue.deliver(Arrival(Generation(4), None, "The newest reason."))
    qtbot.waitUntil(lambda: bool(refused))
    assert (ready, refused) == ([], ["The newest reason."])
    window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    queue.deliver(Arrival(Generation(4), fakes))
    queue.deliver(Arrival(Generation(5), OtherModel(fakes)))
    qtbot.waitUntil(lambda: models(window) == ["other 2.0"])
    assert ready == ["other 2.0"]


@pytest.mark.usefixtures("choose_bundle")
def test_an_answer_on_its_way_while_another_model_is_asked_for(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    window = open_files("a")
    fakes.loading.hold()
    for _ in range(2):
        window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    window.session._on_engine_failed(ModelFailed(Generation(2), "An old reason."))
    assert "An old reason." not in window.message.words.text()
    window.session._on_engine_ready(ModelReady(Generation(2), OtherModel(fakes).card))
    assert window.side.model.text() == "Loading the model..."


@pytest.mark.usefixtures("choose_bundle")
def test_the_bundled_model_is_not_loaded_again_while_it_is_in_use(
    open_files: Open, fakes: Fakes, qtbot: Any
) -> None:
    window = open_files("a")
    bundled = window.actions_by_id[ActionId.BUNDLED_MODEL]
    bundled.trigger()
    assert window.message.words.text() == "The model is already tiny 1.0, which comes with the program."
    assert fakes.loaded == [None]
    assert models(window) == ["tiny 1.0"]
    # Another that was refused changes nothing.
    fakes.load_error = no_model()
    with qtbot.waitSignal(window.session.model_refused):
        window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    bundled.trigger()
    assert fakes.loaded == [None, "other.bundle"]
    # While another is on its way, this is a change of mind.
    fakes.load_error = None
    fakes.loading.hold()
    window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    qtbot.waitUntil(lambda: len(fakes.loaded) == 3)
    bundled.trigger()
    qtbot.waitUntil(lambda: fakes.loaded == [None, "other.bundle", "other.bundle", None])
    fakes.loading.open()
    qtbot.waitUntil(lambda: not window.session._models.loading)
    assert window.session.card == fakes.card
    window.actions_by_id[ActionId.OPEN_MODEL].trigger()
    qtbot.waitUntil(lambda: models(window) == ["other 2.0"])
    bundled.trigger()
    qtbot.waitUntil(lambda: models(window) == ["tiny 1.0"])


def test_the_card_can_be_read(
    window: MainWindow, open_files: Open, fakes: Fakes, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fakes.card = make_card(metrics=measured("validation") | measured("test"), content_hash="ab" * 32)
    open_files("a")
    window.result.card_button.click()
    (dialog,) = window.findChildren(PageDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    flags = dialog.page.textInteractionFlags()
    assert flags & Qt.TextInteractionFlag.TextSelectableByMouse
    assert flags & Qt.TextInteractionFlag.TextSelectableByKeyboard
    text = plain(dialog.page.toPlainText())
    for expected in (
        NOTICE,
        "tiny 1.0",
        "made by hand",
        "MIT",
        "tests",
        "Knows nothing.",
        "Measured on the test set",
        "785 images of 280 patients",
        "95 % interval",
        "94.0-98.0 %",
        "0.980-0.992",
        "balanced (in use)",
        "2.000",
        "ab" * 32,
    ):
        assert expected in text, expected
    # The test set comes before the set that the threshold was chosen on.
    assert text.index("test set") < text.index("validation set")
    dialog.page.selectAll()
    dialog.page.copy()
    assert "made by hand" in QGuiApplication.clipboard().text()
    dialog.close()
    QApplication.sendPostedEvents(None, 52)
    assert window.findChildren(PageDialog) == []
    window.actions_by_id[ActionId.MODEL_CARD].trigger()
    assert len(window.findChildren(PageDialog)) == 1


def test_nothing_on_a_card_becomes_markup() -> None:
    evil = '<img src="file:///etc/passwd">'
    page = card_page(
        make_card(provenance=evil, limits=(evil,), metrics={evil: {"measures": {evil: {"value": 1}}}})
    )
    assert "<img" not in page
    assert page.count("&lt;img") >= 3


@pytest.mark.parametrize(
    "metrics",
    [
        {},
        {"test": None},
        {"test": {"measures": 3}},
        {"test": {"measures": {"sensitivity": "high"}}},
        {"test": {"measures": {"sensitivity": {"value": "high"}, "specificity": {"value": [1]}}}},
        {"test": {"measures": {"sensitivity": {"value": True}}}},
        {"test": {"images": -1, "measures": {"auroc": {"value": 10**400, "interval": [1]}}}},
    ],
)
def test_figures_that_make_no_sense_are_left_out(metrics: dict[str, Any]) -> None:
    card = make_card(metrics=metrics)
    card_page(card)
    for part in measured_parts(card):
        assert all(figure.value == "\N{EN DASH}" for figure in part.figures)


def test_a_figure_without_a_value_says_why() -> None:
    undefined = {"value": None, "interval": None, "reason": "there is no pneumonia among the images"}
    (part,) = measured_parts(make_card(metrics=measured("test", recall=undefined)))
    figure = part.figure("recall")
    assert figure is not None
    assert (figure.value, figure.interval) == ("\N{EN DASH}", "there is no pneumonia among the images")


def test_the_operating_point_is_judged_on_the_test_set() -> None:
    card = make_card(metrics=measured("validation", 0.99) | measured("test"))
    words = plain(read_score(make_prediction(0.8, card), card).point_words)
    assert plain(read_score(make_prediction(0.8, card), card).point_summary) == (
        "Operating point 0.60 (balanced): sensitivity 96.0 %, specificity 90.0 % on the test set."
    )
    assert words == (
        "Operating point 0.60 (balanced). On the test set, 785 images of 280 patients: sensitivity 96.0 % "
        "(94.0-98.0 %), specificity 90.0 % (85.0-93.0 %)."
    )


def test_what_is_almost_certain_does_not_look_certain() -> None:
    auroc = {"value": 0.99989, "interval": [0.99965, 1.0]}
    (part,) = measured_parts(make_card(metrics=measured("test", auroc=auroc)))
    figure = part.figure("auroc")
    assert figure is not None
    assert (figure.value, plain(figure.interval)) == ("0.9999", "0.9997-1.0000")


def test_without_a_test_set_the_validation_set_is_named() -> None:
    card = make_card(metrics=measured("validation"))
    words = plain(read_score(make_prediction(0.8, card), card).point_words)
    assert "On the validation set, 785 images" in words
    assert "chosen on these images" in words


def test_a_part_without_both_figures_is_no_judge() -> None:
    assert best_part(make_card(metrics={"test": {"measures": {"auroc": {"value": 0.9}}}})) is None


def test_about_names_versions_and_the_notice(open_files: Open) -> None:
    window = open_files("a")
    window.actions_by_id[ActionId.ABOUT].trigger()
    (dialog,) = window.findChildren(PageDialog)
    text = dialog.page.toPlainText()
    for expected in (NOTICE, VERSION, "tiny 1.0", "PySide6", "onnxruntime", "Python"):
        assert expected in text, expected


def test_the_result_is_copied_as_text_without_names(open_files: Open, fakes: Fakes) -> None:
    window = open_files("smith.png", "blank-smith.png")
    window.actions_by_id[ActionId.COPY_RESULT].trigger()
    text = plain(QGuiApplication.clipboard().text())
    assert "Model score: 0.80" in text
    assert "Model call: pneumonia" in text
    assert "Operating point 0.60" in text
    assert "Model: tiny 1.0, 2026-11-23" in text
    assert text.endswith(NOTICE)
    assert "bacterial" not in text
    assert "/private" not in text
    window.result.classes.button.click()
    window.result.copy_button.click()
    assert "Class score, bacterial: 0.40" in QGuiApplication.clipboard().text()
    window.worklist.choose(case_named(window, "blank-smith.png"))
    window.result.copy_button.click()
    text = QGuiApplication.clipboard().text()
    assert "No score" in text
    assert "The image is blank or nearly so." in text
    assert "0.80" not in text


@pytest.mark.parametrize(("score", "doubt"), [(0.8, False), (0.45, True)])
def test_the_copied_text_does_without_the_scale(
    open_files: Open, fakes: Fakes, score: float, doubt: bool
) -> None:
    fakes.scores["a"] = score
    text = open_files("a").result.result_text()
    assert "Hatched" not in text
    sentence = "The score lies between the model's operating points, where the call is uncertain."
    assert (sentence in text) == doubt


def test_without_a_case_there_is_no_result_to_copy(window: MainWindow, open_files: Open) -> None:
    assert not window.actions_by_id[ActionId.COPY_RESULT].isEnabled()
    assert window.result.copy_button.isHidden()
    open_files("a")
    assert window.actions_by_id[ActionId.COPY_RESULT].isEnabled()
    assert window.result.copy_button.isVisible()
