"""The window, drawn without a screen: is it there, and does the heatmap show."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from deeppneumo_gui.selftest.check import CheckFailedError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from deeppneumo_gui.window import MainWindow

MIN_COLOURS: Final = 64
"""A window with a radiograph in it has thousands; one that was not drawn has one."""

MIN_COLOURED: Final = 0.002
"""Share of the canvas's pixels that a heatmap colours at least."""

_CHROMA: Final = 24  # between channels; the captions that come with a heatmap are grey


def check_window(sample: Path, screenshot: Path | None) -> str:
    """Open a sample in the window, show its heatmap, and look at the pixels.

    Parameters
    ----------
    sample : Path
        An image whose map is strong enough to be seen.
    screenshot : Path, optional
        Where to leave the picture, as PNG.

    Returns
    -------
    str
        What was found.

    Raises
    ------
    CheckFailedError
        With one sentence.
    """
    from deeppneumo_gui.display_check import find_obstacle

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Qt ends the process when it cannot start; this finds out beforehand.
    obstacle = find_obstacle()
    if obstacle is not None:
        raise CheckFailedError(obstacle)
    if not _has_offscreen_platform():
        raise CheckFailedError("The part of Qt that draws without a screen is missing.")
    from deeppneumo_gui.screenshots import offscreen_window, save, show_first_result

    with offscreen_window() as window, tempfile.TemporaryDirectory() as folder:
        shown = show_first_result(window, [sample])
        _check_case(window, shown)
        plain = _pixels(window.view)
        window.heatmap.set_visible(True)
        coloured = float((_is_coloured(_pixels(window.view)) & ~_is_coloured(plain)).mean())
        target = screenshot or Path(folder) / "window.png"
        if not save(window, target):
            raise CheckFailedError("The picture of the window could not be written.")
        with Image.open(target) as image:
            size, colours = image.size, count_colours(image)
    if colours < MIN_COLOURS:
        raise CheckFailedError("The window is blank.")
    if coloured < MIN_COLOURED:
        raise CheckFailedError("The heatmap does not show in the window.")
    return f"{size[0]} x {size[1]}, {colours} colours, heatmap on {coloured:.0%} of the canvas"


def _has_offscreen_platform() -> bool:
    from PySide6.QtCore import QCoreApplication

    folders = [Path(folder, "platforms") for folder in QCoreApplication.libraryPaths()]
    return any("offscreen" in file.name for folder in folders if folder.is_dir() for file in folder.iterdir())


def count_colours(image: Image.Image) -> int:
    """Return the number of different colours in a picture."""
    colours = image.convert("RGB").getcolors(maxcolors=image.width * image.height)
    return len(colours or ())


def _check_case(window: MainWindow, shown: bool) -> None:
    from deeppneumo_gui.cases import CaseState

    if window.session.failure is not None:
        raise CheckFailedError(f"The window could not load the model: {window.session.failure}")
    case = window.session.current
    if not shown or case is None:
        raise CheckFailedError("The window did not show the sample.")
    if case.state is not CaseState.SCORED:
        raise CheckFailedError(f"The window did not score the sample: {case.reason or case.state.value}")


def _is_coloured(pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
    spread: NDArray[np.bool_] = np.ptp(pixels, axis=2) > _CHROMA
    return spread


def _pixels(widget: QWidget) -> NDArray[np.uint8]:
    """Return what a widget shows, as an array of shape (H, W, 3)."""
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    with Image.open(io.BytesIO(buffer.data().data())) as image:
        return np.asarray(image.convert("RGB"))
