"""Real radiographs, where the folder with them is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.reading import find_radiographs, read_radiograph, render

pytestmark = pytest.mark.shared
SHARED = Path(os.environ.get("DEEPPNEUMO_SHARED", "."))


def test_every_original_is_what_pillow_decodes() -> None:
    files = find_radiographs([SHARED / "originals"])
    assert len(files) == 40
    for file in files:
        with Image.open(file) as image:
            expected = np.asarray(image.convert("L"))
        radiograph = read_radiograph(file)
        np.testing.assert_array_equal(radiograph.rendering, expected)
        assert not radiograph.colour


def test_dicom_files_are_bright_where_dense() -> None:
    files = find_radiographs([SHARED / "dicom"])
    assert len(files) == 3
    for file in files:
        radiograph = read_radiograph(file)
        assert (radiograph.projection, radiograph.body_part, radiograph.inverted) == ("PA", "CHEST", True)
        np.testing.assert_array_equal(render(radiograph, radiograph.window), radiograph.rendering)
        height, width = radiograph.shape
        middle = radiograph.rendering[height // 2]
        spine, lung = (
            middle[width * 45 // 100 : width * 55 // 100],
            middle[width * 20 // 100 : width * 30 // 100],
        )
        assert spine.mean() > lung.mean() + 20
        assert radiograph.rendering.std() > 20


def test_photographs_are_colour_and_radiographs_of_knees_are_not() -> None:
    photographs = [
        read_radiograph(file).colour for file in find_radiographs([SHARED / "not_chest" / "photos"])
    ]
    assert np.mean(photographs) > 0.9
    others = find_radiographs([SHARED / "not_chest" / "knees", SHARED / "not_chest" / "other"])
    assert len(others) == 120
    assert not any(read_radiograph(file).colour for file in others)
