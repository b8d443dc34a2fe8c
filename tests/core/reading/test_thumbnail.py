"""Small pictures: whole, upright, quick, and the reader's own words when there is none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.errors import ReadError
from core.reading import read_radiograph
from core.reading.thumbnail import read_thumbnail


@pytest.fixture
def ramp() -> Image.Image:
    return Image.linear_gradient("L").rotate(90).resize((800, 400))


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.tif"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_thumbnail_is_the_whole_picture(ramp: Image.Image, tmp_path: Path, name: str, mode: str) -> None:
    path = tmp_path / name
    ramp.convert(mode).save(path)
    small = read_thumbnail(path, 96)
    assert small.shape == (48, 96)
    assert small.dtype == np.uint8
    whole = Image.fromarray(read_radiograph(path).rendering).resize((96, 48), Image.Resampling.BOX)
    assert np.abs(small.astype(int) - np.asarray(whole).astype(int)).max() <= 6


def test_a_printed_jpeg_is_converted(ramp: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    ramp.convert("CMYK").save(path)
    small = read_thumbnail(path, 96)
    whole = Image.fromarray(read_radiograph(path).rendering).resize((96, 48), Image.Resampling.BOX)
    assert np.abs(small.astype(int) - np.asarray(whole).astype(int)).max() <= 6


def test_a_turned_jpeg_stands_upright(ramp: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    ramp.save(path, exif=exif)
    assert read_thumbnail(path, 96).shape == (96, 48)


def test_a_small_picture_is_not_enlarged(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.new("L", (40, 30)).save(path)
    assert read_thumbnail(path, 96).shape == (30, 40)


def test_a_jpeg_is_not_decoded_in_full(
    ramp: Image.Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jpg"
    ramp.save(path)
    loaded = []
    load = Image.Image.load

    def note(image: Image.Image) -> object:
        loaded.append(image.size)
        return load(image)

    monkeypatch.setattr(Image.Image, "load", note)
    read_thumbnail(path, 96)
    assert max(loaded) == (100, 50)


@pytest.mark.parametrize("content", [b"", b"no image", b"\xff\xd8\xff\xe0 broken"])
def test_what_cannot_be_read_says_why(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(ReadError):
        read_thumbnail(path, 96)


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no longer there"):
        read_thumbnail(tmp_path / "a.jpg", 96)
