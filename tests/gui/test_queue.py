"""The queue without Qt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from deeppneumo_gui.inference.messages import Generation, Job, Ticket
from deeppneumo_gui.inference.queue import Arrival, JobQueue


def job(case_id: int, ticket: int | None = None) -> Job:
    return Job(case_id, Path(f"{case_id}.png"), None if ticket is None else Ticket(ticket))


def drain(queue: JobQueue, count: int) -> list[int]:
    jobs = [queue.take() for _ in range(count)]
    return [item.case_id for item in jobs if isinstance(item, Job)]


def test_selection_comes_before_the_batch_and_withdraws_its_entry() -> None:
    queue = JobQueue()
    queue.extend(job(number) for number in (1, 2, 3))
    queue.select(job(3, 1))
    assert drain(queue, 3) == [3, 1, 2]
    assert queue.upcoming(5) == []


def test_the_newest_selection_replaces_a_waiting_one() -> None:
    queue = JobQueue()
    queue.select(job(1, 1))
    queue.select(job(2, 2))
    queue.extend([job(9)])
    assert drain(queue, 2) == [2, 9]


def test_a_scored_case_is_only_shown() -> None:
    queue = JobQueue()
    queue.mark_scored(job(1))
    queue.select(job(1, 1))
    taken = queue.take()
    assert isinstance(taken, Job)
    assert taken.ticket == 1
    assert not taken.score


def test_a_scored_case_leaves_the_batch_and_does_not_enter_it_again() -> None:
    queue = JobQueue()
    queue.extend([job(1), job(2)])
    queue.mark_scored(job(1))
    queue.extend([job(1)])
    assert [item.case_id for item in queue.upcoming(5)] == [2]


def test_an_overtaken_selection_returns_to_the_head() -> None:
    queue = JobQueue()
    queue.extend(job(number) for number in (1, 2, 3))
    queue.select(job(3, 1))
    taken = queue.take()
    assert isinstance(taken, Job)
    assert not queue.overtaken()
    queue.select(job(9, 2))
    assert queue.overtaken()
    assert queue.put_back(taken)
    assert drain(queue, 4) == [9, 3, 1, 2]


def test_a_selection_from_outside_the_batch_is_not_put_into_it() -> None:
    queue = JobQueue()
    queue.select(job(3, 1))
    taken = queue.take()
    assert isinstance(taken, Job)
    assert not queue.put_back(taken)


def test_a_selection_that_entered_the_batch_since_stays_there() -> None:
    queue = JobQueue()
    queue.select(job(1, 1))
    taken = queue.take()
    assert isinstance(taken, Job)
    queue.extend([job(1), job(2)])
    assert queue.put_back(taken)
    assert drain(queue, 2) == [1, 2]


def test_a_cancelled_batch_takes_nothing_back() -> None:
    queue = JobQueue()
    queue.extend([job(1), job(2)])
    queue.select(job(1, 1))
    taken = queue.take()
    assert isinstance(taken, Job)
    assert queue.cancel_batch() == [2]
    assert not queue.put_back(taken)
    assert queue.upcoming(5) == []


def test_stop_comes_before_everything() -> None:
    queue = JobQueue()
    queue.extend([job(1)])
    queue.select(job(2, 1))
    queue.stop()
    assert queue.take() is None
    assert queue.overtaken()


def test_a_withdrawn_selection_is_not_taken() -> None:
    queue = JobQueue()
    queue.select(job(1, 1))
    queue.deselect()
    queue.extend([job(2)])
    assert drain(queue, 1) == [2]


def test_a_selection_that_is_only_shown_leaves_its_score_to_the_batch() -> None:
    queue = JobQueue()
    queue.extend([job(1)])
    queue.select(replace(job(1, 1), score=False))
    assert drain(queue, 2) == [1, 1]


def test_a_selection_under_another_model_leaves_its_score_to_the_batch() -> None:
    queue = JobQueue()
    queue.extend([replace(job(1), generation=Generation(2))])
    queue.select(replace(job(1, 1), generation=Generation(1)))
    assert drain(queue, 2) == [1, 1]


def test_a_model_comes_before_everything_but_the_end() -> None:
    queue = JobQueue()
    queue.extend([job(1)])
    queue.select(job(2, 1))
    arrival = Arrival(Generation(1), None, "no")
    queue.deliver(arrival)
    assert queue.take() is arrival
    queue.deliver(arrival)
    queue.stop()
    assert queue.take() is None


def test_another_model_scores_what_was_scored() -> None:
    queue = JobQueue()
    queue.mark_scored(job(1))
    queue.forget_scored()
    queue.extend([job(1)])
    assert drain(queue, 1) == [1]


def test_a_withdrawn_selection_does_not_return_to_the_batch() -> None:
    queue = JobQueue()
    queue.extend([job(1), job(2)])
    queue.select(job(2, 1))
    taken = queue.take()
    assert isinstance(taken, Job)
    queue.withdraw([2])
    assert not queue.put_back(taken)
    assert [item.case_id for item in queue.upcoming(5)] == [1]


def test_what_is_put_first_comes_before_the_batch_even_when_it_was_scored() -> None:
    queue = JobQueue()
    queue.extend([job(1), job(2), job(3)])
    queue.mark_scored(job(4))
    queue.put_first(replace(job(4), anyway=True))
    queue.put_first(replace(job(2), anyway=True))
    queue.select(job(9, 1))
    assert drain(queue, 5) == [9, 2, 4, 1, 3]


def test_what_was_put_first_and_overtaken_comes_first_again() -> None:
    queue = JobQueue()
    queue.extend([job(1)])
    asked = replace(job(2), anyway=True)
    queue.put_first(asked)
    taken = queue.take()
    assert taken == asked
    queue.select(job(3, 1))
    assert queue.put_back(asked)
    assert drain(queue, 1) == [3]
    assert queue.take() == asked
