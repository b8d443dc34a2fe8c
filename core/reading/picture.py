"""JPEG, PNG, TIFF, BMP and WebP through Pillow."""

from __future__ import annotations

import contextlib
import importlib
import warnings
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from core.errors import FrameError, ImageTooLargeError
from core.reading.colour import COLOUR_NOTE, is_coloured
from core.reading.limits import MAX_PAGES, MAX_PICTURE_BYTES, MAX_PIXELS
from core.reading.pillow_array import grey_array
from core.reading.radiograph import Grey, Grey8, Radiograph, VoiFunction, Window
from core.reading.refusal import Refusal, refuse_too_large
from core.reading.sniff import Kind
from core.reading.tones import finish_table, look_up, window_table
from core.reading.webp import webp_size

_ALPHA_NOTE: Final = "Transparent parts of the picture are shown black."
# Pillow loads all of its forty plugins when it looks for these two by itself.
_PLUGINS: Final = {Kind.TIFF: "PIL.TiffImagePlugin", Kind.WEBP: "PIL.WebPImagePlugin"}
_WHITE_IS_ZERO: Final = 0  # of TIFF's PhotometricInterpretation, tag 262


def read_picture(file: BinaryIO, kind: Kind, frame: int) -> Radiograph:
    """Read one picture, or one page of a TIFF.

    Raises
    ------
    Refusal
        For sizes beyond the limits, and pages that are not there.
    OSError, SyntaxError, ValueError and others
        From Pillow, for damaged files.
    """
    _check_file(file, kind)
    if kind in _PLUGINS:
        importlib.import_module(_PLUGINS[kind])
    with Image.open(file, formats=(kind.value,)) as image:
        _check_pixels(image.size)
        pages = _turn_to_page(image, frame) if kind is Kind.TIFF else 1
        if not 0 <= frame < pages:
            has = "only one image" if pages == 1 else f"{pages} pages"
            raise Refusal(FrameError, f"The file has {has}; image {frame + 1} does not exist.")
        _check_pixels(image.size)
        # Pillow turns a TIFF by itself; the others are turned once they are decoded.
        image.load()
        if kind is not Kind.TIFF:
            _apply_orientation(image)
        return _as_radiograph(image, frame, pages)


def _check_file(file: BinaryIO, kind: Kind) -> None:
    size = file.seek(0, 2)
    if size > MAX_PICTURE_BYTES:
        raise Refusal(
            ImageTooLargeError, "The file is larger than 1 GB, which no picture of a radiograph is."
        )
    file.seek(0)
    if kind is Kind.WEBP:
        # Pillow's WebP decoder takes memory for the whole canvas as soon as it is opened.
        _check_pixels(webp_size(file.read(64)))
        file.seek(0)


