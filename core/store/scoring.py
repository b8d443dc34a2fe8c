"""Scoring files of which some were scored earlier."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

from core.engine.engine import Engine
from core.pipeline import Keep, Scored, score_files
from core.refusal import find_refusal
from core.store.content import Picture
from core.store.questions import NOTHING
from core.store.recognition import Seen, content_of, recognise
from core.store.result import Result
from core.store.store import Store
from core.table import Row


def score_with_store(
    paths: Sequence[Path],
    engine: Engine,
    store: Store,
    *,
    names: Sequence[str] | None = None,
    frame: int = 0,
    workers: int | None = None,
    score_refused: bool = False,
    on_scored: Scored | None = None,
) -> Generator[Row, None, None]:
    """Score files as `core.pipeline.score_files` does, but each content only once and for all.

    What the store knows is not scored again, and every row is safe from a crash of the program before it is
    yielded: a run that was broken off goes on where it was, and ends with the same rows.

    Parameters
    ----------
    paths, engine, names, frame, workers, score_refused, on_scored
        See `score_files`. With `on_scored` all files are scored, for radiographs are not kept.
    store : Store

    Yields
    ------
    Row
    """
    labels = names if names is not None else [path.name for path in paths]
    seen = recognise(store, paths)
    known = {} if on_scored else _known_rows(store, seen, labels, engine, frame, score_refused)
    rest = [index for index in range(len(paths)) if index not in known]
    scoring = score_files(
        [paths[index] for index in rest],
        engine,
        names=[labels[index] for index in rest],
        frame=frame,
        workers=workers,
        score_refused=score_refused,
        on_scored=on_scored,
        keep=_keeper(store, [seen[index] for index in rest], engine, frame),
    )
    with closing(scoring) as rows:
        for index in range(len(paths)):
            row = known.pop(index, None) or next(rows)
            yield row


def row_of(name: str, result: Result, score_refused: bool = False) -> Row | None:
    """Return the row that scoring anew would give; None where only scoring anew gives it.

    Parameters
    ----------
    name : str
    result : Result
    score_refused : bool
        See `score_files`.
    """
    prediction = result.prediction
    if result.status == "unreadable":
        return Row(name, "unreadable", result.reason)
    if result.status == "ok":
        return None if prediction is None else Row.scored(name, prediction, result.notes)
    if score_refused:
        if prediction is None:
            return None
        return Row.scored(name, replace(prediction, refusal=result.reason), result.notes)
    # An image that is refused before the model sees it is not known to be familiar or not.
    judged = prediction is not None and find_refusal(None, prediction) == result.reason
    familiarity = prediction.familiarity if judged and prediction is not None else None
    return Row.refused(name, result.reason, familiarity, result.notes)


def _known_rows(
    store: Store, seen: Sequence[Seen], labels: Sequence[str], engine: Engine, frame: int, score_refused: bool
) -> dict[int, Row]:
    pictures = {
        index: Picture(file.content, frame) for index, file in enumerate(seen) if file.content is not None
    }
    answers = store.remembered(pictures.values(), engine.card)
    rows = {}
    for index, picture in pictures.items():
        result = answers.get(picture, NOTHING).result
        row = None if result is None else row_of(labels[index], result, score_refused)
        if row is not None:
            rows[index] = row
    return rows


def _keeper(store: Store, seen: Sequence[Seen], engine: Engine, frame: int) -> Keep:
    """Return what keeps results and waits until they are safe."""

    def keep(first: int, results: Sequence[Result | None]) -> None:
        answers: SimpleQueue[bool] = SimpleQueue()
        waiting = 0
        for file, result in zip(seen[first : first + len(results)], results, strict=True):
            content = None if result is None else content_of(file)
            if result is None or content is None or file.state is None:
                continue
            if file.content is None:
                store.mark(file.state, content)
            store.keep(Picture(content, frame), engine.card, result, answers.put)
            waiting += 1
        for _ in range(waiting):
            answers.get()

    return keep
