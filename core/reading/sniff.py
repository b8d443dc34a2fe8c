"""Which kind of file this is, from its first bytes; file names lie."""

from __future__ import annotations

import struct
from enum import Enum
from typing import Final

HEAD_BYTES: Final = 4096
"""How much of a file `detect` wants to see."""


class Kind(Enum):
    """File formats that the program reads, by Pillow's name of the format."""

    JPEG = "JPEG"
    PNG = "PNG"
    TIFF = "TIFF"
    BMP = "BMP"
    WEBP = "WEBP"
    DICOM = "DICOM"


_BMP_HEADER_SIZES: Final = frozenset({12, 16, 40, 52, 56, 64, 108, 124})
_TIFF_STARTS: Final = (b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0")
_OTHER_FORMATS: Final = (
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture outside DICOM"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture outside DICOM"),
    (b"8BPS", "a Photoshop document"),
    (b"\x89HDF", "an HDF5 data file"),
)
# Value representations that can open group 0002 or 0008 of a data set without a preamble.
_OPENING_VRS: Final = frozenset({b"UL", b"OB", b"UI", b"SH", b"CS", b"AE", b"DA", b"TM", b"LO", b"DT", b"SQ"})
# Elements of group 0008 that come first in practice: length, length to end, character set, image type,
# creation date, class and instance UID, study date. Anything else is too weak a sign.
_OPENING_ELEMENTS: Final = frozenset({0x0000, 0x0001, 0x0005, 0x0008, 0x0012, 0x0016, 0x0018, 0x0020})
_DIRECTORY_UID: Final = b"1.2.840.10008.1.3.10"


def detect(head: bytes) -> Kind | None:
    """Recognise a file by its first bytes.

    Parameters
    ----------
    head : bytes
        The first `HEAD_BYTES` bytes, or all of a shorter file.
    """
    # First, for a DICOM file may carry a TIFF header in its preamble.
    if looks_like_dicom(head):
        return Kind.DICOM
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(_TIFF_STARTS):
        return Kind.TIFF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return Kind.BMP
    return None


def looks_like_dicom(head: bytes) -> bool:
    """Recognise DICOM with its preamble, without it, and as a bare data set."""
    if head[128:132] == b"DICM" or head[:4] == b"DICM":
        return True
    return len(head) >= 16 and (_opens_data_set(head, "<") or _opens_data_set(head, ">"))


def _opens_data_set(head: bytes, order: str) -> bool:
    group, element = struct.unpack(f"{order}HH", head[:4])
    if group == 0x0002 and order == "<":
        return element in (0x0000, 0x0001) and head[4:6] in (b"UL", b"OB")
    if group != 0x0008 or element not in _OPENING_ELEMENTS:
        return False
    if head[4:6] in _OPENING_VRS:
        return True
    length = int(struct.unpack(f"{order}I", head[4:8])[0])
    if order == ">" or length % 2 or 8 + length + 4 > len(head):
        return False
    next_group, next_element = struct.unpack("<HH", head[8 + length : 12 + length])
    return bool(next_group == 0x0008 and next_element > element)


def is_dicom_directory(head: bytes) -> bool:
    """Tell the index of a DICOM disc from an image, by its class in the file meta information."""
    return head[128:132] == b"DICM" and _DIRECTORY_UID in head[132:1024]


def describe_unknown(head: bytes) -> str:
    """Say in a sentence what a file is that `detect` does not know."""
    known = "JPEG, PNG, TIFF, BMP, WebP and DICOM"
    for start, what in _OTHER_FORMATS:
        if head.startswith(start):
            return f"This is {what}; the program reads {known}."
    return f"This is not an image that the program knows; it reads {known}."
