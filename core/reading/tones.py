"""Window and level through lookup tables: one table of at most 65,536 entries, no float pass."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from core.reading.radiograph import Grey, Grey8, Radiograph, VoiFunction, Window

_Entry = TypeVar("_Entry", np.uint8, np.uint16)
_CHUNK: Final = 1 << 14  # pixels looked up together, so that the widened indices stay in the cache


def render(radiograph: Radiograph, window: Window | None = None, invert: bool = False) -> Grey8:
    """Grey levels for the screen.

    Parameters
    ----------
    radiograph : Radiograph
        The image to show.
    window : Window, optional
        Window in units of `radiograph.pixels`; the file's default rendering when left out.
    invert : bool
        Exchange black and white, on top of what the file itself asks for.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Not to be written to: it may be the radiograph's own rendering.
    """
    if window is None:
        if not invert:
            return radiograph.rendering
        return look_up(radiograph.rendering, np.arange(255, -1, -1, dtype=np.uint8))
    return look_up(radiograph.pixels, default_lookup(radiograph, window, invert))


def default_lookup(radiograph: Radiograph, window: Window | None = None, invert: bool = False) -> Grey8:
    """Table from `radiograph.pixels` to grey levels.

    Parameters
    ----------
    radiograph : Radiograph
        Says how wide the table is, which values are padding, and whether low values are bright.
    window : Window, optional
        Window in units of `radiograph.pixels`; `radiograph.window` when left out.
    invert : bool
        Exchange black and white, on top of what the file itself asks for.

    Returns
    -------
    ndarray of uint8, shape (256,) or (65536,)
    """
    size = 256 if radiograph.pixels.dtype == np.uint8 else 65536
    values = np.arange(size, dtype=np.float64)
    table = window_table(values, radiograph.window if window is None else window)
    return finish_table(table, radiograph.inverted, radiograph.padding, invert)


def finish_table(
    table: Grey8, inverted: bool, padding: tuple[int, int] | None, invert: bool = False
) -> Grey8:
    """Invert where low values are bright, then blacken padding; a viewer's own inversion comes last."""
    table = 255 - table if inverted else table.copy()
    if padding is not None:
        table[padding[0] : padding[1] + 1] = 0
    return 255 - table if invert else table


def window_table(values: NDArray[np.float64], window: Window) -> Grey8:
    """Grey level of each value under a window.

    Parameters
    ----------
    values : ndarray of float64
        Values in the window's units.
    window : Window
        Width above 0, and at least 1 for LINEAR.

    Notes
    -----
    DICOM PS3.3 C.11.2.1.2.1 (LINEAR), C.11.2.1.3.1 (SIGMOID), C.11.2.1.3.2 (LINEAR_EXACT), with
    output from 0 to 255, rounded to the nearest level.
    """
    center, width = window.center, window.width
    if window.function is VoiFunction.SIGMOID:
        # The exponential overflows where the result is 0 to any precision.
        exponent = np.clip(-4.0 * (values - center) / width, -700.0, 700.0)
        level = 1.0 / (1.0 + np.exp(exponent))
    elif window.function is VoiFunction.LINEAR_EXACT:
        level = (values - center) / width + 0.5
    elif width <= 1.0:
        level = (values > center - 0.5).astype(np.float64)
    else:
        level = (values - (center - 0.5)) / (width - 1.0) + 0.5
    return to_grey(level)


def to_grey(level: NDArray[np.float64]) -> Grey8:
    """Turn levels from 0 to 1, clipped, into 0 to 255."""
    grey: Grey8 = np.floor(np.clip(level, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    return grey


def look_up(pixels: Grey, table: NDArray[np.uint8]) -> Grey8:
    """Replace each pixel by its entry in a table of 256 or 65,536 grey levels."""
    if pixels.dtype == np.uint8:
        # bytes.translate is several times as fast as indexing, which widens each pixel to 64 bits.
        grey = np.frombuffer(pixels.tobytes().translate(table[:256].tobytes()), dtype=np.uint8)
        return grey.reshape(pixels.shape)
    return take(pixels, table)


def take(pixels: Grey, table: NDArray[_Entry]) -> NDArray[_Entry]:
    """Index a table by 16-bit pixels, a cacheful at a time; the result has the table's type."""
    flat: NDArray[Any] = np.ascontiguousarray(pixels).reshape(-1)
    out = np.empty(flat.shape, dtype=table.dtype)
    for start in range(0, flat.size, _CHUNK):
        piece = slice(start, start + _CHUNK)
        np.take(table, flat[piece], out=out[piece], mode="clip")
    return out.reshape(pixels.shape)
