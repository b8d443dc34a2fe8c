"""From paths to contents, reading as few files as possible."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.reading.refusal import Refusal
from core.store.content import FileState, content_hash
from core.store.store import Store


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
    """

    path: Path
    state: FileState | None
    content: str | None = None


def recognise(store: Store, paths: Sequence[Path]) -> list[Seen]:
    """Look at files and say which contents they have, where that is known.

    A file that looks as it did when it was read last is not opened. Others are read only where some known
    content is of their size: nothing can be remembered of the rest.
    """
    states = [FileState.of(path) for path in paths]
    there = [state for state in states if state is not None]
    known = dict(zip(there, store.known_contents(there), strict=True))
    sizes = store.known_sizes(state.size for state in there if known[state] is None)
    seen = []
    for path, state in zip(paths, states, strict=True):
        content = None if state is None else known[state]
        if state is not None and content is None and state.size in sizes:
            content = content_of(Seen(path, state))
            if content is not None:
                store.mark(state, content)
        seen.append(Seen(path, state, content))
    return seen


def content_of(seen: Seen) -> str | None:
    """Return the content of a file as it was seen; None where it has changed since or cannot be read."""
    if seen.content is not None or seen.state is None:
        return seen.content
    try:
        content = content_hash(seen.path)
    except (Refusal, OSError):
        return None
    return content if FileState.of(seen.path) == seen.state else None
