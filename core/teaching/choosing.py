"""Choosing the cases of a lesson among radiographs of which something is known."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from core.store.content import Picture
from core.teaching.lesson import Item
from core.truth.truth import Truth, TruthLabel


@dataclass(frozen=True, slots=True)
class Candidate:
    """A radiograph that may become a case.

    Attributes
    ----------
    picture : Picture
    truth : Truth or None
        None where it is not known; such a one is never chosen.
    call : {"normal", "pneumonia"} or None
        The model's, None where there is no score.
    key_image : bool
        Whether a reader has marked it.
    patient : str
        Whatever tells patients apart, empty where nothing does; stays here.
    """

    picture: Picture
    truth: Truth | None
    call: TruthLabel | None = None
    key_image: bool = False
    patient: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen.

    Attributes
    ----------
    items : tuple of Item
    unlabelled : int
        How many were wanted and left out because the truth is not known.
    lacking : mapping
        From class to how many fewer there are than were asked for; without the classes that have enough.
    """

    items: tuple[Item, ...]
    unlabelled: int = 0
    lacking: Mapping[str, int] = field(default_factory=dict)


def all_labelled(candidates: Iterable[Candidate]) -> Choice:
    """Choose all whose truth is known, in the order given; a picture that comes twice is taken once."""
    items: dict[Picture, Item] = {}
    unlabelled = set()
    for candidate in candidates:
        if candidate.truth is None:
            unlabelled.add(candidate.picture)
        else:
            items.setdefault(candidate.picture, Item(*candidate.picture, candidate.truth))
    return Choice(tuple(items.values()), len(unlabelled - items.keys()))


def key_images(candidates: Iterable[Candidate]) -> Choice:
    """Choose those that a reader has marked, in the order given."""
    return all_labelled(candidate for candidate in candidates if candidate.key_image)


def model_errors(candidates: Iterable[Candidate]) -> Choice:
    """Choose those that the model calls otherwise than is known, in the order given."""
    return all_labelled(
        candidate
        for candidate in candidates
        if candidate.truth is not None and candidate.call not in (None, candidate.truth.label)
    )


def per_class(candidates: Iterable[Candidate], count: int, seed: int, *, by_kind: bool = False) -> Choice:
    """Choose so many of each class at random, from as many patients as there are.

    Parameters
    ----------
    candidates : iterable of Candidate
        In any order: the choice does not depend on it.
    count : int
        Of each class.
    seed : int
        The same seed chooses the same among the same candidates, on every machine.
    by_kind : bool
        Whether bacterial and viral are classes of their own; a pneumonia whose kind is not known is of neither then,
        and left out.

    Returns
    -------
    Choice
        In an order that tells nothing of the classes. Where none is bacterial or viral, `lacking` says so.
    """
    classes: dict[str, list[Candidate]] = {
        name: [] for name in (("normal", "bacterial", "viral") if by_kind else ("normal", "pneumonia"))
    }
    unlabelled = set()
    for candidate in candidates:
        word = "" if candidate.truth is None else candidate.truth.word if by_kind else candidate.truth.label
        if word in classes:
            classes[word].append(candidate)
        else:
            unlabelled.add(candidate.picture)
    chosen: list[Candidate] = []
    lacking = {}
    for name, members in classes.items():
        some = _of_many_patients(_drawn(members, f"{seed} choice"), count)
        chosen.extend(some)
        if len(some) < count:
            lacking[name] = count - len(some)
    # Lots are drawn anew: those that won were the lower, the more they were chosen from.
    items = all_labelled(_drawn(chosen, f"{seed} order")).items
    return Choice(items, len(unlabelled), lacking)


def _drawn(candidates: Iterable[Candidate], seed: str) -> list[Candidate]:
    """Return different pictures in an order that only they and the seed decide."""
    different = {candidate.picture: candidate for candidate in candidates}
    return [different[picture] for picture in sorted(different, key=lambda picture: _lot(picture, seed))]


def _lot(picture: Picture, seed: str) -> bytes:
    return hashlib.sha256(f"{seed}:{picture.content}:{picture.frame}".encode()).digest()


def _of_many_patients(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
    """Return the first so many, of each patient a second only where there is no other patient left."""
    first: list[Candidate] = []
    further: list[Candidate] = []
    patients: set[str] = set()
    for candidate in candidates:
        known = candidate.patient != "" and candidate.patient in patients
        (further if known else first).append(candidate)
        patients.add(candidate.patient)
    return [*first, *further][:count]
