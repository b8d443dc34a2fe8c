"""Truth from a table in a CSV file, whose columns and words the reader explains."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Final

from core.dataset import label_of
from core.errors import DeepPneumoError
from core.truth.findings import Conflict, Findings
from core.truth.naming import combine
from core.truth.truth import Truth

MAX_BYTES: Final = 64 * 2**20
MAX_WORDS: Final = 50
"""Different words in a column of labels; a column with more holds something else."""

_FILE_NAMES: Final = (
    "file",
    "filename",
    "file_name",
    "image",
    "image_name",
    "path",
    "name",
    "image index",
    "id",
)
_LABEL_NAMES: Final = ("label", "class", "truth", "diagnosis", "target", "finding", "finding labels")
_KIND_NAMES: Final = ("kind", "subtype", "type", "etiology", "aetiology", "label_1_virus_category")


class TableError(DeepPneumoError):
    """A table that cannot be used; the text is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it lies in its file.

    Attributes
    ----------
    columns : tuple of str
    rows : tuple of tuple of str
        As many cells as columns each.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def words(self, column: int) -> list[str]:
        """Return the different words of a column, the most frequent first, at most `MAX_WORDS`."""
        count = Counter(row[column].strip() for row in self.rows)
        return [word for word, _ in count.most_common(MAX_WORDS + 1) if word][:MAX_WORDS]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is to be read.

    Attributes
    ----------
    file, label : int
        Columns of file names and of labels.
    kind : int or None
        Column of the kind of pneumonia, if there is one.
    meanings : mapping
        From words of the columns of label and kind to one of `core.truth.truth.LABELS`; other words say nothing.
    """

    file: int
    label: int
    kind: int | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)


def read_table(path: Path) -> Table:
    """Read a CSV file: UTF-8 or Western European, with commas, semicolons or tabs.

    Raises
    ------
    TableError
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise TableError("The table is too large; it may have 64 MB.")
        content = path.read_bytes()
    except OSError:
        raise TableError(
            "The table could not be read; it is no longer there, or you may not read it."
        ) from None
    if b"\0" in content:
        raise TableError("This file is no table in CSV form.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row)]
    except csv.Error:
        raise TableError("This file is no table in CSV form.") from None
    if len(rows) < 2 or len(rows[0]) < 2:
        raise TableError("The table needs a line of headings, then lines with a file name and a label each.")
    width = len(rows[0])
    body = tuple((*row[:width], *[""] * (width - len(row))) for row in rows[1:])
    return Table(tuple(cell.strip() for cell in rows[0]), body)


def propose(table: Table) -> Reading:
    """Propose how to read a table, by its headings and by the words that are plain; for the reader to change."""
    file = _column(table, _FILE_NAMES)
    label = _column(table, _LABEL_NAMES)
    kind = _column(table, _KIND_NAMES)
    file = 0 if file is None else file
    label = next(place for place in range(len(table.columns)) if place != file) if label is None else label
    kind = None if kind in (file, label) else kind
    meanings = {}
    for column in (label, kind):
        for word in () if column is None else table.words(column):
            meaning = label_of(word, "")
            if meaning is not None:
                meanings[word] = meaning
    return Reading(file, label, kind, meanings)


def apply_table(table: Table, reading: Reading, paths: Sequence[Path]) -> Findings:
    """Say what a table says of files.

    A line means a file by its name, with as many folders as it gives; where the name of no file is so, the name
    without its ending counts. What is said of several files at once, or differently of one, is a conflict.

    Parameters
    ----------
    table : Table
    reading : Reading
    paths : sequence of Path
        The files.
    """
    files = _Files(paths)
    words: dict[Path, set[str]] = {}
    conflicts: list[Conflict] = []
    unmatched: list[str] = []
    for row in table.rows:
        name = row[reading.file].strip()
        said = _words_of(row, reading)
        if not name or not said:
            continue
        found = files.find(name)
        if not found:
            unmatched.append(_last(name))
        elif len(found) > 1:
            conflicts.append(Conflict(None, f"{_last(name)} may mean any of {len(found):,} images."))
        else:
            words.setdefault(found[0], set()).update(said)
    truths: dict[Path, Truth] = {}
    for path, said in words.items():
        try:
            word = combine(said)
        except ValueError:
            conflicts.append(Conflict(path, "The table says different things of it."))
            continue
        if word is not None:
            truths[path] = Truth.from_word(word, "table")
    contested = {conflict.path for conflict in conflicts}
    missing = tuple(path for path in paths if path not in truths and path not in contested)
    return Findings(truths, tuple(conflicts), missing, tuple(unmatched))


class _Files:
    """Files by name and by name without ending."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._names: dict[str, list[Path]] = {}
        self._stems: dict[str, list[Path]] = {}
        for path in paths:
            self._names.setdefault(path.name.casefold(), []).append(path)
            self._stems.setdefault(path.stem.casefold(), []).append(path)

    def find(self, name: str) -> list[Path]:
        """Return the files that a name in a table may mean."""
        parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", ".")]
        if not parts:
            return []
        last = parts[-1].casefold()
        found = self._names.get(last) or self._stems.get(last, [])
        # Folders are taken in as far as they tell files apart.
        for depth in range(2, len(parts) + 1):
            if len(found) < 2:
                break
            folder = parts[-depth].casefold()
            found = [path for path in found if _folder(path, depth) == folder]
        return found


def _folder(path: Path, depth: int) -> str:
    parts = path.absolute().parts
    return parts[-depth].casefold() if depth <= len(parts) else ""


def _words_of(row: Sequence[str], reading: Reading) -> set[str]:
    cells = [row[reading.label].strip()]
    label = reading.meanings.get(cells[0])
    if label is None:
        return set()
    kind = None if reading.kind is None else reading.meanings.get(row[reading.kind].strip())
    # Tables often fill the column of kinds for normal images too, with whatever.
    return {label, kind} if kind is not None and label != "normal" else {label}


def _column(table: Table, names: Sequence[str]) -> int | None:
    lower = [column.casefold() for column in table.columns]
    return next((lower.index(name) for name in names if name in lower), None)


def _last(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name
