"""From stored samples to `Radiograph.pixels`: order-preserving unsigned integers.

Each step keeps a straight line back to the file's units: modality value = scale * pixel + shift.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.reading.dicom_attributes import Attributes
from core.reading.dicom_header import PixelLayout
from core.reading.dicom_lut import read_lut
from core.reading.radiograph import Grey
from core.reading.tones import take

_TOP: Final = 65535
_HUGE: Final = 8e307
_BLOCK: Final = 256  # rows converted together, so that wide numbers never exist for the whole image


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Pixels with their meaning.

    Attributes
    ----------
    pixels : ndarray of uint8 or uint16, shape (H, W)
    scale, shift : float
        Value in the file's units is ``scale * pixel + shift``; scale is positive.
    top : int
        Largest pixel value that the depth of the file allows.
    padding : tuple of two ints, or None
        Range of `pixels` that stands for no image.
    """

    pixels: Grey
    scale: float
    shift: float
    top: int
    padding: tuple[int, int] | None = None

    def ends(self) -> tuple[float, float]:
        """Lowest and highest value in the file's units that the depth of the file allows."""
        return self.shift, self.scale * self.top + self.shift

    def domain(self) -> NDArray[np.float64]:
        """Value in the file's units of each entry that a lookup table over `pixels` has."""
        size = 256 if self.pixels.dtype == np.uint8 else 65536
        return np.arange(size, dtype=np.float64) * self.scale + self.shift


def stored_values(raw: NDArray[Any], layout: PixelLayout, attributes: Attributes) -> Values:
    """Cut out the stored bits and make signed numbers unsigned without changing their order.

    Parameters
    ----------
    raw : ndarray of unsigned integers or floating point, shape (H, W)
        Samples as bit patterns, junk and overlays in unused bits included.
    """
    if layout.kind == "float" or layout.bits_stored > 16:
        return _rescaled(raw, layout)
    bits = layout.bits_stored
    mask = (1 << bits) - 1
    unused = layout.high_bit + 1 - bits
    if unused:
        raw = raw >> unused
    if bits < raw.dtype.itemsize * 8:
        raw = raw & raw.dtype.type(mask)
    pixels: NDArray[Any] = raw.astype(np.uint8 if bits <= 8 else np.uint16, copy=False)
    middle = 1 << (bits - 1) if layout.signed else 0
    if middle:
        # Two's complement to offset binary: flipping the sign bit adds half the range.
        pixels = pixels ^ pixels.dtype.type(middle)
    return Values(pixels, 1.0, float(-middle), mask, _padding(attributes, mask, middle))


def _padding(attributes: Attributes, mask: int, middle: int) -> tuple[int, int] | None:
    value = attributes.number("PixelPaddingValue")
    if value is None:
        return None
    limit = attributes.number("PixelPaddingRangeLimit")
    ends = []
    for end in (value, value if limit is None else limit):
        # A value that the stored bits cannot hold marks nothing.
        if not -(mask + 1) // 2 <= end <= mask:
            return None
        ends.append((int(end) & mask) ^ middle)
    return min(ends), max(ends)


def _rescaled(raw: NDArray[Any], layout: PixelLayout) -> Values:
    """Squeeze 17 to 64-bit numbers into 16 bits over the range that they use."""
    if layout.kind == "integer":
        width = raw.dtype.itemsize * 8
        spare = width - 1 - layout.high_bit
        # Up and down again: the sign bit spreads, and foreign bits fall off at both ends.
        wide = raw << raw.dtype.type(spare)
        wide = wide.view(f"i{raw.dtype.itemsize}") if layout.signed else wide
        raw = wide >> wide.dtype.type(width - layout.bits_stored)
        low, high = float(raw.min()), float(raw.max())
    else:
        finite = np.isfinite(raw)
        low = float(raw.min(where=finite, initial=np.inf))
        high = float(raw.max(where=finite, initial=-np.inf))
        # Half of all doubles, so that their difference is one, too.
        low, high = max(low, -_HUGE), min(high, _HUGE)
        if low > high:
            low = high = 0.0
    span = high - low
    whole = layout.kind == "integer" and span <= _TOP
    scale = 1.0 if whole or span == 0.0 else span / _TOP
    pixels = np.empty(raw.shape, dtype=np.uint16)
    for start in range(0, len(raw), _BLOCK):
        rows = slice(start, start + _BLOCK)
        part = np.nan_to_num(raw[rows].astype(np.float64), nan=low)
        pixels[rows] = np.rint((np.clip(part, low, high) - low) / scale)
    return Values(pixels, scale, low, max(1, round(span / scale)))


def modality_values(values: Values, attributes: Attributes, little_endian: bool) -> tuple[Values, list[str]]:
    """Apply the Modality LUT sequence, or else rescale slope and intercept.

    Returns
    -------
    values : Values
    notes : list of str
    """
    item = attributes.item("ModalityLUTSequence")
    if item is not None:
        table = read_lut(item, values.ends(), little_endian)
        mapped = table.apply(values.domain())
        padding = values.padding
        if padding is not None:
            ends = int(mapped[padding[0]]), int(mapped[padding[1]])
            padding = min(ends), max(ends)
        # A table may widen 8-bit pixels to 16 bits, so the result always has 16.
        pixels = take(values.pixels, mapped)
        return Values(pixels, 1.0, 0.0, (1 << table.bits) - 1, padding), []
    slope, intercept = attributes.number("RescaleSlope"), attributes.number("RescaleIntercept")
    slope = 1.0 if slope is None else slope
    intercept = 0.0 if intercept is None else intercept
    ordered = _reversed(values) if slope < 0.0 else values
    scale, shift = ordered.scale * slope, ordered.shift * slope + intercept
    if not (0.0 < scale < math.inf and math.isfinite(shift)):
        return values, ["The rescale slope in the file cannot be; it is not used."]
    return replace(ordered, scale=scale, shift=shift), []


def _reversed(values: Values) -> Values:
    """Count pixels from the other end, so that a negative slope keeps them growing with the value."""
    top = values.pixels.dtype.type(values.top)
    padding = None
    if values.padding is not None:
        padding = values.top - values.padding[1], values.top - values.padding[0]
    shift = values.scale * values.top + values.shift
    return Values(top - values.pixels, -values.scale, shift, values.top, padding)
