"""From modality values to grey levels: VOI LUT, window, or the range of the values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.reading.dicom_attributes import Attributes
from core.reading.dicom_lut import read_lut
from core.reading.dicom_values import Values
from core.reading.radiograph import Grey8, VoiFunction, Window
from core.reading.tones import to_grey, window_table

_TAIL: Final = 0.001  # share of pixels at either end that the automatic window leaves out
_SAMPLE: Final = 1_000_000  # pixels looked at for it
_NO_WINDOW: Final = "No window in the file; shown over the range of its values."


@dataclass(frozen=True, slots=True, eq=False)
class Tones:
    """Grey levels over `Values.pixels`, before any inversion, and the window behind them."""

    table: Grey8
    window: Window
    notes: tuple[str, ...] = ()


def read_tones(values: Values, attributes: Attributes, little_endian: bool) -> Tones:
    """Choose and apply the file's default way to show its values.

    A VOI LUT sequence comes before a window; of several, the first is taken.
    """
    item = attributes.item("VOILUTSequence")
    if item is not None:
        table = read_lut(item, values.ends(), little_endian)
        levels = table.apply(values.domain()) / float((1 << table.bits) - 1)
        last = table.first + len(table.entries) - 1
        window = Window((table.first + last) / 2, max(1.0, last - table.first), VoiFunction.LINEAR_EXACT)
        return Tones(to_grey(levels), _in_pixels(window, values))
    centers, widths = attributes.numbers("WindowCenter"), attributes.numbers("WindowWidth")
    name = attributes.code("VOILUTFunction") or VoiFunction.LINEAR.value
    function = VoiFunction(name) if name in {known.value for known in VoiFunction} else VoiFunction.LINEAR
    stated = (Window(center, width, function) for center, width in zip(centers, widths, strict=False))
    usable = [window for window in stated if _is_usable(window, values)]
    if not usable:
        return _automatic(values, bool(widths))
    notes = []
    if len(usable) > 1:
        notes.append(f"The file offers {len(usable)} windows; the first is used.")
    return Tones(window_table(values.domain(), usable[0]), _in_pixels(usable[0], values), tuple(notes))


def _is_usable(window: Window, values: Values) -> bool:
    """LINEAR is defined from a width of 1 on, the others above 0; and neither may leave all numbers behind."""
    if window.width < 1.0 and (window.width <= 0.0 or window.function is VoiFunction.LINEAR):
        return False
    converted = _in_pixels(window, values)
    return math.isfinite(converted.center) and math.isfinite(converted.width) and converted.width > 0.0


def _in_pixels(window: Window, values: Values) -> Window:
    """Convert a window from the file's units to those of the pixels, leaving every level as it is."""
    scale, shift = values.scale, values.shift
    if window.function is VoiFunction.LINEAR:
        # PS3.3 C.11.2.1.2.1 measures with (center - 0.5) and (width - 1).
        center = (window.center - 0.5 - shift) / scale + 0.5
        return Window(center, (window.width - 1.0) / scale + 1.0, window.function)
    return Window((window.center - shift) / scale, window.width / scale, window.function)


def _automatic(values: Values, unusable: bool) -> Tones:
    note = "The window in the file cannot be; shown over the range of its values." if unusable else _NO_WINDOW
    low, high = 0, values.top
    if values.pixels.dtype != np.uint8:
        low, high = _range(values)
    window = Window((low + high) / 2, float(high - low), VoiFunction.LINEAR_EXACT)
    table = window_table(np.arange(len(values.domain()), dtype=np.float64), window)
    return Tones(table, window, (note,))


def _range(values: Values) -> tuple[int, int]:
    """Range of the pixels without padding and without the outermost tails."""
    step = max(1, int((values.pixels.size / _SAMPLE) ** 0.5))
    counts = np.bincount(values.pixels[::step, ::step].reshape(-1), minlength=65536)
    if values.padding is not None:
        counts[values.padding[0] : values.padding[1] + 1] = 0
    total = int(counts.sum())
    if total == 0:
        return 0, values.top
    running = np.cumsum(counts)
    low = int(np.searchsorted(running, total * _TAIL, side="right"))
    high = int(np.searchsorted(running, total * (1.0 - _TAIL), side="left"))
    return (low, high) if high > low else (low, low + 1)
