"""`deeppneumo predict`: score files from the command line."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from core.commands import (
    EXIT_OK,
    EXIT_SOME_NOT_SCORED,
    UsageError,
    complain,
    create_parser,
    prepare_streams,
    run_command,
)
from core.engine.bundle import read_bundle
from core.engine.engine import Engine
from core.notice import NOTICE
from core.outputs import check_csv, prepare_overlays
from core.pipeline import Scored, score_files
from core.progress import ProgressLine
from core.reading import find_radiographs
from core.table import Row, TextTable, write_csv

BRIEF_RUN: Final = 8
"""Up to so many files a quickly opened engine is done sooner than a quick one."""

_NAME: Final = "predict"
_EPILOG: Final = f"""\
Exit status: 0 all files scored; 3 some have no score; 2 wrong usage, no files or no model;
1 results could not be written; 130 interrupted, and no CSV is written.

The CSV's column "file" is the path below the folder when one folder is given, else each path as given;
"prediction_set" has the classes that hold the truth with the chance on the model's card, "notes" says why a call is
uncertain and what a careful reader should know of the file.

{NOTICE}."""


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str
        What follows ``deeppneumo predict``.

    Returns
    -------
    int
        The exit status.

    Raises
    ------
    SystemExit
        From argparse, for ``--help`` (0) and wrong usage (2).
    """
    prepare_streams()
    return run_command(_NAME, "The results", _run, _parser().parse_args(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = create_parser(_NAME, "Score chest radiographs and print a table of the model scores.", _EPILOG)
    parser.add_argument("paths", metavar="PATH", nargs="+", type=Path, help="a file or a folder")
    parser.add_argument("--csv", metavar="FILE", type=Path, help="also write the results to a CSV file")
    parser.add_argument(
        "--overlays",
        metavar="DIR",
        type=Path,
        help="write a PNG with the heatmap for each image; not in a PATH",
    )
    parser.add_argument(
        "--opacity", metavar="0..1", type=_fraction, default=0.5, help="of the heatmap (default: %(default)s)"
    )
    parser.add_argument("--model", metavar="BUNDLE", type=Path, help="another model than the bundled one")
    parser.add_argument(
        "--frame", metavar="N", type=_index, default=0, help="frame of multi-frame files, 0 for the first"
    )
    parser.add_argument(
        "--store",
        metavar="FILE",
        type=Path,
        help="keep results in this file as they come and score nothing twice; goes on after an interruption",
    )
    parser.add_argument(
        "--score-refused",
        action="store_true",
        help="score refused images too; their rows stay refused, and say why",
    )
    return parser


def _fraction(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError("must be a number between 0 and 1")
    return value


def _index(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if value < 0:
        raise argparse.ArgumentTypeError("must be a whole number, 0 or more")
    return value


def _run(options: argparse.Namespace) -> int:
    given: list[Path] = options.paths
    paths = find_radiographs(given, recursive=not options.no_recursive)
    if not paths:
        # An earlier CSV of that name stays, and must not be taken for this run's.
        written = ", so no CSV was written" if options.csv else ""
        raise UsageError(f"No files were found there{written}.")
    if options.csv:
        check_csv(options.csv, paths)
    if options.overlays:
        prepare_overlays(options.overlays, given, paths)
    engine = _open_engine(options.model, len(paths))
    names = file_labels(given, paths)
    on_scored = _overlay_writer(options, names, engine) if options.overlays else None
    report = _Report(names, engine)
    with ExitStack() as stack:
        rows = stack.enter_context(closing(_scoring(options, paths, names, engine, on_scored, stack)))
        shown = report.show(rows)
        if options.csv:
            write_csv(options.csv, shown)
        else:
            for _ in shown:
                if report.unheard and not options.overlays:
                    break
    return EXIT_OK if report.all_scored else EXIT_SOME_NOT_SCORED


def _scoring(
    options: argparse.Namespace,
    paths: Sequence[Path],
    names: Sequence[str],
    engine: Engine,
    on_scored: Scored | None,
    stack: ExitStack,
) -> Generator[Row, None, None]:
    """Return the rows to come; a store that is needed for them is closed with the stack."""
    frame, score_refused = options.frame, options.score_refused
    if options.store is None:
        return score_files(
            paths, engine, names=names, frame=frame, score_refused=score_refused, on_scored=on_scored
        )
    from core.store.scoring import score_with_store
    from core.store.store import Store

    store = Store(options.store, own=False, on_trouble=_tell_of_trouble)
    stack.callback(store.close)
    if store.message:
        complain(_NAME, store.message)
    return score_with_store(
        paths, engine, store, names=names, frame=frame, score_refused=score_refused, on_scored=on_scored
    )


def file_labels(given: Sequence[Path], paths: Iterable[Path]) -> list[str]:
    """Name files without folders that the user did not name.

    Parameters
    ----------
    given : sequence of Path
        The arguments.
    paths : iterable of Path
        The files found there.

    Returns
    -------
    list of str
        The path below the folder when exactly one folder is given; else the path as given.
    """
    if len(given) == 1:
        root = given[0]
        return [
            str(path.relative_to(root)) if path != root and path.is_relative_to(root) else str(path)
            for path in paths
        ]
    return [str(path) for path in paths]


def _open_engine(model: Path | None, count: int) -> Engine:
    if model is None:
        from core.engine.default import default_bundle_path

        model = default_bundle_path()
    # Several files are scored side by side, which uses the cores better than several threads for each.
    return Engine(read_bundle(model), threads=1 if count > 1 else None, brief=count <= BRIEF_RUN)


def _overlay_writer(options: argparse.Namespace, names: Sequence[str], engine: Engine) -> Scored:
    from core.overlay_files import OverlayWriter, overlay_names

    return OverlayWriter(options.overlays, overlay_names(names), engine.card, options.opacity).write


def _tell_of_trouble(sentence: str | None) -> None:
    complain(_NAME, sentence or "Results and judgements are being kept again.")


class _Report:
    """The table on standard output and the progress on standard error."""

    def __init__(self, names: Sequence[str], engine: Engine) -> None:
        self.all_scored = True
        self._table = TextTable(names)
        self._progress = ProgressLine(len(names), sys.stderr)
        self._title = engine.card.title
        self._threshold = engine.card.operating_point.threshold
        self.unheard = False

    def show(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Print rows as they pass through."""
        self._print(self._table.header())
        self._progress.show(0)
        for done, row in enumerate(rows, start=1):
            self.all_scored = self.all_scored and (row.status == "ok" or row.score is not None)
            self._progress.clear()
            self._print(self._table.line(row))
            self._progress.show(done)
            yield row
        self._progress.clear()
        self._print(f"\nModel {self._title}, threshold {self._threshold:.3f}. {NOTICE}.")

    def _print(self, line: str) -> None:
        """Print a line; stop printing, not scoring, when the reader (``| head``) has left."""
        if self.unheard:
            return
        try:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except OSError as error:
            self.unheard = True
            # What is left in the buffer must go somewhere when Python closes the stream.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            if not isinstance(error, BrokenPipeError):
                raise
