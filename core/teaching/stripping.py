"""Radiographs as they may travel: the picture that the model sees, and nothing that tells whose it is."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from core.errors import ReadError
from core.reading.dicom_facts import BURNT_IN
from core.reading.radiograph import Grey8, Radiograph
from core.reading.reader import read_radiograph
from core.reading.sniff import HEAD_BYTES, Kind, detect

_MAX_JPEG_BYTES: Final = 64 * 2**20

_START, _END, _SCAN = b"\xff\xd8", 0xD9, 0xDA
# What decoding needs: Huffman-coded frames (baseline, extended, progressive), their tables, restart interval, scan.
_NEEDED: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, _SCAN})
# Exif, colour profiles, thumbnails and whatever else programs write, and comments.
_DISPENSABLE: Final = frozenset({*range(0xE0, 0xF0), 0xFE})
# The end of a scan's data: a marker that is none of those which belong into them (stuffed zeros, restarts).
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class StrippingError(Exception):
    """Why a radiograph cannot travel.

    Parameters
    ----------
    reason : str
        One plain sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def stripped(path: Path, frame: int = 0) -> bytes:
    """Return one picture of a file without anything that tells whose it is, as a file of that picture alone.

    A JPEG keeps its compressed data and loses the rest; where that would change the picture (it is to be turned, say),
    and of all other formats, the default rendering becomes a PNG. What is returned has the default rendering of the
    original, so that a model gives it the same score.

    Parameters
    ----------
    path : Path
    frame : int
        Counted from 0.

    Raises
    ------
    StrippingError
        When it cannot be read, when it says that text is burnt into the picture, and when it is a colour picture,
        of which the grey rendering would be scored although the original is not.
    """
    try:
        original = read_radiograph(path, frame=frame)
    except ReadError as error:
        raise StrippingError(error.reason) from None
    if BURNT_IN in original.notes:
        raise StrippingError(BURNT_IN)
    if original.colour:
        raise StrippingError("The image is a colour picture, not a radiograph.")
    return _stripped_jpeg(path, original) or _png(original.rendering)


def _stripped_jpeg(path: Path, original: Radiograph) -> bytes | None:
    """Return the file without its metadata, if it is a JPEG and that leaves the picture as it was."""
    try:
        with path.open("rb") as file:
            if detect(file.read(HEAD_BYTES)) is not Kind.JPEG:
                return None
            file.seek(0)
            content = without_metadata(file.read(_MAX_JPEG_BYTES))
        if content is None:
            return None
        picture = read_radiograph(content).rendering
    except (ReadError, OSError):
        return None
    return content if np.array_equal(picture, original.rendering) else None


def without_metadata(jpeg: bytes) -> bytes | None:
    """Return a JPEG without application data, comments and what follows its end; its pixels are not touched.

    Parameters
    ----------
    jpeg : bytes

    Returns
    -------
    bytes or None
        None where it is not built as ITU-T T.81 B.2 says, or in a way seldom used.
    """
    if not jpeg.startswith(_START):
        return None
    kept, at = [_START], len(_START)
    while at + 4 <= len(jpeg) or jpeg[at : at + 2] == bytes((0xFF, _END)):
        if jpeg[at] != 0xFF:
            return None
        marker = jpeg[at + 1]
        if marker == 0xFF:  # one byte more to fill up
            at += 1
            continue
        if marker == _END:
            return b"".join((*kept, jpeg[at : at + 2]))
        end = at + 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker in _NEEDED:
            if marker == _SCAN:
                found = _NEXT_MARKER.search(jpeg, end)
                if found is None:
                    return None
                end = found.start()
            kept.append(jpeg[at:end])
        elif marker not in _DISPENSABLE:
            return None
        at = end
    return None


def _png(rendering: Grey8) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(rendering)).save(stream, "PNG")
    return stream.getvalue()
