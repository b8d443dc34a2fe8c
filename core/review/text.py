"""Setting text on a page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

FAMILY: Final = "DejaVu Sans"
_ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"
_LEADING: Final = 1.35
_POINTS: Final = 72


def line_height(size: float) -> float:
    """Return the distance of lines in inches for a type size in points."""
    return size * _LEADING / _POINTS


def wrap(text: str, width: float, size: float, most: int | None = None, *, bold: bool = False) -> list[str]:
    """Break text into lines.

    Parameters
    ----------
    text : str
        Line breaks are kept.
    width : float
        Inches.
    size : float
        Type size in points.
    most : int, optional
        Lines; what does not fit into so many ends in an ellipsis.
    bold : bool
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in paragraph.split():
            longer = f"{current} {word}".lstrip()
            if _width(longer, size, bold) <= width:
                current = longer
                continue
            if current:
                lines.append(current)
            *full, current = _pieces(word, width, size, bold)
            lines += full
        lines.append(current)
    if most is not None and len(lines) > most:
        lines = lines[:most]
        last = lines[-1]
        while last and _width(last + _ELLIPSIS, size, bold) > width:
            last = last[:-1]
        lines[-1] = last.rstrip() + _ELLIPSIS
    return lines


def put(figure: Figure, left: float, top: float, text: str, size: float, **style: Any) -> None:
    """Set one line; `left` and `top` are inches from the upper left corner of the page."""
    width, height = figure.get_size_inches()
    figure.text(
        left / width,
        1 - top / height,
        text,
        size=size,
        va="top",
        # A dollar sign in a note is no formula.
        parse_math=False,
        **style,
    )


def put_lines(figure: Figure, left: float, top: float, lines: list[str], size: float, **style: Any) -> float:
    """Set lines below each other and return where the next would begin, in inches."""
    for line in lines:
        put(figure, left, top, line, size, **style)
        top += line_height(size)
    return top


def _pieces(word: str, width: float, size: float, bold: bool) -> list[str]:
    """Break a word that is longer than a line."""
    if _width(word, size, bold) <= width:
        return [word]
    pieces = [""]
    for letter in word:
        if pieces[-1] and _width(pieces[-1] + letter, size, bold) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@lru_cache(maxsize=4096)
def _width(text: str, size: float, bold: bool) -> float:
    from matplotlib.textpath import text_to_path

    points, _, _ = text_to_path.get_text_width_height_descent(text, _font(size, bold), ismath=False)
    return float(points) / _POINTS


@lru_cache(maxsize=32)
def _font(size: float, bold: bool) -> FontProperties:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family=FAMILY, size=size, weight="bold" if bold else "normal")
