"""Model and reader against the truth: figures, clickable calls, charts, and the movable operating point."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QToolButton

import deeppneumo_gui.measures.confusion as confusion_module
from core.dataset import patient_mark, patient_of
from core.store.judgement import Judgement
from core.truth.truth import Truth
from deeppneumo_gui.actions import ActionId
from deeppneumo_gui.cases import Case, CaseState
from deeppneumo_gui.judging.agreement import model_errs
from deeppneumo_gui.judging.filters import Caller, Cell
from deeppneumo_gui.measures.canvas import ChartCanvas
from deeppneumo_gui.measures.charts import CHARTS
from deeppneumo_gui.measures.following import MOST_AT_ONCE, Following
from deeppneumo_gui.measures.labelled import gather
from deeppneumo_gui.measures.review import measure, model_calls
from deeppneumo_gui.measures.view import MeasuresView
from deeppneumo_gui.measures.words import NO_CASES, NO_LABELS, NOTHING_CALLED, basis_words
from deeppneumo_gui.window import MainWindow
from deeppneumo_gui.worklist.filters import CaseFilter
from deeppneumo_gui.worklist.model import WorklistModel
from tests.gui.conftest import case_named
from tests.gui.fakes import Fakes, make_prediction
from tests.gui.test_access import nameless, reached_by_tab

Open = Callable[..., MainWindow]
SCORES = {"n1": 0.1, "n2": 0.2, "n3": 0.7, "p1": 0.3, "p2": 0.65, "p3": 0.9}
"""Of three normal images and three pneumonias; the model calls from 0.6 on: one false alarm, one missed."""


def label(window: MainWindow) -> None:
    worklist = window.session.worklist
    for case in worklist.cases():
        word = {"n": "normal", "p": "viral"}.get(case.name[0])
        if word:
            worklist.replace(replace(case, truth=Truth.from_word(word, "folder")))


@pytest.fixture
def window6(open_files: Open, fakes: Fakes) -> MainWindow:
    fakes.scores.update(SCORES)
    window = open_files(*SCORES, "x")
    label(window)
    return window


def show(window: MainWindow, qtbot: Any) -> MeasuresView:
    window.actions_by_id[ActionId.MEASURES].trigger()
    settle(window, qtbot)
    view = window.measures.view
    assert view is not None
    return view


def test_what_stands_in_a_cell_is_not_cut_whatever_the_font(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = QFont()
    wide.setStretch(QFont.Stretch.UltraExpanded)
    monkeypatch.setattr(confusion_module, "numerals", lambda font: wide)
    view = MeasuresView()
    qtbot.addWidget(view)
    view.resize(1200, 300)
    view.show()
    for grid in view.grids.values():
        for cell, button in grid.buttons.items():
            assert QFontMetrics(button.font()).horizontalAdvance(cell.meaning) < button.width() - 8


def settle(window: MainWindow, qtbot: Any, act: Callable[[], object] = lambda: None) -> None:
    """Do something and wait for the figures that follow."""
    with qtbot.waitSignal(window.measures.computing.measured, check_params_cb=lambda review: review.complete):
        act()


def listed(window: MainWindow) -> list[str]:
    return [case.name for case in window.worklist.proxy.cases()]


def cells(view: MeasuresView, caller: Caller = Caller.MODEL) -> list[str]:
    return [button.text().split("\n")[0] for button in view.grids[caller].buttons.values()]


def value(view: MeasuresView, key: str, who: str = "model") -> str:
    return view.numbers.values[who, key].text()


def press(window: MainWindow, view: MeasuresView, cell: Cell, qtbot: Any) -> None:
    qtbot.mouseClick(view.grids[cell.caller].buttons[cell], Qt.MouseButton.LeftButton)


def test_matplotlib_waits_until_the_measures_are_shown() -> None:
    code = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
import tempfile
from pathlib import Path
from deeppneumo_gui.app import create_application, create_window
from deeppneumo_gui.actions import ActionId
app = create_application()
window = create_window(Path(tempfile.mkdtemp()) / "settings.ini")
window.show()
app.processEvents()
assert "matplotlib" not in sys.modules, "at the start"
window.actions_by_id[ActionId.MEASURES].trigger()
app.processEvents()
assert "matplotlib" in sys.modules
window.close()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_figures_of_the_labelled_part(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    assert cells(view) == ["2", "1", "1", "2"]
    assert value(view, "sensitivity").startswith("66.7")
    # 4 of the 9 pairs of a pneumonia and a normal image: 0.3 > 0.1, 0.2; 0.65 > both; 0.9 > all three.
    assert value(view, "auroc").startswith("0.778")
    assert value(view, "sensitivity", "reader") == "\N{EN DASH}"
    assert (
        "6 labelled images (3 pneumonia, 3 normal); 1 without truth left out"
        in window6.measures.dock.windowTitle()
    )
    assert "Wilson" in window6.measures.dock.windowTitle()


def test_the_reader_stands_beside_the_model(window6: MainWindow, qtbot: Any) -> None:
    calls = {"n1": "normal", "n2": "pneumonia", "p1": "pneumonia", "p2": "pneumonia", "p3": "unsure"}
    for name, call in calls.items():
        window6.session.judge(case_named(window6, name).case_id, 0, Judgement(call))
    view = show(window6, qtbot)
    assert cells(view, Caller.READER) == ["2", "0", "1", "1"]
    assert value(view, "specificity", "reader").startswith("50.0")
    assert "1 unsure left out" in window6.measures.dock.windowTitle()


def test_a_cell_lists_its_images_and_the_figures_stay(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    missed = Cell(Caller.MODEL, "pneumonia", "normal")
    settle(window6, qtbot, lambda: press(window6, view, missed, qtbot))
    assert (listed(window6), cells(view)) == (["p1"], ["2", "1", "1", "2"])
    # Whoever asks for images by their truth sees it.
    assert window6.session.identities.truth_shown
    chip = window6.worklist.filters.review.cell_button
    assert (chip.isVisible(), chip.text()) == (True, "Model: missed")
    settle(window6, qtbot, lambda: qtbot.mouseClick(chip, Qt.MouseButton.LeftButton))
    assert len(listed(window6)) == 7
    assert not view.grids[Caller.MODEL].buttons[missed].isChecked()
    press(window6, view, missed, qtbot)
    press(window6, view, missed, qtbot)
    assert len(listed(window6)) == 7


def test_hiding_the_truth_gives_the_whole_list_back(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    press(window6, view, Cell(Caller.MODEL, "normal", "pneumonia"), qtbot)
    assert listed(window6) == ["n3"]
    window6.actions_by_id[ActionId.SHOW_TRUTH].trigger()
    assert (len(listed(window6)), window6.worklist.filters.wanted) == (7, CaseFilter())


def test_filters_narrow_what_is_measured(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    settle(window6, qtbot, lambda: window6.worklist.filter.setText("p"))
    assert cells(view) == ["2", "1", "0", "0"]
    settle(window6, qtbot, lambda: window6.worklist.filter.setText("x"))
    assert (view.empty.isVisible(), view.empty.text()) == (True, NO_LABELS)
    settle(window6, qtbot, lambda: window6.worklist.filter.setText("zzz"))
    assert (view.empty.isVisible(), view.empty.text()) == (True, NO_CASES)


def test_labels_without_scores_or_calls_say_so(open_files: Open, qtbot: Any) -> None:
    window = open_files("broken_n", "y")
    case = case_named(window, "broken_n")
    window.session.worklist.replace(replace(case, truth=Truth.from_word("normal", "folder")))
    window.worklist.filter.setText("broken")
    view = show(window, qtbot)
    assert (view.empty.isVisible(), view.empty.text()) == (True, NOTHING_CALLED)
    assert cells(view) == ["\N{EN DASH}"] * 4


def drag(view: MeasuresView, qtbot: Any, rates: tuple[float, float], *, drop: bool = True) -> None:
    chart: ChartCanvas = view.charts["roc"]
    QApplication.processEvents()
    chart.draw()
    axes, ratio = chart.figure.axes[0], chart.device_pixel_ratio

    def place(x: float, y: float) -> QPoint:
        across, up = axes.transData.transform((x, y))
        return QPoint(round(across / ratio), round(chart.height() - up / ratio))

    qtbot.mousePress(chart, Qt.MouseButton.LeftButton, pos=place(0.5, 0.5))
    qtbot.mouseMove(chart, place(*rates))
    if drop:
        qtbot.mouseRelease(chart, Qt.MouseButton.LeftButton, pos=place(*rates))


def test_the_operating_point_is_dragged_and_calls_follow(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    # All pneumonias found at the price of one false alarm: from 0.3 on.
    settle(window6, qtbot, lambda: drag(view, qtbot, (1 / 3, 1.0)))
    assert window6.measures.point.threshold == pytest.approx(0.3, abs=1e-6)
    assert [case.call for case in window6.session.worklist.cases()[3:6]] == ["pneumonia"] * 3
    assert cells(view) == ["3", "0", "1", "2"]
    window6.worklist.choose(case_named(window6, "p1"))
    assert window6.result.point.words.text().startswith("Operating point 0.30 (yours)")
    settle(window6, qtbot, window6.actions_by_id[ActionId.UNDO].trigger)
    assert case_named(window6, "p1").call == "normal"
    assert window6.result.point.words.text().startswith("Operating point 0.60 (balanced)")
    settle(window6, qtbot, window6.actions_by_id[ActionId.REDO].trigger)
    settle(window6, qtbot, lambda: qtbot.mouseClick(view.numbers.reset_button, Qt.MouseButton.LeftButton))
    assert (window6.measures.point.threshold, cells(view)) == (0.6, ["2", "1", "1", "2"])
    assert not view.numbers.reset_button.isEnabled()


def test_figures_follow_while_the_point_is_dragged(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    drag(view, qtbot, (0.0, 1 / 3), drop=False)
    assert cells(view) == ["1", "2", "0", "3"]
    assert view.numbers.point.value() == pytest.approx(0.9, abs=1e-3)
    assert case_named(window6, "p2").call == "pneumonia"


def test_calls_in_the_list_follow_while_the_point_is_dragged(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    window6.worklist.choose(case_named(window6, "p2"))
    drag(view, qtbot, (0.0, 1 / 3), drop=False)
    qtbot.waitUntil(lambda: case_named(window6, "p2").call == "normal")
    calls = {case.name: case.call for case in window6.session.worklist.cases()}
    assert [name for name, call in calls.items() if call == "pneumonia"] == ["p3"]
    assert window6.result.point.words.text().startswith("Operating point 0.90 (yours)")
    # Nothing is decided yet.
    assert (window6.measures.point.threshold, window6.history.stack.canUndo()) == (0.6, False)
    assert cells(view) == ["1", "2", "0", "3"]


def test_a_point_let_go_where_it_was_taken_up_changes_nothing(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    point = window6.measures.point
    review = window6.measures.review
    assert review is not None
    point.preview(0.9, model_calls(review.labelled, 0.9))
    qtbot.waitUntil(lambda: case_named(window6, "p2").call == "normal")
    settle(window6, qtbot, lambda: view.point_moved.emit(0.6))
    assert [case_named(window6, name).call for name in ("n3", "p2")] == ["pneumonia"] * 2
    assert not window6.history.stack.canUndo()


def test_a_leap_across_many_scores_takes_several_steps(qapp: QApplication, qtbot: Any) -> None:
    worklist = WorklistModel()
    count = 2 * MOST_AT_ONCE + 10
    worklist.append(Path(f"/x/{number}.png") for number in range(count))
    worklist.replace_all(
        [
            replace(case, prediction=make_prediction((number + 1) / (count + 2)), state=CaseState.SCORED)
            for number, case in enumerate(worklist.cases())
        ]
    )
    following = Following(worklist, worklist)
    changed: list[int] = []
    worklist.replaced.connect(lambda rows: changed.append(len(rows)))

    def sick() -> int:
        return sum(case.call == "pneumonia" for case in worklist.cases())

    following.follow(0.0, 1.0)
    qtbot.waitUntil(lambda: sick() == count)
    assert changed == [MOST_AT_ONCE, MOST_AT_ONCE, 10]
    # On the way back only what the point passes is touched.
    following.follow(0.5, 1.0)
    following.follow(0.01, 1.0)
    expected = sum(case.score is not None and case.score >= 0.01 for case in worklist.cases())
    qtbot.waitUntil(lambda: sick() == expected)
    assert changed[3:] == [count - expected]
    following.stop()


def test_scores_on_request_are_counted_apart(window6: MainWindow, qtbot: Any) -> None:
    worklist = window6.session.worklist
    refusal = "The image is blank or nearly so."
    case = case_named(window6, "p1")
    assert case.prediction is not None
    asked = replace(case.prediction, refusal=refusal)
    worklist.replace(replace(case, state=CaseState.REFUSED, prediction=asked, reason=refusal, asked=True))
    view = show(window6, qtbot)
    assert cells(view) == ["2", "0", "1", "2"]
    assert "1 without truth, 1 refused and scored on request left out" in window6.measures.dock.windowTitle()
    missed = Cell(Caller.MODEL, "pneumonia", "normal")
    assert not missed.holds(case_named(window6, "p1"))
    assert not model_errs(case_named(window6, "p1"))


def test_the_point_can_be_typed(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    settle(window6, qtbot, lambda: view.numbers.point.setValue(0.25))
    assert cells(view) == ["3", "0", "1", "2"]


def test_scores_that_come_later_are_called_at_the_moved_point(
    window6: MainWindow, fakes: Fakes, qtbot: Any
) -> None:
    view = show(window6, qtbot)
    settle(window6, qtbot, lambda: view.numbers.point.setValue(0.25))
    fakes.scores["late"] = 0.3
    told: list[str | None] = []
    window6.session.case_changed.connect(lambda case: told.append(case.call))
    with qtbot.waitSignal(window6.session.cases_opened):
        window6.session.open_paths([Path("/private/smith/late")])
    qtbot.waitUntil(lambda: case_named(window6, "late").state.is_final)
    assert (case_named(window6, "late").call, told[-1]) == ("pneumonia", "pneumonia")
    window6.actions_by_id[ActionId.UNDO].trigger()
    assert case_named(window6, "late").call == "normal"


def test_another_model_has_its_own_point(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    settle(window6, qtbot, lambda: view.numbers.point.setValue(0.25))
    with qtbot.waitSignal(window6.session.engine_ready):
        window6.session.open_model(Path("/x/other.bundle"))
    assert (window6.measures.point.threshold, window6.measures.point.is_moved) == (0.6, False)
    qtbot.waitUntil(lambda: all(case.state.is_final for case in window6.session.worklist.cases()))
    assert {case.call for case in window6.session.worklist.cases()} == {"normal"}
    assert not window6.actions_by_id[ActionId.UNDO].isEnabled()


def test_predictive_values_at_another_prevalence(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    # Sensitivity and specificity are 2/3: at 20 %, 2/15 of 2/15 + 4/15.
    view.numbers.prevalence.setValue(20)
    assert value(view, "ppv_at").startswith("33.3")
    assert value(view, "npv_at").startswith("88.9")
    assert "(" in value(view, "ppv_at")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_charts_are_copied_and_saved_in_the_theme(
    window6: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    window6.preferences.apply(replace(window6.preferences.current, theme=theme))
    view = show(window6, qtbot)
    for chart in view.charts.values():
        tool(view, f"Copy the chart: {chart.kind.title}").click()
        picture = QGuiApplication.clipboard().image()
        assert (picture.width(), picture.height()) == (1200, 1000)
        assert (picture.pixelColor(5, 5).lightness() > 127) is (theme == "light")
    for name, start in (("a.png", b"\x89PNG"), ("b.svg", b"<?xml")):
        monkeypatch.setattr("deeppneumo_gui.measures.view.ask_chart_file", lambda *_, n=name: tmp_path / n)
        tool(view, "Save the chart: ROC curve").click()
        assert (tmp_path / name).read_bytes().startswith(start)
        assert window6.message.words.text() == f"The chart was saved: {name}."
    monkeypatch.setattr("deeppneumo_gui.measures.view.ask_chart_file", lambda *_: tmp_path / "gone" / "c.png")
    tool(view, "Save the chart: ROC curve").click()
    assert window6.message.words.text() == "The chart could not be saved. The folder is no longer there."


def tool(view: MeasuresView, name: str) -> QToolButton:
    return next(button for button in view.tools if button.accessibleName() == name)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_calls_against_the_truth_are_copied_and_saved_like_charts(
    window6: MainWindow, qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, theme: str
) -> None:
    window6.preferences.apply(replace(window6.preferences.current, theme=theme))
    view = show(window6, qtbot)
    tool(view, "Copy the table: Model's calls").click()
    picture = QGuiApplication.clipboard().image()
    assert (picture.width(), picture.height()) == (1200, 1000)
    assert (picture.pixelColor(5, 5).lightness() > 127) is (theme == "light")
    assert window6.message.words.text() == "The table was copied: Model's calls."
    # Nothing was called by the reader yet.
    assert not tool(view, "Save the table: Your calls").isEnabled()
    monkeypatch.setattr("deeppneumo_gui.measures.view.ask_chart_file", lambda *_: tmp_path / "c.svg")
    drawn: list[str] = []
    text = Axes.text

    def noted(axes: Any, x: float, y: float, words: str, *more: Any, **style: Any) -> Any:
        drawn.append(words)
        return text(axes, x, y, words, *more, **style)

    monkeypatch.setattr(Axes, "text", noted)
    tool(view, "Save the table: Model's calls").click()
    # Row by row: normal called normal and pneumonia, then pneumonia.
    assert [words for words in drawn if words.isdigit()] == ["2", "1", "1", "2"]
    assert (tmp_path / "c.svg").read_bytes().startswith(b"<?xml")
    assert window6.message.words.text() == "The table was saved: c.svg."


def test_another_theme_redraws_the_charts(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    chart = view.charts["roc"]

    def ground() -> int:
        QApplication.processEvents()
        image: QImage = chart.grab().toImage()
        return image.pixelColor(2, 2).lightness()

    before = ground()
    window6.preferences.apply(replace(window6.preferences.current, theme="light"))
    assert before < 60 < 200 < ground()


def test_the_dock_is_remembered_and_closes_with_the_window(
    make_window: Callable[[], MainWindow], window6: MainWindow, qtbot: Any
) -> None:
    show(window6, qtbot)
    window6.close()
    again = make_window()
    qtbot.waitUntil(lambda: again.measures.view is not None)
    assert again.actions_by_id[ActionId.MEASURES].isChecked()
    again.actions_by_id[ActionId.MEASURES].trigger()
    assert not again.measures.dock.isVisible()


def many(names: Callable[[int], str]) -> list[Case]:
    predictions = [make_prediction((number + 1) / 102) for number in range(101)]
    return [
        Case(
            number,
            Path("/x") / names(number),
            state=CaseState.SCORED,
            prediction=predictions[number * 37 % 101],
            truth=Truth.from_word("viral" if number * 37 % 101 + number % 40 > 60 else "normal", "folder"),
        )
        for number in range(200)
    ]


def test_patients_are_resampled_where_file_names_tell_them() -> None:
    public = measure(gather(many(lambda number: f"person{number // 4}_virus_{number}.jpeg"), 0.6))
    assert public.model is not None
    assert public.model.patients == 50
    assert "2,000 resamples of 50 patients" in basis_words(public)
    other = measure(gather(many(lambda number: f"{number}.png"), 0.6))
    assert other.model is not None
    assert other.model.patients is None
    assert "Wilson" in basis_words(other)
    quick = measure(
        gather(many(lambda number: f"person{number // 4}_virus_{number}.jpeg"), 0.6), complete=False
    )
    assert "until the patients are resampled" in basis_words(quick)


def test_patients_that_the_model_was_trained_on_are_told_of() -> None:
    cases = many(lambda number: f"person{number // 4}_virus_{number}.jpeg")
    seen = {patient_mark(patient_of(cases[number].name)) for number in (0, 4)}
    words = basis_words(measure(gather(cases, 0.6, seen), complete=False))
    assert "8 are of patients the model was trained on or chosen by: it does worse on new ones." in words
    assert "trained on" not in basis_words(measure(gather(cases, 0.6), complete=False))


def test_the_arrays_say_what_the_cases_say() -> None:
    cases = [*many(str), Case(999, Path("/x/none"), truth=Truth.from_word("normal", "table"))]
    labelled = gather(cases, 0.6)
    expected = [np.nan if case.score is None else case.score for case in cases]
    np.testing.assert_array_equal(labelled.score, expected)
    assert (len(labelled.positive), int(labelled.scored.sum())) == (201, 200)


def test_everything_in_the_dock_is_named_and_reached_by_tab(window6: MainWindow, qtbot: Any) -> None:
    view = show(window6, qtbot)
    assert nameless(view) == []
    window6.view.setFocus()
    reached = set(reached_by_tab(window6.view))
    assert {widget for widget in view.controls if widget.isEnabled()} <= reached
    assert {view.charts[key].accessibleDescription() for key in view.charts} == {
        kind.meaning for kind in CHARTS
    }


def test_nothing_overlaps_in_a_low_window(window6: MainWindow, qtbot: Any) -> None:
    show(window6, qtbot)
    window6.actions_by_id[ActionId.SHOW_TRUTH].trigger()
    window6.worklist.filters.button.setChecked(True)
    window6.resize(1000, 640)
    for _ in range(6):
        QApplication.processEvents()
    assert window6.height() == 640
    below = window6.worklist.mapTo(window6, window6.worklist.rect().bottomLeft()).y()
    assert below < window6.measures.dock.geometry().top()
    assert window6.worklist.view.height() > 60


def test_scores_that_never_overlap_have_no_interval_of_width_zero() -> None:
    cases = many(lambda number: f"person{number // 4}_virus_{number}.jpeg")
    apart = [
        replace(case, truth=Truth.from_word("viral" if (case.score or 0.0) > 0.5 else "normal", "folder"))
        for case in cases
    ]
    review = measure(gather(apart, 0.5))
    assert (review.auroc.value, review.auroc.low) == (1.0, None)
    assert review.model is not None
    sensitivity = review.model.measures["sensitivity"]
    assert sensitivity.value == 1.0
    assert sensitivity.low is not None
    assert 0.9 < sensitivity.low < 1.0
    assert "Wilson where all agree" in basis_words(review)
