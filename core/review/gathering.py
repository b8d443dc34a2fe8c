"""From a store and some files to the cases of a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from core.dataset import is_public_name, patient_of
from core.engine.card import Card
from core.review.cases import ReviewCase
from core.store.content import Picture
from core.store.questions import NOTHING, Remembered
from core.store.recognition import recognise
from core.store.store import Store
from core.truth.findings import Findings

NOT_SCORED = "The image has not been scored."


def patient_mark_of(path: Path) -> str:
    """Return whatever tells the patient of a file apart: by a name of the public set, else each file its own."""
    return patient_of(path.name) if is_public_name(path.name) else str(path)


def cases_of_files(
    store: Store,
    card: Card,
    paths: Sequence[Path],
    names: Sequence[str],
    frame: int = 0,
    find_truths: Callable[[Sequence[Path]], Findings] | None = None,
) -> list[ReviewCase]:
    """Return a case for each file, with what the store knows of it.

    Parameters
    ----------
    store : Store
    card : Card
        Whose scores are wanted.
    paths, names : sequences of the same length
        Files, and what they may be called.
    frame : int
    find_truths : callable, optional
        Says what is known of files of which the store has no truth.
    """
    seen = recognise(store, paths)
    pictures = [None if file.content is None else Picture(file.content, frame) for file in seen]
    answers = store.remembered([picture for picture in pictures if picture is not None], card)
    found = {} if find_truths is None else find_truths(paths).truths
    cases = []
    for path, name, picture in zip(paths, names, pictures, strict=True):
        answer = NOTHING if picture is None else answers.get(picture, NOTHING)
        case = _case(name, path, frame, answer)
        cases.append(replace(case, truth=answer.truth or found.get(path), patient=patient_mark_of(path)))
    return cases


def cases_of_store(store: Store, card: Card) -> list[ReviewCase]:
    """Return a case for each picture that a model's results are kept of; where its file lies is not known."""
    pictures = store.pictures(card)
    answers = store.remembered(pictures, card)
    return [
        replace(
            _case(f"Image {number}", Path(), picture.frame, answers.get(picture, NOTHING)),
            patient=picture.content,
        )
        for number, picture in enumerate(pictures, 1)
    ]


def _case(name: str, path: Path, frame: int, answer: Remembered) -> ReviewCase:
    case = ReviewCase(name, path, frame, reason=NOT_SCORED, judgement=answer.judgement, truth=answer.truth)
    result = answer.result
    if result is None:
        return case
    prediction = result.prediction if result.status == "ok" else None
    return replace(
        case, status=result.status, reason=result.reason, prediction=prediction, notes=result.notes
    )
