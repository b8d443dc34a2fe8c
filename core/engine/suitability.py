"""Cheap checks that keep the model from scoring what is plainly no radiograph.

They refuse only what needs no model to see; whether a picture resembles what the model was trained on is
another question.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from core.reading.radiograph import Radiograph

MIN_SIDE: Final = 32
"""Pixels; below that not even the ribs can be told apart."""

MAX_ASPECT: Final = 3.0
"""Longer to shorter side; chest radiographs stay below 2.5 even with wide borders."""

MIN_CONTRAST: Final = 16
"""Grey values between the darkest and the brightest percent."""

_SAMPLES_PER_SIDE: Final = 256


def find_objection(radiograph: Radiograph) -> str | None:
    """Say why the model should not score this image.

    Parameters
    ----------
    radiograph : Radiograph

    Returns
    -------
    str or None
        One plain sentence, or None where nothing speaks against it.
    """
    height, width = radiograph.shape
    if min(height, width) < MIN_SIDE:
        return f"The image is too small to be scored ({width} x {height} pixels)."
    if max(height, width) > MAX_ASPECT * min(height, width):
        return f"The image is too long and narrow for a chest radiograph ({width} x {height} pixels)."
    if radiograph.colour:
        return "The image is a colour picture, not a radiograph."
    step_y, step_x = -(-height // _SAMPLES_PER_SIDE), -(-width // _SAMPLES_PER_SIDE)
    samples = radiograph.rendering[::step_y, ::step_x]
    shares = np.cumsum(np.bincount(samples.ravel(), minlength=256)) / samples.size
    darkest, brightest = np.searchsorted(shares, (0.01, 0.99))
    if brightest - darkest < MIN_CONTRAST:
        return "The image is blank or nearly so."
    return None
