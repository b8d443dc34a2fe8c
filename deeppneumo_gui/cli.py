"""The command `deeppneumo`: the window, or `predict` and `report` without one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from core.command_name import COMMAND
from core.notice import NOTICE
from core.version import VERSION


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; None takes the process's own.

    Returns
    -------
    int
        The exit status.

    Raises
    ------
    SystemExit
        From argparse, for ``--help`` and ``--version`` (0) and wrong usage (2).
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Neither half imports the other's libraries: scoring starts without Qt.
    if given[:1] == ["predict"]:
        from core.predict import main as predict

        return predict(given[1:])
    if given[:1] == ["report"]:
        from core.review.command import main as report

        return report(given[1:])
    parser = _parser()
    options = parser.parse_args(given)
    if options.self_test:
        if options.paths:
            parser.error("--self-test takes no paths")
        from deeppneumo_gui.selftest.examination import examine

        return examine(options.screenshot)
    if options.screenshot is not None:
        parser.error("--screenshot goes with --self-test")
    from deeppneumo_gui.app import run as open_window

    return open_window(options.paths, new_window=options.new_window)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=COMMAND,
        description="View chest radiographs with model scores and heatmaps.",
        epilog=f"`{COMMAND} predict --help` tells how to score files without the window, `{COMMAND} report "
        f"--help` how to report on results that are kept. {NOTICE}.",
        allow_abbrev=False,
    )
    parser.add_argument("paths", metavar="PATH", nargs="*", type=Path, help="a file or folder to open")
    parser.add_argument(
        "--new-window", action="store_true", help="open another window even while one is open"
    )
    parser.add_argument(
        "--self-test", action="store_true", help="check that this installation works, and end"
    )
    parser.add_argument(
        "--screenshot", metavar="FILE", type=Path, help="with --self-test: leave a picture of the window here"
    )
    parser.add_argument("--version", action="version", version=f"DeepPneumo {VERSION}")
    return parser


if __name__ == "__main__":
    sys.exit(main())
