"""Pictures of a lesson on the samples: a learner, the debrief, several learners, the audience and the teacher."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from core.store.content import content_hash
from core.store.runs import KeptRun
from core.teaching.answer import CONFIDENCES, Answer, LearnerCall, MachineView
from core.teaching.hands import Choice
from core.teaching.lesson import Item, Lesson, Region
from core.teaching.run import Run
from core.truth.truth import Truth
from deeppneumo_gui.cases import Case
from deeppneumo_gui.review_pictures import label_samples
from deeppneumo_gui.teaching.learner_actions import Key
from deeppneumo_gui.teaching.learner_runs import LearnerRuns

if TYPE_CHECKING:
    from deeppneumo_gui.teaching.lesson_start import LessonStart
    from deeppneumo_gui.teaching.presenter import Presentation
    from deeppneumo_gui.window import MainWindow

Save = Callable[[QWidget, str], bool]
"""Writes a picture of a window under a name."""

_PATIENCE_MS: Final = 120_000
_POLL_MS: Final = 20
_REGION: Final = Region("ellipse", ((0.14, 0.42), (0.46, 0.8)))
_MARK: Final = (0.31, 0.58)
_HANDS: Final[tuple[tuple[Choice, int], ...]] = (("normal", 9), ("pneumonia", 14))
_OTHER: Final[dict[LearnerCall, LearnerCall]] = {"normal": "pneumonia", "pneumonia": "normal"}


def take_teaching(window: MainWindow, save: Save) -> bool:
    """Make a lesson of the samples and write its windows; False when one was not reached, True without samples."""
    cases = [case for case in label_samples(window) if case.prediction is not None]
    if not cases:
        return True
    lessons = window.lessons
    lesson = _lesson(cases)
    lessons.places.learn({item.content: case.path for item, case in zip(lesson.items, cases, strict=True)})
    lessons.document.begin(lesson)
    first = next(index for index, item in enumerate(lesson.items) if item.truth.label == "pneumonia")
    try:
        good = _take_debrief(window, lesson, cases, save)
        return (
            good and _take_learner(lessons.start, first, save) and _take_audience(lessons.start, first, save)
        )
    finally:
        lessons.saving.discard()
        lessons.panel.dock.hide()


def _lesson(cases: Sequence[Case]) -> Lesson:
    items = []
    for case in cases:
        truth = case.truth or Truth.from_word("normal", "teacher")
        ill = truth.label == "pneumonia"
        item = Item(content_hash(case.path), case.frame, truth, (_REGION,) if ill else ())
        points = (
            ("Consolidation hides the vessels that run through it.", "Compare both sides at the same height.")
            if ill
            else ("Vessels can be followed to the edge of the lung.",)
        )
        items.append(
            replace(item, question="Three years old, fever and cough. What do you see?", points=points)
        )
    lesson = Lesson.new("When to trust a machine")
    return replace(lesson, items=tuple(items), author="A teacher", introduction="Made-up chests of children.")


def _take_debrief(window: MainWindow, lesson: Lesson, cases: Sequence[Case], save: Save) -> bool:
    start, learners = window.lessons.start, window.lessons.start.learners
    runs = [_run(lesson, cases, number) for number in range(3)]
    window.session.memory.runs.add(runs)
    learners.recall(lesson.lesson_id)
    if not _until(lambda: _known(learners, lesson) == len(runs)):
        return False
    start.results()
    debrief = start.debriefing.windows[-1]
    good = save(debrief, "learners")
    debrief.head.choose(0)
    good &= save(debrief, "debrief")
    debrief.close()
    return good


def _known(learners: LearnerRuns, lesson: Lesson) -> int:
    return len(learners.of(lesson))


def _run(lesson: Lesson, cases: Sequence[Case], number: int) -> KeptRun:
    """Let a learner read the lesson who errs now and then, alone and with the machine."""
    now = datetime.now(UTC).replace(microsecond=0)
    run, seconds = Run.begin(lesson, 0.0, seed=number, code=("K7-Q2", "B3-M8", "T5-H4")[number]), 0.0
    while (index := run.item) is not None:
        truth, machine = lesson.items[index].truth.label, MachineView.of(cases[index].prediction)
        wrong = (index + 2 * number) % 4 == 1
        call = _OTHER[truth] if wrong else truth
        run.set_call(call)
        run.set_confidence(CONFIDENCES[(3 * index + number) % 5])
        if call == "pneumonia":
            run.set_mark(_MARK if index % 3 else (0.7, 0.3))
        seconds += 6.0 + (7 * index + 5 * number) % 23
        run.commit(seconds, machine)
        if machine is not None and (index + number) % 2:
            run.change(Answer(machine.call, None, run.answer.confidence))
        run.reveal()
        run.next(seconds)
    return KeptRun(run, now, now)


def _take_learner(start: LessonStart, place: int, save: Save) -> bool:
    start.read()
    learner = start.learner
    assert learner is not None
    session = learner.session
    order = [place, *(index for index in range(len(session.lesson.items)) if index != place)]
    plan = replace(session.run.plan, order=tuple(order))
    session.run = Run(plan)
    learner.start_page.begin_button.click()
    try:
        if not _until(lambda: session.ready.scored and session.display is not None):
            return False
        for name in (Key.PNEUMONIA, Key.SURE_3):
            learner.actions_by_id[name].trigger()
        session.set_mark(_MARK)
        good = save(learner, "learner-before")
        for name in (Key.COMMIT, Key.GO_ON):
            learner.actions_by_id[name].trigger()
        return save(learner, "learner-after") and good and session.run.stage == "revealed"
    finally:
        learner.close()


def _take_audience(start: LessonStart, place: int, save: Save) -> bool:
    start.present()
    presentation = start.presentation
    assert presentation is not None
    presentation.audience.showNormal()
    presentation.audience.resize(1280, 720)
    presentation.window.show()
    try:
        return _take_steps(presentation, place, save)
    finally:
        presentation.end()


def _take_steps(presentation: Presentation, place: int, save: Save) -> bool:
    presentation.step(presentation.course.go(place))
    if not _until(
        lambda: presentation.ready.prediction is not None and presentation.ready.display is not None
    ):
        return False
    presentation.step(presentation.course.forward())
    for choice, count in _HANDS:
        presentation.tally.set(place, "before", choice, count)
    presentation.step(presentation.course.toggle_bars())
    good = save(presentation.audience, "audience-before") and save(presentation.window, "teacher")
    for _ in range(2):
        presentation.step(presentation.course.forward())
    presentation.step(presentation.course.toggle_heatmap())
    return save(presentation.audience, "audience-after") and good


def _until(done: Callable[[], bool]) -> bool:
    """Run the event loop until something is so; False when it takes too long."""
    loop, poll = QEventLoop(), QTimer(interval=_POLL_MS)
    poll.timeout.connect(lambda: loop.quit() if done() else None)
    QTimer.singleShot(_PATIENCE_MS, loop, loop.quit)
    if not done():
        poll.start()
        loop.exec()
    return done()
