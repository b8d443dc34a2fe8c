"""A learner's run: what may be seen when, whatever is pressed."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.teaching.answer import MAX_READING_SECONDS, Answer, MachineView
from core.teaching.lesson import Lesson
from core.teaching.run import MOST_UNDONE, SCHEMA, Run, RunError
from tests.core.teaching.lessons import make_item, make_lesson

MACHINE = MachineView(0.9, 0.6, (0.5, 0.5), "Model 1")
SURE = Answer("pneumonia", "viral", 5, (0.2, 0.3))


def lesson(cases: int = 3, seconds: int | None = None, shuffled: bool = False) -> Lesson:
    whole = make_lesson([make_item(number) for number in range(cases)])
    return dataclasses.replace(whole, seconds=seconds, shuffled=shuffled)


def answered(run: Run) -> Run:
    assert run.set_call("pneumonia")
    assert run.set_confidence(4)
    return run


def test_a_case_left_open_for_weeks_counts_no_longer_than_a_week() -> None:
    run = answered(Run.begin(lesson(), 0.0))
    run.tick(1e300)
    assert Run.from_json(run.to_json()).seconds == MAX_READING_SECONDS
    assert run.commit(2e300, MACHINE)
    assert Run.from_json(run.to_json()).steps[0].seconds == MAX_READING_SECONDS


def test_score_then_truth_are_shown_and_only_after_the_commit() -> None:
    run = answered(Run.begin(lesson(), 0.0))
    assert (run.shows_radiograph, run.shows_machine, run.shows_truth) == (True, False, False)
    assert not run.reveal()
    assert not run.next(1.0)
    assert run.commit(7.5, MACHINE)
    assert (run.shows_machine, run.shows_truth, run.seconds) == (True, False, 7.5)
    assert not run.set_call("normal")
    assert run.change(Answer("normal", None, 2, None))
    assert not run.change(Answer(None, None, 2, None))
    assert run.reveal()
    assert (run.shows_machine, run.shows_truth) == (True, True)
    assert not run.change(SURE)
    assert run.next(9.0)
    assert (run.shows_machine, run.shows_truth, run.item) == (False, False, 1)
    step = run.steps[0]
    assert (step.before.call, step.before.confidence, step.latest.call) == ("pneumonia", 4, "normal")
    assert step.machine == MACHINE


def test_half_an_answer_is_not_committed() -> None:
    run = Run.begin(lesson(), 0.0)
    assert not run.commit(1.0, MACHINE)
    run.set_call("normal")
    assert not run.commit(1.0, MACHINE)
    run.set_confidence(1)
    assert run.commit(1.0, MACHINE)


def test_undo_takes_back_the_answer_but_never_a_commit() -> None:
    run = answered(Run.begin(lesson(), 0.0))
    assert run.undo()
    assert run.answer == Answer("pneumonia", None, None, None)
    assert run.redo()
    assert run.answer.confidence == 4
    assert not run.can_redo
    run.undo()
    run.set_confidence(2)
    assert not run.redo()
    run.commit(1.0, MACHINE)
    assert not run.undo()
    run.reveal()
    assert not run.undo()
    run.next(2.0)
    assert not run.undo()


def test_only_so_many_changes_are_taken_back() -> None:
    run = Run.begin(lesson(), 0.0)
    for number in range(MOST_UNDONE + 20):
        assert run.set_mark((number / 1000, 0.5))
    assert sum(run.undo() for _ in range(MOST_UNDONE + 20)) == MOST_UNDONE


def test_pauses_cost_no_time_and_hide_everything() -> None:
    run = answered(Run.begin(lesson(), 0.0))
    assert run.pause(10.0)
    assert not run.shows_radiograph
    assert not run.set_call("normal")
    assert not run.commit(11.0, MACHINE)
    assert run.resume(1000.0)
    assert run.commit(1005.0, MACHINE)
    assert run.seconds == pytest.approx(15.0)
    run.pause(1006.0)
    assert not run.shows_machine


def test_time_that_is_up_commits_what_there_is() -> None:
    run = Run.begin(lesson(seconds=30), 0.0)
    run.set_call("normal")
    assert not run.tick(29.0)
    assert run.seconds_left == pytest.approx(1.0)
    assert run.tick(31.0)
    assert not run.set_confidence(3)
    assert run.commit(32.0, None)
    step = run.steps[0]
    assert (step.timed_out, step.seconds, step.before.confidence, step.machine) == (True, 30.0, None, None)


def test_a_clock_that_goes_back_takes_no_time_away() -> None:
    run = answered(Run.begin(lesson(), 5.0))
    run.tick(8.0)
    run.tick(2.0)
    run.commit(9.0, MACHINE)
    assert run.seconds == pytest.approx(4.0)


def test_the_order_follows_the_seed() -> None:
    orders = [Run.begin(lesson(40, shuffled=True), seed=seed).order for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == list(range(40))
    assert Run.begin(lesson(40, shuffled=True), shuffled=False).order == tuple(range(40))


def test_a_case_that_cannot_be_shown_is_left_out_but_not_the_only_one() -> None:
    run = Run.begin(lesson(2), 0.0)
    assert run.leave_out()
    assert run.item == 1
    assert not run.leave_out()
    answered(run).commit(1.0, MACHINE)
    run.reveal()
    assert run.next(2.0)
    assert run.finished
    assert Run.from_json(run.to_json()).finished
    assert not run.leave_out()


def test_an_empty_lesson_cannot_be_run() -> None:
    with pytest.raises(RunError, match="no cases"):
        Run.begin(lesson(0))


def test_a_lesson_that_changed_is_known_by_its_cases_and_truth_not_its_texts() -> None:
    before = lesson()
    run = Run.begin(before)
    worded = dataclasses.replace(
        before,
        title="Another",
        items=(dataclasses.replace(before.items[0], question="Another?"), *before.items[1:]),
    )
    assert run.fits(worded)
    assert not run.fits(dataclasses.replace(before, items=before.items[::-1]))
    relabelled = dataclasses.replace(before.items[0], truth=make_item(1).truth)
    assert not run.fits(dataclasses.replace(before, items=(relabelled, *before.items[1:])))


MARKS = st.tuples(st.floats(0, 1), st.floats(0, 1))
OPERATIONS = st.one_of(
    st.tuples(st.just("set_call"), st.sampled_from(["normal", "pneumonia", None])),
    st.tuples(st.just("set_kind"), st.sampled_from(["bacterial", "viral", None])),
    st.tuples(st.just("set_confidence"), st.sampled_from([1, 2, 3, 4, 5, None])),
    st.tuples(st.just("set_mark"), st.none() | MARKS),
    st.tuples(st.just("change"), st.sampled_from([SURE, Answer("normal", None, 1, None), Answer()])),
    st.tuples(
        st.sampled_from(
            ["undo", "redo", "leave_out", "reveal", "commit", "next", "pause", "resume", "tick", "keep"]
        )
    ),
)


def do(run: Run, operation: tuple[Any, ...], now: float) -> Run:
    name, *arguments = operation
    if name == "keep":
        again = Run.from_json(run.to_json())
        again.resume(now)
        return again
    if name in ("next", "pause", "resume", "tick"):
        arguments = [now]
    elif name == "commit":
        arguments = [now, MACHINE]
    getattr(run, name)(*arguments)
    return run


@given(st.lists(OPERATIONS, max_size=60), st.booleans())
def test_nothing_is_shown_before_its_time_whatever_is_pressed(
    operations: list[tuple[Any, ...]], limited: bool
) -> None:
    run = Run.begin(lesson(3, seconds=5 if limited else None), 0.0)
    committed, revealed, frozen = 0, 0, {}
    for now, operation in enumerate(operations, 1):
        before = (len(run.steps), run.stage)
        run = do(run, operation, float(now))
        if operation[0] == "commit" and len(run.steps) > before[0]:
            committed += 1
            frozen[len(run.steps) - 1] = run.steps[-1].before
        if operation[0] == "reveal" and run.stage == "revealed" and before[1] == "committed":
            revealed += 1
        assert len(run.steps) == committed
        assert run.shows_machine <= (committed > run.position)
        assert run.shows_truth <= (revealed > run.position)
        assert len(run.completed) == revealed
        # What was committed blind stays as it was.
        assert all(run.steps[place].before == answer for place, answer in frozen.items())


@given(st.lists(OPERATIONS, max_size=40))
def test_a_run_comes_back_as_it_was_kept(operations: list[tuple[Any, ...]]) -> None:
    run = Run.begin(lesson(3, seconds=20), 0.0)
    for now, operation in enumerate(operations, 1):
        run = do(run, operation, float(now))
    again = Run.from_json(run.to_json())
    assert again.to_json() == run.to_json()
    assert again.paused != again.finished
    assert (again.steps, again.stage, again.answer, again.order) == (
        run.steps,
        run.stage,
        run.answer,
        run.order,
    )


def kept(**changes: object) -> str:
    run = answered(Run.begin(lesson(2, seconds=20), 0.0))
    run.commit(3.0, MACHINE)
    return json.dumps({**json.loads(run.to_json()), **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"stage": "finished"}, {"order": [0, 0]}, {"order": [7]}, {"order": []}, {"steps": []}, {"code": "../.."},
        {"run": "short"}, {"seconds": -1}, {"seconds": "1"}, {"limit": 0}, {"limit": 1}, {"steps": [1]},
        {"answer": {"call": "sick"}}, {"schema": "1"}, {"earlier": [1]}, {"steps": None},
    ],
)  # fmt: skip
def test_a_damaged_run_is_refused_in_a_sentence(changes: dict[str, object]) -> None:
    assert Run.from_json(kept()).stage == "committed"
    with pytest.raises(RunError, match="damaged"):
        Run.from_json(kept(**changes))


@pytest.mark.parametrize("text", ["", "[]", "{}", "nul", "[" * 100_000, '{"schema": 1e400}'])
def test_what_is_no_run_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(RunError, match="damaged"):
        Run.from_json(text)


def test_a_run_of_a_newer_program_is_said_to_be_one() -> None:
    with pytest.raises(RunError, match="newer version"):
        Run.from_json(kept(schema=SCHEMA + 1))


def test_neither_names_nor_hashes_of_radiographs_are_kept() -> None:
    whole = lesson()
    text = Run.begin(whole).to_json()
    for item in whole.items:
        assert item.content not in text
        assert item.note not in text
