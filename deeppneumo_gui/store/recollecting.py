"""Looking up in the store what is known of some cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.engine.card import Card
from core.store.content import Picture
from core.store.judgement import Judgement
from core.truth.truth import Truth
from deeppneumo_gui.inference.messages import Job, Outcome
from deeppneumo_gui.store.files import OpenFiles
from deeppneumo_gui.store.messages import Recollection, lacks_score, outcome_of

if TYPE_CHECKING:
    from core.store.store import Store

FIRST_CHUNK: Final = 64
"""Cases that are looked up together at first, for the first screenful; then four times as many each time."""
LARGEST_CHUNK: Final = 2048

Said = Mapping[tuple[Path, int], Judgement]
"""By file and frame, what was said of it."""


def recollect(
    store: Store, files: OpenFiles, jobs: Sequence[Job], card: Card | None
) -> tuple[Recollection, Said]:
    """Return what is known of cases, and what was said of all frames of their files.

    Parameters
    ----------
    store : Store
    files : OpenFiles
    jobs : sequence of Job
    card : Card or None
        Whose results are wanted.

    Raises
    ------
    StoreError
        When the store cannot be read.
    """
    from core.store.questions import NOTHING

    contents = files.recognise(store, [job.path for job in jobs])
    known = {job: content for job, content in zip(jobs, contents, strict=True) if content is not None}
    answers = store.remembered((Picture(content, job.frame) for job, content in known.items()), card)
    outcomes: dict[int, Outcome] = {}
    truths: dict[int, Truth] = {}
    paths: dict[str, list[Path]] = {}
    for job, content in known.items():
        paths.setdefault(content, []).append(job.path)
        answer = answers.get(Picture(content, job.frame), NOTHING)
        if answer.result is not None and not lacks_score(job, answer.result):
            outcomes[job.case_id] = outcome_of(job, answer.result)
        if answer.truth is not None:
            truths[job.case_id] = answer.truth
    said = {
        (path, picture.frame): judgement
        for picture, judgement in store.judgements(paths).items()
        for path in paths[picture.content]
    }
    return Recollection(tuple(jobs), outcomes, truths), said


def chunks(jobs: Sequence[Job]) -> Iterator[Sequence[Job]]:
    """Return jobs in lots that are looked up together."""
    start, size = 0, FIRST_CHUNK
    while start < len(jobs):
        yield jobs[start : start + size]
        start, size = start + size, min(4 * size, LARGEST_CHUNK)
