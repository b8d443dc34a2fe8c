"""What can be said of all images together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.dataset import patient_mark
from core.engine.card import Card
from core.metrics import Evaluation, evaluate
from core.metrics.calls import CallMeasures, measure_calls
from core.review.cases import ReviewCase


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """Counts and measures of some images.

    Attributes
    ----------
    images, scored, refused, unreadable, waiting : int
        All, and by what became of them.
    requested : int
        How many of the refused have a score because the reader asked for it; they are in none of the figures below.
    judged, key_images, labelled : int
        Called by the reader; marked; with a known truth.
    seen : int
        How many of the labelled and scored are of patients that the model was trained on or chosen by, as far as its
        card tells.
    evaluation : Evaluation or None
        The model against the truth, None unless both classes are labelled and scored.
    model, reader : CallMeasures or None
        Calls against the truth, None where there are none. Calls left unsure are in neither.
    agreeing, both : int
        Images on which reader and model call the same, of those that both called.
    """

    images: int
    scored: int
    refused: int
    requested: int
    unreadable: int
    waiting: int
    judged: int
    key_images: int
    labelled: int
    seen: int
    evaluation: Evaluation | None
    model: CallMeasures | None
    reader: CallMeasures | None
    agreeing: int
    both: int


def summarise(cases: Sequence[ReviewCase], card: Card | None) -> Summary:
    """Count and measure.

    Parameters
    ----------
    cases : sequence of ReviewCase
    card : Card or None
        Of the model whose scores they have.
    """
    statuses = [case.status for case in cases]
    labelled = [case for case in cases if case.truth is not None]
    scored = [case for case in labelled if case.vouched is not None]
    read = [case for case in labelled if case.judgement.call in ("normal", "pneumonia")]
    both = [
        case for case in cases if case.vouched is not None and case.judgement.call in ("normal", "pneumonia")
    ]
    return Summary(
        images=len(cases),
        scored=sum(case.vouched is not None for case in cases),
        refused=statuses.count("refused"),
        requested=sum(case.prediction is not None and case.vouched is None for case in cases),
        unreadable=statuses.count("unreadable"),
        waiting=statuses.count("not scored"),
        judged=sum(case.judgement.call is not None for case in cases),
        key_images=sum(case.judgement.key_image for case in cases),
        labelled=len(labelled),
        seen=_seen(scored, card),
        evaluation=_evaluation(scored, card),
        model=_calls(scored, [case.call == "pneumonia" for case in scored]),
        reader=_calls(read, [case.judgement.call == "pneumonia" for case in read]),
        agreeing=sum(case.call == case.judgement.call for case in both),
        both=len(both),
    )


def _seen(cases: Sequence[ReviewCase], card: Card | None) -> int:
    known = frozenset() if card is None else frozenset(card.seen_patients)
    return sum(patient_mark(case.patient) in known for case in cases) if known else 0


def _calls(cases: Sequence[ReviewCase], called: Sequence[bool]) -> CallMeasures | None:
    if not cases:
        return None
    return measure_calls(_positive(cases), np.asarray(called, dtype=bool), [case.patient for case in cases])


def _positive(cases: Sequence[ReviewCase]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.fromiter(
        (case.truth is not None and case.truth.label == "pneumonia" for case in cases), np.bool_
    )


def _evaluation(cases: Sequence[ReviewCase], card: Card | None) -> Evaluation | None:
    if card is None or len(set(_positive(cases).tolist())) < 2:
        return None
    predictions = [case.prediction for case in cases if case.prediction is not None]
    return evaluate(
        [case.truth.word for case in cases if case.truth is not None],
        np.stack([prediction.probabilities for prediction in predictions]),
        [case.patient for case in cases],
        class_names=card.class_names,
        threshold=predictions[0].threshold,
    )
