"""One row per file, as the CSV and the terminal show it."""

from __future__ import annotations

import io
import os
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from core.engine.prediction import Call, Familiarity, Prediction
from core.files import atomic_write

Status = Literal["ok", "refused", "unreadable", "not scored"]

COLUMNS: Final = (
    "file",
    "status",
    "reason",
    "score",
    "call",
    "p_normal",
    "p_bacterial",
    "p_viral",
    "prediction_set",
    "familiar",
    "notes",
    "threshold",
    "model",
)

MAX_NAME_COLUMNS: Final = 60
"""In the text table, so that one long name does not push all results off the screen."""

UNCERTAIN: Final = "Uncertain"
_ELLIPSIS: Final = "..."  # plain letters, for terminals that know no others
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file.

    Attributes
    ----------
    file : str
        The file as the user named it; folders that the user did not name are left out.
    status : {"ok", "refused", "unreadable", "not scored"}
        Scored; read but no image that the model should score; not read; not yet scored, which only the window
        knows.
    reason : str
        One plain sentence where the status is not ``"ok"``, else empty.
    score : float or None
        P(pneumonia) in [0, 1]; None where there is no score, as there is for ``"refused"`` only on request.
    call : {"normal", "pneumonia"} or None
        Whether the score reaches the threshold.
    p_normal, p_bacterial, p_viral : float or None
        Calibrated probabilities; None for a class that the model does not know.
    prediction_set : tuple of str or None
        Classes that hold the truth with the chance that the model's card promises; None without a score, and where
        the model gives no sets.
    familiar : bool or None
        Whether the image is like those that the model was trained on; None where that is not known.
    notes : tuple of str
        Sentences: that a refused image was scored on request, why a call is uncertain, and what a careful reader
        should know of the file.
    threshold : float or None
    model : str or None
        Name and version of the model.
    """

    file: str
    status: Status
    reason: str = ""
    score: float | None = None
    call: Call | None = None
    p_normal: float | None = None
    p_bacterial: float | None = None
    p_viral: float | None = None
    prediction_set: tuple[str, ...] | None = None
    familiar: bool | None = None
    notes: tuple[str, ...] = ()
    threshold: float | None = None
    model: str | None = None

    @classmethod
    def scored(cls, file: str, prediction: Prediction, notes: tuple[str, ...] = ()) -> Row:
        """Make the row of a radiograph that the model has scored; `notes` are the reader's on the file.

        One that was refused and scored on request keeps the status ``"refused"``.
        """
        refusal = prediction.refusal
        on_request = () if refusal is None else (f"Scored on request although refused: {refusal}",)
        return cls(
            file=file,
            status="ok" if refusal is None else "refused",
            reason=refusal or "",
            score=prediction.score,
            call=prediction.call,
            p_normal=prediction.probability("normal"),
            p_bacterial=prediction.probability("bacterial"),
            p_viral=prediction.probability("viral"),
            prediction_set=prediction.prediction_set,
            familiar=None if prediction.familiarity is None else prediction.familiarity.familiar,
            notes=(*on_request, *(f"{UNCERTAIN}: {doubt}." for doubt in prediction.doubts), *notes),
            threshold=prediction.threshold,
            model=prediction.model,
        )

    @classmethod
    def refused(
        cls, file: str, reason: str, familiarity: Familiarity | None, notes: tuple[str, ...] = ()
    ) -> Row:
        """Make the row of an image that has no score; `notes` are the reader's on the file."""
        familiar = None if familiarity is None else familiarity.familiar
        return cls(file, "refused", reason, familiar=familiar, notes=notes)


