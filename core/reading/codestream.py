"""What the header of a compressed DICOM frame announces, read before a decoder sees it.

The decoders take memory for whatever size a codestream states. Holding that statement against the
data set first keeps damaged and hostile files from filling the memory.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import Enum
from typing import Final

from core.reading.refusal import refuse_damaged

MAX_TILES: Final = 4096
"""JPEG 2000 tiles; each costs a decoder memory of its own, and a radiograph has one or a few."""


class Codec(Enum):
    """Families of codestreams found in DICOM."""

    JPEG = "JPEG"
    JPEG_LS = "JPEG-LS"
    JPEG_2000 = "JPEG 2000"


@dataclass(frozen=True, slots=True)
class Codestream:
    """Announced size and colour treatment of a compressed frame.

    Attributes
    ----------
    ybr_marked : bool or None
        Whether the stream itself says that its three components are YCbCr; None where it is silent.
    mixes_colours : bool
        True where the decoder turns the components into RGB by itself (JPEG 2000).
    """

    codec: Codec
    rows: int
    columns: int
    samples: int
    precision: int
    ybr_marked: bool | None = None
    mixes_colours: bool = False


def inspect(data: bytes) -> Codestream | None:
    """Read the header of a codestream; None for one of no known family.

    Raises
    ------
    Refusal
        When the header is damaged.
    """
    try:
        if data.startswith(b"\xff\xd8"):
            return _inspect_jpeg(data)
        if data.startswith(b"\xff\x4f\xff\x51"):
            return _inspect_jpeg2000(data)
        # Some writers leave the JP2 boxes around the codestream.
        if data[4:8] == b"jP  " and (start := data.find(b"\xff\x4f\xff\x51")) > 0:
            return _inspect_jpeg2000(data[start : start + 65536])
    except (struct.error, IndexError):
        refuse_damaged("The compressed image inside the file is damaged or incomplete.")
    return None


def _inspect_jpeg(data: bytes) -> Codestream:
    position = 2
    jfif = False
    adobe: int | None = None
    while position < len(data):
        if data[position] != 0xFF:
            refuse_damaged("The compressed image inside the file is damaged.")
        marker = data[position + 1]
        if marker == 0xFF:  # fill byte
            position += 1
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        body = position + 4
        if marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)):
            precision, rows, columns, samples = struct.unpack_from(">BHHB", data, body)
            codec = Codec.JPEG_LS if marker == 0xF7 else Codec.JPEG
            marked: bool | None = None
            if adobe is not None:
                marked = adobe == 1
            elif jfif and marker != 0xC3:
                marked = True
            return Codestream(codec, rows, columns, samples, precision, marked)
        if marker in (0xD9, 0xDA) or length < 2:
            break
        if marker == 0xE0 and data[body : body + 5] == b"JFIF\0":
            jfif = True
        if marker == 0xEE and data[body : body + 5] == b"Adobe" and length >= 14:
            adobe = data[body + 11]
        position += 2 + length
    return refuse_damaged("The compressed image inside the file is damaged or incomplete.")


def _inspect_jpeg2000(data: bytes) -> Codestream:
    right, bottom, left, top, tile_width, tile_height, tile_left, tile_top, samples = struct.unpack_from(
        ">8IH", data, 8
    )
    depth = data[42]
    width, height = right - left, bottom - top
    if width <= 0 or height <= 0 or tile_width == 0 or tile_height == 0:
        refuse_damaged("The compressed image inside the file is damaged.")
    tiles = -(-(right - tile_left) // tile_width) * -(-(bottom - tile_top) // tile_height)
    if not 0 < tiles <= MAX_TILES:
        refuse_damaged("The compressed image inside the file is cut into impossibly many tiles.")
    # The decoder allocates for each component's own sampling; radiographs have none.
    if any(data[42 + 3 * index + offset] != 1 for index in range(min(samples, 4)) for offset in (1, 2)):
        refuse_damaged("The compressed image inside the file is subsampled in a way that is not read.")
    mixes = samples == 3 and _mixes_components(data)
    return Codestream(Codec.JPEG_2000, height, width, samples, (depth & 0x7F) + 1, mixes_colours=mixes)


def _mixes_components(data: bytes) -> bool:
    """Tell whether the coding style (COD) asks for a multiple component transformation."""
    position = 2
    while data[position] == 0xFF and data[position + 1] != 0x90:
        (length,) = struct.unpack_from(">H", data, position + 2)
        if data[position + 1] == 0x52:
            return data[position + 8] == 1
        position += 2 + length
    return False
