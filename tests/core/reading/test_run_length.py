"""DICOM RLE whose segments end too early."""

import numpy as np
import pytest

from core.errors import TruncatedFileError
from core.reading import read_radiograph
from core.reading.refusal import INCOMPLETE
from tests.core.reading.dicom_writer import RLE, dicom_bytes, rle


def test_a_segment_that_ends_within_a_run_is_incomplete() -> None:
    grey = np.random.default_rng(0).integers(0, 256, (16, 16), dtype=np.uint8)
    # The header, and a run that promises more bytes than there are.
    frame = rle(grey)[:64] + bytes([127]) + bytes(20)
    with pytest.raises(TruncatedFileError) as caught:
        read_radiograph(dicom_bytes([frame], syntax=RLE, shape=grey.shape, BitsAllocated=8))
    assert caught.value.reason == INCOMPLETE
