"""The labelled cases of the list as arrays, free of Qt."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.dataset import is_public_name, patient_mark, patient_of
from core.engine.prediction import Prediction
from core.metrics.threshold import Flags, Floats
from deeppneumo_gui.cases import Case

NORMAL, PNEUMONIA, UNSURE, NOT_CALLED = range(4)
_READER: Final = {"normal": NORMAL, "pneumonia": PNEUMONIA, "unsure": UNSURE, None: NOT_CALLED}


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """N images whose truth is known.

    Attributes
    ----------
    positive : ndarray of bool, shape (N,)
        Whether the truth is pneumonia.
    score : ndarray of float, shape (N,)
        P(pneumonia), NaN where there is no score that the model stands for.
    reader : ndarray of int, shape (N,)
        The reader's call: `NORMAL`, `PNEUMONIA`, `UNSURE` or `NOT_CALLED`.
    patients : tuple of str, length N, or None
        Whose images they are, where the names of all files say so as those of the public set do.
    threshold : float or None
        The operating point, None before there is a model.
    unlabelled : int
        How many more are listed, without truth.
    requested : int
        How many of the N have a score only because the reader asked for it; they are in none of the model's figures.
    seen : int
        How many of the N are of patients that the model was trained on or chosen by, as far as its card tells.
    """

    positive: Flags
    score: Floats
    reader: NDArray[np.int8]
    patients: tuple[str, ...] | None
    threshold: float | None
    unlabelled: int
    requested: int
    seen: int = 0

    @property
    def scored(self) -> Flags:
        """Which images have a score."""
        return np.isfinite(self.score)


def gather(
    cases: Sequence[Case], threshold: float | None, seen_patients: Collection[str] = frozenset()
) -> Labelled:
    """Collect the labelled ones among cases; `seen_patients` are marks as on a model's card."""
    known = [case for case in cases if case.truth is not None]
    patients = tuple(_public_patient(case.name) for case in known)
    return Labelled(
        np.array([case.truth is not None and case.truth.label == "pneumonia" for case in known], dtype=bool),
        scores_of([None if case.on_request else case.prediction for case in known]),
        np.array([_READER[case.judgement.call] for case in known], dtype=np.int8),
        tuple(filter(None, patients)) if patients and None not in patients else None,
        threshold,
        len(cases) - len(known),
        sum(case.on_request for case in known),
        sum(_mark(who) in seen_patients for who in patients if who) if seen_patients else 0,
    )


@lru_cache(maxsize=20_000)
def _public_patient(name: str) -> str | None:
    return patient_of(name) if is_public_name(name) else None


@lru_cache(maxsize=20_000)
def _mark(patient: str) -> str:
    return patient_mark(patient)


def scores_of(predictions: Sequence[Prediction | None]) -> Floats:
    """Return P(pneumonia) of each, NaN without a prediction.

    As `Prediction.score` does, without asking ten thousand of them one by one.
    """
    scores = np.full(len(predictions), np.nan)
    places = [place for place, prediction in enumerate(predictions) if prediction is not None]
    rows = [prediction for prediction in predictions if prediction is not None]
    if rows:
        # All from one model: another one's are dropped before it scores.
        kinds = [place for place, name in enumerate(rows[0].class_names) if name != "normal"]
        table = np.array([row.probabilities for row in rows])
        scores[places] = np.minimum(table[:, kinds].sum(axis=1), 1.0)
    return scores
