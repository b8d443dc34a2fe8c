"""Compressed DICOM frames to sample values, by codecs that let go of the interpreter's lock."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from core.errors import TruncatedFileError, UnsupportedTransferSyntaxError
from core.reading.codestream import Codec, Codestream, inspect
from core.reading.refusal import INCOMPLETE, Refusal, refuse_damaged

if TYPE_CHECKING:
    from core.reading.dicom_header import PixelLayout

_TAIL: Final = 64  # bytes at the end of a frame in which its end marker must lie
_RLE_SLACK: Final = 256  # a padding byte may decode to some bytes more than the image has


def decode_codestream(data: bytes, layout: PixelLayout) -> tuple[NDArray[Any], bool]:
    """Decode JPEG, JPEG-LS or JPEG 2000.

    Parameters
    ----------
    data : bytes
        One frame.
    layout : PixelLayout
        What the data set says of the frame; the codestream must agree.

    Returns
    -------
    samples : ndarray of uint8 or uint16, shape (H, W) or (H, W, 3)
        Signed samples keep their bit pattern.
    ybr : bool
        True where three samples are YCbCr, not RGB.
    """
    stream = inspect(data)
    if stream is None:
        raise Refusal(
            UnsupportedTransferSyntaxError, "The image is compressed in a way that the program cannot decode."
        )
    if (stream.rows, stream.columns, stream.samples) != (layout.rows, layout.columns, layout.samples):
        refuse_damaged("The compressed image does not have the size that the file states.")
    if (stream.precision > 8) != (layout.bits_allocated > 8) and stream.precision > layout.bits_allocated:
        refuse_damaged("The compressed image is deeper than the file states.")
    # Every codec here ends a frame with the same marker; without it, decoders fill up with grey.
    if b"\xff\xd9" not in data[-_TAIL:]:
        refuse_damaged(INCOMPLETE)
    decoded = _decode(data, stream)
    if decoded.dtype.kind == "i":
        decoded = decoded.view(f"u{decoded.dtype.itemsize}")
    shape = (layout.rows, layout.columns, 3) if layout.samples == 3 else (layout.rows, layout.columns)
    return decoded.reshape(shape), _is_ybr(stream, layout)


def _decode(data: bytes, stream: Codestream) -> NDArray[Any]:
    import imagecodecs

    if stream.codec is Codec.JPEG_2000:
        return imagecodecs.jpeg2k_decode(data, numthreads=1)
    if stream.codec is Codec.JPEG_LS:
        return imagecodecs.jpegls_decode(data)
    if stream.samples == 3:
        # RGB to RGB means: leave the components alone. Whether they are YCbCr is DICOM's to say.
        return imagecodecs.jpeg8_decode(data, colorspace="RGB", outcolorspace="RGB")
    return imagecodecs.jpeg8_decode(data)


def _is_ybr(stream: Codestream, layout: PixelLayout) -> bool:
    if stream.samples != 3 or stream.mixes_colours:
        return False
    if layout.photometric == "RGB":
        # Many writers leave RGB in the data set when they compress to YCbCr; the stream knows better.
        return bool(stream.ybr_marked)
    return layout.photometric.startswith("YBR") and stream.ybr_marked is not False


def decode_rle(data: bytes, layout: PixelLayout) -> NDArray[Any]:
    """Decode DICOM RLE (PS3.5 annex G): one PackBits segment for each byte of each sample.

    Returns
    -------
    ndarray of uint8, uint16 or uint32, shape (H, W) or (H, W, 3)
    """
    import imagecodecs

    width = layout.bits_allocated // 8
    count = layout.samples * width
    if len(data) < 64 or width not in (1, 2, 4):
        refuse_damaged(INCOMPLETE)
    stated, *offsets = struct.unpack_from("<16I", data)
    if stated != count:
        refuse_damaged("The compressed image does not have the depth that the file states.")
    offsets = [*offsets[:count], len(data)]
    pixels = layout.rows * layout.columns
    planes = np.empty((layout.samples, width, pixels), dtype=np.uint8)
    for index in range(count):
        segment = data[offsets[index] : offsets[index + 1]]
        try:
            plain = imagecodecs.packbits_decode(segment, out=bytearray(pixels + _RLE_SLACK))
        except imagecodecs.PackbitsError as error:
            # A last run cut short by padding is harmless only if all pixels were there; they were not.
            raise Refusal(TruncatedFileError, INCOMPLETE) from error
        if len(plain) < pixels:
            refuse_damaged(INCOMPLETE)
        # The most significant byte comes first.
        sample, byte = divmod(index, width)
        planes[sample, width - 1 - byte] = np.frombuffer(plain, dtype=np.uint8, count=pixels)
    whole = np.ascontiguousarray(planes.transpose(2, 0, 1)).view(f"<u{width}")
    shape = (layout.rows, layout.columns, 3) if layout.samples == 3 else (layout.rows, layout.columns)
    return whole.reshape(shape)
