"""What a learner's run was like: alone, with the machine, and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np

from core.metrics import bootstrap
from core.metrics.calls import CallMeasures, measure_calls, wilson
from core.metrics.ranking import Ranking, RocCurve
from core.metrics.result import Measure
from core.teaching.case_review import CaseReview, Outcome, Place
from core.teaching.lesson import Lesson
from core.teaching.run import Run, RunError

OTHER_LESSON: Final = "This run belongs to another lesson."


@dataclass(frozen=True, slots=True, eq=False)
class Roc:
    """How well ratings put normal and pneumonia in order.

    Attributes
    ----------
    cases : int
        That have a rating.
    curve : RocCurve or None
        None unless both normal and pneumonia are among them.
    auroc : Measure
        Equal ratings count half; the interval comes from resampled cases.
    """

    cases: int
    curve: RocCurve | None
    auroc: Measure


@dataclass(frozen=True, slots=True)
class Places:
    """Marks against the teacher's regions.

    Attributes
    ----------
    hits, misses, none : int
        Cases with a region where the mark lies within it, outside of it, and where there is none.
    share : Measure
        Hits among hits and misses, with Wilson's interval.
    """

    hits: int
    misses: int
    none: int
    share: Measure


@dataclass(frozen=True, slots=True)
class Times:
    """Reading times in seconds, blind and without pauses; all 0 without cases."""

    total: float
    median: float
    longest: float


@dataclass(frozen=True, slots=True, eq=False)
class Debrief:
    """A run held against its lesson; only cases that the learner has seen the truth of are in it.

    Attributes
    ----------
    run_id, code : str
        Of the run.
    lesson : Lesson
        As it is now; its truth and regions are what the run is held against.
    cases : tuple of CaseReview
        In the order they were read.
    planned : int
        Cases that the run was to go through.
    finished : bool
        Whether it went through all of them.
    gone : int
        Cases that were read and are no longer in the lesson, which nothing can be said of.
    changed : bool
        Whether radiographs, their order, truth or regions have changed since the run began.
    before, after, model : CallMeasures or None
        The learner's calls, blind and having seen the machine, and the model's, with Wilson's intervals; of the
        same cases, those that were called in time, less those that no model could score in `model`. None where
        there are none.
    roc_before, roc_after, roc_model : Roc
        Of the learner's ratings from 1 (surely normal) to 10 (surely pneumonia), and of the model's scores of the
        cases that the learner rated blind.
    marks, peaks : Places
        The learner's blind marks, and the middle of Grad-CAM's strongest cell.
    kinds : Measure or None
        How often a blind kind was right, of the cases where learner and truth both name one; None without any.
    times : Times
    taught_most : tuple of CaseReview
        Cases that there is something to learn from, most first (see `CaseReview.teaches`).
    """

    run_id: str
    code: str
    lesson: Lesson
    cases: tuple[CaseReview, ...]
    planned: int
    finished: bool
    gone: int
    changed: bool
    before: CallMeasures | None
    after: CallMeasures | None
    model: CallMeasures | None
    roc_before: Roc
    roc_after: Roc
    roc_model: Roc
    marks: Places
    peaks: Places
    kinds: Measure | None
    times: Times
    taught_most: tuple[CaseReview, ...]

    def cases_with(self, outcome: Outcome) -> tuple[CaseReview, ...]:
        """Return the cases of one outcome, in the order they were read."""
        return tuple(case for case in self.cases if case.outcome == outcome)

    def count(self, outcome: Outcome) -> int:
        """Count the cases of one outcome."""
        return len(self.cases_with(outcome))

    @property
    def notes(self) -> tuple[str, ...]:
        """What one should know before reading the figures, in sentences."""
        unanswered = sum(not case.answered for case in self.cases)
        unscored = sum(case.machine is None for case in self.cases)
        read = len(self.cases) + self.gone
        told = (
            (not self.finished, f"This run is not finished: {read} of {_cases(self.planned)} read."),
            (
                self.changed,
                "The lesson has changed since this run began; the figures are held against it now.",
            ),
            (self.gone, f"Left out because no longer in the lesson: {_cases(self.gone)}."),
            (unanswered, f"Not called in time, and left out of the measures: {_cases(unanswered)}."),
            (unscored, f"Without a model score: {_cases(unscored)}."),
        )
        return tuple(sentence for applies, sentence in told if applies)


def make_debrief(run: Run, lesson: Lesson) -> Debrief:
    """Hold a run, finished or not, against its lesson.

    Parameters
    ----------
    run : Run
    lesson : Lesson
        As it is now, which need not be as it was.

    Raises
    ------
    RunError
        Where the run belongs to another lesson.
    """
    if run.lesson_id != lesson.lesson_id:
        raise RunError(OTHER_LESSON)
    cases = _reviewed(run, lesson)
    answered = [case for case in cases if case.answered]
    scored = [case for case in answered if case.machine is not None]
    rated = [case for case in cases if case.before.rating is not None]
    kinds = [case.kind_right for case in cases if case.kind_right is not None]
    ranked = sorted(cases, key=lambda case: case.teaches, reverse=True)
    return Debrief(
        run_id=run.run_id,
        code=run.code,
        lesson=lesson,
        cases=cases,
        planned=len(run.order),
        finished=len(run.completed) == len(run.order),
        gone=len(run.completed) - len(cases),
        changed=not run.fits(lesson),
        before=_calls(answered, [case.before.call == "pneumonia" for case in answered]),
        after=_calls(answered, [case.after.call == "pneumonia" for case in answered]),
        model=_calls(
            scored, [case.machine is not None and case.machine.call == "pneumonia" for case in scored]
        ),
        roc_before=_roc(rated, [case.before.rating for case in rated]),
        roc_after=_roc(rated, [case.after.rating for case in rated]),
        roc_model=_roc(rated, [None if case.machine is None else case.machine.score for case in rated]),
        marks=_places([case.mark_place for case in cases]),
        peaks=_places([case.peak_place for case in cases]),
        kinds=_share(sum(kinds), len(kinds)) if kinds else None,
        times=_times([case.step.seconds for case in cases]),
        taught_most=tuple(case for case in ranked if case.teaches > (0, 0)),
    )


def _reviewed(run: Run, lesson: Lesson) -> tuple[CaseReview, ...]:
    cases = []
    for position, step in enumerate(run.completed):
        index = run.plan.find(lesson, step.item)
        if index is not None:
            cases.append(CaseReview(position, index, lesson.items[index], step))
    return tuple(cases)


def _calls(cases: Sequence[CaseReview], called: Sequence[bool]) -> CallMeasures | None:
    if not cases:
        return None
    positive = np.array([case.positive for case in cases], dtype=np.bool_)
    return measure_calls(positive, np.array(called, dtype=np.bool_), resamples=0)


def _roc(cases: Sequence[CaseReview], ratings: Sequence[float | None]) -> Roc:
    pairs = [
        (case.positive, rating) for case, rating in zip(cases, ratings, strict=True) if rating is not None
    ]
    positive = np.array([truth for truth, _ in pairs], dtype=np.bool_)
    ranking = Ranking(positive, np.array([rating for _, rating in pairs], dtype=np.float64))
    ones = np.ones(len(pairs))
    curve = ranking.roc(ones)
    if curve is None:
        missing = Measure(None, reason="needs both normal and pneumonia among the cases")
        return Roc(len(pairs), None, missing)
    # Each case is of a patient of its own: a lesson does not tell which are of the same.
    names = [f"{number:06d}" for number in range(len(pairs))]
    blocks = bootstrap.patient_weights(names, bootstrap.RESAMPLES, bootstrap.SEED)
    drawn = np.concatenate([ranking.auroc(weights) for weights in blocks])
    value, ends = float(ranking.auroc(ones)), bootstrap.interval(drawn, bootstrap.CONFIDENCE)
    undefined = int(np.isnan(drawn).sum())
    if ends is None or ends[0] == ends[1]:
        reason = "too few cases for an interval" if ends is None else "all resamples are alike"
        return Roc(len(pairs), curve, Measure(value, undefined_resamples=undefined, reason=reason))
    return Roc(len(pairs), curve, Measure(value, *ends, undefined_resamples=undefined))


def _places(places: Sequence[Place | None]) -> Places:
    hits, misses = places.count("hit"), places.count("miss")
    return Places(hits, misses, places.count("none"), _share(hits, hits + misses))


def _share(hits: int, total: int) -> Measure:
    ends = wilson(hits, total)
    return Measure(None, reason="nothing to divide by") if ends is None else Measure(hits / total, *ends)


def _times(seconds: Sequence[float]) -> Times:
    return Times(sum(seconds), median(seconds), max(seconds)) if seconds else Times(0.0, 0.0, 0.0)


def _cases(count: int) -> str:
    return f"{count} case" if count == 1 else f"{count} cases"
