"""Colour in DICOM: RGB, the YBR family and palettes, as grey."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
import pytest

from core.reading import read_radiograph
from tests.core.reading import dicom_writer as dw

# Red, green, blue, white, black and a grey; luma by ITU-R BT.601: 76, 150, 29, 255, 0, 100.
COLOURS = np.array(
    [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0], [100, 100, 100]], np.uint8
)
LUMA = [76, 150, 29, 255, 0, 100]
# The same in YCbCr (full range).
YBR = np.array(
    [[76, 85, 255], [150, 44, 21], [29, 255, 107], [255, 128, 128], [0, 128, 128], [100, 128, 128]], np.uint8
)


def blocks(colours: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Each colour as a block of 16 x 16 pixels, so that no codec blurs it."""
    return np.repeat(np.repeat(colours[None], 16, axis=1), 16, axis=0)


@pytest.mark.parametrize("syntax", [*dw.NATIVE, dw.RLE, dw.JPEG_LS, dw.JPEG_2000_LOSSLESS, dw.JPEG_LOSSLESS])
def test_rgb_becomes_luma_and_is_noted(syntax: str) -> None:
    radiograph = read_radiograph(dw.dicom_bytes(blocks(COLOURS), syntax=syntax))
    assert radiograph.rendering[8, 8::16].tolist() == LUMA
    assert radiograph.colour
    assert any("Colour picture" in note for note in radiograph.notes)


def test_planes_one_after_the_other() -> None:
    header = dw.build(blocks(COLOURS), PlanarConfiguration=1)
    header.PixelData = np.moveaxis(blocks(COLOURS), 2, 0).tobytes()
    assert read_radiograph(dw.to_bytes(header)).rendering[0, 8::16].tolist() == LUMA


@pytest.mark.parametrize("syntax", [*dw.NATIVE, dw.RLE, dw.JPEG_LS])
def test_ybr_full_gives_its_luma(syntax: str) -> None:
    data = dw.dicom_bytes(blocks(YBR), syntax=syntax, PhotometricInterpretation="YBR_FULL")
    radiograph = read_radiograph(data)
    assert radiograph.rendering[8, 8::16].tolist() == LUMA
    assert radiograph.colour


def test_halved_chroma_without_compression() -> None:
    ybr = blocks(YBR)
    header = dw.build(ybr, PhotometricInterpretation="YBR_FULL_422")
    pairs = ybr.reshape(-1, 2, 3)
    header.PixelData = np.stack([pairs[:, 0, 0], pairs[:, 1, 0], pairs[:, 0, 1], pairs[:, 0, 2]], 1).tobytes()
    radiograph = read_radiograph(dw.to_bytes(header))
    assert radiograph.rendering[8, 8::16].tolist() == LUMA
    assert radiograph.colour


def test_halved_chroma_that_is_not_halved() -> None:
    data = dw.dicom_bytes(blocks(YBR), PhotometricInterpretation="YBR_FULL_422")
    assert read_radiograph(data).rendering[8, 8::16].tolist() == LUMA


@pytest.mark.parametrize("photometric", ["YBR_FULL_422", "RGB"])
def test_jpeg_in_ycbcr_whatever_the_data_set_says(photometric: str) -> None:
    stream = imagecodecs.jpeg8_encode(blocks(COLOURS), level=100, subsampling="444")
    data = dw.dicom_bytes(
        [stream], syntax=dw.JPEG_BASELINE, shape=(16, 96, 3), BitsAllocated=8, bits_stored=8,
        PhotometricInterpretation=photometric,
    )  # fmt: skip
    levels = read_radiograph(data).rendering[8, 8::16].astype(int)
    assert np.abs(levels - LUMA).max() <= 1


def test_jpeg_in_rgb() -> None:
    stream = imagecodecs.jpeg8_encode(
        blocks(COLOURS), level=100, subsampling="444", colorspace="RGB", outcolorspace="RGB"
    )
    data = dw.dicom_bytes(
        [stream], syntax=dw.JPEG_BASELINE, shape=(16, 96, 3), BitsAllocated=8, bits_stored=8
    )
    levels = read_radiograph(data).rendering[8, 8::16].astype(int)
    assert np.abs(levels - LUMA).max() <= 1


def test_grey_in_three_channels_is_no_colour_picture() -> None:
    grey = np.repeat(np.arange(256, dtype=np.uint8).reshape(16, 16, 1), 3, axis=2)
    radiograph = read_radiograph(dw.dicom_bytes(grey))
    assert not radiograph.colour
    assert radiograph.notes == ()
    np.testing.assert_array_equal(radiograph.rendering, grey[..., 0])


@pytest.mark.parametrize("syntax", [dw.EXPLICIT, dw.IMPLICIT, dw.RLE])
@pytest.mark.parametrize("bits", [8, 16])
def test_palette(syntax: str, bits: int) -> None:
    shift = bits - 8
    attributes: dict[str, Any] = {}
    for channel, name in enumerate(("Red", "Green", "Blue")):
        entries = np.zeros(256, np.uint16)
        entries[: len(COLOURS)] = COLOURS[:, channel].astype(np.uint16) << shift
        attributes[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, bits]
        attributes[f"{name}PaletteColorLookupTableData"] = (
            entries.astype(np.uint8) if bits == 8 else entries
        ).tobytes()
    index = np.arange(6, dtype=np.uint8).repeat(8)[None].repeat(4, axis=0)
    data = dw.dicom_bytes(index, syntax=syntax, PhotometricInterpretation="PALETTE COLOR", **attributes)
    radiograph = read_radiograph(data)
    assert radiograph.rendering[0, ::8].tolist() == LUMA
    assert radiograph.colour


@pytest.mark.parametrize(("word", "bits"), [(np.uint16, 12), (np.uint32, 32)])
def test_deep_rgb(word: type[np.unsignedinteger[Any]], bits: int) -> None:
    deep = blocks(COLOURS).astype(word) << (bits - 8) | 7
    assert read_radiograph(dw.dicom_bytes(deep, bits_stored=bits)).rendering[8, 8::16].tolist() == LUMA
