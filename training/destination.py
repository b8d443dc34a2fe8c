"""Where reports go: a folder that can be written, and is none of the radiographs'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from core.dataset import Item
from core.errors import DeepPneumoError


class DestinationError(DeepPneumoError):
    """A folder in which a report would do harm."""


@contextmanager
def report_folder(out: Path, data: Path, items: Sequence[Item]) -> Iterator[None]:
    """Make the folder of a report before the work begins, and take it back where the work fails before a file is in it.

    Parameters
    ----------
    out : Path
    data : Path
        What the radiographs were found in.
    items : sequence of Item
        The radiographs.

    Raises
    ------
    DestinationError
        If the figures would be taken for radiographs the next time their folder is searched.
    OSError
        If the folder cannot be made.
    """
    folders = {item.path.parent.resolve() for item in items} if data.is_dir() else set()
    if not folders.isdisjoint((out.resolve(), *out.resolve().parents)):
        raise DestinationError("The report would lie among the radiographs; choose another folder for --out.")
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    out.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for folder in made:
            with suppress(OSError):  # something is in it
                folder.rmdir()
        raise
