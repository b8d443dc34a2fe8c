"""Presenting: what the projector may show, when, and that nothing else ever reaches its window."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QToolButton, QWidget

from core.notice import NOTICE
from core.teaching.hands import CaseHands, Hands
from core.teaching.lesson import Item, Lesson, Region
from core.truth.truth import Truth
from deeppneumo_gui.canvas import stage as canvas_stage
from deeppneumo_gui.canvas.display import Display
from deeppneumo_gui.canvas.heatmap import HeatmapStyle
from deeppneumo_gui.settings import Settings
from deeppneumo_gui.teaching import presenter
from deeppneumo_gui.teaching.ahead import Ready
from deeppneumo_gui.teaching.audience import AudienceWindow
from deeppneumo_gui.teaching.audience_content import compose
from deeppneumo_gui.teaching.audience_view import Beam
from deeppneumo_gui.teaching.presenter import Presentation, present
from deeppneumo_gui.teaching.presenter_actions import Key, key_sections
from deeppneumo_gui.teaching.presenter_state import OPENING, Course, Stage
from tests.gui.fakes import Fakes, lesson_radiographs, make_prediction, make_radiograph

REGION = Region("ellipse", ((0.2, 0.2), (0.5, 0.6)))
NORMAL, BACTERIAL = Truth("normal", None, "folder"), Truth("pneumonia", "bacterial", "folder")


def make_lesson(*truths: Truth, points: tuple[str, ...] = ("Look behind the heart.",)) -> Lesson:
    items = [
        Item(f"{number:064x}", 0, truth, (REGION,), "What do you see?", points, "Secret note")
        for number, truth in enumerate(truths)
    ]
    return replace(Lesson.new("Chest radiographs", items), lesson_id="a" * 32)


@pytest.fixture
def start(qtbot: Any, fakes: Fakes, settings_file: Path) -> Iterator[Callable[..., Presentation]]:
    running: list[Presentation] = []

    def start_(*names: str, truths: tuple[Truth, ...] = (NORMAL, BACTERIAL)) -> Presentation:
        lesson = make_lesson(*truths)
        paths = {item.content: Path(name) for item, name in zip(lesson.items, names, strict=False)}
        store = QSettings(str(settings_file), QSettings.Format.IniFormat)
        radiographs = lesson_radiographs(fakes.services(), paths)
        presentation = present(fakes.services(), Settings(store), lesson, radiographs)
        running.append(presentation)
        return presentation

    yield start_
    for presentation in running:
        presentation.end()
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete


def said(window: QWidget) -> str:
    """Everything that can be read in a window or heard of it."""
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        found += [widget.windowTitle(), widget.toolTip(), widget.accessibleName(), widget.objectName()]
        found += [widget.accessibleDescription(), widget.statusTip(), widget.whatsThis()]
        text = getattr(widget, "text", None)
        found.append(text() if callable(text) else "")
    return "\n".join(found)


def scored(presentation: Presentation, position: int = 0) -> bool:
    return presentation.ahead.at(position).scored


def test_the_steps_reveal_one_after_the_other(start: Callable[..., Presentation], qtbot: Any) -> None:
    running = start("a.png", "b.png")
    qtbot.waitUntil(lambda: scored(running))
    audience = running.audience
    assert audience.shown.slide == "opening"
    assert "Chest radiographs" in said(audience)
    forward = running.actions[Key.FORWARD]
    forward.trigger()
    assert audience.shown.heading == "Case 1 of 2"
    assert audience.view.display is running.window.view.display is not None
    forward.trigger()
    assert audience.shown.hands.asked
    assert audience.shown.score is None
    running.actions[Key.HEATMAP].trigger()
    assert not audience.view.overlay_shown
    forward.trigger()
    assert "0.80" in said(audience)
    assert audience.shown.truth is None
    assert not audience.view.overlay_shown
    running.actions[Key.HEATMAP].trigger()
    assert audience.view.overlay_shown
    forward.trigger()
    assert audience.shown.truth == "Normal"
    assert audience.view.regions == (REGION,)
    assert "Look behind the heart." in said(audience)
    assert "Secret note" not in said(audience)
    running.actions[Key.BACK].trigger()
    assert "Look behind the heart." not in said(audience)
    running.actions[Key.BACK].trigger()
    assert "0.80" not in said(audience)
    assert not audience.view.overlay_shown


def test_the_teacher_sees_what_the_audience_does_not(start: Callable[..., Presentation], qtbot: Any) -> None:
    running = start("a.png", "b.png", truths=(BACTERIAL, NORMAL))
    qtbot.waitUntil(lambda: scored(running))
    running.actions[Key.FORWARD].trigger()
    for secret in ("Pneumonia (bacterial)", "0.80", "Secret note", "Look behind the heart."):
        assert secret in said(running.window)
        assert secret not in said(running.audience)
    assert running.window.view.regions == (REGION,)
    assert running.audience.view.regions == ()


def test_no_button_of_the_teacher_is_cut_in_a_small_window(start: Callable[..., Presentation]) -> None:
    window = start("a.png").window
    window.resize(window.minimumSize())
    window.show()
    QApplication.processEvents()
    buttons = [button for button in window.findChildren(QToolButton) if button.text()]
    assert len(buttons) == 8
    assert all(button.width() >= button.sizeHint().width() for button in buttons)


def test_between_cases_the_teacher_sees_no_empty_headings(
    start: Callable[..., Presentation], qtbot: Any
) -> None:
    running = start("a.png")
    panel = running.window.panel
    assert panel.truth.isHidden()
    assert panel.question.isHidden()
    running.actions[Key.FORWARD].trigger()
    assert not panel.truth.isHidden()


def test_on_one_screen_the_teachers_window_stays_away(start: Callable[..., Presentation]) -> None:
    running = start("a.png", "b.png")
    assert running.audience.isVisible()
    assert not running.window.isVisible()
    running.actions[Key.TEACHER].trigger()
    assert running.window.isVisible()


def test_keys_work_in_the_audiences_window(start: Callable[..., Presentation], qtbot: Any) -> None:
    running = start("a.png", "b.png")
    running.audience.activateWindow()
    qtbot.waitUntil(running.audience.isActiveWindow)
    for key, stage in ((Qt.Key.Key_Space, 0), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Left, 0)):
        qtbot.keyClick(running.audience, key)
        assert running.course.stage == stage
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_N, Qt.Key.Key_P, Qt.Key.Key_P):
        qtbot.keyClick(running.audience, key)
    assert running.tally.hands[0].before == Hands(23, 2)
    qtbot.keyClick(running.audience, Qt.Key.Key_B)
    assert running.audience.shown.slide == "black"
    qtbot.keyClick(running.audience, Qt.Key.Key_Space)
    assert running.course.stage is Stage.QUESTION


def test_a_bad_or_missing_radiograph_is_a_slide_with_a_sentence(
    start: Callable[..., Presentation], qtbot: Any
) -> None:
    running = start("broken-jones.png")
    running.actions[Key.FORWARD].trigger()
    qtbot.waitUntil(lambda: scored(running, 0) and running.ahead.at(1).settled)
    assert "The file ends before its image does." in said(running.audience)
    running.step(running.course.go(1))
    assert "neither on this computer" in said(running.audience)
    assert "jones" not in said(running.audience)
    running.step(running.course.forward().forward())
    assert running.audience.shown.score is not None
    assert running.audience.shown.score.number == ""


def test_hands_are_counted_shown_and_saved(
    start: Callable[..., Presentation], qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start("a.png", "b.png")
    qtbot.waitUntil(lambda: scored(running))
    running.actions[Key.FORWARD].trigger()
    entry = running.window.panel.hands
    entry.buttons["normal"].click()
    entry.fields["before", "pneumonia"].setValue(7)
    assert running.tally.hands[0].before == Hands(1, 7)
    assert running.audience.shown.hands.before is None
    running.actions[Key.BARS].trigger()
    assert running.audience.shown.hands.before == Hands(1, 7)
    for _ in range(2):
        running.actions[Key.FORWARD].trigger()
    entry.buttons["normal"].click()
    assert running.tally.hands[0].after == Hands(1, 0)
    assert running.audience.shown.hands.after == Hands(1, 0)
    asked: list[QWidget] = []

    def cancel(parent: QWidget) -> QMessageBox.StandardButton:
        asked.append(parent)
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(presenter, "ask_unsaved", cancel)
    running.window.close()
    assert len(asked) == 1
    assert running.save(tmp_path / "class.csv")
    rows = list(csv.DictReader((tmp_path / "class.csv").read_text(encoding="utf-8").splitlines()))
    assert [rows[0][name] for name in ("truth", "model_score", "before_pneumonia", "after_normal")] == [
        "normal",
        "0.800000",
        "7",
        "1",
    ]
    assert rows[1]["before_normal"] == ""
    assert rows[0]["notice"] == NOTICE
    assert not running.save(tmp_path / "nowhere" / "class.csv")
    assert "The folder is no longer there." in said(running.window)


def test_the_audience_follows_window_zoom_and_pointer(start: Callable[..., Presentation], qtbot: Any) -> None:
    running = start("a.png", "b.png")
    running.actions[Key.FORWARD].trigger()
    qtbot.waitUntil(lambda: running.ready.display is not None)
    mine, theirs = running.window.view, running.audience.view
    mine.zoom_at(QPointF(mine.viewport().rect().center()), 2.0)
    one, other = mine.framing, theirs.framing
    assert one is not None
    assert other is not None
    assert other.magnification == pytest.approx(one.magnification)
    mine.window_level(50, 20)
    assert theirs.display is not None
    assert theirs.display.window == mine.display.window  # type: ignore[union-attr]
    running.actions[Key.LASER].trigger()
    mine.follow(QPointF(mine.viewport().rect().center()))
    assert theirs.beam.laser
    assert theirs.beam.point == mine.beam.point is not None
    mine.follow(None)
    assert theirs.beam.point is None


def test_type_grows_with_the_window(
    start: Callable[..., Presentation], qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = start("a.png", "b.png")
    window = running.audience
    running.step(running.course.go(0))
    qtbot.waitUntil(lambda: running.ready.display is not None)
    drawn: list[float] = []
    monkeypatch.setattr(
        canvas_stage, "draw_foreground", lambda painter, *_: drawn.append(painter.font().pointSizeF())
    )

    def sizes(height: int) -> tuple[float, float]:
        window.resize(1280, height)
        # As another theme does, or the first paint under a style sheet.
        window.view.viewport().setFont(QApplication.font())
        window.view.grab()
        return window.notice.font().pointSizeF(), drawn[-1]

    small, large = sizes(640), sizes(1440)
    assert all(big > 2 * little for little, big in zip(small, large, strict=True))


def test_a_closed_audience_comes_back(start: Callable[..., Presentation]) -> None:
    running = start("a.png", "b.png")
    running.actions[Key.TEACHER].trigger()
    running.audience.close()
    assert not running.audience.isVisible()
    running.actions[Key.FULL_SCREEN].trigger()
    assert running.audience.isVisible()
    assert running.audience.isFullScreen()


def test_back_never_shows_what_was_not_seen() -> None:
    course = Course.of(3).go(2).back()
    assert (course.position, course.stage) == (1, Stage.QUESTION)
    shown = Course.of(2).go(0).forward().forward().forward().forward()
    assert (shown.position, shown.stage) == (1, Stage.QUESTION)
    assert shown.back().stage is Stage.TRUTH
    assert Course.of(2).back().position == OPENING


DISPLAY = Display(make_radiograph())
STEPS = st.lists(
    st.sampled_from(("forward", "forward", "back", "toggle_heatmap", "toggle_bars", "toggle_black", "go")),
    max_size=25,
)
TWINS = (
    (make_lesson(NORMAL, BACTERIAL, points=("One.",)), 0.1),
    (
        replace(
            make_lesson(BACTERIAL, NORMAL, points=("Another.", "And more.")),
            items=tuple(
                replace(item, regions=(), note="other")
                for item in make_lesson(BACTERIAL, NORMAL, points=("Another.", "And more.")).items
            ),
        ),
        0.9,
    ),
)


@pytest.fixture
def two_audiences(qapp: QApplication) -> Iterator[tuple[AudienceWindow, AudienceWindow]]:
    windows = (AudienceWindow(HeatmapStyle()), AudienceWindow(HeatmapStyle()))
    for window in windows:
        window.resize(640, 360)
        window.show()
    yield windows
    for window in windows:
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, 52)  # QEvent.DeferredDelete


def pixels(window: QWidget) -> bytes:
    image = window.grab().toImage()
    return bytes(image.constBits())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, where=st.integers(0, 1), one_model=st.booleans())
def test_twin_lessons_look_alike_until_the_reveal(
    two_audiences: tuple[AudienceWindow, AudienceWindow], steps: list[str], where: int, one_model: bool
) -> None:
    """Other truth, other score, other regions and points: the same pixels and words before each is revealed.

    With `one_model` the scores are the same, so that what is shown of the model tells nothing of the truth.
    """
    course = Course.of(2)
    hands = (CaseHands(Hands(3, 4), Hands(5, 2)), CaseHands())
    for step in steps:
        course = course.go(where) if step == "go" else getattr(course, step)()
        for window, (lesson, score) in zip(two_audiences, TWINS, strict=True):
            prediction = make_prediction(0.7 if one_model else score)
            ready = Ready(DISPLAY, None, prediction, None, True) if course.on_case else Ready()
            window.show_moment(compose(course, lesson, ready, hands))
            window.set_beam(Beam((0.4, 0.4), laser=True, spotlight=True))
            shown = window.shown
            if course.black or not course.shows_machine:
                assert (shown.score, shown.heatmap) == (None, None)
                assert not window.view.overlay_shown
            if course.black or not course.shows_truth:
                assert (shown.truth, shown.regions, shown.points) == (None, None, None)
        told = course.position == course.count and Stage.TRUTH in course.stages
        seen = course.shows_truth if one_model else course.shows_machine
        if course.black or not (seen or told):
            one, other = two_audiences
            assert said(one) == said(other)
            assert pixels(one) == pixels(other)


def test_twins_differ_once_revealed(two_audiences: tuple[AudienceWindow, AudienceWindow]) -> None:
    """So that the test above would see a difference if there were one."""
    course = Course.of(2).go(0)
    for _ in range(3):
        course = course.forward()
    for window, (lesson, score) in zip(two_audiences, TWINS, strict=True):
        ready = Ready(DISPLAY, None, make_prediction(score), None, True)
        window.show_moment(compose(course, lesson, ready, (CaseHands(), CaseHands())))
    one, other = two_audiences
    assert said(one) != said(other)
    assert not np.array_equal(np.frombuffer(pixels(one), np.uint8), np.frombuffer(pixels(other), np.uint8))


def test_the_sheet_of_keys_says_what_space_does_here() -> None:
    sections = dict(key_sections(kinds=True))
    assert ("Pan", "Middle drag") in [(what, keys) for what, keys in sections["Mouse on the radiograph"]]
    assert any("Space" in keys for what, keys in sections["Steps"] if what == "Next step")
    assert [what for what, _ in sections["Show of hands"]][2:4] == [
        "One hand for bacterial",
        "One hand for viral",
    ]
