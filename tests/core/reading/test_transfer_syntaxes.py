"""Every way to store DICOM pixels gives back the values that went in."""

from __future__ import annotations

import numpy as np
import pytest
from pydicom.encaps import encapsulate

from core.errors import TruncatedFileError, UnsupportedTransferSyntaxError
from core.reading import read_radiograph
from tests.core.reading import dicom_writer as dw

# 40 x 24, values up to 4095, neighbours far apart in places, so that every byte of a sample matters.
RAMP12 = (np.add.outer(np.arange(40) * 61, np.arange(24) * 70) % 4096).astype(np.uint16)
RAMP8 = (RAMP12 >> 4).astype(np.uint8)
# Constant 8 x 8 blocks survive the discrete cosine transformation at quality 100 without any error.
BLOCKS = np.kron(np.array([[0, 10, 200], [90, 255, 31]]), np.ones((8, 8), int))


@pytest.mark.parametrize("syntax", dw.LOSSLESS)
def test_twelve_bits_come_back_exactly(syntax: str) -> None:
    radiograph = read_radiograph(dw.dicom_bytes(RAMP12, syntax=syntax, bits_stored=12))
    assert radiograph.pixels.dtype == np.uint16
    np.testing.assert_array_equal(radiograph.pixels, RAMP12)


@pytest.mark.parametrize("syntax", dw.LOSSLESS)
def test_eight_bits_come_back_exactly_and_are_their_own_rendering(syntax: str) -> None:
    radiograph = read_radiograph(dw.dicom_bytes(RAMP8, syntax=syntax))
    assert radiograph.pixels.dtype == np.uint8
    np.testing.assert_array_equal(radiograph.pixels, RAMP8)
    np.testing.assert_array_equal(radiograph.rendering, RAMP8)


@pytest.mark.parametrize("syntax", dw.LOSSLESS)
def test_sixteen_bits_come_back_exactly(syntax: str) -> None:
    words = (RAMP12.astype(np.uint32) * 16 + 5).astype(np.uint16)
    np.testing.assert_array_equal(read_radiograph(dw.dicom_bytes(words, syntax=syntax)).pixels, words)


@pytest.mark.parametrize("predictor", range(1, 8))
def test_lossless_jpeg_with_each_predictor(predictor: int) -> None:
    import imagecodecs

    stream = imagecodecs.jpeg8_encode(RAMP12, lossless=True, predictor=predictor, bitspersample=12)
    data = dw.dicom_bytes([stream], syntax=dw.JPEG_LOSSLESS, shape=RAMP12.shape, bits_stored=12)
    np.testing.assert_array_equal(read_radiograph(data).pixels, RAMP12)


def test_jpeg_baseline_gives_the_values_of_flat_blocks() -> None:
    blocks = BLOCKS.astype(np.uint8)
    radiograph = read_radiograph(dw.dicom_bytes(blocks, syntax=dw.JPEG_BASELINE))
    np.testing.assert_array_equal(radiograph.pixels, blocks)


def test_jpeg_extended_keeps_twelve_bits() -> None:
    blocks = (BLOCKS * 16 + 3).astype(np.uint16)
    radiograph = read_radiograph(dw.dicom_bytes(blocks, syntax=dw.JPEG_EXTENDED, bits_stored=12))
    np.testing.assert_array_equal(radiograph.pixels, blocks)


def test_near_lossless_jpeg_ls_is_off_by_no_more_than_allowed() -> None:
    radiograph = read_radiograph(dw.dicom_bytes(RAMP12, syntax=dw.JPEG_LS_NEAR, bits_stored=12))
    difference = np.abs(radiograph.pixels.astype(int) - RAMP12)
    assert 0 < difference.max() <= 2


def test_lossy_jpeg_2000_is_close() -> None:
    smooth = (np.add.outer(np.arange(64), np.arange(64)) * 30).astype(np.uint16)
    radiograph = read_radiograph(dw.dicom_bytes(smooth, syntax=dw.JPEG_2000, bits_stored=12))
    assert np.abs(radiograph.pixels.astype(int) - smooth).max() < 40  # of 4095, at a low rate


@pytest.mark.parametrize("syntax", [*dw.NATIVE, dw.RLE, dw.JPEG_LOSSLESS, dw.JPEG_2000_LOSSLESS, dw.JPEG_LS])
def test_signed_values_keep_their_order(syntax: str) -> None:
    signed = (RAMP12.astype(np.int32) - 2048).astype(np.int16)
    words = signed.view(np.uint16)
    if syntax != dw.JPEG_2000_LOSSLESS:
        words = words & 0x0FFF  # two's complement in the stored bits alone
    data = dw.dicom_bytes(words, syntax=syntax, bits_stored=12, PixelRepresentation=1)
    np.testing.assert_array_equal(read_radiograph(data).pixels, RAMP12)


def test_frame_split_into_fragments() -> None:
    whole = dw.encode(RAMP12, dw.JPEG_LOSSLESS, dw.build(RAMP12, bits_stored=12))
    cut = len(whole) // 4 * 2
    data = dw.build([whole], syntax=dw.JPEG_LOSSLESS, shape=RAMP12.shape, bits_stored=12)
    data.PixelData = encapsulate([whole], fragments_per_frame=2, has_bot=False)
    assert len(data.PixelData) > len(whole) + 16
    assert cut > 0
    np.testing.assert_array_equal(read_radiograph(dw.to_bytes(data, dw.JPEG_LOSSLESS)).pixels, RAMP12)


