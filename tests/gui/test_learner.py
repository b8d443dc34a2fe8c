"""Reading a lesson blind: nothing is told before its time, and nothing that was answered is lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QSettings, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QGraphicsPathItem, QLabel, QToolButton, QWidget

from core.notice import NOTICE
from core.teaching.lesson import Item, Lesson, Region
from core.teaching.run import Run, RunError
from core.truth.truth import Truth, TruthLabel
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.store.memory import Memory
from deeppneumo_gui.teaching import learner_words
from deeppneumo_gui.teaching.learner import LearnerWindow
from deeppneumo_gui.teaching.learner_actions import Key
from deeppneumo_gui.teaching.sources import MISSING
from tests.gui.fakes import Fakes, lesson_radiographs, no_model

CONTENTS = [f"{number:064x}" for number in range(4)]
Make = Callable[..., LearnerWindow]


def make_lesson(labels: str = "npnp", **more: Any) -> Lesson:
    items = []
    for content, letter in zip(CONTENTS, labels, strict=False):
        label: TruthLabel = "pneumonia" if letter == "p" else "normal"
        region = (Region("ellipse", ((0.2, 0.2), (0.6, 0.7))),) if letter == "p" else ()
        items.append(
            Item(content, 0, Truth(label, None, "table"), region, "Look.", (f"Learn {label}.",), "Secret")
        )
    return Lesson("a" * 32, "Ten chests", tuple(items), **more)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make(
    qtbot: Any, tmp_path: Path, clock: Clock, no_qt_warnings: None, no_thread_left: None
) -> Iterator[Make]:
    windows: list[LearnerWindow] = []
    memory = Memory(None)

    def make_(
        lesson: Lesson | None = None,
        fakes: Fakes | None = None,
        missing: int | None = None,
        run: Run | None = None,
    ) -> LearnerWindow:
        services = (fakes or Fakes()).services()
        paths = {c: Path(f"/private/smith/{n}.png") for n, c in enumerate(CONTENTS) if n != missing}
        store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        window = LearnerWindow(
            services,
            Settings(store),
            memory,
            lesson or make_lesson(),
            lesson_radiographs(services, paths),
            run=run,
            clock=clock,
        )
        windows.append(window)
        window.show()
        return window

    yield make_
    for window in windows:
        window.close()
        window.deleteLater()
    memory.shutdown()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def begin(window: LearnerWindow, qtbot: Any) -> None:
    window.start_page.begin_button.click()
    qtbot.waitUntil(lambda: window.session.ready.scored)


def press(window: LearnerWindow, qtbot: Any, *names: Key) -> None:
    for name in names:
        if window.actions_by_id[name].isEnabled():
            window.actions_by_id[name].trigger()
        # A slow machine has not read the next radiograph yet; no answer is taken before it is seen.
        qtbot.waitUntil(lambda: window.session.run.finished or window.session.ready.scored)


def overlay_shown(window: LearnerWindow) -> bool:
    return window.view.overlay_shown


def seen(window: LearnerWindow) -> bool:
    return window.view.display is not None


def mark_of(window: LearnerWindow) -> tuple[float, float] | None:
    return window.session.run.answer.mark


def drawn_mark(window: LearnerWindow) -> tuple[float, float] | None:
    """Where a mark is painted, as shares of the radiograph."""
    found = window.view._drawn_mark
    place = found[0].scenePos() if found else None
    return None if place is None else (place.x() / 80, place.y() / 60)


def settle() -> None:
    """Let wrapped text settle from the inside out, one layout for each round of events."""
    for _ in range(6):
        QApplication.processEvents()


def exposed(window: QWidget) -> str:
    """Everything that can be read off a window without looking at it."""
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        found += [
            widget.windowTitle(),
            widget.toolTip(),
            widget.accessibleName(),
            widget.accessibleDescription(),
        ]
        found += [widget.statusTip(), widget.whatsThis()]
        text = getattr(widget, "text", None)
        found.append(text() if callable(text) else "")
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            found += [interface.text(part) for part in (QAccessible.Text.Name, QAccessible.Text.Value)]
            found.append(interface.text(QAccessible.Text.Description))
    return "\n".join(found)


def test_a_case_from_blind_reading_to_the_truth(make: Make, qtbot: Any) -> None:
    window = make()
    begin(window, qtbot)
    assert window.windowTitle() == "Case 1 of 4"
    assert not overlay_shown(window)
    press(window, qtbot, Key.COMMIT)
    assert window.case_page.message.text() == learner_words.NEITHER
    press(window, qtbot, Key.PNEUMONIA, Key.COMMIT)
    assert window.case_page.message.text() == learner_words.NO_CONFIDENCE
    press(window, qtbot, Key.SURE_4, Key.COMMIT)
    assert overlay_shown(window)
    assert window.panel.number.text() == "0.80"
    assert "Learn" not in exposed(window)
    press(window, qtbot, Key.NORMAL, Key.GO_ON)
    assert window.panel.truth.text() == "Normal"
    assert window.panel.points.text() == "Learn normal."
    step = window.session.run.steps[0]
    assert (step.before.call, step.after and step.after.call) == ("pneumonia", "normal")
    press(window, qtbot, Key.GO_ON)
    assert window.windowTitle() == "Case 2 of 4"
    assert not overlay_shown(window)


def test_numbers_say_how_sure_and_change_no_window(make: Make, qtbot: Any) -> None:
    window = make()
    begin(window, qtbot)
    display = window.view.display
    assert display is not None
    before = display.window
    window.view.setFocus()
    qtbot.keyClick(window.view, Qt.Key.Key_2)
    assert window.session.run.answer.confidence == 2
    assert display.window == before


def test_a_click_marks_only_with_the_mark_in_the_hand(make: Make, qtbot: Any) -> None:
    window = make()
    begin(window, qtbot)
    middle = window.view.viewport().rect().center()
    qtbot.mouseClick(window.view.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert mark_of(window) is None
    press(window, qtbot, Key.MARK)
    qtbot.mouseClick(window.view.viewport(), Qt.MouseButton.LeftButton, pos=middle + QPoint(10, 0))
    mark = mark_of(window)
    assert mark is not None
    assert mark == pytest.approx((0.5, 0.5), abs=0.05)
    assert not window.view.marking
    press(window, qtbot, Key.UNDO)
    assert mark_of(window) is None
    press(window, qtbot, Key.REDO)
    assert mark_of(window) == mark


def test_a_pause_hides_the_radiograph_and_stops_the_time(make: Make, qtbot: Any, clock: Clock) -> None:
    window = make(make_lesson(seconds=30))
    begin(window, qtbot)
    clock.now = 10.0
    window.tick()
    assert window.tools.countdown.text() == "Time left 0:20"
    press(window, qtbot, Key.PAUSE)
    clock.now = 100.0
    window.tick()
    assert not seen(window)
    press(window, qtbot, Key.PAUSE)
    assert seen(window)
    assert window.tools.countdown.text() == "Time left 0:20"
    clock.now = 121.0
    window.tick()
    assert window.session.run.stage == "committed"
    assert learner_words.TIME_UP in window.panel.committed.text()


def test_a_missing_radiograph_is_skipped(make: Make, qtbot: Any) -> None:
    window = make(missing=1)
    begin(window, qtbot)
    press(window, qtbot, Key.NORMAL, Key.SURE_1, Key.COMMIT, Key.GO_ON, Key.GO_ON)
    assert window.session.obstacle == MISSING
    assert "Skip" in window.case_page.go_button.text()
    window.case_page.go_button.click()
    qtbot.waitUntil(lambda: window.session.ready.scored)
    assert window.windowTitle() == "Case 2 of 3"


def test_closing_loses_nothing_and_another_window_offers_to_go_on(make: Make, qtbot: Any) -> None:
    first = make()
    begin(first, qtbot)
    press(first, qtbot, Key.NORMAL, Key.SURE_3, Key.COMMIT, Key.GO_ON, Key.GO_ON, Key.PNEUMONIA)
    first.close()
    second = make()
    qtbot.waitUntil(lambda: bool(second.start_page.offers))
    second.start_page.offers[0].click()
    qtbot.waitUntil(lambda: second.session.ready.scored)
    assert second.windowTitle() == "Case 2 of 4"
    assert second.session.run.answer.call == "pneumonia"


def test_the_last_case_leads_to_the_end(make: Make, qtbot: Any) -> None:
    window = make()
    begin(window, qtbot)
    for _ in range(4):
        press(window, qtbot, Key.NORMAL, Key.SURE_3, Key.COMMIT, Key.GO_ON, Key.GO_ON)
    assert window.session.run.finished
    assert window.session.run.code in window.end_page.words.text()
    assert NOTICE in [found.text() for found in window.findChildren(QLabel)]


def read_all(window: LearnerWindow, qtbot: Any) -> None:
    begin(window, qtbot)
    for _ in range(4):
        press(window, qtbot, Key.NORMAL, Key.SURE_3, Key.COMMIT, Key.GO_ON, Key.GO_ON)


@pytest.mark.parametrize("by_key", [True, False])
def test_a_finished_run_asks_for_its_debrief_and_closes(make: Make, qtbot: Any, by_key: bool) -> None:
    window = make()
    asked: list[Run] = []
    window.debrief_wanted.connect(asked.append)
    window.actions_by_id[Key.DEBRIEF].trigger()
    read_all(window, qtbot)
    with qtbot.waitSignal(window.closed):
        if by_key:
            window.actions_by_id[Key.DEBRIEF].trigger()
        else:
            window.end_page.debrief_button.click()
    assert asked == [window.session.run]


def test_a_kept_run_goes_on_where_the_program_was_ended(make: Make, qtbot: Any) -> None:
    first = make()
    begin(first, qtbot)
    press(first, qtbot, Key.NORMAL, Key.SURE_3, Key.COMMIT, Key.GO_ON, Key.GO_ON, Key.PNEUMONIA, Key.SURE_2)
    kept = Run.from_json(first.session.run.to_json())
    second = make(run=kept)
    qtbot.waitUntil(lambda: second.session.ready.scored)
    assert second.windowTitle() == "Case 2 of 4"
    assert second.session.run.answer == first.session.run.answer
    assert seen(second)
    press(second, qtbot, Key.COMMIT)
    assert second.session.run.stage == "committed"


def test_a_finished_run_opens_on_its_last_page(make: Make, qtbot: Any) -> None:
    window = make()
    read_all(window, qtbot)
    again = make(run=Run.from_json(window.session.run.to_json()))
    assert again.end_page.isVisible()
    assert again.actions_by_id[Key.DEBRIEF].isEnabled()


@pytest.mark.parametrize("change", [{"lesson_id": "b" * 32}, {"items": make_lesson().items[:2]}])
def test_a_run_of_another_lesson_is_refused(make: Make, change: dict[str, Any]) -> None:
    run = Run.begin(make_lesson())
    with pytest.raises(RunError, match="another lesson"):
        make(replace(make_lesson(), **change), run=run)


def test_a_run_left_after_the_commit_goes_on_there(make: Make, qtbot: Any) -> None:
    first = make()
    begin(first, qtbot)
    press(first, qtbot, Key.NORMAL, Key.SURE_3, Key.COMMIT)
    second = make(run=Run.from_json(first.session.run.to_json()))
    qtbot.waitUntil(lambda: second.session.ready.scored)
    assert seen(second)
    assert overlay_shown(second)
    press(second, qtbot, Key.GO_ON)
    assert second.panel.truth.text() == "Normal"


def test_nothing_is_asked_where_nothing_is_seen(make: Make, qtbot: Any) -> None:
    window = make(make_lesson("np", seconds=30), missing=1)
    begin(window, qtbot)
    assert window.panel.calls["normal"].isVisible()
    press(window, qtbot, Key.PAUSE)
    assert not window.panel.calls["normal"].isVisible()
    assert window.case_page.go_button.text().startswith("Go on")
    window.case_page.go_button.click()
    assert window.panel.calls["normal"].isVisible()
    press(window, qtbot, Key.NORMAL, Key.SURE_1, Key.COMMIT, Key.GO_ON, Key.GO_ON)
    assert window.panel.title.isVisible()
    assert not window.panel.calls["normal"].isVisible()
    assert window.tools.countdown.text() == ""


def test_without_a_model_the_truth_follows_the_commit(make: Make, qtbot: Any, fakes: Fakes) -> None:
    fakes.load_error = no_model()
    window = make(fakes=fakes)
    begin(window, qtbot)
    press(window, qtbot, Key.PNEUMONIA, Key.SURE_1, Key.COMMIT)
    assert str(no_model()) in window.panel.opinion.text()
    assert not window.panel.number.isVisible()
    press(window, qtbot, Key.GO_ON)
    assert window.panel.truth.text() == "Normal"


def test_what_has_been_told_last_is_brought_into_sight(make: Make, qtbot: Any) -> None:
    lesson = make_lesson()
    long = [replace(item, question="Look at it. " * 300) for item in lesson.items]
    window = make(replace(lesson, items=tuple(long)))
    begin(window, qtbot)
    press(window, qtbot, Key.NORMAL, Key.SURE_3, Key.COMMIT)
    qtbot.waitUntil(lambda: not window.panel.number.visibleRegion().isEmpty())
    press(window, qtbot, Key.GO_ON)
    qtbot.waitUntil(lambda: not window.panel.truth.visibleRegion().isEmpty())
    press(window, qtbot, Key.GO_ON)
    qtbot.waitUntil(lambda: window.panel.area.verticalScrollBar().value() == 0)


HOSTILE = '<a href="https://example.org">x</a><img src="file:///etc/hostname"><b>bold</b>'


def test_texts_of_a_lesson_are_no_markup(make: Make, qtbot: Any) -> None:
    lesson = replace(make_lesson(), title=HOSTILE, author=HOSTILE, introduction=HOSTILE)
    items = tuple(replace(item, question=HOSTILE, points=(HOSTILE,)) for item in lesson.items)
    window = make(replace(lesson, items=items))
    begin(window, qtbot)
    press(window, qtbot, Key.NORMAL, Key.SURE_3, Key.COMMIT, Key.GO_ON)
    # The notice is the program's own; a tool tip that comes by is a window of its own.
    labels = [
        label for label in window.findChildren(QLabel) if label is not window.notice and not label.isWindow()
    ]
    assert sum(HOSTILE in label.text() for label in labels) == 5
    assert {label.textFormat() for label in labels if label.text()} == {Qt.TextFormat.PlainText}
    tips = [widget.toolTip() for widget in window.findChildren(QWidget)]
    assert not any(HOSTILE in tip for tip in tips)


@pytest.mark.parametrize(
    ("box", "below"), [(((0.2, 0.2), (0.6, 0.7)), True), (((0.2, 0.5), (0.6, 1.0)), False)]
)
def test_the_name_of_a_region_is_read_on_black_and_on_white(
    make: Make, qtbot: Any, box: tuple[tuple[float, float], tuple[float, float]], below: bool
) -> None:
    lesson = make_lesson()
    items = tuple(replace(item, regions=(Region("ellipse", box),)) for item in lesson.items)
    window = make(replace(lesson, items=items))
    begin(window, qtbot)
    press(window, qtbot, Key.NORMAL, Key.SURE_3, Key.COMMIT, Key.GO_ON)
    view = window.view
    halo, words = [item for item in view.scene().items() if item.zValue() == 2.0][::-1]
    # The letters lie within the halo, which is dark where they are bright, on the radiograph.
    assert isinstance(halo, QGraphicsPathItem)
    assert isinstance(words, QGraphicsPathItem)
    assert halo.boundingRect().contains(words.boundingRect())
    assert halo.pen().color().lightness() < 32
    assert words.brush().color().lightness() > 180
    height = 60  # of the radiograph
    assert words.scenePos().y() == height * (box[1][1] if below else box[0][1])
    assert (words.boundingRect().top() >= 0) == below


def test_a_preset_brings_out_one_tissue(make: Make, qtbot: Any) -> None:
    window = make()
    begin(window, qtbot)
    display = window.view.display
    assert display is not None
    before = display.window
    button = next(b for b in window.tools.findChildren(QToolButton) if b.text() == "Window")
    button.menu().actions()[1].trigger()
    assert display.window != before


def test_the_truth_stands_beside_the_blind_mark_whatever_was_called_later(make: Make, qtbot: Any) -> None:
    window = make()
    begin(window, qtbot)
    press(window, qtbot, Key.PNEUMONIA, Key.SURE_3)
    window.session.set_mark((0.3, 0.4))
    press(window, qtbot, Key.COMMIT, Key.NORMAL)
    assert drawn_mark(window) is None
    press(window, qtbot, Key.GO_ON)
    assert drawn_mark(window) == (0.3, 0.4)
    press(window, qtbot, Key.GO_ON)
    assert drawn_mark(window) is None


BLIND = [key for key in Key if key not in (Key.KEYS, Key.MAGNIFIER)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(st.sampled_from(BLIND), max_size=14), one_model=st.booleans())
@example(keys=[Key.NORMAL, Key.PAUSE, Key.PAUSE], one_model=False)
@example(keys=[Key.PNEUMONIA, Key.SURE_3, Key.COMMIT, Key.NORMAL], one_model=True)
def test_twins_look_alike_until_what_differs_may_be_seen(
    make: Make, qtbot: Any, keys: list[Key], one_model: bool
) -> None:
    """Two windows whose lessons have other truth, and whose models other scores unless it is `one_model`."""
    other = Fakes()
    other.scores = {} if one_model else {f"{number}.png": 0.1 for number in range(4)}
    # Of lessons of their own, so that neither offers to go on with the other's run, whose code is by chance.
    lessons = [replace(make_lesson(labels), lesson_id=uuid.uuid4().hex) for labels in ("npnp", "pnpn")]
    pair = (make(lessons[0]), make(lessons[1], other))
    for window in pair:
        begin(window, qtbot)
    for key in keys:
        for window in pair:
            press(window, qtbot, key)
        one, two = pair
        assert one.session.run.stage == two.session.run.stage
        if one.session.run.stage == "reading" or (one_model and one.session.run.stage == "committed"):
            for window in pair:
                window.view.setFocus()
            settle()
            if not one.session.run.finished:
                assert one.grab().toImage() == two.grab().toImage()
                assert exposed(one) == exposed(two)
        if not one.session.run.shows_truth:
            assert not any(word in exposed(window) for window in pair for word in ("Learn ", "Secret"))
    for window in pair:
        window.close()


def test_a_run_lies_in_the_store_and_goes_with_all_else(qtbot: Any, tmp_path: Path) -> None:
    from core.store.store import Store

    run = Run.begin(make_lesson(), 0.0)
    run.set_call("normal")
    for _ in range(2):  # a second start of the program
        memory = Memory(lambda trouble: Store(tmp_path / "reviews.sqlite", on_trouble=trouble))
        memory.open()
        with qtbot.waitSignal(memory.runs.recalled):
            memory.runs.recall(run.lesson_id)
        memory.runs.put(run)
        memory.shutdown()
    memory = Memory(lambda trouble: Store(tmp_path / "reviews.sqlite", on_trouble=trouble))
    memory.open()
    with qtbot.waitSignal(memory.runs.recalled) as found:
        memory.runs.recall(run.lesson_id)
    assert [kept.run.answer.call for kept in found.args[1]] == ["normal"]
    with qtbot.waitSignal(memory.forgotten):
        memory.forget_everything()
    with qtbot.waitSignal(memory.runs.recalled) as found:
        memory.runs.recall(run.lesson_id)
    assert found.args[1] == []
    memory.shutdown()
