"""Truth from the names of folders and files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from core.dataset import is_public_name, label_of
from core.truth.findings import Conflict, Findings
from core.truth.truth import Source, Truth

_LEVELS: Final = 4
"""Folders above a file that may name its class; those further up name the disk and its owner."""

_NORMAL_OR_NOT: Final = "Its folders or its name say both normal and pneumonia."
_TWO_KINDS: Final = "Its folders or its name say both bacterial and viral."


def truths_from_folders(paths: Iterable[Path]) -> Findings:
    """Read the truth in the names of the folders around files, such as ``NORMAL`` and ``PNEUMONIA``.

    The kind of a pneumonia may come from a folder or from a name of the public set. Where folders and name
    disagree it is a conflict.
    """
    return _collect(paths, "folder", _folder_words)


def truths_from_names(paths: Iterable[Path]) -> Findings:
    """Read the truth in file names of the public set, such as ``person1_virus_6.jpeg``."""
    return _collect(paths, "file name", lambda path: _name_words(path.name))


def _folder_words(path: Path) -> set[str]:
    parents = [folder.name for folder in path.absolute().parents[:_LEVELS]]
    words = {word for name in parents if (word := label_of(name, "")) is not None}
    # A file name alone is no folder; it only adds to one.
    return words | _name_words(path.name) if words else set()


def _name_words(name: str) -> set[str]:
    word = word_in_name(name)
    return set() if word is None else {word}


def word_in_name(name: str) -> str | None:
    """Return ``normal``, ``bacterial`` or ``viral`` for a name of the public set, None for another."""
    if not is_public_name(name):
        return None
    word = label_of("pneumonia", name)
    return "normal" if word == "pneumonia" else word


def combine(words: set[str]) -> str | None:
    """Return what several words say together: the more exact of those that agree.

    Raises
    ------
    ValueError
        With a sentence, where they do not agree.
    """
    if "normal" in words and len(words) > 1:
        raise ValueError(_NORMAL_OR_NOT)
    if {"bacterial", "viral"} <= words:
        raise ValueError(_TWO_KINDS)
    exact = words - {"pneumonia"} or words
    return next(iter(exact), None)


def _collect(paths: Iterable[Path], source: Source, words_of: Callable[[Path], set[str]]) -> Findings:
    truths: dict[Path, Truth] = {}
    conflicts: list[Conflict] = []
    missing: list[Path] = []
    for path in paths:
        try:
            word = combine(words_of(path))
        except ValueError as error:
            conflicts.append(Conflict(path, str(error)))
            continue
        if word is None:
            missing.append(path)
        else:
            truths[path] = Truth.from_word(word, source)
    return Findings(truths, tuple(conflicts), tuple(missing))