def write_csv(
    path: str | os.PathLike[str],
    rows: Iterable[Row],
    *,
    columns: Sequence[str] = (),
    cells: Callable[[int], Sequence[str]] = lambda place: (),
) -> None:
    """Write rows as CSV, atomically: UTF-8, commas, a header line, six decimals, empty for no value.

    A file name whose bytes are not UTF-8 keeps its bytes. A cell that a spreadsheet would run as a formula is
    neutralised: file names get ``./`` in front, which names the same file, other text an apostrophe.

    Parameters
    ----------
    path : path
    rows : iterable of Row
        Consumed while the file is written; when it raises, no file is left.
    columns : sequence of str
        More of them, behind `COLUMNS`, which scripts rely on.
    cells : callable
        Returns their cells in the row with a number, counted from 0; text that `neutralise` has seen.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    import csv  # imported here: a single score needs none

    with atomic_write(path) as stream:
        stream.write(_encode(",".join((*COLUMNS, *columns)) + "\r\n"))
        for place, row in enumerate(rows):
            line = io.StringIO()
            csv.writer(line).writerow([*_cells(row), *cells(place)])
            stream.write(_encode(line.getvalue()))


def _cells(row: Row) -> list[str]:
    file = f"./{row.file}" if row.file.startswith(_FORMULA_STARTS) else row.file
    classes = (row.p_normal, row.p_bacterial, row.p_viral)
    return [
        file,
        row.status,
        neutralise(row.reason),
        _decimal(row.score),
        row.call or "",
        *(_decimal(number) for number in classes),
        "|".join(row.prediction_set or ()),
        {None: "", True: "yes", False: "no"}[row.familiar],
        neutralise(" ".join(row.notes)),
        _decimal(row.threshold),
        neutralise(row.model or ""),
    ]


def _decimal(number: float | None) -> str:
    return "" if number is None else f"{number:.6f}"


def neutralise(text: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _encode(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair, which Windows allows in file names
        return text.encode("utf-8", "backslashreplace")


class TextTable:
    """Lines of an aligned table, one at a time, so that results show as they come.

    Parameters
    ----------
    files : iterable of str
        All names that will come; they set the width of the first column, up to `MAX_NAME_COLUMNS`. Longer
        names lose their middle; the CSV keeps them whole.
    """

    def __init__(self, files: Iterable[str]) -> None:
        self._width = max((_columns(_shortened(_printable(file))) for file in files), default=0)
        self._width = max(self._width, len("file"))

    def header(self) -> str:
        """Return the line above the rows."""
        return self._line("file", "status", "score", "call", "")

    def line(self, row: Row) -> str:
        """Return the line of one row."""
        score = "" if row.score is None else f"{row.score:.3f}"
        doubt = next((note for note in row.notes if note.startswith(UNCERTAIN)), "")
        return self._line(
            _shortened(_printable(row.file)), row.status, score, row.call or "", row.reason or doubt
        )

    def _line(self, file: str, status: str, score: str, call: str, reason: str) -> str:
        padding = " " * (self._width - _columns(file))
        return f"{file}{padding}  {status:<10}  {score:>5}  {call:<9}  {reason}".rstrip()


def _printable(text: str) -> str:
    """Escape what would move the cursor or cannot be encoded; a file name may hold anything."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text
    )


def _shortened(text: str) -> str:
    """Replace the middle of a text too long for its column; names tend to differ at the end."""
    if len(text) <= MAX_NAME_COLUMNS // 2 or _columns(text) <= MAX_NAME_COLUMNS:
        return text
    room = MAX_NAME_COLUMNS - len(_ELLIPSIS)
    end = _fitting(text[::-1], room - room // 2)[::-1]
    while unicodedata.combining(end[0]):  # its letter is gone
        end = end[1:]
    return f"{_fitting(text, room // 2)}{_ELLIPSIS}{end}"


def _fitting(text: str, columns: int) -> str:
    """Return as much of a text's beginning as the columns take."""
    used = 0
    for place, char in enumerate(text):
        used += _columns(char)
        if used > columns:
            return text[:place]
    return text


def _columns(text: str) -> int:
    """Count the columns that a terminal gives a text: two for wide letters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
