"""Reports and contact sheets as PDF."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from typing import Any, Final

from core.engine.card import Card
from core.overlay import DEFAULT_COLORMAP, DEFAULT_OPACITY, DEFAULT_THRESHOLD
from core.review.case_page import LAYOUTS, Layout, Read, draw_cases
from core.review.cases import ReviewCase
from core.review.page import Strip, Style, add_heading, add_strip, new_page
from core.review.pdf import open_pdf
from core.review.summary import summarise
from core.review.summary_page import TITLE, draw_summary

DEFAULT_STYLE: Final = Style(DEFAULT_OPACITY, DEFAULT_COLORMAP, DEFAULT_THRESHOLD)
SHEET_TITLE: Final = "Contact sheet"
CONTACT_SHEET: Final = 24

Progress = Callable[[int, int], None]
"""Told how many of how many pages are done; what it raises ends the writing."""


def write_report(
    path: str | os.PathLike[str],
    cases: Sequence[ReviewCase],
    selected: Sequence[ReviewCase],
    card: Card | None,
    made_on: str,
    read: Read,
    *,
    per_page: int = 4,
    style: Style = DEFAULT_STYLE,
    progress: Progress = lambda done, total: None,
) -> None:
    """Write a report atomically: a page on all cases, then the selected ones with their pictures.

    Only a page at a time is in memory.

    Parameters
    ----------
    path : path
    cases : sequence of ReviewCase
        All that are counted and measured.
    selected : sequence of ReviewCase
        Those that are shown.
    card : Card or None
        Of the model whose scores they have.
    made_on : str
        The day, ``YYYY-MM-DD``.
    read : callable
        Reads a radiograph; what can no longer be read is said in its place.
    per_page : int
        1 or 4 cases on a page.
    style : Style
        How heatmaps look.
    progress : callable

    Raises
    ------
    OSError
        When it cannot be written; nothing is left then.
    """
    writer = _Writer(card, made_on, read, style, progress)
    layout = LAYOUTS[per_page]
    with open_pdf(path, TITLE) as pages:
        writer.begin(pages, 1 + math.ceil(len(selected) / layout.count))
        first = new_page()
        draw_summary(first, summarise(cases, card), card, made_on)
        writer.add(first, None)
        writer.add_cases(selected, layout, "Images")


def write_contact_sheet(
    path: str | os.PathLike[str],
    cases: Sequence[ReviewCase],
    card: Card | None,
    made_on: str,
    read: Read,
    *,
    progress: Progress = lambda done, total: None,
) -> None:
    """Write small pictures of cases, 24 on a page, without heatmaps; see `write_report`."""
    writer = _Writer(card, made_on, read, DEFAULT_STYLE, progress)
    layout = LAYOUTS[CONTACT_SHEET]
    with open_pdf(path, SHEET_TITLE) as pages:
        writer.begin(pages, max(1, math.ceil(len(cases) / layout.count)))
        writer.add_cases(cases, layout, SHEET_TITLE)


class _Writer:
    """Adds pages, each with its strip."""

    def __init__(self, card: Card | None, made_on: str, read: Read, style: Style, progress: Progress) -> None:
        model = "Without a model" if card is None else f"Model {card.title} of {card.date}"
        self._line = f"{model}; made on {made_on} with DeepPneumo"
        self._read = read
        self._style = style
        self._progress = progress
        self._pages: Any = None
        self._total = 0
        self._done = 0

    def begin(self, pages: Any, total: int) -> None:
        """Write so many pages into a document."""
        self._pages, self._total = pages, total
        self._progress(0, total)

    def add(self, page: Any, style: Style | None) -> None:
        """Add a page; `style` is that of the heatmaps on it."""
        add_strip(page, Strip(self._line, self._total, style), self._done + 1)
        self._pages.savefig(page)
        self._done += 1
        self._progress(self._done, self._total)

    def add_cases(self, cases: Sequence[ReviewCase], layout: Layout, title: str) -> None:
        """Add pages with pictures."""
        for start in range(0, len(cases), layout.count):
            some = cases[start : start + layout.count]
            page = new_page()
            last = start + len(some)
            place = f"{start + 1}" if last == start + 1 else f"{start + 1}\N{EN DASH}{last}"
            title = title.removesuffix("s") if layout.count == 1 else title
            top = add_heading(page, f"{title} {place} of {len(cases):,}")
            draw_cases(page, some, layout, top, self._read, self._style)
            self.add(page, None if layout.pictures == 1 else self._style)
