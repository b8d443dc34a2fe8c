"""One frame of a DICOM file as it is stored, read without its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.errors import FrameError, ImageTooLargeError, TruncatedFileError
from core.reading.decompress import decode_codestream, decode_rle
from core.reading.dicom_header import UNDEFINED_LENGTH, PixelElement, PixelLayout
from core.reading.limits import MAX_COMPRESSED_FRAME_BYTES
from core.reading.rationed import RationedFile
from core.reading.refusal import INCOMPLETE, Refusal, refuse_damaged
from core.reading.transfer_syntaxes import RLE

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


def check_frame(frame: int, count: int) -> None:
    """Refuse a frame that a file does not have.

    Raises
    ------
    Refusal
        Naming the frames counted from 1, as people do.
    """
    if 0 <= frame < count:
        return
    has = "only one image" if count == 1 else f"{count} images"
    raise Refusal(FrameError, f"The file has {has}; image {frame + 1} does not exist.")


def read_frame(
    dataset: Dataset, element: PixelElement, layout: PixelLayout, frame: int
) -> tuple[NDArray[Any], bool]:
    """Read and, where needed, decompress one frame.

    Returns
    -------
    samples : ndarray, shape (H, W) or (H, W, 3)
        Unsigned words as stored (bit patterns), or floating point for Float Pixel Data.
    ybr : bool
        True where three samples are YCbCr.
    """
    check_frame(frame, layout.frames)
    if not element.encapsulated:
        return _read_native(element, layout, frame)
    data = _compressed_frame(dataset, element, layout, frame)
    if element.transfer_syntax == RLE:
        return decode_rle(data, layout), layout.photometric.startswith("YBR")
    return decode_codestream(data, layout)


def _compressed_frame(dataset: Dataset, element: PixelElement, layout: PixelLayout, frame: int) -> bytes:
    from pydicom.encaps import get_frame

    offsets = dataset.get("ExtendedOffsetTable")
    lengths = dataset.get("ExtendedOffsetTableLengths")
    element.file.seek(element.offset)
    try:
        data = get_frame(
            RationedFile(element.file),
            frame,
            number_of_frames=layout.frames,
            extended_offsets=(offsets, lengths) if offsets and lengths else None,
        )
    except StopIteration as error:
        raise Refusal(TruncatedFileError, INCOMPLETE) from error
    if not data:
        refuse_damaged(INCOMPLETE)
    if len(data) > MAX_COMPRESSED_FRAME_BYTES:
        raise Refusal(ImageTooLargeError, "The compressed image is larger than the program opens.")
    return data


def _read_native(element: PixelElement, layout: PixelLayout, frame: int) -> tuple[NDArray[Any], bool]:
    pixels = layout.rows * layout.columns
    if layout.bits_allocated == 1:
        return _read_bits(element, layout, frame), False
    width = layout.bits_allocated // 8
    whole = pixels * layout.samples * width
    # Half of the colour is left out, unless a careless writer says so and leaves it in.
    halved = layout.photometric == "YBR_FULL_422" and layout.samples == 3 and layout.bits_allocated == 8
    halved = halved and element.length < whole * layout.frames
    size = pixels * 2 if halved else whole
    start = frame * size
    if not element.little_endian and width == 1 and element.vr == "OW":
        data = _read_swapped(element, start, size)
    else:
        data = _read_at(element, start, size)
    if halved:
        return _expand_422(data, layout), True
    order = "<" if element.little_endian else ">"
    letter = "f" if layout.kind == "float" else "u"
    samples: NDArray[Any] = np.frombuffer(data, dtype=f"{order}{letter}{width}")
    samples = samples.astype(samples.dtype.newbyteorder("="), copy=False)
    if layout.samples == 1:
        return samples.reshape(layout.rows, layout.columns), False
    if layout.planar:
        samples = samples.reshape(3, layout.rows, layout.columns).transpose(1, 2, 0)
    else:
        samples = samples.reshape(layout.rows, layout.columns, 3)
    return samples, layout.photometric.startswith("YBR")


def _read_at(element: PixelElement, start: int, size: int) -> bytes:
    if element.length != UNDEFINED_LENGTH and start + size > element.length:
        refuse_damaged("The file holds fewer pixels than it states.")
    element.file.seek(element.offset + start)
    data = element.file.read(size)
    if len(data) < size:
        refuse_damaged(INCOMPLETE)
    return data


def _read_swapped(element: PixelElement, start: int, size: int) -> bytes:
    """Read bytes that stand in swapped pairs, as those in big-endian words do."""
    first, last = start // 2 * 2, (start + size + 1) // 2 * 2
    words = np.frombuffer(_read_at(element, first, last - first), dtype=np.uint16)
    return words.byteswap().tobytes()[start - first : start - first + size]


def _read_bits(element: PixelElement, layout: PixelLayout, frame: int) -> NDArray[np.uint8]:
    """Single bits, packed over frame borders, the first pixel in the lowest bit (PS3.5 8.1.1)."""
    pixels = layout.rows * layout.columns * layout.samples
    first, skip = divmod(frame * pixels, 8)
    data = _read_at(element, first, -(-(skip + pixels) // 8))
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), bitorder="little")[skip : skip + pixels]
    return bits.reshape(layout.rows, layout.columns)


def _expand_422(data: bytes, layout: PixelLayout) -> NDArray[np.uint8]:
    """Y1 Y2 Cb Cr for each pair of pixels, to three samples for each pixel."""
    pairs = np.frombuffer(data, dtype=np.uint8).reshape(-1, 4)
    ybr = np.empty((len(pairs), 2, 3), dtype=np.uint8)
    ybr[:, :, 0] = pairs[:, :2]
    ybr[:, :, 1:] = pairs[:, None, 2:]
    return ybr.reshape(layout.rows, layout.columns, 3)
