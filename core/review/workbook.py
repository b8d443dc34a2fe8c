"""All results as an Excel workbook."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from core.engine.card import Card
from core.files import atomic_write
from core.notice import NOTICE
from core.review.cases import ReviewCase
from core.review.table import reader_cells

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

COLUMNS: Final = (
    ("file", 34),
    ("status", 11),
    ("reason", 34),
    ("score", 9),
    ("call", 12),
    ("p_normal", 9),
    ("p_bacterial", 11),
    ("p_viral", 9),
    ("prediction_set", 18),
    ("familiar", 9),
    ("truth", 12),
    ("truth_kind", 11),
    ("truth_source", 12),
    ("reader_call", 12),
    ("reader_kind", 11),
    ("model_errs", 11),
    ("reader_errs", 11),
    ("reader_differs", 14),
    ("key_image", 10),
    ("note", 40),
    ("tags", 20),
    ("reviewed_at", 18),
    ("notes", 40),
    ("threshold", 10),
    ("model", 22),
)
"""Heading and width in letters."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_MOST_LETTERS: Final = 32_767
_NUMBERS: Final = {"score", "p_normal", "p_bacterial", "p_viral", "threshold"}

Progress = Callable[[int, int], None]
"""Told how many of how many are done; what it raises ends the writing."""


def write_workbook(
    path: str | os.PathLike[str],
    cases: Sequence[ReviewCase],
    card: Card | None,
    made_on: str,
    progress: Progress = lambda done, total: None,
) -> None:
    """Write a workbook atomically: a sheet with a row for each image, and one on what it is.

    Text is always written as text: nothing in a file name or a note can become a formula or a link.

    Parameters
    ----------
    path : path
    cases : sequence of ReviewCase
    card : Card or None
        Of the model whose scores they have.
    made_on : str
        The day, ``YYYY-MM-DD``.
    progress : callable

    Raises
    ------
    OSError
        When it cannot be written; nothing is left then.
    """
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,  # no second temporary file, which might be left behind
        "nan_inf_to_errors": True,
    }
    with atomic_write(path) as stream:
        # XlsxWriter leaves its archive open when a disk is full, and Python complains once it is thrown away.
        whole = io.BytesIO()
        book = xlsxwriter.Workbook(whole, options)
        book.set_properties({"title": "DeepPneumo results", "comments": NOTICE})
        head = book.add_format({"bold": True, "bottom": 1, "font_color": "#1b2430"})
        number = book.add_format({"num_format": "0.000000"})
        strong = book.add_format({"bold": True})
        sheet = book.add_worksheet("Images")
        for place, (name, width) in enumerate(COLUMNS):
            sheet.set_column(place, place, width, number if name in _NUMBERS else None)
            sheet.write_string(0, place, name, head)
        for line, case in enumerate(cases, 1):
            progress(line - 1, len(cases))
            _write_line(sheet, line, _cells(case))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(cases), 1), len(COLUMNS) - 1)
        sheet.set_footer(f"&C{NOTICE}")
        about = book.add_worksheet("About")
        about.set_column(0, 0, 100)
        for line, text in enumerate(_about(card, len(cases), made_on)):
            about.write_string(line, 0, text, strong if line == 0 else None)
        book.close()
        stream.write(whole.getbuffer())
    progress(len(cases), len(cases))


def _cells(case: ReviewCase) -> list[object]:
    row, judgement = case.row, case.judgement
    # A workbook knows no time zones; the reader's own is the one that is meant.
    reviewed = None if judgement.reviewed_at is None else judgement.reviewed_at.astimezone()
    return [
        row.file,
        row.status,
        row.reason,
        row.score,
        row.call,
        row.p_normal,
        row.p_bacterial,
        row.p_viral,
        "|".join(row.prediction_set or ()),
        {None: "", True: "yes", False: "no"}[row.familiar],
        *reader_cells(case),
        None if reviewed is None else f"{reviewed:%Y-%m-%d %H:%M:%S}",
        " ".join(row.notes),
        row.threshold,
        row.model,
    ]


def _write_line(sheet: Worksheet, line: int, cells: Iterable[Any]) -> None:
    for place, cell in enumerate(cells):
        if isinstance(cell, float):
            sheet.write_number(line, place, cell)
        elif cell:
            # What XML cannot hold would make the whole workbook unreadable.
            text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(cell))[:_MOST_LETTERS]
            sheet.write_string(line, place, text)


def _about(card: Card | None, images: int, made_on: str) -> list[str]:
    lines = [NOTICE, f"Results of {images:,} images, written on {made_on}"]
    if card is not None:
        point = card.operating_point
        lines.append(
            f"Model {card.title} of {card.date}, operating point {point.name} ({point.threshold:.3f})"
        )
        lines += [f"Limit of the model: {limit}" for limit in card.limits]
    return lines