@pytest.mark.parametrize("syntax", [dw.EXPLICIT, dw.RLE, dw.JPEG_LOSSLESS, dw.JPEG_2000_LOSSLESS])
@pytest.mark.parametrize("offsets", [True, False])
def test_one_frame_of_several(syntax: str, offsets: bool) -> None:
    frames = [RAMP12, RAMP12[::-1].copy(), RAMP12[:, ::-1].copy()]
    header = dw.build(RAMP12, syntax=syntax, bits_stored=12, NumberOfFrames=3)
    if syntax == dw.EXPLICIT:
        header.PixelData = np.stack(frames).tobytes()
    else:
        header.PixelData = encapsulate(
            [dw.encode(frame, syntax, header) for frame in frames], has_bot=offsets
        )
    data = dw.to_bytes(header, syntax)
    for index, frame in enumerate(frames):
        radiograph = read_radiograph(data, frame=index)
        assert (radiograph.frame, radiograph.frame_count) == (index, 3)
        np.testing.assert_array_equal(radiograph.pixels, frame)


def test_compressed_pixels_under_a_native_syntax_are_recognised() -> None:
    stream = dw.encode(RAMP12, dw.JPEG_LOSSLESS, dw.build(RAMP12, bits_stored=12))
    header = dw.build([stream], syntax=dw.JPEG_LOSSLESS, shape=RAMP12.shape, bits_stored=12)
    data = dw.to_bytes(header, dw.JPEG_LOSSLESS).replace(
        b"1.2.840.10008.1.2.4.57", b"1.2.840.10008.1.2.1\0\0\0"
    )
    np.testing.assert_array_equal(read_radiograph(data).pixels, RAMP12)


def test_bytes_in_big_endian_words() -> None:
    header = dw.build(RAMP8, syntax=dw.BIG_ENDIAN)
    header["PixelData"].VR = "OW"
    header.PixelData = RAMP8.reshape(-1, 2)[:, ::-1].tobytes()
    np.testing.assert_array_equal(read_radiograph(dw.to_bytes(header, dw.BIG_ENDIAN)).pixels, RAMP8)


def test_odd_frames_of_bytes_in_big_endian_words() -> None:
    frames = np.arange(1, 31, dtype=np.uint8).reshape(2, 3, 5)
    header = dw.build(frames[0], syntax=dw.BIG_ENDIAN, NumberOfFrames=2)
    header["PixelData"].VR = "OW"
    header.PixelData = frames.reshape(-1, 2)[:, ::-1].tobytes()
    data = dw.to_bytes(header, dw.BIG_ENDIAN)
    for frame in range(2):
        np.testing.assert_array_equal(read_radiograph(data, frame=frame).pixels, frames[frame])


def test_implicit_pixels_under_an_explicit_syntax() -> None:
    data = dw.dicom_bytes(RAMP12, syntax=dw.IMPLICIT)
    explicit = dw.dicom_bytes(RAMP12, syntax=dw.EXPLICIT)
    # The meta information of the one before the data set of the other.
    mixed = explicit[: explicit.index(b"\x08\x00\x16\x00")] + data[data.index(b"\x08\x00\x16\x00") :]
    np.testing.assert_array_equal(read_radiograph(mixed).pixels, RAMP12)


def test_single_bit_frames_share_bytes() -> None:
    bits = np.random.default_rng(3).integers(0, 2, (2, 5, 7), dtype=np.uint8)
    header = dw.build(bits[0], NumberOfFrames=2, BitsAllocated=1, BitsStored=1, HighBit=0)
    packed = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    header.PixelData = packed + b"\0" * (len(packed) % 2)
    np.testing.assert_array_equal(read_radiograph(dw.to_bytes(header), frame=1).pixels, bits[1])


@pytest.mark.parametrize(
    ("syntax", "words"),
    [("1.2.840.10008.1.2.4.102", "video"), ("1.2.840.10008.1.2.4.94", "transfer syntax")],
)
def test_unknown_syntax_is_named_as_such(syntax: str, words: str) -> None:
    data = dw.dicom_bytes([b"\0" * 64], syntax=syntax, shape=(8, 8), bits_stored=8, BitsAllocated=8)
    with pytest.raises(UnsupportedTransferSyntaxError, match=words):
        read_radiograph(data)


def test_unknown_codestream_is_unsupported() -> None:
    data = dw.dicom_bytes([b"\1" * 64], syntax=dw.JPEG_BASELINE, shape=(8, 8), BitsAllocated=8)
    with pytest.raises(UnsupportedTransferSyntaxError):
        read_radiograph(data)


@pytest.mark.parametrize("syntax", dw.EVERY)
def test_truncated_pixels_are_refused(syntax: str) -> None:
    image = RAMP8 if syntax == dw.JPEG_BASELINE else RAMP12
    bits = 8 if syntax == dw.JPEG_BASELINE else 12
    data = dw.dicom_bytes(image, syntax=syntax, bits_stored=bits)
    with pytest.raises(TruncatedFileError):
        read_radiograph(data[: len(data) - len(data) // 4])


@pytest.mark.parametrize(
    "syntax",
    [dw.JPEG_BASELINE, dw.JPEG_LOSSLESS, dw.JPEG_LS, dw.JPEG_2000_LOSSLESS, dw.HTJ2K_LOSSLESS],
)
def test_codestream_of_another_size_than_stated_is_refused(syntax: str) -> None:
    stream = dw.encode(RAMP8, syntax, dw.build(RAMP8))
    data = dw.dicom_bytes([stream], syntax=syntax, shape=(40, 32), BitsAllocated=8, bits_stored=8)
    with pytest.raises(TruncatedFileError, match="does not have the size"):
        read_radiograph(data)
