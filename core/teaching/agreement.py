"""Several runs of one lesson side by side, and how far their learners agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.metrics import bootstrap
from core.metrics.result import Measure
from core.metrics.threshold import Floats, ratio
from core.teaching.answer import LearnerCall
from core.teaching.case_review import CaseReview
from core.teaching.debrief import Debrief
from core.teaching.lesson import Item
from core.teaching.run import RunError

OTHER_LESSONS = "Only runs of one lesson can be told side by side."


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far learners call the same cases the same, right or wrong.

    Attributes
    ----------
    kappa : Measure
        Fleiss' kappa: 1 where all agree on every case, 0 where they agree as often as by chance; the interval
        comes from resampled cases.
    observed : float or None
        Share of the pairs of learners that agree on a case.
    learners : int
        Who went through all cases.
    cases : int
        Called by all of them.
    """

    kappa: Measure
    observed: float | None
    learners: int
    cases: int


@dataclass(frozen=True, slots=True)
class CaseAcross:
    """One case of the lesson with what every learner made of it.

    Attributes
    ----------
    index : int
        Into the lesson's items.
    item : Item
    reviews : tuple of CaseReview or None
        One for each run, None where it has not come to the case.
    """

    index: int
    item: Item
    reviews: tuple[CaseReview | None, ...]

    @property
    def answered(self) -> int:
        """How many called it blind."""
        return sum(review is not None and review.answered for review in self.reviews)

    @property
    def right_before(self) -> int:
        """How many of these were right."""
        return sum(review is not None and review.right_before is True for review in self.reviews)

    @property
    def right_after(self) -> int:
        """How many of these were right having seen the machine."""
        return sum(
            review is not None and review.answered and review.right_after is True for review in self.reviews
        )


@dataclass(frozen=True, slots=True, eq=False)
class SideBySide:
    """Runs of one lesson.

    Attributes
    ----------
    debriefs : tuple of Debrief
    labels : tuple of str
        The learners' codes, with a number where a code has several runs.
    cases : tuple of CaseAcross
        Those of the lesson that somebody has read, in the lesson's order.
    before, after : Agreement
        Of the blind calls, and of those after the machine.
    """

    debriefs: tuple[Debrief, ...]
    labels: tuple[str, ...]
    cases: tuple[CaseAcross, ...]
    before: Agreement
    after: Agreement


def fleiss_kappa(counts: npt.ArrayLike) -> float:
    """Return the agreement of many raters beyond chance (J. L. Fleiss, Psychological Bulletin 76:378, 1971).

    Parameters
    ----------
    counts : array-like of int, shape (cases, categories)
        How many raters put each case into each category; the same number of raters for all cases, two at least.

    Returns
    -------
    float
        At most 1; NaN without cases and where all ratings are the same, so that nothing but chance is left.

    Raises
    ------
    ValueError
        For counts of other shapes or with other sums.
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("counts have the shape (cases, categories)")
    sums = table.sum(axis=1)
    if len(table) and (sums[0] < 2 or (sums != sums[0]).any() or (table < 0).any()):
        raise ValueError("every case needs the same number of raters, two at least")
    return float(_kappa(table, np.ones((1, len(table))))[0])


def side_by_side(debriefs: Sequence[Debrief]) -> SideBySide:
    """Tell runs of one lesson side by side.

    Parameters
    ----------
    debriefs : sequence of Debrief
        Held against the same lesson.

    Raises
    ------
    RunError
        Where there are none, or of several lessons.
    """
    if not debriefs or any(debrief.lesson != debriefs[0].lesson for debrief in debriefs):
        raise RunError(OTHER_LESSONS)
    found = [{case.index: case for case in debrief.cases} for debrief in debriefs]
    cases = (
        CaseAcross(index, item, tuple(reviews.get(index) for reviews in found))
        for index, item in enumerate(debriefs[0].lesson.items)
    )
    told = tuple(case for case in cases if any(review is not None for review in case.reviews))
    whole = [place for place, debrief in enumerate(debriefs) if debrief.finished]
    rows = [[case.reviews[place] for place in whole] for case in told]
    return SideBySide(
        tuple(debriefs),
        labels_of([debrief.code for debrief in debriefs]),
        told,
        _agreement(rows, len(whole), lambda review: review.before.call),
        _agreement(rows, len(whole), lambda review: review.after.call),
    )


def _agreement(
    rows: Sequence[Sequence[CaseReview | None]],
    learners: int,
    call: Callable[[CaseReview], LearnerCall | None],
) -> Agreement:
    if learners < 2:
        return Agreement(Measure(None, reason="needs two finished runs"), None, learners, 0)
    table = []
    for row in rows:
        calls = [None if review is None or not review.answered else call(review) for review in row]
        if None not in calls:
            table.append([calls.count("normal"), calls.count("pneumonia")])
    if not table:
        return Agreement(Measure(None, reason="no case was called by all"), None, learners, 0)
    counts = np.array(table, dtype=np.float64)
    observed = float(_agreeing(counts).mean())
    return Agreement(_measure(counts), observed, learners, len(counts))


def _measure(counts: Floats) -> Measure:
    value = float(_kappa(counts, np.ones((1, len(counts))))[0])
    if not np.isfinite(value):
        return Measure(None, reason="all calls are the same")
    names = [f"{number:06d}" for number in range(len(counts))]
    blocks = bootstrap.patient_weights(names, bootstrap.RESAMPLES, bootstrap.SEED)
    drawn = np.concatenate([_kappa(counts, weights) for weights in blocks])
    ends = bootstrap.interval(drawn, bootstrap.CONFIDENCE)
    undefined = int(np.isnan(drawn).sum())
    if ends is None or ends[0] == ends[1]:
        reason = "too few cases for an interval" if ends is None else "all resamples are alike"
        return Measure(value, undefined_resamples=undefined, reason=reason)
    return Measure(value, *ends, undefined_resamples=undefined)


def _agreeing(counts: Floats) -> Floats:
    """Share of the pairs of raters that agree, for each case."""
    raters = counts.sum(axis=1)
    shares: Floats = ((counts**2).sum(axis=1) - raters) / (raters * (raters - 1))
    return shares


def _kappa(counts: Floats, weights: Floats) -> Floats:
    """Fleiss' kappa where each case counts so often; `weights` of shape (B, cases)."""
    times = weights.sum(axis=1)
    observed = ratio(weights @ _agreeing(counts), times)
    ratings = weights @ counts
    shares = ratio(ratings, ratings.sum(axis=1, keepdims=True))
    # Where all ratings are the same, chance alone agrees fully; `ratio` makes that NaN.
    chance = (shares**2).sum(axis=1)
    return ratio(observed - chance, 1 - chance)


def labels_of(codes: Sequence[str]) -> tuple[str, ...]:
    """Return learners' codes, with a number where a code has several runs."""
    several, seen = Counter(codes), Counter[str]()
    labels = []
    for code in codes:
        seen[code] += 1
        labels.append(code if several[code] == 1 else f"{code} ({seen[code]})")
    return tuple(labels)
