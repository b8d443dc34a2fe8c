"""Where the radiographs of a lesson lie on this computer; free of Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from core.reading.refusal import Refusal
from core.store.content import Picture, content_hash

MOST_FILES: Final = 50_000
"""So many files are looked at in search of a lesson's radiographs."""


class Place(NamedTuple):
    """One frame of one file; never shown, for folders may identify a patient."""

    path: Path
    frame: int


class Places:
    """Knows which picture lies where."""

    def __init__(self) -> None:
        self._paths: dict[str, Path] = {}
        self._contents: dict[Path, str] = {}
        self._unpacked: dict[Picture, Path] = {}
        self._packed: dict[Path, Picture] = {}

    @property
    def paths(self) -> Mapping[str, Path]:
        """The teacher's files by the SHA-256 of their content, as far as they are known now."""
        return MappingProxyType(dict(self._paths))

    def learn(self, found: Mapping[str, Path]) -> None:
        """Take note of where contents lie; the place found last is the one that counts."""
        for content, path in found.items():
            self._paths[content] = path.absolute()
            self._contents[path.absolute()] = content

    def unpack(self, found: Mapping[Picture, Path]) -> None:
        """Take note of files that were made of the radiographs in a lesson's file, one frame each."""
        for picture, path in found.items():
            self._unpacked[picture] = path.absolute()
            self._packed[path.absolute()] = picture

    def place_of(self, picture: Picture) -> Place | None:
        """Return where a picture lies, the teacher's own file first; None where that is not known."""
        path = self._paths.get(picture.content)
        if path is not None:
            return Place(path, picture.frame)
        unpacked = self._unpacked.get(picture)
        return None if unpacked is None else Place(unpacked, 0)

    def picture_at(self, path: Path, frame: int) -> Picture | None:
        """Return what lies there, None where that is not known."""
        known = path.absolute()
        if known in self._packed:
            return self._packed[known]
        content = self._contents.get(known)
        return None if content is None else Picture(content, frame)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for.

    Attributes
    ----------
    contents : frozenset of str
        SHA-256 of the files that are wanted.
    near : Path or None
        A folder that is looked into, but not into those within it.
    places : tuple of Path
        Files, and folders with all that is in them, the most likely first.
    """

    contents: frozenset[str]
    near: Path | None = None
    places: tuple[Path, ...] = ()


def search(wanted: Search, given_up: Callable[[], bool]) -> dict[str, Path]:
    """Look for contents until all are found, all places looked at, or nobody wants to know any more.

    Parameters
    ----------
    wanted : Search
    given_up : callable
        Whether nobody waits for the answer any more.

    Returns
    -------
    dict of str to Path
        Where those lie that were found.
    """
    found: dict[str, Path] = {}
    seen: set[Path] = set()
    if not wanted.contents:
        return found
    for path in _files(wanted):
        if given_up() or len(seen) >= MOST_FILES:
            break
        if path in seen:
            continue
        seen.add(path)
        content = content_at(path)
        if content in wanted.contents:
            found.setdefault(content, path)
            if len(found) == len(wanted.contents):
                break
    return found


def _files(wanted: Search) -> Iterator[Path]:
    from core.reading import find_radiographs

    near: Iterable[Path] = () if wanted.near is None else find_radiographs([wanted.near], recursive=False)
    for path in near:
        yield path.absolute()
    for place in wanted.places:
        for path in find_radiographs([place]):
            yield path.absolute()


def content_at(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, empty where it cannot be read."""
    try:
        return content_hash(path)
    except (OSError, Refusal):
        return ""
