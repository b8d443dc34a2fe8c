"""DICOM files made by other programs (GDCM, DCMTK, scanners), as pydicom ships them for its own tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest

from core.errors import NoPixelsError, TruncatedFileError
from core.reading import read_radiograph

FILES = Path(pydicom.__file__).parent / "data" / "test_files"

pytestmark = pytest.mark.skipif(not FILES.is_dir(), reason="this pydicom comes without its test files")


@pytest.mark.parametrize(
    "name",
    [
        "MR_small_RLE.dcm", "MR_small_bigendian.dcm", "MR_small_implicit.dcm", "MR_small_jp2klossless.dcm",
        "MR_small_jpeg_ls_lossless.dcm", "MR_small_expb.dcm", "MR_small_padded.dcm",
    ],
)  # fmt: skip
def test_one_image_in_seven_encodings(name: str) -> None:
    plain = pydicom.dcmread(FILES / "MR_small.dcm").pixel_array
    assert plain.dtype == np.int16
    np.testing.assert_array_equal(read_radiograph(FILES / name).pixels, plain.astype(np.int32) + 32768)


def test_twelve_bit_jpeg_against_published_values() -> None:
    # Two pixels that pydicom's own tests state for this file.
    pixels = read_radiograph(FILES / "JPEG-lossy.dcm").pixels
    assert pixels.shape == (1024, 256)
    assert (pixels[420, 140], pixels[230, 120]) == (244, 95)


@pytest.mark.parametrize(
    "name", ["SC_rgb_jpeg_gdcm.dcm", "SC_rgb_jpeg_lossy_gdcm.dcm", "SC_rgb_jls_lossy_line.dcm"]
)
def test_colour_bars(name: str) -> None:
    radiograph = read_radiograph(FILES / name)
    assert radiograph.colour
    # Red, green and blue bars, and a light grey one.
    levels = [int(radiograph.rendering[row, 50]) for row in (5, 25, 45, 85)]
    assert np.abs(np.array(levels) - [76, 150, 29, 191]).max() < 5


def test_meta_information_that_lies_about_the_encoding() -> None:
    assert read_radiograph(FILES / "SC_rgb_jpeg.dcm").shape == (256, 256)


def test_deflated_file() -> None:
    radiograph = read_radiograph(FILES / "image_dfl.dcm")
    assert radiograph.shape == (512, 512)
    assert radiograph.rendering.std() > 10


@pytest.mark.parametrize(
    "name", ["ExplVR_BigEndNoMeta.dcm", "ExplVR_LitEndNoMeta.dcm", "rtplan.dcm", "test-SR.dcm"]
)
def test_files_without_an_image(name: str) -> None:
    with pytest.raises(NoPixelsError):
        read_radiograph(FILES / name)


def test_truncated_file() -> None:
    with pytest.raises(TruncatedFileError, match="incomplete"):
        read_radiograph(FILES / "MR_truncated.dcm")
