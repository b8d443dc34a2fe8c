"""Looking back on a run: the figures, and each case with all that was said of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.colors import to_rgba
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea

from core.notice import NOTICE
from core.teaching.debrief import Debrief, make_debrief
from core.teaching.lesson import Lesson
from core.teaching.run import Run, RunError
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.teaching import debriefs_made
from deeppneumo_gui.teaching.debrief_case import CasePage
from deeppneumo_gui.teaching.debrief_list import ALL, TAUGHT
from deeppneumo_gui.teaching.debrief_window import DebriefWindow, open_debrief
from deeppneumo_gui.theme import DARK, LIGHT, apply_theme
from tests.core.teaching.test_debrief import READINGS, Reading, lesson, read
from tests.gui.fakes import Fakes, lesson_radiographs, no_model

Make = Callable[..., DebriefWindow]


@pytest.fixture
def make(
    qtbot: Any, fakes: Fakes, tmp_path: Path, no_qt_warnings: None, no_thread_left: None
) -> Iterator[Make]:
    windows: list[DebriefWindow] = []

    def make_(whole: Lesson | None = None, runs: Sequence[Run] | None = None) -> DebriefWindow:
        services = fakes.services()
        whole = whole or lesson()
        paths = {item.content: Path(f"/private/smith/{n}.png") for n, item in enumerate(whole.items)}
        settings = Settings(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
        told = [read(whole)] if runs is None else runs
        windows.append(open_debrief(services, settings, whole, told, lesson_radiographs(services, paths)))
        return windows[-1]

    yield make_
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def page_of(window: DebriefWindow) -> CasePage:
    assert window.case_page is not None
    return window.case_page


def overlay_shown(page: CasePage) -> bool:
    return page.view.overlay_shown


def open_first(window: DebriefWindow, qtbot: Any) -> CasePage:
    """Click the first case that is listed."""
    cases = window.overview.list.list
    where = cases.visualItemRect(cases.item(0)).center()
    qtbot.mouseClick(cases.viewport(), Qt.MouseButton.LeftButton, pos=where)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.case is not None and page.ahead.at(page.case.index).scored)
    return page


def test_figures_are_told_with_counts_and_intervals(make: Make) -> None:
    window = make()
    figures = window.overview.figures
    assert figures.values["sensitivity", "before"].text() == "50\N{NARROW NO-BREAK SPACE}%"
    assert (
        figures.details["sensitivity", "before"].text()
        == "2 of 4 (15\N{EN DASH}85\N{NARROW NO-BREAK SPACE}%)"
    )
    assert figures.details["accuracy", "model"].text().startswith("4 of 7")
    assert figures.details["place", "before"].text().startswith("1 of 2")
    assert figures.details["place", "before"].text().endswith("2 without mark")
    assert figures.values["place", "model"].text() == "100\N{NARROW NO-BREAK SPACE}%"
    assert NOTICE in [label.text() for label in window.findChildren(QLabel)]
    assert "8 cases are too few" in window.overview.notes.text()


def test_a_tile_lists_its_cases_and_gives_them_back(make: Make, qtbot: Any) -> None:
    window = make()
    overview = window.overview
    assert [tile.number.text() for tile in overview.tiles.values()] == ["1"] * 4
    assert [case.index for case in overview.list.cases] == [3, 2, 6, 1, 5]
    tile = overview.tiles["led astray"]
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert [case.index for case in overview.list.cases] == [3]
    qtbot.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert overview.list.choice.currentData() == TAUGHT
    overview.list.choose(ALL)
    assert len(overview.list.cases) == len(overview.list.list.findItems("Case", Qt.MatchFlag.MatchContains))
    assert len(overview.list.cases) == 8


def test_one_click_opens_the_case_with_all_that_is_known(make: Make, qtbot: Any) -> None:
    window = make()
    assert window.case_page is None  # neither thread nor model until a case is looked at
    page = open_first(window, qtbot)
    assert page.view.display is not None
    assert page.outcome.text().startswith("Wrongly led astray")
    assert page.panel.truth.text() == "Pneumonia"
    assert "outside the teacher's region" in page.marks.text()
    assert page.view._mark == (0.9, 0.9)  # although the learner called it normal in the end
    assert page.panel.number.text() == "0.30"
    assert "pneumonia, unsure (2 of 5)" in page.panel.committed.text()
    qtbot.keyClick(page.view, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is window.overview


def test_the_heatmap_comes_with_h_and_only_from_the_model_that_was_seen(
    make: Make, fakes: Fakes, qtbot: Any
) -> None:
    window = make()
    page = open_first(window, qtbot)
    assert not page.heatmap.isEnabled()
    assert "another model" in page.heat_words.text()
    whole = lesson()
    run = read(whole)
    steps = [
        replace(step, machine=step.machine and replace(step.machine, model=fakes.card.title))
        for step in run.steps
    ]
    seen = Run.put_together(run.plan, steps, "reading", [run.answer], 0.0)
    window = make(whole, [seen])
    page = open_first(window, qtbot)
    assert not overlay_shown(page)
    qtbot.keyClick(page.view, Qt.Key.Key_H)
    assert overlay_shown(page)
    qtbot.keyClick(page.view, Qt.Key.Key_Right)
    assert page.case is not None
    assert page.case.index == 2
    qtbot.waitUntil(lambda: overlay_shown(page))
    qtbot.keyClick(page.view, Qt.Key.Key_H)
    assert not overlay_shown(page)


def test_a_bar_of_the_times_opens_its_case(make: Make, qtbot: Any) -> None:
    window = make()
    window.overview.charts["times"].place_clicked.emit(4.3)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.ahead.at(3).scored)
    assert page.case is not None
    assert page.case.position == 3


def test_without_pneumonia_nothing_is_made_up(make: Make) -> None:
    whole = lesson(["normal"] * 3)
    readings: list[Reading] = [("normal", 3, None, "normal")] * 3
    window = make(whole, [read(whole, readings)])
    figures = window.overview.figures
    assert figures.values["sensitivity", "before"].text() == "\N{EN DASH}"
    assert figures.details["sensitivity", "before"].text() == "no pneumonia"
    assert figures.values["auroc", "model"].text() == "\N{EN DASH}"
    assert "There is no pneumonia among the cases" in window.overview.notes.text()
    assert not figures.values["place", "before"].isVisible()


def test_an_unfinished_run_and_one_without_any_case(make: Make) -> None:
    whole = lesson()
    window = make(whole, [read(whole, READINGS[:2]), Run.begin(whole, 0.0, code="B3-C4")])
    choice = window.head.choice
    assert [choice.itemText(place) for place in range(3)] == ["All learners", "K7-Q2", "B3-C4"]
    assert window.pages.currentWidget() is window.class_page
    choice.setCurrentIndex(1)
    assert "not finished: 2 of 8" in window.overview.notes.text()
    assert window.pages.currentWidget() is window.overview
    choice.setCurrentIndex(2)
    assert "B3-C4" in window.head.title.text()
    assert "No case was called yet." in window.overview.notes.text()
    assert window.overview.list.cases == ()


def test_one_run_alone_needs_no_choice(make: Make) -> None:
    window = make()
    assert window.head.choice.isHidden()
    assert window.pages.currentWidget() is window.overview
    assert "K7-Q2" in window.head.title.text()


def test_learners_stand_side_by_side_and_a_call_leads_to_its_case(make: Make, qtbot: Any) -> None:
    whole = lesson()
    window = make(whole, [read(whole), read(whole, READINGS, "B3-C4"), read(whole, READINGS[:1], "C4-D5")])
    page = window.class_page
    assert "Fleiss' kappa: 1.00 before the machine" in page.agreement.text()
    assert page.learners.rowCount() == 3
    assert (page.cases.rowCount(), page.cases.columnCount()) == (8, 8)
    assert window.head.facts.text() == "3 learners, 2 of 3 runs finished."
    cell = page.cases.item(1, 6)
    assert cell is not None
    where = page.cases.visualItemRect(cell).center()
    qtbot.mouseClick(page.cases.viewport(), Qt.MouseButton.LeftButton, pos=where)
    case = page_of(window)
    assert case.case is not None
    assert case.case.index == 1
    assert window.debrief.code == "B3-C4"
    qtbot.waitUntil(lambda: case.ahead.at(1).scored)
    qtbot.keyClick(case.view, Qt.Key.Key_Escape)
    assert window.pages.currentWidget() is page
    # Nothing lies behind a case that a learner has not come to.
    empty = page.cases.item(1, 7)
    page.cases.itemActivated.emit(empty)
    assert window.pages.currentWidget() is page
    page.learners.itemActivated.emit(page.learners.item(2, 0))
    assert window.pages.currentWidget() is window.overview
    assert window.debrief.code == "C4-D5"


def test_figures_and_charts_stand_below_each_other_in_a_small_window(make: Make) -> None:
    window = make()
    overview, tile = window.overview, window.overview.tiles["rescued"]
    area = overview.findChild(QScrollArea)
    assert area is not None
    for size, beside in (((1024, 700), False), ((1600, 900), True)):
        window.resize(*size)
        for _ in range(6):
            QApplication.processEvents()
        assert area.horizontalScrollBar().maximum() == 0
        figures, outcomes = overview.figures, tile.mapTo(overview, tile.rect().topLeft())
        assert (outcomes.x() > figures.x() + figures.width()) == beside


def test_what_ended_wrong_is_told_by_a_sign_and_a_colour(make: Make, qtbot: Any, qapp: QApplication) -> None:
    whole = lesson()
    window = make(whole, [read(whole), read(whole, READINGS, "B3-C4")])
    wrong, right = window.class_page.cases.item(2, 5), window.class_page.cases.item(0, 5)
    assert wrong is not None
    assert right is not None
    assert wrong.text().endswith("\N{BALLOT X}")
    assert right.text().endswith("\N{CHECK MARK}")
    assert wrong.foreground().color().name() == DARK.notice
    try:
        apply_theme(qapp, LIGHT)
        qtbot.waitUntil(lambda: wrong.foreground().color().name() == LIGHT.notice)
    finally:
        apply_theme(qapp, DARK)


def test_what_is_saved_and_deleted_is_what_is_chosen(make: Make) -> None:
    whole = lesson()
    runs = [read(whole), read(whole, READINGS, "B3-C4"), read(whole, READINGS, "C4-D5")]
    window = make(whole, runs)
    head, told = window.head, []
    window.save_wanted.connect(lambda ids: told.append(("save", ids)))
    window.delete_wanted.connect(lambda ids: told.append(("delete", ids)))
    assert head.save_runs.text() == "&Save all 3 runs..."
    assert not head.delete_runs.isEnabled()
    assert not head.save_result.isEnabled()
    head.save_runs.trigger()
    window.class_page.learners.selectRow(1)
    assert head.delete_runs.text() == "&Delete the chosen run..."
    head.delete_runs.trigger()
    head.choose(2)
    assert head.save_runs.text() == "&Save this run..."
    assert head.save_result.isEnabled()
    head.save_runs.trigger()
    ids = [run.run_id for run in runs]
    assert told == [("save", ids), ("delete", ids[1:2]), ("save", ids[2:])]


def test_the_run_on_screen_stays_there_when_others_come(make: Make) -> None:
    whole = lesson()
    runs = [read(whole), read(whole, READINGS, "B3-C4")]
    window = make(whole, runs)
    window.head.choose(1)
    window.update_runs([read(whole, READINGS, "A2-A2"), *runs])
    assert window.debrief.code == "B3-C4"
    window.update_runs(runs[:1])
    assert window.debrief.code == "K7-Q2"
    assert window.head.choice.isHidden()


def open_in_class(window: DebriefWindow, row: int, column: int) -> CasePage:
    """Open a case out of the table of all learners."""
    window.class_page.cases.itemActivated.emit(window.class_page.cases.item(row, column))
    return page_of(window)


def test_a_case_stays_on_screen_when_other_runs_come_or_go(make: Make) -> None:
    whole = lesson()
    runs = [read(whole), read(whole, READINGS, "B3-C4")]
    window = make(whole, runs)
    page = open_in_class(window, 1, 6)
    beside = page._cases
    window.update_runs([read(whole, READINGS, "A2-A2"), *runs])
    assert window.pages.currentWidget() is page
    assert page._cases is beside  # nothing was shown anew, so that zoom and brightness stay
    assert window.head.isHidden()
    assert page.case is not None
    assert (window.debrief.code, page.case.position) == ("B3-C4", 1)
    page.back.trigger()
    assert window.pages.currentWidget() is window.class_page
    # Alone it has no table of learners to go back to.
    open_in_class(window, 1, 7)
    window.update_runs(runs[1:])
    assert window.pages.currentWidget() is page
    page.back.trigger()
    assert window.pages.currentWidget() is window.overview
    assert window.head.isVisible()


def test_the_head_comes_back_when_the_run_of_a_case_is_gone(make: Make) -> None:
    whole = lesson()
    runs = [read(whole), read(whole, READINGS, "B3-C4"), read(whole, READINGS, "C4-D5")]
    window = make(whole, runs)
    open_in_class(window, 1, 6)
    window.update_runs([runs[0], runs[2]])
    assert window.pages.currentWidget() is window.class_page
    assert window.head.isVisible()
    window.head.choose(0)
    window.open_case(window.debrief.cases[0])
    window.show_overview()
    assert window.pages.currentWidget() is window.overview


def test_only_runs_that_have_gone_on_are_debriefed_anew(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = lesson()
    runs = [read(whole), read(whole, READINGS[:2], "B3-C4")]
    window = make(whole, runs)
    window.class_page.learners.selectRow(1)
    made: list[str] = []

    def make_noted(run: Run, of: Lesson) -> Debrief:
        made.append(run.code)
        return make_debrief(run, of)

    monkeypatch.setattr(debriefs_made, "make_debrief", make_noted)
    window.update_runs([Run.from_json(run.to_json()) for run in runs])
    assert made == []
    assert window.class_page.chosen == (1,)
    further = read(whole, READINGS[:3], "B3-C4")
    further = Run.put_together(
        replace(further.plan, run_id=runs[1].run_id), further.steps, "reading", [further.answer], 0.0
    )
    window.update_runs([runs[0], further])
    assert made == ["B3-C4"]
    assert len(window.debriefs[1].cases) == 3


def test_a_case_is_shown_without_a_model(make: Make, fakes: Fakes, qtbot: Any) -> None:
    fakes.load_error = no_model()
    window = make()
    window.overview.list.opened.emit(window.debrief.cases[0])
    page = page_of(window)
    qtbot.waitUntil(lambda: page.view.display is not None and page.ahead.failure is not None)
    assert not page.heatmap.isEnabled()
    assert "No heatmap." in page.heat_words.text()


def test_another_theme_draws_the_charts_anew(make: Make, qtbot: Any, qapp: QApplication) -> None:
    window = make()
    figure = window.overview.charts["roc"].figure
    try:
        apply_theme(qapp, LIGHT)
        qtbot.waitUntil(lambda: to_rgba(figure.get_facecolor())[0] > 0.9)
    finally:
        apply_theme(qapp, DARK)


def test_a_run_of_another_lesson_is_refused(make: Make) -> None:
    with pytest.raises(RunError, match="another lesson"):
        make(replace(lesson(), lesson_id="f" * 32), [read(lesson())])
