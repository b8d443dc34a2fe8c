"""Results, judgements and truth of all radiographs that were ever scored here."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from core.engine.card import Card
from core.store import changes
from core.store.content import FileState, Picture, folder_mark
from core.store.errors import StoreError, why_not_kept
from core.store.judgement import Judgement
from core.store.opening import open_store
from core.store.questions import Questions, Remembered
from core.store.result import Result, to_fields
from core.store.runs import KeptRun, add_run, added_fields, forget_runs, run_fields, write_run
from core.store.writer import Change, Done, Writer
from core.teaching.run import Run
from core.truth.truth import Truth

__all__ = ["KeptRun", "Remembered", "Store"]


class Store(Questions):
    """A file that remembers; its methods may be called from any thread.

    What is asked for is read at once; what is to be kept is written by a thread of the store's own, in the order
    it came, and `done` is called by that thread when it is safe from a crash of the program (see `Writer`).

    Parameters
    ----------
    path : Path
        Made where there is none.
    own : bool
        See `core.store.opening.open_store`.
    on_trouble : callable
        See `Writer`.

    Attributes
    ----------
    message : str or None
        What the reader should know of the opening.

    Raises
    ------
    StoreError
        When nothing can be kept there.
    """

    def __init__(
        self, path: Path, *, own: bool = True, on_trouble: Callable[[str | None], None] = lambda _: None
    ) -> None:
        opened = open_store(path, own=own)
        self.path = path
        self.message = opened.message
        try:
            super().__init__(path)
        except sqlite3.Error as error:
            opened.connection.close()
            raise StoreError(why_not_kept(error)) from error
        self._writer = Writer(opened.connection, on_trouble)

    def close(self, seconds: float | None = None) -> bool:
        """Write what waits and close the file; False when that takes longer than `seconds`."""
        began = time.monotonic()
        # What is being read may hang as well, and must leave the writer some of the time.
        read = self._lock.acquire(timeout=-1 if seconds is None else seconds / 2)
        if read:
            self._reading.close()
            self._lock.release()
        left = None if seconds is None else max(0.0, began + seconds - time.monotonic())
        return self._writer.close(left) and read

    # Files

    def mark(self, state: FileState, content: str, done: Done | None = None) -> None:
        """Remember what is in a file, for as long as it looks like this."""
        self.mark_all([(state, content)], done)

    def mark_all(self, files: Sequence[tuple[FileState, str]], done: Done | None = None) -> None:
        """Remember what is in several files; a hundred take the time of ten that come one by one."""
        self._writer.put(lambda connection: changes.write_marks(connection, self._salt, files), done)

    # Results, judgements, truth

    def keep(self, picture: Picture, card: Card, result: Result, done: Done | None = None) -> None:
        """Keep what a model made of a picture."""
        model, fields = self._model(card), to_fields(result)

        def write(connection: sqlite3.Connection) -> None:
            number = changes.model_id(connection, model.key, model.text)
            changes.write_result(connection, picture, number, fields)

        self._writer.put(write, done)

    def judge(self, picture: Picture, judgement: Judgement, done: Done | None = None) -> None:
        """Keep what a reader says of a picture; an empty judgement removes the one before."""
        self._writer.put(lambda connection: changes.write_judgement(connection, picture, judgement), done)

    def set_truths(self, truths: Mapping[str, Truth | None], done: Done | None = None) -> None:
        """Keep what a table says of contents; None removes what one said before."""

        def write(connection: sqlite3.Connection) -> None:
            for content, truth in truths.items():
                changes.write_truth(connection, content, truth)

        self._writer.put(write, done)

    # Batches

    def begin(self, opening: Iterable[Path]) -> None:
        """Note that the files of an opening are being scored."""
        mark, now = self._opening_mark(opening), datetime.now(UTC).isoformat(timespec="seconds")
        self._writer.put(
            lambda connection: _run(connection, "INSERT OR REPLACE INTO unfinished VALUES (?, ?)", mark, now)
        )

    def finish(self) -> None:
        """Note that nothing is left to be scored."""
        self._writer.put(lambda connection: _run(connection, "DELETE FROM unfinished"))

    # Runs

    def keep_run(self, run: Run, done: Done | None = None) -> None:
        """Keep a learner's run as it is now, in place of what it was before."""
        fields, now = run_fields(run), datetime.now(UTC).isoformat(timespec="seconds")
        self._writer.put(lambda connection: write_run(connection, fields, now), done)

    def add_runs(self, kept: Iterable[KeptRun], done: Done | None = None) -> None:
        """Keep runs that were kept elsewhere; of one that is here already, whichever has come further stays."""
        rows = [added_fields(one) for one in kept]

        def write(connection: sqlite3.Connection) -> None:
            for row in rows:
                add_run(connection, row)

        self._writer.put(write, done)

    def forget_runs(self, runs: Iterable[str], done: Done | None = None) -> None:
        """Delete learners' runs, told by their `Run.run_id`."""
        gone = [(run,) for run in runs]
        self._shred(lambda connection: forget_runs(connection, gone), done)

    # Forgetting

    def forget(self, contents: Iterable[str], folders: Iterable[Path], done: Done | None = None) -> None:
        """Delete all that is known of contents, and of all that ever lay directly in some folders."""
        gone = list(contents)
        marks = [folder_mark(self._salt, str(folder.absolute())) for folder in folders]
        self._shred(lambda connection: changes.forget_contents(connection, gone, marks), done)

    def forget_everything(self, done: Done | None = None) -> None:
        """Delete all that is known."""
        self._shred(changes.forget_all, done)

    def _shred(self, forget: Change, done: Done | None) -> None:
        self._writer.put_alone(lambda connection: changes.shred(connection, self.path, forget), done)


def _run(connection: sqlite3.Connection, sql: str, *values: object) -> None:
    connection.execute(sql, values)
