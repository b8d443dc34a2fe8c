"""Results of runs as CSV."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Sequence

from core.files import atomic_write
from core.notice import NOTICE
from core.table import neutralise
from core.teaching.debrief import Debrief
from core.teaching.lesson import Lesson
from core.teaching.result_rows import COLUMNS, result_rows
from core.teaching.slide import Progress


def write_results(
    path: str | os.PathLike[str],
    lesson: Lesson,
    debriefs: Sequence[Debrief],
    *,
    progress: Progress = lambda done, total: None,
) -> None:
    """Write a row for each case of each run, atomically: UTF-8, commas, a header line, empty for no value.

    Learners are told by their anonymous codes, cases by their numbers in the lesson. The first column holds the title
    of the lesson, the last one the notice. Nothing in it can become a formula.

    Parameters
    ----------
    path : path
    lesson : Lesson
    debriefs : sequence of Debrief
        One for each run, in the order of the rows.
    progress : callable
        Told of every run.

    Raises
    ------
    OSError
        When it cannot be written; nothing is left then.
    """
    with atomic_write(path) as stream:
        _write(stream.write, [("lesson", *COLUMNS, "notice")])
        for done, debrief in enumerate(debriefs):
            progress(done, len(debriefs))
            rows = result_rows([debrief])
            _write(
                stream.write, [(*(neutralise(cell) for cell in (lesson.title, *row)), NOTICE) for row in rows]
            )
    progress(len(debriefs), len(debriefs))


def _write(write: Callable[[bytes], int], rows: Sequence[Sequence[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    write(text.getvalue().encode())
