"""From stored bits to pixel values: unused bits, signs, rescaling, modality tables, padding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.errors import TruncatedFileError
from core.reading import VoiFunction, Window, read_radiograph, render
from tests.core.reading import dicom_writer as dw

ROW = np.array([[0, 1, 100, 2000, 4094, 4095]], np.uint16)


def exact(center: float, width: float) -> dict[str, Any]:
    return {"WindowCenter": center, "WindowWidth": width, "VOILUTFunction": "LINEAR_EXACT"}


@pytest.mark.parametrize("syntax", [dw.EXPLICIT, dw.BIG_ENDIAN, dw.RLE])
def test_junk_and_overlays_above_the_stored_bits_are_cut_off(syntax: str) -> None:
    junk = np.array([[0x1000, 0x2000, 0xF000, 0x8000, 0x5000, 0]], np.uint16)
    data = dw.dicom_bytes(ROW | junk, syntax=syntax, bits_stored=12)
    np.testing.assert_array_equal(read_radiograph(data).pixels, ROW)


def test_bits_below_the_stored_ones_are_shifted_out() -> None:
    data = dw.dicom_bytes(ROW << 4 | 0x9, bits_stored=12, HighBit=15)
    np.testing.assert_array_equal(read_radiograph(data).pixels, ROW)


def test_signed_values_with_junk_sign_bits() -> None:
    # -2048, -1, 0, 2047 in twelve bits, with foreign bits above.
    words = np.array([[0x7800, 0x0FFF, 0xF000, 0x37FF]], np.uint16)
    radiograph = read_radiograph(
        dw.dicom_bytes(words, bits_stored=12, PixelRepresentation=1, **exact(0, 4096))
    )
    np.testing.assert_array_equal(radiograph.pixels, [[0, 2047, 2048, 4095]])
    # (x - 0) / 4096 + 0.5 of -2048, -1, 0, 2047, times 255: 0, 127.4, 127.5, 254.9
    np.testing.assert_array_equal(radiograph.rendering, [[0, 127, 128, 255]])
    assert radiograph.window == Window(2048.0, 4096.0, VoiFunction.LINEAR_EXACT)


def test_rescale_moves_the_window_not_the_pixels() -> None:
    data = dw.dicom_bytes(ROW, bits_stored=12, RescaleSlope=2, RescaleIntercept=-1000, **exact(3000, 4000))
    radiograph = read_radiograph(data)
    np.testing.assert_array_equal(radiograph.pixels, ROW)
    # 2 x - 1000 is -1000, -998, -800, 3000, 7188, 7190; the window reaches from 1000 to 5000.
    np.testing.assert_array_equal(radiograph.rendering, [[0, 0, 0, 128, 255, 255]])
    assert radiograph.window == Window(2000.0, 2000.0, VoiFunction.LINEAR_EXACT)
    np.testing.assert_array_equal(render(radiograph, radiograph.window), radiograph.rendering)


def test_negative_slope_keeps_pixels_growing_with_the_value() -> None:
    data = dw.dicom_bytes(ROW, bits_stored=12, RescaleSlope=-1, RescaleIntercept=4095, **exact(2047.5, 4095))
    radiograph = read_radiograph(data)
    np.testing.assert_array_equal(radiograph.pixels, 4095 - ROW)
    np.testing.assert_array_equal(radiograph.rendering, [[255, 255, 249, 130, 0, 0]])
    np.testing.assert_array_equal(render(radiograph, radiograph.window), radiograph.rendering)


def test_zero_slope_is_not_used_and_noted() -> None:
    radiograph = read_radiograph(dw.dicom_bytes(ROW, bits_stored=12, RescaleSlope=0, RescaleIntercept=7))
    np.testing.assert_array_equal(radiograph.pixels, ROW)
    assert any("slope" in note for note in radiograph.notes)


@pytest.mark.parametrize("syntax", dw.NATIVE)
def test_modality_table_comes_before_the_window(syntax: str) -> None:
    stored = np.array([[0, 9, 10, 11, 12, 13, 255]], np.uint8)
    table = dw.lut_item(10, [1000, 500, 2000, 3000])
    data = dw.dicom_bytes(stored, syntax=syntax, ModalityLUTSequence=[table], **exact(2000, 2000))
    radiograph = read_radiograph(data)
    # Values outside the table take its nearest end.
    np.testing.assert_array_equal(radiograph.pixels, [[1000, 1000, 1000, 500, 2000, 3000, 3000]])
    # The window reaches from 1000 to 3000.
    np.testing.assert_array_equal(radiograph.rendering, [[0, 0, 0, 0, 128, 255, 255]])


def test_modality_table_of_signed_values() -> None:
    stored = np.array([[-3, -2, -1, 0, 1]], np.int8).view(np.uint8)
    table = dw.lut_item(-2, [10, 20, 30, 40], first_vr="SS")
    data = dw.dicom_bytes(stored, PixelRepresentation=1, ModalityLUTSequence=[table])
    np.testing.assert_array_equal(read_radiograph(data).pixels, [[10, 10, 20, 30, 40]])


def test_table_with_two_entries_in_a_word() -> None:
    table = dw.lut_item(0, [0, 0, 0, 0], bits=8)
    table.LUTData = [0x1405, 0xFF28]  # 5, 20, 40, 255
    data = dw.dicom_bytes(np.array([[0, 1, 2, 3]], np.uint8), ModalityLUTSequence=[table])
    np.testing.assert_array_equal(read_radiograph(data).pixels, [[5, 20, 40, 255]])


def test_table_that_is_too_short_is_damaged() -> None:
    table = dw.lut_item(0, [1] * 64)
    table.LUTDescriptor = [1024, 0, 16]
    with pytest.raises(TruncatedFileError, match="table"):
        read_radiograph(dw.dicom_bytes(ROW, ModalityLUTSequence=[table]))


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_padding_is_black_in_every_window(photometric: str) -> None:
    words = np.array([[4095, 4095, 1000, 2000, 0]], np.uint16)
    data = dw.dicom_bytes(
        words,
        bits_stored=12,
        PhotometricInterpretation=photometric,
        PixelPaddingValue=4095,
        **exact(1000, 2000),
    )
    radiograph = read_radiograph(data)
    assert radiograph.padding == (4095, 4095)
    inside = [128, 255, 0] if photometric == "MONOCHROME2" else [127, 0, 255]
    np.testing.assert_array_equal(radiograph.rendering, [[0, 0, *inside]])
    assert (render(radiograph, Window(1.0, 5.0))[0, :2] == 0).all()


def test_padding_range_of_signed_values_stays_out_of_the_automatic_window() -> None:
    values = np.repeat(np.array([[-2000, -1900, 0, 120, 1000]], np.int16), 50, axis=0)
    data = dw.dicom_bytes(
        values.view(np.uint16), PixelRepresentation=1, PixelPaddingValue=-2000, PixelPaddingRangeLimit=-1500
    )
    radiograph = read_radiograph(data)
    assert radiograph.padding == (32768 - 2000, 32768 - 1500)
    np.testing.assert_array_equal(radiograph.rendering[0], [0, 0, 0, 31, 255])  # 120 / 1000 * 255 = 30.6


def test_padding_beyond_the_stored_bits_marks_nothing() -> None:
    radiograph = read_radiograph(dw.dicom_bytes(ROW, bits_stored=12, PixelPaddingValue=63536))
    assert radiograph.padding is None


def test_thirty_two_bits_are_squeezed_into_sixteen() -> None:
    wide = np.array([[0, 1 << 20, 1 << 21]], np.uint32)
    radiograph = read_radiograph(dw.dicom_bytes(wide, **exact(1 << 20, 1 << 21)))
    np.testing.assert_array_equal(radiograph.pixels, [[0, 32768, 65535]])
    np.testing.assert_array_equal(radiograph.rendering, [[0, 128, 255]])


def test_signed_thirty_two_bits_of_small_range_are_exact() -> None:
    wide = np.array([[-5, 0, 70]], np.int32)
    data = dw.dicom_bytes(wide.view(np.uint32), bits_stored=24, PixelRepresentation=1)
    np.testing.assert_array_equal(read_radiograph(data).pixels, [[0, 5, 75]])


def test_floating_point_pixels() -> None:
    header = dw.build(
        np.zeros((1, 3), np.uint32), WindowCenter=0.5, WindowWidth=1.0, VOILUTFunction="LINEAR_EXACT"
    )
    del header.PixelData
    header.FloatPixelData = np.array([0.0, 0.25, 1.0], "<f4").tobytes()
    radiograph = read_radiograph(dw.to_bytes(header))
    np.testing.assert_array_equal(radiograph.pixels, [[0, 16384, 65535]])
    np.testing.assert_array_equal(radiograph.rendering, [[0, 64, 255]])


def test_floating_point_without_bounds() -> None:
    header = dw.build(np.zeros((1, 4), np.uint64))
    del header.PixelData
    header.DoubleFloatPixelData = np.array([-1.7e308, np.nan, np.inf, 1.7e308], "<f8").tobytes()
    radiograph = read_radiograph(dw.to_bytes(header))
    assert radiograph.pixels[0, 0] == 0
    assert radiograph.pixels[0, 3] == 65535
