"""Files without a preamble or meta information, objects without an image, sizes beyond the limits."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from core.errors import (
    FrameError,
    ImageTooLargeError,
    NoPixelsError,
    ReadError,
    TruncatedFileError,
)
from core.reading import read_radiograph
from tests.core.reading import dicom_writer as dw

IMAGE = np.arange(600, dtype=np.uint16).reshape(20, 30)


@pytest.mark.parametrize("syntax", [dw.IMPLICIT, dw.EXPLICIT, dw.BIG_ENDIAN])
def test_bare_data_set(syntax: str) -> None:
    data = dw.dicom_bytes(IMAGE, syntax=syntax, preamble=False)
    assert data[128:132] != b"DICM"
    np.testing.assert_array_equal(read_radiograph(data).pixels, IMAGE)


@pytest.mark.parametrize("syntax", dw.LOSSLESS)
def test_meta_information_without_preamble(syntax: str) -> None:
    data = dw.dicom_bytes(IMAGE, syntax=syntax)
    np.testing.assert_array_equal(read_radiograph(data[128:]).pixels, IMAGE)  # "DICM" comes first
    np.testing.assert_array_equal(read_radiograph(data[132:]).pixels, IMAGE)  # not even that


def test_compressed_data_set_without_meta_information() -> None:
    data = dw.dicom_bytes(IMAGE, syntax=dw.JPEG_LS)
    start = data.index(b"\x08\x00\x16\x00UI")
    np.testing.assert_array_equal(read_radiograph(data[start:]).pixels, IMAGE)


def test_preamble_that_pretends_to_be_a_tiff() -> None:
    data = b"II*\0" + dw.dicom_bytes(IMAGE)[4:]
    np.testing.assert_array_equal(read_radiograph(data).pixels, IMAGE)


@pytest.mark.parametrize(
    ("modality", "words"), [("SR", "report"), ("PR", "presentation"), ("CR", "no image")]
)
def test_objects_without_an_image(modality: str, words: str) -> None:
    header = Dataset()
    header.SOPClassUID, header.SOPInstanceUID, header.Modality = (
        "1.2.840.10008.5.1.4.1.1.88.11",
        "1.2",
        modality,
    )
    with pytest.raises(NoPixelsError, match=words):
        read_radiograph(dw.to_bytes(header))


def test_dicomdir_is_named_as_such() -> None:
    header = Dataset()
    header.SOPClassUID, header.SOPInstanceUID = "1.2.840.10008.1.3.10", "1.2"
    header.FileSetID = "DISC"
    with pytest.raises(NoPixelsError, match="DICOMDIR"):
        read_radiograph(dw.to_bytes(header))


def test_missing_size_is_damage() -> None:
    header = dw.build(IMAGE)
    del header.Rows
    with pytest.raises(TruncatedFileError, match="how large"):
        read_radiograph(dw.to_bytes(header))


@pytest.mark.parametrize("frame", [-1, 1, 7])
def test_missing_frame(frame: int) -> None:
    with pytest.raises(FrameError, match="only one image"):
        read_radiograph(dw.dicom_bytes(IMAGE), frame=frame)


def refused_without_memory(data: bytes, error: type[ReadError]) -> ReadError:
    tracemalloc.start()
    try:
        with pytest.raises(error) as caught:
            read_radiograph(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 16 * 2**20
    return caught.value


@pytest.mark.parametrize("syntax", [dw.EXPLICIT, dw.RLE, dw.JPEG_LOSSLESS, dw.JPEG_2000_LOSSLESS])
def test_thirty_thousand_squared_is_refused_from_the_header(syntax: str) -> None:
    data = dw.dicom_bytes(IMAGE, syntax=syntax, Rows=30000, Columns=30000)
    error = refused_without_memory(data, ImageTooLargeError)
    assert "30000 x 30000" in error.reason


def test_samples_and_depth_count_too() -> None:
    data = dw.dicom_bytes(IMAGE, Rows=9000, Columns=9000, SamplesPerPixel=3)
    refused_without_memory(data, ImageTooLargeError)


def test_only_the_frame_asked_for_is_read(tmp_path: Path) -> None:
    header = dw.build(IMAGE, NumberOfFrames=20000)
    header.PixelData = b"\0" * (2 * IMAGE.size)
    data = bytearray(dw.to_bytes(header))
    start = data.rindex(b"\xe0\x7f\x10\x00OW")
    data[start + 8 : start + 12] = struct.pack("<I", 2 * IMAGE.size * 20000)
    file = tmp_path / "cine.dcm"
    with file.open("wb") as out:
        out.write(data[: start + 12])
        out.seek(start + 12 + 2 * IMAGE.size * 19999)  # a hole in the file
        out.write(IMAGE.tobytes())
    tracemalloc.start()
    radiograph = read_radiograph(file, frame=19999)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * 2**20
    assert radiograph.frame_count == 20000
    np.testing.assert_array_equal(radiograph.pixels, IMAGE)


def test_codestream_that_is_larger_than_its_data_set_takes_no_memory() -> None:
    stream = bytearray(dw.encode(IMAGE, dw.JPEG_2000_LOSSLESS, dw.build(IMAGE)))
    stream[8:16] = struct.pack(">II", 60000, 60000)
    data = dw.dicom_bytes([bytes(stream)], syntax=dw.JPEG_2000_LOSSLESS, shape=IMAGE.shape)
    refused_without_memory(data, TruncatedFileError)


def test_codestream_of_countless_tiles_is_refused() -> None:
    stream = bytearray(dw.encode(IMAGE, dw.JPEG_2000_LOSSLESS, dw.build(IMAGE)))
    stream[24:32] = struct.pack(">II", 1, 1)
    big = np.zeros((200, 200), np.uint16)
    stream[8:16] = struct.pack(">II", 200, 200)
    data = dw.dicom_bytes([bytes(stream)], syntax=dw.JPEG_2000_LOSSLESS, shape=big.shape)
    with pytest.raises(TruncatedFileError, match="tiles"):
        read_radiograph(data)


def test_deflated_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.reading.dicom_header.MAX_INFLATED_BYTES", 2**20)
    data = dw.dicom_bytes(IMAGE, syntax=dw.DEFLATED)
    meta = data[: 144 + struct.unpack("<I", data[140:144])[0]]
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(bytes(64 * 2**20)) + packer.flush()
    assert len(bomb) < 2**17
    error = refused_without_memory(meta + bomb, ImageTooLargeError)
    assert "unfolds" in error.reason


def test_run_length_bomb_is_damage() -> None:
    header = struct.pack("<16I", 1, 64, *[0] * 14)
    stream = header + b"\x81\0" * 2**16  # 8 MB for an image of 600 bytes
    data = dw.dicom_bytes([stream], syntax=dw.RLE, shape=IMAGE.shape, BitsAllocated=8, bits_stored=8)
    refused_without_memory(data, TruncatedFileError)


def test_millions_of_empty_items_do_not_keep_the_parser_busy() -> None:
    data = dw.dicom_bytes(IMAGE)
    place = data.index(b"\x28\x00\x02\x00")
    items = b"\x09\x00\x10\x10SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\0\0\0\0" * 300_000
    with pytest.raises(TruncatedFileError, match="too many pieces"):
        read_radiograph(data[:place] + items + data[place:])


def test_sequences_nested_without_end_are_damage() -> None:
    data = dw.dicom_bytes(IMAGE)
    place = data.index(b"\x28\x00\x02\x00")
    nested = b"\x28\x00\x00\x30SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * 50_000
    with pytest.raises(TruncatedFileError):
        read_radiograph(data[:place] + nested + data[place:])
