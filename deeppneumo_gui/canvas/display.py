"""How one radiograph is displayed: window, level, inversion. Free of Qt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.reading import Radiograph, Window, render

_DRAG_PIXELS = 600.0
"""A drag over so many screen pixels changes the window by the whole range of the image."""


class Display:
    """A radiograph and what the reader's hand did to its grey values.

    The model never sees any of it: it works from the file's default rendering.
    """

    def __init__(self, radiograph: Radiograph) -> None:
        self.radiograph = radiograph
        self.inverted = False
        self._window: Window | None = None
        low, high = int(radiograph.pixels.min()), int(radiograph.pixels.max())
        self._range = float(max(1, high - low))

    @property
    def window(self) -> Window:
        """The window in use, in units of the radiograph's pixels."""
        return self._window or self.radiograph.window

    @property
    def changed(self) -> bool:
        """Whether anything differs from the file's default rendering."""
        return self.inverted or self._window is not None

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

    def invert(self) -> None:
        """Swap black and white."""
        self.inverted = not self.inverted

    def reset(self) -> None:
        """Return to the file's default rendering."""
        self.inverted = False
        self._window = None

    def rendering(self) -> NDArray[np.uint8]:
        """Return the grey values to show, shape (H, W)."""
        return render(self.radiograph, self._window, self.inverted)
