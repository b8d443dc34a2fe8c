"""Which cases of the worklist a lesson is made of, and what is said of those that cannot enter; free of Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

from core.store.content import Picture
from core.teaching.choosing import Candidate, Choice, all_labelled, per_class
from core.teaching.lesson import Item
from core.truth.truth import Truth
from deeppneumo_gui.cases import Case
from deeppneumo_gui.teaching.places import content_at

_MOST_NUMBERS: Final = 12
"""More numbers than these in a sentence are not read."""


class Source(Enum):
    """Where the cases come from; the value is the words for it."""

    SELECTED = "The selected"
    KEY_IMAGES = "Key images"
    ERRORS = "Errors of the model"
    RANDOM = "At random, as many of each class"
    NONE = "None yet"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the teacher asks for.

    Attributes
    ----------
    source : Source
    title : str
        Of a new lesson.
    count : int
        Of each class, where cases are drawn at random.
    seed : int
        The same draws the same again.
    by_kind : bool
        Whether bacterial and viral are classes of their own.
    """

    source: Source
    title: str = ""
    count: int = 5
    seed: int = 1
    by_kind: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a wish.

    Attributes
    ----------
    items : tuple of Item
    paths : dict of str to Path
        Where their contents lie.
    without_truth, unreadable : tuple of int
        Numbers of the cases that were wanted and cannot enter.
    lacking : dict of str to int
        How many fewer of a class there are than were wanted.
    """

    items: tuple[Item, ...] = ()
    paths: dict[str, Path] = field(default_factory=dict, repr=False)
    without_truth: tuple[int, ...] = ()
    unreadable: tuple[int, ...] = ()
    lacking: dict[str, int] = field(default_factory=dict)


def cases_of(source: Source, listed: Sequence[Case], selected: Sequence[Case]) -> list[Case]:
    """Return the cases that a source offers; at random those are drawn from which are listed and labelled."""
    match source:
        case Source.SELECTED:
            return list(selected)
        case Source.KEY_IMAGES:
            return [case for case in listed if case.key_image]
        case Source.ERRORS:
            known = [case for case in listed if case.vouched_call is not None]
            return [case for case in known if case.truth and case.vouched_call != case.truth.label]
        case Source.RANDOM:
            return [case for case in listed if case.truth is not None]
    return []


def choose(
    cases: Sequence[Case],
    wish: Wish,
    given_up: Callable[[], bool] = lambda: False,
    otherwise: Truth | None = None,
) -> Found:
    """Choose among cases; reads their files, so not for the GUI thread.

    Parameters
    ----------
    cases : sequence of Case
    wish : Wish
    given_up : callable
        Whether nobody waits for the answer any more.
    otherwise : Truth or None
        What those show that have no label; with None they cannot enter.
    """
    # Not before it is needed: every start of the program would wait for it.
    from core.review.gathering import patient_mark_of

    candidates: list[Candidate] = []
    paths: dict[str, Path] = {}
    unreadable = []
    for case in cases:
        truth = case.truth or otherwise
        if truth is None or given_up():
            continue
        content = content_at(case.path)
        if content:
            paths.setdefault(content, case.path)
            patient = patient_mark_of(case.path)
            candidates.append(Candidate(Picture(content, case.frame), truth, patient=patient))
        else:
            unreadable.append(case.number)
    choice = _chosen(candidates, wish)
    without = tuple(case.number for case in cases if case.truth is None and otherwise is None)
    wanted = {item.content for item in choice.items}
    places = {content: path for content, path in paths.items() if content in wanted}
    return Found(choice.items, places, without, tuple(unreadable), dict(choice.lacking))


def _chosen(candidates: Sequence[Candidate], wish: Wish) -> Choice:
    if wish.source is Source.RANDOM:
        return per_class(candidates, wish.count, wish.seed, by_kind=wish.by_kind)
    return all_labelled(candidates)


def told(found: Found, added: int) -> str:
    """Return what became of a wish, in sentences.

    Parameters
    ----------
    found : Found
    added : int
        How many of its items the lesson did not have yet.
    """
    sentences = [f"{_cases(added)} {'was' if added == 1 else 'were'} added to the lesson."]
    known = len(found.items) - added
    if known:
        sentences.append(f"{_cases(known)} {'is' if known == 1 else 'are'} in it already.")
    if found.without_truth:
        one = len(found.without_truth) == 1
        sentences.append(
            f"{numbered(found.without_truth)} {'has' if one else 'have'} no truth and cannot enter: label "
            f"{'it' if one else 'them'} by the menu Truth, then add {'it' if one else 'them'} again."
        )
    if found.unreadable:
        sentences.append(f"{numbered(found.unreadable)} could not be read.")
    for name, count in found.lacking.items():
        sentences.append(f"There are {count:,} fewer {name} than wanted.")
    return " ".join(sentences)


def numbered(numbers: Sequence[int], what: str = "Case") -> str:
    """Return numbers in words, such as ``Cases 3, 4 and 9``."""
    shown = [f"{number:,}" for number in numbers[:_MOST_NUMBERS]]
    more = len(numbers) - len(shown)
    if more:
        shown.append(f"{more:,} more")
    words = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"{what}{'' if len(numbers) == 1 else 's'} {words}"


def _cases(count: int) -> str:
    return f"{count:,} case{'' if count == 1 else 's'}"
