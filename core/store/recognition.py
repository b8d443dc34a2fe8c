"""From paths to contents, reading as few files as possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from core.reading.refusal import Refusal
from core.store.content import FileState, content_hash
from core.store.store import Store

LOT_FILES: Final = 256
LOT_BYTES: Final = 2**26
"""Of files that are read together: so much comes from a slow share within ten seconds."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file at the moment it was looked at.

    Attributes
    ----------
    path : Path
    state : FileState or None
        None where there was no such file.
    content : str or None
        Its hash, None where it is not known yet.
    promising : bool
        Whether some known content is of its size, while its own is not known.
    """

    path: Path
    state: FileState | None
    content: str | None = None
    promising: bool = False


def recognise(store: Store, paths: Sequence[Path]) -> list[Seen]:
    """Look at files and say which contents they have, where that is known.

    A file that looks as it did when it was read last is not opened. Others are read only where some known
    content is of their size: nothing can be remembered of the rest.
    """
    seen = look_at(store, paths)
    for lot in lots(seen):
        for place, file in zip(lot, read(store, [seen[place] for place in lot]), strict=True):
            seen[place] = file
    return seen


def look_at(store: Store, paths: Sequence[Path]) -> list[Seen]:
    """Look at files without opening them."""
    states = [FileState.of(path) for path in paths]
    there = [state for state in states if state is not None]
    known = dict(zip(there, store.known_contents(there), strict=True))
    sizes = store.known_sizes(state.size for state in there if known[state] is None)
    seen = []
    for path, state in zip(paths, states, strict=True):
        content = None if state is None else known[state]
        promising = state is not None and content is None and state.size in sizes
        seen.append(Seen(path, state, content, promising))
    return seen


def lots(seen: Sequence[Seen]) -> Iterator[list[int]]:
    """Return the places of promising files, as many together as are read in a moment."""
    lot: list[int] = []
    size = 0
    for place, file in enumerate(seen):
        if not file.promising or file.state is None:
            continue
        if lot and (len(lot) == LOT_FILES or size + file.state.size > LOT_BYTES):
            yield lot
            lot, size = [], 0
        lot.append(place)
        size += file.state.size
    if lot:
        yield lot


def read(store: Store, lot: Sequence[Seen]) -> list[Seen]:
    """Find out what is in files, and remember it."""
    done = [replace(file, content=content_of(file), promising=False) for file in lot]
    found = [
        (file.state, file.content) for file in done if file.state is not None and file.content is not None
    ]
    if found:
        store.mark_all(found)
    return done


def content_of(seen: Seen) -> str | None:
    """Return the content of a file as it was seen; None where it has changed since or cannot be read."""
    if seen.content is not None or seen.state is None:
        return seen.content
    try:
        content = content_hash(seen.path)
    except (Refusal, OSError):
        return None
    return content if seen.state.holds() else None
