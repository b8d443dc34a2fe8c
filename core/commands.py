"""What the commands without a window have in common: streams, exit status, errors as one sentence."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from core.command_name import COMMAND
from core.errors import DeepPneumoError

EXIT_OK: Final = 0
EXIT_FAILED: Final = 1
EXIT_USAGE: Final = 2
EXIT_SOME_NOT_SCORED: Final = 3
EXIT_INTERRUPTED: Final = 130


class UsageError(DeepPneumoError):
    """One sentence for standard error; the command ends with exit status 2."""


def create_parser(name: str, description: str, epilog: str) -> argparse.ArgumentParser:
    """Return the parser of a command that goes through files and folders.

    Parameters
    ----------
    name : str
        Such as ``"predict"``.
    description, epilog : str
        The first and the last that its help says.
    """
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} {name}",
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--no-recursive", action="store_true", help="leave the subfolders of a folder out")
    return parser


def complain(name: str, sentence: str) -> None:
    """Tell whoever started a command of trouble."""
    sys.stderr.write(f"{COMMAND} {name}: {sentence}\n")


def run_command(
    name: str, product: str, run: Callable[[argparse.Namespace], int], options: argparse.Namespace
) -> int:
    """Run a command and return its exit status; whatever stops it is one sentence on standard error.

    Parameters
    ----------
    name : str
        Such as ``"predict"``.
    product : str
        What could not be written where writing fails, such as ``"The results"``.
    run : callable
    options : argparse.Namespace
        What `run` takes.
    """
    try:
        return run(options)
    except DeepPneumoError as error:
        complain(name, str(error))
        return EXIT_USAGE
    except OSError as error:
        complain(name, f"{product} could not be written ({error.strerror or type(error).__name__}).")
        return EXIT_FAILED
    except KeyboardInterrupt:
        complain(name, "Interrupted.")
        return EXIT_INTERRUPTED


def prepare_streams() -> None:
    """Make the standard streams take whatever is written.

    Where Python found one closed, as after ``>&-`` or without a console, the null device takes its place; names that
    a console cannot show are written in escapes.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
