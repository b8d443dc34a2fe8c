"""A lesson is built of the worklist, put in order, and edited case by case, all of it undoably."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QDockWidget

from core.teaching.lesson import Region
from deeppneumo_gui.actions import SPECS, ActionId
from deeppneumo_gui.cases import Case
from deeppneumo_gui.menus import MENUS, flat
from deeppneumo_gui.teaching import builder, lesson_menu
from deeppneumo_gui.teaching.choosing import Source, Wish
from deeppneumo_gui.teaching.choosing_dialog import ChoosingDialog
from deeppneumo_gui.teaching.lesson_actions import LESSON_SPECS
from deeppneumo_gui.teaching.lesson_menu import Standing, obstacles
from deeppneumo_gui.teaching.lesson_view import LessonView
from deeppneumo_gui.teaching.outlines import in_pixels
from deeppneumo_gui.window import MainWindow
from tests.gui.lesson_helpers import build, label_all, names, never_ask, open_real, trigger

__all__ = ["never_ask", "open_real"]
Open = Callable[..., MainWindow]
LEFT = Qt.MouseButton.LeftButton


def items(window: MainWindow) -> Any:
    return window.lessons.document.items


def words(window: MainWindow) -> list[str]:
    return [item.truth.word for item in items(window)]


def in_front(dock: QDockWidget) -> bool:
    return dock.isVisible() and not dock.visibleRegion().isEmpty()


def word_of(case: Case) -> str:
    assert case.truth is not None
    return case.truth.word


# Building


def test_a_lesson_is_made_of_what_is_selected(open_real: Open, qtbot: Any) -> None:
    window = open_real(4)
    listed = window.worklist.proxy.cases()
    window.worklist.view.selectAll()
    window.worklist.choose(listed[1])
    trigger(window, ActionId.ADD_SELECTED)
    qtbot.waitUntil(lambda: len(items(window)) == 1)
    assert words(window) == [word_of(listed[1])]
    assert window.lesson_dock.isVisible()
    trigger(window, ActionId.SELECT_ALL, ActionId.ADD_SELECTED)
    qtbot.waitUntil(lambda: len(items(window)) == 4)
    assert "1 case is in it already" in window.message.words.text()
    assert sorted(words(window)) == ["bacterial", "normal", "pneumonia", "viral"]


def test_what_has_no_truth_gets_the_one_that_the_teacher_says(
    open_real: Open, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(3, labelled=False)
    asked: list[int] = []

    def ask(parent: object, count: int) -> str:
        asked.append(count)
        return "viral"

    monkeypatch.setattr(builder, "ask_truth", ask)
    build(window, qtbot)
    assert asked == [3]
    assert {(item.truth.word, item.truth.source) for item in items(window)} == {("viral", "teacher")}
    assert all(case.truth is None for case in window.session.worklist.cases())


def test_what_has_no_truth_may_be_left_out(
    open_real: Open, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(3, labelled=False)
    monkeypatch.setattr(builder, "ask_truth", lambda parent, count: "")
    trigger(window, ActionId.SELECT_ALL, ActionId.ADD_SELECTED)
    qtbot.waitUntil(lambda: "no truth" in window.message.words.text())
    assert items(window) == ()


def test_a_lesson_is_made_of_key_images(open_real: Open, qtbot: Any) -> None:
    window = open_real(4)
    trigger(window, ActionId.ADD_KEY_IMAGES)
    assert window.message.words.text() == "No listed image is marked as a key image."
    cases = window.worklist.proxy.cases()
    for case in (cases[0], cases[2]):
        window.worklist.choose(case)
        trigger(window, ActionId.KEY_IMAGE)
    trigger(window, ActionId.ADD_KEY_IMAGES)
    qtbot.waitUntil(lambda: len(items(window)) == 2)
    assert words(window) == [word_of(cases[0]), word_of(cases[2])]


def test_a_lesson_is_made_of_the_errors_of_the_model(open_real: Open, qtbot: Any) -> None:
    window = open_real(4)
    # All are scored 0.8: the model errs where the truth is normal.
    trigger(window, ActionId.ADD_ERRORS)
    qtbot.waitUntil(lambda: len(items(window)) == 1)
    assert words(window) == ["normal"]


def test_a_seed_draws_the_same_cases_of_each_class_again(
    open_real: Open, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(12)
    label_all(window, ("normal", "pneumonia"))

    def draw(seed: int) -> list[str]:
        wish = Wish(Source.RANDOM, count=2, seed=seed)
        monkeypatch.setattr(builder, "ask_wish", lambda *asked, **more: wish)
        trigger(window, ActionId.ADD_RANDOM)
        qtbot.waitUntil(lambda: len(items(window)) == 4)
        assert sorted(words(window)) == ["normal", "normal", "pneumonia", "pneumonia"]
        drawn = [item.content for item in items(window)]
        trigger(window, ActionId.CLOSE_LESSON)
        return drawn

    first = draw(1)
    assert draw(1) == first
    assert any(draw(seed) != first for seed in (2, 3, 4))


def test_a_new_lesson_offers_what_there_is_to_choose_from(
    open_real: Open, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_real(4)
    offered: list[dict[Source, int]] = []

    def ask(parent: object, counts: dict[Source, int], *, fresh: bool) -> Wish:
        assert fresh
        offered.append(counts)
        return Wish(next(iter(counts)), "Chests")

    monkeypatch.setattr(builder, "ask_wish", ask)
    trigger(window, ActionId.NEW_LESSON)
    assert list(offered[0].items()) == [
        (Source.NONE, 0),
        (Source.SELECTED, 1),
        (Source.ERRORS, 1),
        (Source.RANDOM, 4),
    ]
    lesson = window.lessons.document.lesson
    assert lesson is not None
    assert (lesson.title, lesson.items) == ("Chests", ())
    trigger(window, ActionId.SELECT_ALL, ActionId.NEW_LESSON)
    assert next(iter(offered[1])) is Source.SELECTED
    qtbot.waitUntil(lambda: len(items(window)) == 4)


def test_the_draw_is_asked_for_only_where_cases_are_drawn(window: MainWindow) -> None:
    counts = {Source.SELECTED: 3, Source.RANDOM: 9}
    dialog = ChoosingDialog(counts, fresh=True, parent=window)
    dialog.show()
    assert not dialog.seed.isVisible()
    dialog.source.setCurrentIndex(1)
    assert dialog.seed.isVisible()
    dialog.seed.setValue(7)
    dialog.title.setText(" Chests ")
    assert dialog.wish == Wish(Source.RANDOM, "Chests", 5, 7, by_kind=False)
    dialog.close()


# The list


def test_cases_are_dragged_into_another_order(open_real: Open, qtbot: Any) -> None:
    window = open_real(4)
    build(window, qtbot)
    before = names(window)
    view = window.lessons.panel.view
    assert view is not None
    rows = [view.list.visualRect(view.list.model().index(row, 0)).center() for row in range(3)]
    port = view.list.viewport()
    qtbot.mousePress(port, LEFT, pos=rows[0])
    qtbot.mouseMove(port, rows[1])
    qtbot.mouseMove(port, QPoint(rows[2].x(), rows[2].y() - 4))
    qtbot.mouseRelease(port, LEFT, pos=QPoint(rows[2].x(), rows[2].y() - 4))
    assert names(window) == [before[1], before[0], *before[2:]]
    trigger(window, ActionId.UNDO)
    assert names(window) == before
    trigger(window, ActionId.REDO)
    assert names(window)[1] == before[0]


def test_a_click_is_no_drag(open_real: Open, qtbot: Any) -> None:
    window = open_real(3)
    build(window, qtbot)
    before = names(window)
    view = window.lessons.panel.view
    assert view is not None
    spot = view.list.visualRect(view.list.model().index(1, 0)).center()
    qtbot.mouseClick(view.list.viewport(), LEFT, pos=spot)
    assert names(window) == before
    assert window.lessons.cursor.place == 1


def test_keys_move_a_case_and_take_it_out(open_real: Open, qtbot: Any) -> None:
    window = open_real(3)
    build(window, qtbot)
    before = names(window)
    window.lessons.cursor.go(0)
    assert not window.actions_by_id[ActionId.ITEM_UP].isEnabled()
    trigger(window, ActionId.ITEM_DOWN)
    assert names(window) == [before[1], before[0], before[2]]
    assert window.lessons.cursor.place == 1
    view = window.lessons.panel.view
    assert view is not None
    assert window.actions_by_id[ActionId.ITEM_UP] in view.list.actions()
    window.activateWindow()
    view.list.setFocus()
    qtbot.keyClick(view.list, Qt.Key.Key_Delete)
    assert names(window) == [before[1], before[2]]
    assert len(window.session.worklist.cases()) == 3
    trigger(window, ActionId.UNDO, ActionId.UNDO)
    assert names(window) == before


def test_a_case_that_is_chosen_is_shown_and_the_image_shown_is_chosen(open_real: Open, qtbot: Any) -> None:
    window = open_real(3)
    build(window, qtbot)
    cases = window.worklist.proxy.cases()
    window.lessons.cursor.go(2)
    assert window.session.current is not None
    assert window.session.current.path == cases[2].path
    window.worklist.choose(cases[1])
    assert window.lessons.cursor.place == 1
    view = window.lessons.panel.view
    assert view is not None
    assert view.list.currentIndex().row() == 1


# Editing


def test_what_is_asked_and_told_of_a_case_is_typed_and_undone(open_real: Open, qtbot: Any) -> None:
    window = open_real(3)
    build(window, qtbot)
    window.lessons.cursor.go(1)
    view = window.lessons.panel.view
    assert view is not None
    editor = view.item
    qtbot.keyClicks(editor.question, "What now?")
    editor.points.setPlainText("First\n\n Second ")
    qtbot.keyClicks(editor.note, "Mine")
    editor.truth.setCurrentIndex(editor.truth.findData("viral"))
    editor.truth.activated.emit(editor.truth.currentIndex())
    item = items(window)[1]
    assert (item.question, item.points, item.note) == ("What now?", ("First", "Second"), "Mine")
    assert (item.truth.word, item.truth.source) == ("viral", "teacher")
    trigger(window, ActionId.UNDO, ActionId.UNDO, ActionId.UNDO, ActionId.UNDO)
    assert (items(window)[1].question, items(window)[1].points, items(window)[1].note) == ("", (), "")
    assert editor.question.toPlainText() == ""
    assert items(window)[0].question == ""


def test_undo_in_a_text_field_is_the_windows(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot)
    view = window.lessons.panel.view
    assert view is not None
    window.activateWindow()
    view.item.question.setFocus()
    qtbot.keyClicks(view.item.question, "Abc")
    qtbot.keyClick(view.item.question, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert items(window)[0].question == ""
    assert view.item.question.toPlainText() == ""


def test_the_whole_lesson_is_described_and_undone(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot, "")
    view = window.lessons.panel.view
    assert view is not None
    head = view.head
    qtbot.keyClicks(head.title, "Ten chests")
    qtbot.keyClicks(head.author, "Dr. Ada")
    head.introduction.setPlainText("Look.")
    head.order.setCurrentIndex(1)
    head.order.activated.emit(1)
    head.seconds.setValue(90)
    qtbot.mouseClick(head.ask_kind, LEFT, pos=QPoint(12, head.ask_kind.height() // 2))
    qtbot.keyClicks(head.licence, "CC0")
    lesson = window.lessons.document.lesson
    assert lesson is not None
    assert (lesson.title, lesson.author, lesson.introduction, lesson.licence) == (
        "Ten chests",
        "Dr. Ada",
        "Look.",
        "CC0",
    )
    assert (lesson.shuffled, lesson.seconds, lesson.ask_kind) == (True, 90, True)
    assert view.title.text() == "Ten chests"
    for _ in range(7):
        trigger(window, ActionId.UNDO)
    undone = window.lessons.document.lesson
    assert undone is not None
    assert (undone.title, undone.seconds, undone.licence, head.title.text()) == ("", None, "", "")


def test_a_region_is_drawn_kept_and_undone(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot)
    window.lessons.cursor.go(1)
    qtbot.waitUntil(lambda: window.view.settled)
    trigger(window, ActionId.DRAW_RECTANGLE)
    assert window.actions_by_id[ActionId.DRAW_RECTANGLE].isChecked()
    port = window.view.viewport()

    def at(x: float, y: float) -> QPoint:
        return window.view.mapFromScene(in_pixels((x, y), QSize(80, 60)))

    qtbot.mousePress(port, LEFT, pos=at(0.25, 0.25))
    qtbot.mouseMove(port, at(0.5, 0.75))
    qtbot.mouseRelease(port, LEFT, pos=at(0.5, 0.75))
    (region,) = items(window)[1].regions
    assert isinstance(region, Region)
    assert region.box == pytest.approx((0.25, 0.25, 0.5, 0.75), abs=0.01)
    assert items(window)[0].regions == ()
    assert not window.actions_by_id[ActionId.DRAW_RECTANGLE].isChecked()
    trigger(window, ActionId.REMOVE_REGION)
    assert items(window)[1].regions == ()
    trigger(window, ActionId.UNDO)
    assert items(window)[1].regions == (region,)


def test_regions_are_seen_only_with_the_lesson(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot)
    window.lessons.cursor.go(0)
    qtbot.waitUntil(lambda: window.view.settled)
    before = len(window.view.scene().items())
    window.lessons.regions._on_edited((Region("ellipse", ((0.1, 0.1), (0.5, 0.5))),), "drawing a region")
    assert len(window.view.scene().items()) > before
    window.lesson_dock.hide()
    assert len(window.view.scene().items()) == before
    assert not window.actions_by_id[ActionId.DRAW_ELLIPSE].isEnabled()


# The menu


def test_every_action_of_a_lesson_stands_in_the_menu_and_says_why_it_is_impossible(
    window: MainWindow,
) -> None:
    assert set(flat(MENUS["Teachin&g"])) == set(LESSON_SPECS)
    for name in LESSON_SPECS:
        action = window.actions_by_id[name]
        assert action.text() == SPECS[name].text
        if not action.isEnabled():
            assert action.statusTip().endswith(".")
            assert action.statusTip() in action.toolTip()
    assert window.actions_by_id[ActionId.SAVE_LESSON].statusTip() == lesson_menu.NO_LESSON
    assert window.actions_by_id[ActionId.ADD_RANDOM].statusTip() == lesson_menu.NO_IMAGES


@pytest.mark.parametrize(
    ("now", "name", "reason"),
    [
        (Standing(lesson=True), ActionId.READ_LESSON, lesson_menu.NO_CASES),
        (Standing(lesson=True, cases=2, missing=2), ActionId.PRESENT_LESSON, lesson_menu.NO_RADIOGRAPHS),
        (Standing(lesson=True, cases=2, missing=1), ActionId.PRESENT_LESSON, None),
        (Standing(lesson=True, cases=2), ActionId.SAVE_LESSON, lesson_menu.SAVED),
        (Standing(lesson=True, cases=2, place=1), ActionId.ITEM_DOWN, lesson_menu.AT_END),
        (Standing(lesson=True, cases=2, place=1), ActionId.ITEM_UP, None),
        (Standing(lesson=True, cases=2), ActionId.CONTINUE_RUN, lesson_menu.NO_RUN),
        (Standing(lesson=True, cases=2, runs=1, open_runs=1), ActionId.CONTINUE_RUN, None),
        (Standing(lesson=True, cases=2), ActionId.LESSON_RESULTS, lesson_menu.NO_RESULTS),
        (Standing(lesson=True, cases=2), ActionId.FIND_MISSING, lesson_menu.NOTHING_MISSING),
        (Standing(lesson=True, cases=2), ActionId.DRAW_POLYGON, lesson_menu.NOT_ON_SCREEN),
        (Standing(drawing=True), ActionId.REMOVE_REGION, lesson_menu.NO_REGION),
    ],
)
def test_a_reason_is_that_of_the_first_obstacle(now: Standing, name: ActionId, reason: str | None) -> None:
    assert obstacles(now)[name] == reason


def test_the_panel_is_beside_the_result_and_goes_with_full_screen(open_real: Open, qtbot: Any) -> None:
    window = open_real(2)
    build(window, qtbot)
    result = window.findChild(QDockWidget, "result")
    assert result is not None
    assert in_front(window.lesson_dock)
    assert not in_front(result)
    trigger(window, ActionId.FULL_SCREEN)
    assert not window.lesson_dock.isVisible()
    assert not result.isVisible()
    trigger(window, ActionId.FULL_SCREEN)
    qtbot.waitUntil(lambda: in_front(window.lesson_dock))
    assert not in_front(result)
    trigger(window, ActionId.LESSON_PANEL)
    assert not window.lesson_dock.isVisible()


def test_the_panel_without_a_lesson_offers_to_begin_one(window: MainWindow) -> None:
    assert window.lesson_dock.findChild(LessonView) is None
    trigger(window, ActionId.LESSON_PANEL)
    view = window.lessons.panel.view
    assert view is not None
    assert view.begin.isVisible()
    assert view.open.isVisible()
    assert not view.list.isVisible()
