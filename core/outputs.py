"""Finding out before the work begins what would make it useless, and keeping inputs from being overwritten."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from core.errors import DeepPneumoError


class OutputError(DeepPneumoError):
    """A place where results cannot or must not go; the text is one plain sentence."""


def check_csv(csv: Path, files: Iterable[Path]) -> None:
    """Refuse a CSV file that cannot be written or is one of the files to be scored.

    Raises
    ------
    OutputError
        With the sentence for the user.
    """
    check_output(csv, files, "CSV file")


def check_output(target: Path, files: Iterable[Path], what: str) -> None:
    """Refuse a file that cannot be written or is one of those that are read.

    Raises
    ------
    OutputError
        With the sentence for the user, which calls the file `what`.
    """
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise OutputError(f"The {what} cannot be written: there is no such folder, or it is a folder itself.")
    if _real(target) in {_real(path) for path in files}:
        raise OutputError(f"The {what} is one of the files to be read; choose another name.")


def prepare_overlays(overlays: Path, given: Sequence[Path], files: Iterable[Path]) -> None:
    """Make the folder for overlays, unless they would be taken for radiographs there.

    Parameters
    ----------
    overlays : Path
        The folder.
    given : sequence of Path
        The files and folders that the user named.
    files : iterable of Path
        The files found there.

    Raises
    ------
    OutputError
        With the sentence for the user.
    """
    files, named = list(files), set(given)
    if _real(overlays) in {_real(path).parent for path in files}:
        raise OutputError("The overlays would lie among the files to be scored; choose another folder.")
    # The folders of the files, too: links may lead to them from a folder that was named.
    folders = named | {path.parent for path in files if path not in named}
    place = _real(overlays)
    if not _identities(folders).isdisjoint(_identities((place, *place.parents))):
        raise OutputError(
            "The overlays would lie in a folder that is searched for files, and be taken for radiographs the "
            "next time; choose another folder."
        )
    try:
        overlays.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise OutputError("The folder for the overlays cannot be made.") from None


def _real(path: Path) -> Path:
    """Follow links; unlike `Path.resolve`, also where they lead in circles."""
    return Path(os.path.realpath(path))


def _identities(folders: Iterable[Path]) -> set[tuple[int, int]]:
    """Tell folders apart by what they are; by their names they differ in case on some systems."""
    found = set()
    for folder in folders:
        try:
            status = folder.stat()
        except OSError:  # not there yet
            continue
        found.add((status.st_dev, status.st_ino))
    return found
