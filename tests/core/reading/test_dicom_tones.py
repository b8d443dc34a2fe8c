"""From values to grey levels: the three window functions, VOI tables, inversion, no window at all."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydicom.dataset import Dataset

from core.reading import VoiFunction, Window, read_radiograph, render
from tests.core.reading import dicom_writer as dw

WORDS = np.array([[0, 399, 400, 500, 600, 601, 4095]], np.uint16)


def grey(level: float) -> int:
    return math.floor(min(1.0, max(0.0, level)) * 255 + 0.5)


def test_linear_window_by_the_standard() -> None:
    data = dw.dicom_bytes(WORDS, bits_stored=12, WindowCenter=500, WindowWidth=201)
    radiograph = read_radiograph(data)
    # c - 0.5 - (w - 1) / 2 = 399.5 is black, c - 0.5 + (w - 1) / 2 = 599.5 is white.
    levels = [(x - 499.5) / 200 + 0.5 for x in (0, 399, 400, 500, 600, 601, 4095)]
    np.testing.assert_array_equal(radiograph.rendering, [[grey(level) for level in levels]])
    assert radiograph.rendering.tolist() == [[0, 0, 1, 128, 255, 255, 255]]
    assert radiograph.window == Window(500.0, 201.0, VoiFunction.LINEAR)
    assert radiograph.notes == ()


def test_linear_window_of_width_one_is_a_threshold() -> None:
    data = dw.dicom_bytes(WORDS, bits_stored=12, WindowCenter=500, WindowWidth=1)
    assert read_radiograph(data).rendering.tolist() == [[0, 0, 0, 255, 255, 255, 255]]


def test_linear_exact_window() -> None:
    data = dw.dicom_bytes(
        WORDS, bits_stored=12, WindowCenter=500, WindowWidth=200, VOILUTFunction="LINEAR_EXACT"
    )
    # 400 is black, 600 white, 500 in the middle.
    assert read_radiograph(data).rendering.tolist() == [[0, 0, 0, 128, 255, 255, 255]]


def test_sigmoid_window() -> None:
    data = dw.dicom_bytes(WORDS, bits_stored=12, WindowCenter=500, WindowWidth=200, VOILUTFunction="SIGMOID")
    radiograph = read_radiograph(data)
    levels = [1 / (1 + math.exp(-4 * (x - 500) / 200)) for x in (0, 399, 400, 500, 600, 601, 4095)]
    np.testing.assert_array_equal(radiograph.rendering, [[grey(level) for level in levels]])
    assert radiograph.rendering.tolist() == [[0, 30, 30, 128, 225, 225, 255]]


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
def test_window_in_pixel_units_renders_the_same_after_rescaling(function: str) -> None:
    words = np.arange(4096, dtype=np.uint16).reshape(64, 64)
    data = dw.dicom_bytes(
        words, bits_stored=12, RescaleSlope=0.25, RescaleIntercept=-100, WindowCenter=300, WindowWidth=333,
        VOILUTFunction=function,
    )  # fmt: skip
    radiograph = read_radiograph(data)
    np.testing.assert_array_equal(render(radiograph, radiograph.window), radiograph.rendering)
    assert len(np.unique(radiograph.rendering)) > 200


def test_first_of_several_windows_is_used_and_noted() -> None:
    data = dw.dicom_bytes(WORDS, bits_stored=12, WindowCenter=[500, 2000], WindowWidth=[201, 4000])
    radiograph = read_radiograph(data)
    assert radiograph.window.center == 500
    assert radiograph.notes == ("The file offers 2 windows; the first is used.",)


@pytest.mark.parametrize("width", [0, -5, 0.5])
def test_impossible_window_is_left_aside(width: float) -> None:
    radiograph = read_radiograph(dw.dicom_bytes(WORDS, bits_stored=12, WindowCenter=500, WindowWidth=width))
    assert radiograph.rendering.max() == 255
    assert "window in the file cannot be" in radiograph.notes[0]


def test_voi_table_comes_before_the_window() -> None:
    stored = np.array([[0, 5, 6, 7, 8, 4095]], np.uint16)
    table = dw.lut_item(5, [0, 1023, 256, 512], bits=10)
    data = dw.dicom_bytes(stored, bits_stored=12, VOILUTSequence=[table], WindowCenter=1, WindowWidth=1)
    radiograph = read_radiograph(data)
    # Entries over 1023: 0, 1, 0.250, 0.500.
    assert radiograph.rendering.tolist() == [[0, 0, 255, 64, 128, 128]]
    assert radiograph.window == Window(6.5, 3.0, VoiFunction.LINEAR_EXACT)


def test_voi_table_works_on_values_after_the_modality_step() -> None:
    stored = np.array([[0, 1, 2, 3]], np.uint8)
    table = dw.lut_item(-10, [0, 50, 255], bits=8, first_vr="SS")
    data = dw.dicom_bytes(stored, RescaleSlope=1, RescaleIntercept=-10, VOILUTSequence=[table])
    assert read_radiograph(data).rendering.tolist() == [[0, 50, 255, 255]]


def ramp(first: int, vr: str = "US") -> Dataset:
    """A table of 256 steps from black to white."""
    return dw.lut_item(first, list(range(256)), bits=8, first_vr=vr)


def test_a_first_value_above_the_signed_numbers_is_no_negative_one() -> None:
    """An intercept of -1 makes one value negative, which is no reason to take 40000 for -25536."""
    stored = np.array([[0, 40001, 40101, 40256, 65535]], np.uint16)
    data = dw.dicom_bytes(stored, RescaleSlope=1, RescaleIntercept=-1, VOILUTSequence=[ramp(40000)])
    assert read_radiograph(data).rendering.tolist() == [[0, 0, 100, 255, 255]]


def test_a_first_value_that_no_pixel_reaches_is_a_negative_one() -> None:
    """As some write it, who know only US."""
    stored = np.array([[0, 100, 255, 4095]], np.uint16)
    table = ramp(65536 - 10)
    attributes = {"RescaleSlope": 1, "RescaleIntercept": -10, "VOILUTSequence": [table]}
    data = dw.dicom_bytes(stored, bits_stored=12, **attributes)
    assert read_radiograph(data).rendering.tolist() == [[0, 100, 255, 255]]


@pytest.mark.parametrize("syntax", [dw.EXPLICIT, dw.IMPLICIT])
def test_signed_pixels_have_signed_first_values(syntax: str) -> None:
    stored = np.array([[-2000, -1000, -900, 2000]], np.int16)
    data = dw.dicom_bytes(stored, syntax=syntax, PixelRepresentation=1, VOILUTSequence=[ramp(-1000, "SS")])
    assert read_radiograph(data).rendering.tolist() == [[0, 0, 100, 255]]


def test_a_modality_table_makes_signed_pixels_unsigned() -> None:
    """Without value representations in the file, the stored pixels would speak for SS."""
    stored = np.array([[-1, 0, 1, 2]], np.int16)
    modality = dw.lut_item(-1, [0, 40000, 40100, 65535], first_vr="SS")
    sequences = {"ModalityLUTSequence": [modality], "VOILUTSequence": [ramp(40000)]}
    data = dw.dicom_bytes(stored, syntax=dw.IMPLICIT, PixelRepresentation=1, **sequences)
    assert read_radiograph(data).rendering.tolist() == [[0, 0, 100, 255]]


def test_monochrome1_is_inverted_last() -> None:
    data = dw.dicom_bytes(
        WORDS, bits_stored=12, PhotometricInterpretation="MONOCHROME1", WindowCenter=500, WindowWidth=201
    )
    radiograph = read_radiograph(data)
    assert radiograph.inverted
    assert radiograph.rendering.tolist() == [[255, 255, 254, 127, 0, 0, 0]]
    np.testing.assert_array_equal(radiograph.pixels, WORDS)
    np.testing.assert_array_equal(render(radiograph, radiograph.window), radiograph.rendering)


def test_monochrome1_with_voi_table() -> None:
    stored = np.array([[0, 1, 2]], np.uint8)
    data = dw.dicom_bytes(
        stored, PhotometricInterpretation="MONOCHROME1", VOILUTSequence=[dw.lut_item(0, [0, 10, 255], bits=8)]
    )
    assert read_radiograph(data).rendering.tolist() == [[255, 245, 0]]


@pytest.mark.parametrize(
    ("photometric", "shape", "inverted"),
    [
        ("MONOCHROME1", "INVERSE", True),
        ("MONOCHROME1", "IDENTITY", True),
        ("MONOCHROME2", "INVERSE", True),
        ("MONOCHROME2", "IDENTITY", False),
    ],
)
def test_presentation_shape_inverts_once(photometric: str, shape: str, inverted: bool) -> None:
    stored = np.array([[0, 60, 255]], np.uint8)
    data = dw.dicom_bytes(stored, PhotometricInterpretation=photometric, PresentationLUTShape=shape)
    radiograph = read_radiograph(data)
    assert radiograph.inverted is inverted
    assert radiograph.rendering.tolist() == [[255, 195, 0] if inverted else [0, 60, 255]]


def test_no_window_shows_the_range_of_the_values() -> None:
    words = np.tile(np.array([1000, 1500, 2000], np.uint16), (10, 1))
    radiograph = read_radiograph(dw.dicom_bytes(words, bits_stored=12))
    assert radiograph.rendering[0].tolist() == [0, 128, 255]
    assert radiograph.notes == ("No window in the file; shown over the range of its values.",)
    np.testing.assert_array_equal(render(radiograph, radiograph.window), radiograph.rendering)


def test_no_window_leaves_out_a_few_extreme_pixels() -> None:
    words = np.full((100, 100), 1000, np.uint16)
    words[:, 50:] = 2000
    words[0, :5] = 65535
    words[0, 95:] = 0
    radiograph = read_radiograph(dw.dicom_bytes(words))
    assert radiograph.rendering[50, 0] == 0
    assert radiograph.rendering[50, 99] == 255
    assert (radiograph.window.center, radiograph.window.width) == (1500.0, 1000.0)


def test_constant_image_without_window() -> None:
    radiograph = read_radiograph(dw.dicom_bytes(np.full((4, 4), 77, np.uint16)))
    assert (radiograph.rendering == 0).all()


def test_frames_have_their_own_windows() -> None:
    header = dw.build(np.zeros((1, 3), np.uint16), bits_stored=12, NumberOfFrames=2)
    header.PixelData = np.array([[0, 50, 100], [0, 500, 1000]], np.uint16).tobytes()

    def group(center: float, width: float) -> Dataset:
        voi = Dataset()
        voi.WindowCenter, voi.WindowWidth, voi.VOILUTFunction = center, width, "LINEAR_EXACT"
        item = Dataset()
        item.FrameVOILUTSequence = [voi]
        return item

    header.PerFrameFunctionalGroupsSequence = [group(50, 100), group(500, 1000)]
    shared = Dataset()
    rescale = Dataset()
    rescale.RescaleSlope, rescale.RescaleIntercept = 1, 0
    shared.PixelValueTransformationSequence = [rescale]
    measures = Dataset()
    measures.PixelSpacing = [0.2, 0.3]
    shared.PixelMeasuresSequence = [measures]
    header.SharedFunctionalGroupsSequence = [shared]
    data = dw.to_bytes(header)
    for frame in range(2):
        radiograph = read_radiograph(data, frame=frame)
        assert radiograph.rendering.tolist() == [[0, 128, 255]]
        assert radiograph.spacing is not None
        assert (radiograph.spacing.row_mm, radiograph.spacing.column_mm) == (0.2, 0.3)


def test_render_inverts_on_top_of_the_file() -> None:
    data = dw.dicom_bytes(WORDS, bits_stored=12, WindowCenter=500, WindowWidth=201)
    radiograph = read_radiograph(data)
    np.testing.assert_array_equal(render(radiograph, invert=True), 255 - radiograph.rendering)
    np.testing.assert_array_equal(
        render(radiograph, Window(400.0, 201.0), invert=True), 255 - render(radiograph, Window(400.0, 201.0))
    )
    assert render(radiograph) is radiograph.rendering


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize("slope", ["1e300", "1e-300", "-1e300"])
@pytest.mark.parametrize("width", ["1e-300", "1e300"])
def test_numbers_beyond_all_bounds_raise_nothing(function: str, slope: str, width: str) -> None:
    data = dw.dicom_bytes(
        WORDS, RescaleSlope=slope, RescaleIntercept="1e300", WindowCenter="-1e300", WindowWidth=width,
        VOILUTFunction=function,
    )  # fmt: skip
    radiograph = read_radiograph(data)
    assert radiograph.rendering.shape == WORDS.shape
    render(radiograph, radiograph.window)
