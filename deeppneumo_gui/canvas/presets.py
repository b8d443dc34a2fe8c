"""Windows that bring out one tissue of a chest radiograph. Free of Qt.

A radiograph has no units like those of computed tomography: a value means what exposure and processing made of
it. So these windows lie at percentiles of the picture's own values, counted from the least dense; what is nearly
as black as the space beside the body does not count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.reading import Grey, Radiograph, Window

_STEP: Final = 4
"""Every fourth pixel in each direction tells the percentiles well enough."""
_BODY: Final = 0.1
"""Share of the picture's range, from the least dense, that is taken for the space beside the body."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A named window.

    Attributes
    ----------
    percentiles : tuple of float, or None
        From black to white, counted from the least dense; None for the file's own window.
    """

    name: str
    tip: str
    percentiles: tuple[float, float] | None


PRESETS: Final = (
    Preset("Default", "The window that the file asks for", None),
    Preset("Lung", "Contrast for what is full of air", (0.0, 72.0)),
    Preset("Soft tissue", "Contrast for mediastinum, heart and what lies behind it", (25.0, 99.8)),
    Preset("Bone", "Contrast for the densest parts", (50.0, 99.8)),
    Preset("Full range", "From the lowest to the highest value", (0.0, 100.0)),
)


def preset_window(radiograph: Radiograph, preset: Preset) -> Window | None:
    """Return a preset's window in units of the radiograph's pixels.

    Returns
    -------
    Window or None
        None for the file's default rendering.
    """
    if preset.percentiles is None:
        return None
    values = radiograph.pixels[::_STEP, ::_STEP].reshape(-1)
    if preset.percentiles == (0.0, 100.0):
        # A single bright pixel counts here.
        values = radiograph.pixels.reshape(-1)
    if radiograph.padding is not None:
        low, high = radiograph.padding
        values = values[(values < low) | (values > high)]
    if values.size == 0:
        return None
    if preset.percentiles == (0.0, 100.0):
        black, white = float(values.min()), float(values.max())
    else:
        first, last = preset.percentiles
        if radiograph.inverted:
            first, last = 100.0 - last, 100.0 - first
        body = _body(values, radiograph.inverted)
        black, white = (float(value) for value in np.percentile(body, (first, last)))
    width = max(white - black, 1.0)
    # LINEAR spreads 0 to 255 over width - 1 values around half below the centre (DICOM PS3.3 C.11.2.1.2).
    return Window((black + white + 1.0) / 2.0, width + 1.0)


def _body(values: Grey, inverted: bool) -> Grey:
    """Leave out what is about as black as the space beside the body."""
    low, high = (float(value) for value in np.percentile(values, (0.5, 99.5)))
    edge = (high - low) * _BODY
    body = values[values < high - edge] if inverted else values[values > low + edge]
    return body if body.size else values
