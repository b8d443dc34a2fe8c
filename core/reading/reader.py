"""The one way from a file to a radiograph."""

from __future__ import annotations

import logging
from typing import BinaryIO, Final

import numpy as np
from PIL import Image

from core.errors import ImageTooLargeError, NotAnImageError, TruncatedFileError
from core.reading.picture import read_picture, silence_pillow
from core.reading.radiograph import Radiograph
from core.reading.refusal import Refusal
from core.reading.sniff import HEAD_BYTES, Kind, describe_unknown, detect
from core.reading.source import Source, access_refusal, name_of, open_source

_logger: Final = logging.getLogger(__name__)


def read_radiograph(source: Source, *, frame: int = 0, name: str | None = None) -> Radiograph:
    """Read an image file, recognised by its content.

    JPEG, PNG, TIFF, BMP, WebP and DICOM, as 2-D grey whatever they hold. Safe to call from several
    threads; decoders work without the interpreter's lock.

    Parameters
    ----------
    source : path or bytes
        The file, or its content.
    frame : int
        Frame of a DICOM file or page of a TIFF, from 0; only this one is decoded.
    name : str, optional
        Name for error messages; the file's name without its folder when left out.

    Returns
    -------
    Radiograph
        Its arrays are not to be written to; they may share memory with each other.

    Raises
    ------
    ReadError
        One of its subclasses; `reason` is a sentence for the user.
    """
    shown = name_of(source) if name is None else name
    try:
        # Damaged files hold numbers beyond all bounds; that numpy notices them is of no use to anybody.
        with open_source(source) as file, np.errstate(all="ignore"):
            return _read(file, frame)
    except Refusal as refusal:
        raise refusal.error(shown, refusal.reason) from refusal


def _read(file: BinaryIO, frame: int) -> Radiograph:
    silence_pillow()
    try:
        head = file.read(HEAD_BYTES)
        kind = detect(head)
        if kind is None:
            raise Refusal(NotAnImageError, describe_unknown(head))
        file.seek(0)
        if kind is Kind.DICOM:
            from core.reading.dicom import read_dicom

            return read_dicom(file, frame)
        return read_picture(file, kind, frame)
    except Refusal:
        raise
    except (Image.DecompressionBombError, MemoryError) as error:
        raise Refusal(ImageTooLargeError, "The image is too large to open safely.") from error
    except OSError as error:
        # Pillow speaks of damaged files with errors of the system's kind, but without a number.
        if error.errno is not None:
            raise access_refusal(error) from error
        raise _damaged(error) from error
    except Exception as error:
        # Decoders raise whatever a damaged file happens to trip over.
        raise _damaged(error) from error


def _damaged(error: Exception) -> Refusal:
    _logger.debug("a decoder gave up: %s", type(error).__name__)
    text = str(error).lower()
    if "too large" in text and "decompressed" in text:  # a text block in a PNG that unfolds without end
        return Refusal(ImageTooLargeError, "The file unfolds to more than the program is willing to open.")
    if "truncated" in text or "not enough" in text:
        return Refusal(TruncatedFileError, "The file ends before its image does; it is incomplete.")
    return Refusal(TruncatedFileError, "The file is damaged or incomplete.")
