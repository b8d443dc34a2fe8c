"""Finding radiographs in folders."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

from core.reading.sniff import HEAD_BYTES, Kind, detect, is_dicom_directory

IMAGE_SUFFIXES: Final = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".webp", ".dcm", ".dicom", ".dic"}
)
"""Suffixes that stand for an image; such a file is listed even when damaged, so that it is not lost."""

_SYSTEM_NAMES: Final = frozenset(
    {
        "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx", "$recycle.bin", "@eadir", "#recycle",
        "system volume information", "lost+found", "dicomdir",
    }
)  # fmt: skip
_DIGITS: Final = re.compile(r"(\d+)")
_WINDOWS_HIDDEN: Final = stat.FILE_ATTRIBUTE_HIDDEN | stat.FILE_ATTRIBUTE_SYSTEM

NaturalKey: TypeAlias = "tuple[tuple[int, int, str], ...]"


def find_radiographs(paths: Iterable[Path], *, recursive: bool = True) -> list[Path]:
    """List the image files that paths stand for.

    Parameters
    ----------
    paths : iterable of Path
        Files, which are kept whatever they hold (even missing ones, so that they get a row), and folders,
        of which hidden and system files are left out.
    recursive : bool
        Also look into folders inside the folders.

    Returns
    -------
    list of Path
        In the order of `paths`; inside a folder in natural order ("img2" before "img10"). No file is left
        out for being the same as another: a path given twice is listed twice, a folder given twice is
        walked twice, and links to one file are as many files. Within one walk each folder is entered once,
        or links would lead round in circles. What cannot be looked into, files and folders alike, is listed
        itself, so that it is told of.
    """
    return [file for path in paths for file in _files_of(Path(path), recursive)]


def natural_key(name: str) -> NaturalKey:
    """Sort key that orders numbers inside names by value and ignores case."""
    parts = _DIGITS.split(name)
    key = [(0, int(part), "") if index % 2 else (1, 0, part.casefold()) for index, part in enumerate(parts)]
    return (*(part for part in key if part != (1, 0, "")), (2, 0, name))


def _files_of(path: Path, recursive: bool) -> Iterator[Path]:
    try:
        if not path.is_dir():
            yield path
            return
        entries, seen = _sorted_entries(path), {_folder_identity(path)}
    except (OSError, ValueError):
        yield path  # a folder that cannot be opened gets its row, too
        return
    yield from _walk(entries, recursive, seen)


def _walk(entries: list[os.DirEntry[str]], recursive: bool, seen: set[tuple[int, int]]) -> Iterator[Path]:
    # A stack of iterators instead of recursion: folders may be nested deeper than Python calls may.
    stack = [iter(entries)]
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
            continue
        path = Path(entry.path)
        try:
            if _is_hidden(entry):
                continue
            if entry.is_dir():
                identity = _folder_identity(path)
                if recursive and identity not in seen:  # a link back up would otherwise go round for ever
                    seen.add(identity)
                    stack.append(iter(_sorted_entries(path)))
            elif _is_wanted(entry):
                yield path
        except OSError:
            yield path


def _sorted_entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: natural_key(entry.name))


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name.casefold() in _SYSTEM_NAMES:
        return True
    attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(attributes & _WINDOWS_HIDDEN)


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    path = Path(entry.path)
    if path.suffix.casefold() in IMAGE_SUFFIXES:
        return True  # even a dangling link or a pipe: reading it says what is wrong
    if not entry.is_file():
        return False  # opening a pipe would wait for somebody to write into it
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except FileNotFoundError:
        return False  # a temporary file, say, of which nothing spoke for an image
    kind = detect(head)
    return kind is not None and not (kind is Kind.DICOM and is_dicom_directory(head))


def _folder_identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
