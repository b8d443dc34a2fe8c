"""How one radiograph is displayed: window, level, inversion, orientation. Free of Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.reading import Grey, Radiograph, Window, render
from deeppneumo_gui.canvas.orientation import Orientation
from deeppneumo_gui.canvas.presets import PRESETS, Preset, preset_window

G = TypeVar("G", bound=Grey)
Part = tuple[slice, slice]
WHOLE: Final[Part] = (slice(None), slice(None))

_LARGEST_REDUCTION: Final = 8
_DRAG_PIXELS: Final = 600.0
"""A drag over so many screen pixels changes the window by the whole range of the image."""


class Display:
    """A radiograph and what the reader's hand did to its picture.

    The model never sees any of it: it works from the file's default rendering.
    """

    def __init__(self, radiograph: Radiograph) -> None:
        self.radiograph = radiograph
        self.inverted = False
        self.orientation = Orientation()
        self.preset: Preset | None = PRESETS[0]
        self._window: Window | None = None
        # Two views of one display ask for the same one after the other.
        self._last: tuple[tuple[int, Part, Window | None, bool], NDArray[np.uint8]] | None = None
        self._copies: dict[int, Radiograph] = {1: radiograph}
        low, high = int(radiograph.pixels.min()), int(radiograph.pixels.max())
        self._range = float(max(1, high - low))

    @property
    def window(self) -> Window:
        """The window in use, in units of the radiograph's pixels."""
        return self._window or self.radiograph.window

    def copy(self) -> Display:
        """Return the same picture, free to be changed on its own."""
        other = Display(self.radiograph)
        other.inverted, other.orientation, other.preset = self.inverted, self.orientation, self.preset
        other._window = self._window
        return other

    def drag(self, right: float, down: float) -> None:
        """Window/level by a mouse movement in screen pixels.

        To the right widens the window (less contrast); down raises its centre (darker), as in other viewers.
        On an image whose low values are bright, down lowers the centre, so that the hand learns one movement.
        """
        step = self._range / _DRAG_PIXELS
        window = self.window
        sign = -1.0 if self.radiograph.inverted != self.inverted else 1.0
        center = window.center + sign * down * step
        width = max(window.width + right * step, max(1.0, self._range / 256.0))
        self._window = Window(center, min(width, 8 * self._range), window.function)
        self.preset = None

    def apply(self, preset: Preset) -> None:
        """Use a preset's window."""
        self._window = preset_window(self.radiograph, preset)
        self.preset = preset

    def invert(self) -> None:
        """Swap black and white."""
        self.inverted = not self.inverted

    def reset(self) -> None:
        """Return to the file's default rendering, the way up that it has there."""
        self.inverted = False
        self.orientation = Orientation()
        self.apply(PRESETS[0])

    def rendering(self, reduction: int = 1, part: Part = WHOLE) -> NDArray[np.uint8]:
        """Return the grey values to show.

        Parameters
        ----------
        reduction : int
            How many pixels of the radiograph become one in each direction, by averaging.
        part : tuple of two slices
            Rows and columns of the reduced picture that are wanted.

        Returns
        -------
        ndarray of uint8
            The part of a picture of shape (ceil(H / reduction), ceil(W / reduction)).
        """
        asked = (reduction, part, self._window, self.inverted)
        if self._last is None or self._last[0] != asked:
            source = self._reduced(reduction)
            if part != WHOLE:
                source = replace(source, pixels=source.pixels[part], rendering=source.rendering[part])
            self._last = (asked, render(source, self._window, self.inverted))
        return self._last[1]

    def _reduced(self, reduction: int) -> Radiograph:
        """Return the radiograph in another size; all sizes together are a third of the original."""
        if reduction not in self._copies:
            source = self.radiograph
            rendering = _average(source.rendering, reduction)
            same = source.pixels is source.rendering
            pixels = rendering if same else _average(source.pixels, reduction)
            self._copies[reduction] = replace(source, pixels=pixels, rendering=rendering)
        return self._copies[reduction]


def _average(grey: G, reduction: int) -> G:
    # Pillow averages bytes and 32-bit integers, not 16-bit ones.
    wide = grey if grey.dtype == np.uint8 else grey.astype(np.int32)
    return cast(G, np.asarray(Image.fromarray(wide).reduce(reduction)).astype(grey.dtype))


def fitting_reduction(zoom: float) -> int:
    """Return the largest power of two, at most 8, by which an image shown at `zoom` may be reduced.

    Qt's smooth scaling looks at four pixels only, so below half size fine detail would flicker; and a smaller
    image is quicker to window.
    """
    reduction = 1
    while reduction < _LARGEST_REDUCTION and 2 * reduction * zoom <= 1.0:
        reduction *= 2
    return reduction
