"""What a store is asked."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from core.certainty import UncertainBand, uncertain_band
from core.engine.card import Card
from core.errors import BundleError
from core.store.changes import judgement_of
from core.store.content import FileState, Picture, folder_mark
from core.store.errors import StoreError, why_not_kept
from core.store.judgement import NO_JUDGEMENT, Judgement
from core.store.model_key import model_key
from core.store.opening import connect
from core.store.result import Result, from_fields
from core.store.runs import KeptRun, run_of
from core.truth.truth import Truth

_AT_ONCE: Final = 500
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """What is known of a picture.

    Attributes
    ----------
    result : Result or None
        Of the model that was asked for.
    judgement : Judgement
        Empty where there is none.
    truth : Truth or None
        What a table said.
    """

    result: Result | None = None
    judgement: Judgement = NO_JUDGEMENT
    truth: Truth | None = None


NOTHING: Final = Remembered()


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A card with what is made of it, which takes longer than keeping a result."""

    card: Card
    key: str
    text: str
    band: UncertainBand | None


class Questions:
    """The half of a store that reads; each question sees all that was safe when it was asked.

    Parameters
    ----------
    path : Path
        Of an opened store.
    """

    def __init__(self, path: Path) -> None:
        self._keys: dict[int, Model] = {}
        self._lock = threading.Lock()
        self._reading = connect(path)
        try:
            self._salt = self._read_salt()
        except sqlite3.Error:
            self._reading.close()
            raise

    def known_contents(self, states: Sequence[FileState]) -> list[str | None]:
        """Return what is in files that look as they did when they were read last, None for all others."""
        marks = [state.path_mark(self._salt) for state in states]
        found: dict[bytes, tuple[bytes, bytes]] = {}
        for some in _chunks(marks):
            sql = f"""SELECT path, state, hash FROM marks JOIN contents ON contents.id = marks.content
                WHERE path IN ({_places(some)})"""  # noqa: S608 - question marks
            found.update((path, (state, digest)) for path, state, digest in self._read(sql, some))
        answers: list[str | None] = []
        for mark, state in zip(marks, states, strict=True):
            looked, digest = found.get(mark, (b"", b""))
            answers.append(digest.hex() if looked == state.state_mark(self._salt) else None)
        return answers

    def known_sizes(self, sizes: Iterable[int]) -> set[int]:
        """Return those sizes that a known content has, in bytes; a file of another size is certainly unknown."""
        found: set[int] = set()
        for some in _chunks(sorted(set(sizes))):
            sql = f"SELECT DISTINCT size FROM contents WHERE size IN ({_places(some)})"  # noqa: S608
            found.update(size for (size,) in self._read(sql, some))
        return found

    def remembered(self, pictures: Iterable[Picture], card: Card | None) -> dict[Picture, Remembered]:
        """Return what is known of pictures; those of which nothing is known are left out.

        Parameters
        ----------
        pictures : iterable of Picture
        card : Card or None
            Whose results are wanted.
        """
        wanted = set(pictures)
        digests = [bytes.fromhex(content) for content in {picture.content for picture in wanted}]
        truths = dict(self._truths(digests))
        judgements = dict(self._judgements(digests))
        results = dict(self._results(digests, card) if card is not None else ())
        return {
            picture: Remembered(
                results.get(picture), judgements.get(picture, NO_JUDGEMENT), truths.get(picture.content)
            )
            for picture in wanted
            if picture in results or picture in judgements or picture.content in truths
        }

    def judgements(self, contents: Iterable[str]) -> dict[Picture, Judgement]:
        """Return what was said of all frames of contents; those of which nothing was said are left out."""
        return dict(self._judgements([bytes.fromhex(content) for content in set(contents)]))

    def _results(self, digests: Sequence[bytes], card: Card) -> Iterator[tuple[Picture, Result]]:
        model = self._model(card)
        for some in _chunks(digests):
            sql = f"""SELECT hash, frame, status, reason, logits, maps, more
                FROM results JOIN contents ON contents.id = content
                WHERE hash IN ({_places(some)}) AND model = (SELECT id FROM models WHERE key = ?)"""  # noqa: S608
            rows = self._read(sql, (*some, model.key))
            results = from_fields([row[2:] for row in rows], card, model.band)
            for (digest, frame, *_), result in zip(rows, results, strict=True):
                if result is not None:
                    yield Picture(digest.hex(), frame), result

    def _judgements(self, digests: Sequence[bytes]) -> Iterator[tuple[Picture, Judgement]]:
        for some in _chunks(digests):
            sql = f"""SELECT hash, frame, call, kind, key_image, note, tags, reviewed_at
                FROM judgements JOIN contents ON contents.id = content WHERE hash IN ({_places(some)})"""  # noqa: S608
            for digest, frame, *row in self._read(sql, some):
                judgement = judgement_of(tuple(row))
                if judgement is not None:
                    yield Picture(digest.hex(), frame), judgement

    def _truths(self, digests: Sequence[bytes]) -> Iterator[tuple[str, Truth]]:
        for some in _chunks(digests):
            sql = f"""SELECT hash, word, source
                FROM truths JOIN contents ON contents.id = content WHERE hash IN ({_places(some)})"""  # noqa: S608
            for digest, word, source in self._read(sql, some):
                yield digest.hex(), Truth.from_word(word, source)

    def models(self) -> list[Card]:
        """Return the cards of all models that results are kept of, that with most results first."""
        sql = """SELECT card FROM models JOIN results ON model = models.id
            GROUP BY models.id ORDER BY count(*) DESC, models.id"""
        cards = []
        for (text,) in self._read(sql, ()):
            try:
                cards.append(Card.from_json(text))
            except BundleError:
                continue
        return cards

    def pictures(self, card: Card) -> list[Picture]:
        """Return all pictures that a model's results are kept of, in the order they were first seen."""
        sql = """SELECT hash, frame FROM results JOIN contents ON contents.id = content
            WHERE model = (SELECT id FROM models WHERE key = ?) ORDER BY content, frame"""
        return [Picture(digest.hex(), frame) for digest, frame in self._read(sql, (self._model(card).key,))]

    def runs(self, lesson_id: str) -> list[KeptRun]:
        """Return all runs through a lesson in the order they were begun; damaged ones are left out."""
        sql = "SELECT document, begun_at, ended_at FROM runs WHERE lesson = ? ORDER BY begun_at, id"
        kept = (run_of(row) for row in self._read(sql, (lesson_id,)))
        return [run for run in kept if run is not None]

    def is_unfinished(self, opening: Iterable[Path]) -> bool:
        """Whether the scoring of an opening began and did not end."""
        mark = self._opening_mark(opening)
        return bool(self._read("SELECT 1 FROM unfinished WHERE opening = ?", (mark,)))

    def check(self) -> bool:
        """Whether the file passes SQLite's integrity check."""
        return self._read("PRAGMA integrity_check", ()) == [("ok",)]

    def _model(self, card: Card) -> Model:
        known = self._keys.get(id(card))
        if known is None:
            # Whom a model was trained on is a third of a megabyte, and of no use here.
            text = replace(card, seen_patients=()).to_json()
            # The card is kept too, so that no other one gets its place in memory.
            known = self._keys[id(card)] = Model(card, model_key(card), text, uncertain_band(card))
        return known

    def _opening_mark(self, opening: Iterable[Path]) -> bytes:
        return folder_mark(self._salt, json.dumps([str(path.absolute()) for path in opening]))

    def _read_salt(self) -> bytes:
        found = self._reading.execute("SELECT value FROM settings WHERE name = 'salt'").fetchone()
        if found is None:
            raise sqlite3.DatabaseError("no salt")
        return bytes(found[0])

    def _read(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._reading.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                raise StoreError(why_not_kept(error)) from error


def _places(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    rest = iter(values)
    while some := list(islice(rest, _AT_ONCE)):
        yield some
