"""Charts and tables of calls as pictures: on the clipboard and in files. Imports matplotlib."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage

from core.files import atomic_write
from core.metrics.calls import CallMeasures
from core.notice import NOTICE
from core.report.matrices import draw_matrix
from core.report.style import DARK, LIGHT, Palette, styled
from deeppneumo_gui.judging.filters import Caller
from deeppneumo_gui.theme import THEMES, colours

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SAVED_INCHES = (6.0, 5.0)
SAVED_DPI = 200

Picture = Callable[[str], bytes]
"""Returns ``"png"`` or ``"svg"``."""


def palette() -> Palette:
    """Return the colours of charts in the theme in use."""
    theme = colours()
    base = LIGHT if theme == THEMES["light"] else DARK
    return replace(
        base, paper=theme.panel, ink=theme.text, muted=theme.muted, grid=theme.border, accent=theme.accent
    )


def confusion_picture(caller: Caller, calls: CallMeasures, kind: str) -> bytes:
    """Return calls against the truth as a picture in the colours of the theme."""
    look = palette()
    counts = np.array(
        [[calls.true_negative, calls.false_positive], [calls.false_negative, calls.true_positive]]
    )
    with styled(look):
        figure = draw_matrix(counts, ("normal", "pneumonia"), caller.title, look)
        # Room below for the notice; the figure's own layout takes what is left.
        figure.set_size_inches(SAVED_INCHES)
        figure.set_dpi(SAVED_DPI)
        figure.set_layout_engine("constrained", rect=(0.02, 0.07, 0.96, 0.91))
        figure.axes[0].set_title(f"{caller.title} against the truth", loc="left", color=look.ink)
        return finished(figure, look, kind)


def finished(figure: Figure, look: Palette, kind: str) -> bytes:
    """Return a figure with the notice below, as ``"png"`` or ``"svg"`` without anything that tells of the machine."""
    figure.text(0.13, 0.02, NOTICE, color=look.muted, size=8)
    stream = io.BytesIO()
    told = {"Date": None} if kind == "svg" else {"Software": None}
    figure.savefig(stream, format=kind, metadata=told)
    return stream.getvalue()


def copy_picture(picture: Picture) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setImage(QImage.fromData(picture("png")))


def save_picture(path: Path, picture: Picture) -> None:
    """Write a picture as PNG, or as SVG where the name says so; raises `OSError`."""
    content = picture("svg" if path.suffix.lower() == ".svg" else "png")
    with atomic_write(path) as stream:
        stream.write(content)
