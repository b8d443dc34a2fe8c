"""A small picture of a file, decoded no further than its size needs."""

from __future__ import annotations

from typing import BinaryIO, Final

from PIL import Image, ImageOps

from core.reading.limits import MAX_PIXELS
from core.reading.pillow_array import grey_array
from core.reading.radiograph import Grey8
from core.reading.reader import read_radiograph
from core.reading.refusal import Refusal
from core.reading.sniff import HEAD_BYTES, Kind, detect
from core.reading.source import Source, open_source

_JPEG_MODES: Final = ("L", "RGB")


def read_thumbnail(source: Source, size: int) -> Grey8:
    """Return a file's picture, its longer side at most `size` pixels, for telling files apart.

    A JPEG is decoded at an eighth, a quarter or half of its size, whichever still suffices; every other file is
    read as `read_radiograph` reads it.

    Parameters
    ----------
    source : path or bytes
    size : int
        Longest side in pixels.

    Returns
    -------
    ndarray of uint8, shape (H, W)
        Bright means dense.

    Raises
    ------
    ReadError
        As `read_radiograph` raises it.
    """
    try:
        with open_source(source) as file:
            quick = _reduced_jpeg(file, size)
    except (Refusal, Image.DecompressionBombError, OSError, SyntaxError, ValueError, KeyError, TypeError):
        quick = None  # the full reader finds the words for it
    if quick is None:
        quick = Image.fromarray(read_radiograph(source).rendering)
    quick.thumbnail((size, size), Image.Resampling.BOX)
    return grey_array(quick)


def _reduced_jpeg(file: BinaryIO, size: int) -> Image.Image | None:
    """Return a JPEG of at least this size in grey, None for anything else."""
    if detect(file.read(HEAD_BYTES)) is not Kind.JPEG:
        return None
    file.seek(0)
    with Image.open(file, formats=("JPEG",)) as image:
        if image.mode not in _JPEG_MODES or image.width * image.height > MAX_PIXELS:
            return None
        scale = size / max(image.size)
        image.draft("L", (round(scale * image.width), round(scale * image.height)))
        image.load()
        turned = ImageOps.exif_transpose(image)
        return turned if turned.mode == "L" else turned.convert("L")
