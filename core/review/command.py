"""`deeppneumo report`: what a store holds, as a report, a contact sheet or a workbook."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

from core.commands import EXIT_OK, UsageError, create_parser, prepare_streams, run_command
from core.engine.bundle import read_bundle
from core.engine.card import Card
from core.engine.default import default_bundle_path
from core.errors import BundleError
from core.notice import NOTICE
from core.outputs import OutputError, check_output
from core.predict import file_labels
from core.reading import find_radiographs, read_radiograph
from core.reading.radiograph import Radiograph
from core.review.cases import ReviewCase
from core.review.document import write_contact_sheet, write_report
from core.review.gathering import cases_of_files, cases_of_store
from core.review.workbook import write_workbook
from core.store.model_key import model_key
from core.store.store import Store
from core.truth import truths_from_folders, truths_from_names

_NAME: Final = "report"
_EPILOG: Final = f"""\
Without a PATH the report has its first page only: a store does not know where the files lie.
Exit status: 0 written; 2 wrong usage, no files or no results; 1 the report could not be written; 130 interrupted.

{NOTICE}."""

_TRUTHS: Final = {"folders": truths_from_folders, "names": truths_from_names}
_SELECTIONS: Final[dict[str, Callable[[ReviewCase], bool]]] = {
    "judged": lambda case: not case.judgement.is_empty,
    "key": lambda case: case.judgement.key_image,
    "errors": lambda case: case.is_error,
    "all": lambda case: True,
    "none": lambda case: False,
}


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : sequence of str
        What follows ``deeppneumo report``.

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
    return run_command(_NAME, "The report", _run, _parser().parse_args(arguments))


def _parser() -> argparse.ArgumentParser:
    parser = create_parser(_NAME, "Report on results and judgements that are kept in a store.", _EPILOG)
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", type=Path, help="the files or folders to report on"
    )
    parser.add_argument(
        "--store", metavar="FILE", type=Path, required=True, help="where the results are kept"
    )
    parser.add_argument(
        "--out", metavar="FILE", type=Path, required=True, help="the report, ending in .pdf or .xlsx"
    )
    parser.add_argument(
        "--model", metavar="BUNDLE", type=Path, help="whose results; else the model with most of them"
    )
    parser.add_argument(
        "--cases",
        choices=_SELECTIONS,
        default="judged",
        help="images to show in a PDF (default: %(default)s)",
    )
    parser.add_argument(
        "--per-page", type=int, choices=(1, 4, 24), default=4, help="24 makes a contact sheet (default: 4)"
    )
    parser.add_argument(
        "--truth", choices=_TRUTHS, help="where the truth is read of images of which the store has none"
    )
    parser.add_argument(
        "--names", action="store_true", help="call images by their files, which may tell who they are"
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    given: list[Path] = options.paths
    kind = options.out.suffix.lower()
    if kind not in (".pdf", ".xlsx"):
        raise UsageError("The name of the report must end in .pdf or .xlsx.")
    if not options.store.is_file():
        raise UsageError("There is no such store.")
    paths = find_radiographs(given, recursive=not options.no_recursive)
    if given and not paths:
        raise UsageError("No files were found there.")
    check_output(options.out, [*paths, options.store], "report")
    with closing(Store(options.store, own=False)) as store:
        if store.message:
            raise UsageError(store.message)
        card = _card(options.model, store)
        if given:
            names = (
                file_labels(given, paths) if options.names else [f"Case {n + 1}" for n in range(len(paths))]
            )
            truths = None if options.truth is None else _TRUTHS[options.truth]
            cases = cases_of_files(store, card, paths, names, find_truths=truths)
        else:
            cases = cases_of_store(store, card)
    selected = [case for case in cases if _SELECTIONS[options.cases](case)] if given else []
    _write(options, kind, cases, selected, card)
    sys.stdout.write(f"{options.out.name}: {len(cases):,} images. {NOTICE}.\n")
    return EXIT_OK


def _card(model: Path | None, store: Store) -> Card:
    if model is not None:
        return read_bundle(model).card
    cards = store.models()
    if not cards:
        raise BundleError("The store holds no results yet.")
    return _whole(cards[0])


def _whole(kept: Card) -> Card:
    """Return the card of the model that ships where it is the same model: a store leaves out whom it was trained on."""
    try:
        shipped = read_bundle(default_bundle_path()).card
    except BundleError:
        return kept
    return shipped if model_key(shipped) == model_key(kept) else kept


def _write(
    options: argparse.Namespace,
    kind: str,
    cases: list[ReviewCase],
    selected: list[ReviewCase],
    card: Card,
) -> None:
    day = datetime.datetime.now().astimezone().date().isoformat()
    if kind == ".xlsx":
        write_workbook(options.out, cases, card, day)
    elif options.per_page == 24:
        if not selected:
            raise OutputError("There is no image to show; name a folder, or other images with --cases.")
        write_contact_sheet(options.out, selected, card, day, _read)
    else:
        write_report(options.out, cases, selected, card, day, _read, per_page=options.per_page)


def _read(path: Path, frame: int) -> Radiograph:
    return read_radiograph(path, frame=frame)