def _check_pixels(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        refuse_too_large(*size)


def _turn_to_page(image: Image.Image, frame: int) -> int:
    """Count the pages of a TIFF, then turn to the one asked for if it is there."""
    pages = 1
    with contextlib.suppress(EOFError):  # how Pillow says that there is no further page
        while pages < MAX_PAGES:
            image.seek(pages)
            pages += 1
    image.seek(frame if 0 <= frame < pages else 0)
    return pages


def _apply_orientation(image: Image.Image) -> None:
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except (SyntaxError, ValueError, KeyError, TypeError, OSError, OverflowError):
        return  # damaged Exif data are no reason to refuse a sound picture


def _as_radiograph(image: Image.Image, frame: int, pages: int) -> Radiograph:
    notes: list[str] = []
    colour = inverted = False
    if image.mode.startswith("I;16"):
        pixels, window = _deep_grey(image, notes)
        inverted = getattr(image, "tag_v2", {}).get(262) == _WHITE_IS_ZERO
    elif image.mode in ("I", "F"):
        pixels, window = _rescaled(np.asarray(image), notes)
    else:
        grey, colour = _grey(image, notes)
        pixels, window = grey_array(grey), Window(127.5, 255.0, VoiFunction.LINEAR_EXACT)
    return Radiograph(
        pixels=pixels,
        rendering=_rendering(pixels, window, inverted),
        window=window,
        inverted=inverted,
        frame=frame,
        frame_count=pages,
        colour=colour,
        notes=tuple(notes),
    )


def _rendering(pixels: Grey, window: Window, inverted: bool) -> Grey8:
    if pixels.dtype == np.uint8:
        return pixels.view(np.uint8)
    return look_up(pixels, finish_table(window_table(np.arange(65536.0), window), inverted, None))


def _grey(image: Image.Image, notes: list[str]) -> tuple[Image.Image, bool]:
    """Bring an 8-bit image to mode L, and tell whether it was truly coloured."""
    if image.has_transparency_data:
        image = _opaque(image, notes)
    if image.mode == "L":
        return image, False
    if image.mode in ("1", "LA", "La"):
        return image.convert("L"), False
    if image.mode == "LAB":
        # Pillow has no way from LAB to RGB without colour profiles; the first channel is lightness.
        # The other two are signed, 0 being no colour.
        chroma = np.asarray(image)[..., 1:].view(np.int8).astype(np.int16)
        coloured = bool((np.abs(chroma) > 12).mean() > 0.01)
        grey = image.getchannel(0)
    else:
        if image.mode == "CMYK":
            notes.append("Picture in printing colours (CMYK), converted.")
        rgb = image if image.mode == "RGB" else image.convert("RGB")
        coloured = is_coloured(np.asarray(rgb))
        grey = rgb.convert("L")
    if coloured:
        notes.append(COLOUR_NOTE)
    return grey, coloured


def _opaque(image: Image.Image, notes: list[str]) -> Image.Image:
    """Lay a transparent picture on black, the colour of air in a radiograph."""
    grey = image.mode in ("1", "L", "LA", "La")
    layered = image.convert("LA" if grey else "RGBA")
    alpha = layered.getchannel("A")
    solid = layered.convert("L" if grey else "RGB")
    if alpha.getextrema() == (255, 255):
        return solid
    notes.append(_ALPHA_NOTE)
    black = Image.new(solid.mode, solid.size)
    black.paste(solid, mask=alpha)
    return black


def _deep_grey(image: Image.Image, notes: list[str]) -> tuple[Grey, Window]:
    """16-bit grey over the depth in use: a 12-bit picture in 16-bit words is not shown black."""
    # Copied, for asarray returns big-endian words for mode I;16B.
    pixels = np.asarray(image).astype(np.uint16)
    clear = image.info.get("transparency")
    if isinstance(clear, int):
        pixels[pixels == clear] = 0
        notes.append(_ALPHA_NOTE)
    highest = int(pixels.max())
    bits = max(8, highest.bit_length())
    if bits < 16:
        notes.append(f"The picture uses {bits} of its 16 bits; shown over 0 to {(1 << bits) - 1}.")
    top = (1 << bits) - 1
    return pixels, Window(top / 2, float(top), VoiFunction.LINEAR_EXACT)


def _rescaled(numbers: NDArray[Any], notes: list[str]) -> tuple[Grey, Window]:
    """32-bit and floating-point grey, over the range that it uses."""
    notes.append("Picture without a fixed grey scale; shown over the range of its values.")
    finite = np.isfinite(numbers)
    low = float(numbers.min(where=finite, initial=np.inf))
    high = float(numbers.max(where=finite, initial=-np.inf))
    span = high - low if high > low else 1.0
    level = (np.nan_to_num(numbers, nan=low, posinf=high, neginf=low) - low) / span
    pixels = np.rint(np.clip(np.nan_to_num(level), 0.0, 1.0) * 65535.0).astype(np.uint16)
    return pixels, Window(65535 / 2, 65535.0, VoiFunction.LINEAR_EXACT)


def silence_pillow() -> None:
    """Keep Pillow's and pydicom's warnings on odd files from the user (and from being raised).

    A filter that stays is set, for `warnings.catch_warnings` is not safe with several threads. It is
    set anew where somebody has put the filters back.
    """
    for module in ("PIL", "pydicom"):
        pattern = rf"{module}\."
        present = any(
            action == "ignore" and getattr(where, "pattern", where) == pattern
            for action, _, _, where, _ in warnings.filters[:4]
        )
        if not present:
            warnings.filterwarnings("ignore", module=pattern)
