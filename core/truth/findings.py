"""What was found to be known of some files, and what was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.truth.truth import Truth


@dataclass(frozen=True, slots=True)
class Conflict:
    """A file of which different things are said; it gets no truth.

    Attributes
    ----------
    path : Path or None
        None where it is not clear which file is meant.
    reason : str
        One plain sentence without folders.
    """

    path: Path | None
    reason: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What is known of some files.

    Attributes
    ----------
    truths : mapping
        From file to truth.
    conflicts : tuple of Conflict
        Nothing is guessed of these.
    missing : tuple of Path
        Files of which nothing is said.
    unmatched : tuple of str
        What a table says of files that are not there, by their names in it.
    """

    truths: Mapping[Path, Truth] = field(default_factory=dict)
    conflicts: tuple[Conflict, ...] = ()
    missing: tuple[Path, ...] = ()
    unmatched: tuple[str, ...] = ()
