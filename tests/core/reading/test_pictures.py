"""JPEG, PNG, TIFF, BMP and WebP in all their modes."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.errors import FrameError, ImageTooLargeError, NotAnImageError, TruncatedFileError
from core.reading import read_radiograph, render
from core.reading.pillow_array import grey_array

GREY = np.add.outer(np.arange(30) * 4, np.arange(40) * 3).astype(np.uint8)
WORDS = (GREY.astype(np.uint16) << 8) | 0x21


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("BMP", {}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_grey_is_its_own_rendering(kind: str, options: dict[str, Any], tmp_path: Path) -> None:
    data = saved(Image.fromarray(GREY), kind, **options)
    misnamed = tmp_path / "picture.dcm"
    misnamed.write_bytes(data)
    for source in (data, misnamed, str(misnamed)):
        radiograph = read_radiograph(source)
        assert radiograph.shape == (30, 40)
        np.testing.assert_array_equal(radiograph.pixels, GREY)
        np.testing.assert_array_equal(radiograph.rendering, GREY)
        np.testing.assert_array_equal(render(radiograph, radiograph.window), GREY)
        assert (radiograph.notes, radiograph.colour, radiograph.inverted) == ((), False, False)


def test_jpeg_is_what_pillow_decodes() -> None:
    data = saved(Image.fromarray(GREY), "JPEG", quality=80)
    np.testing.assert_array_equal(read_radiograph(data).pixels, np.asarray(Image.open(io.BytesIO(data))))


@pytest.mark.parametrize("size", [(1, 1), (39, 7), (2000, 1999), (5000, 4001)])
def test_lent_memory_is_the_image(size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, size[::-1], dtype=np.uint8)
    array = grey_array(Image.fromarray(pixels).copy())
    np.testing.assert_array_equal(array, pixels)
    assert not array.flags.writeable


def test_lent_memory_outlives_the_image() -> None:
    arrays = [grey_array(Image.new("L", (512, 512), value)) for value in range(20)]
    assert [int(array.max()) for array in arrays] == list(range(20))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits(kind: str) -> None:
    radiograph = read_radiograph(saved(Image.fromarray(WORDS), kind))
    assert radiograph.pixels.dtype == np.uint16
    np.testing.assert_array_equal(radiograph.pixels, WORDS)
    # 65535 / 255 is 257 exactly.
    np.testing.assert_array_equal(radiograph.rendering, np.floor(WORDS / 257 + 0.5))
    np.testing.assert_array_equal(render(radiograph, radiograph.window), radiograph.rendering)


def test_big_endian_tiff_of_sixteen_bits() -> None:
    data = saved(Image.frombytes("I;16B", (40, 30), WORDS.astype(">u2").tobytes()), "TIFF")
    np.testing.assert_array_equal(read_radiograph(data).pixels, WORDS)


def test_twelve_bits_in_sixteen_are_not_shown_black() -> None:
    words = np.array([[0, 1024, 4095]], np.uint16)
    radiograph = read_radiograph(saved(Image.fromarray(words), "PNG"))
    assert radiograph.rendering.tolist() == [[0, 64, 255]]
    assert "12 of its 16 bits" in radiograph.notes[0]


@pytest.mark.parametrize("bits", [8, 16])
def test_tiff_in_which_white_is_zero(bits: int) -> None:
    pixels = GREY if bits == 8 else WORDS
    data = saved(Image.fromarray(pixels), "TIFF", tiffinfo={262: 0})
    stored = 255 - np.asarray(Image.open(io.BytesIO(data))) if bits == 8 else WORDS
    radiograph = read_radiograph(data)
    expected = 255 - stored if bits == 8 else 255 - np.floor(stored / 257 + 0.5)
    np.testing.assert_array_equal(radiograph.rendering, expected)
    np.testing.assert_array_equal(render(radiograph, radiograph.window), radiograph.rendering)


def test_floating_point_tiff() -> None:
    numbers = np.array([[-1.0, 0.0, 3.0, np.nan, np.inf]], np.float32)
    radiograph = read_radiograph(saved(Image.fromarray(numbers), "TIFF"))
    assert radiograph.rendering.tolist() == [[0, 64, 255, 0, 255]]
    assert "range of its values" in radiograph.notes[0]


def test_pages_of_a_tiff() -> None:
    pages = [Image.fromarray(np.full((5, 6), value, np.uint8)) for value in (10, 20, 30)]
    data = saved(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    for index, value in enumerate((10, 20, 30)):
        radiograph = read_radiograph(data, frame=index)
        assert (radiograph.frame, radiograph.frame_count) == (index, 3)
        assert (radiograph.pixels == value).all()
    for index in (-1, 3):
        with pytest.raises(FrameError, match="3 pages"):
            read_radiograph(data, frame=index)


def test_picture_has_one_frame() -> None:
    with pytest.raises(FrameError, match="only one image"):
        read_radiograph(saved(Image.fromarray(GREY), "PNG"), frame=1)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_orientation_is_applied(kind: str, orientation: int) -> None:
    # A bright corner block: where it ends up tells the eight orientations apart, with an uneven shape.
    corner = np.zeros((32, 48), np.uint8)
    corner[:8, :16] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    if kind == "TIFF":
        data = saved(Image.fromarray(corner), kind, tiffinfo={0x0112: orientation})
    else:
        data = saved(Image.fromarray(corner), kind, exif=exif, **options)
    turned = {
        1: corner, 2: corner[:, ::-1], 3: corner[::-1, ::-1], 4: corner[::-1], 5: corner.T,
        6: corner.T[:, ::-1], 7: corner.T[::-1, ::-1], 8: corner.T[::-1],
    }[orientation]  # fmt: skip
    rendering = read_radiograph(data).rendering
    assert rendering.shape == turned.shape
    assert np.abs(rendering.astype(int) - turned).max() <= 4


def test_sixteen_bits_are_turned_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(Image.fromarray(WORDS), "PNG", exif=exif)
    np.testing.assert_array_equal(read_radiograph(data).pixels, WORDS.T[:, ::-1])


def test_damaged_exif_does_not_matter() -> None:
    data = saved(Image.fromarray(GREY), "PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\x7f\0\0")
    np.testing.assert_array_equal(read_radiograph(data).pixels, GREY)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_transparency_is_laid_on_black(mode: str) -> None:
    image = Image.fromarray(np.full((4, 6), 200, np.uint8)).convert(mode)
    alpha = Image.fromarray(np.array([[0, 128, 255, 255, 255, 255]] * 4, np.uint8))
    image.putalpha(alpha)
    radiograph = read_radiograph(saved(image, "PNG"))
    assert radiograph.rendering[0].tolist() == [0, 100, 200, 200, 200, 200]
    assert "shown black" in radiograph.notes[0]
    assert not radiograph.colour


def test_alpha_that_hides_nothing_is_not_noted() -> None:
    radiograph = read_radiograph(saved(Image.fromarray(GREY).convert("RGBA"), "PNG"))
    np.testing.assert_array_equal(radiograph.rendering, GREY)
    assert radiograph.notes == ()


def test_one_transparent_grey() -> None:
    data = saved(Image.fromarray(np.array([[7, 9]], np.uint8)), "PNG", transparency=9)
    assert read_radiograph(data).rendering.tolist() == [[7, 0]]
    data = saved(Image.fromarray(np.array([[700, 65535]], np.uint16)), "PNG", transparency=65535)
    assert read_radiograph(data).pixels.tolist() == [[700, 0]]


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_palette(kind: str) -> None:
    image = Image.fromarray((GREY // 16).astype(np.uint8)).convert("P")
    image.putpalette([value for index in range(16) for value in (index * 17,) * 3])
    radiograph = read_radiograph(saved(image, kind))
    np.testing.assert_array_equal(radiograph.rendering, GREY // 16 * 17)
    assert not radiograph.colour


def test_palette_with_transparency() -> None:
    image = Image.fromarray(np.array([[0, 1, 2]], np.uint8)).convert("P")
    image.putpalette([50, 50, 50, 90, 90, 90, 255, 255, 255])
    radiograph = read_radiograph(saved(image, "PNG", transparency=b"\xff\x00\xff"))
    assert radiograph.rendering.tolist() == [[50, 0, 255]]


def test_bilevel() -> None:
    bits = GREY > 100
    np.testing.assert_array_equal(read_radiograph(saved(Image.fromarray(bits), "PNG")).rendering, bits * 255)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_grey_in_colour_channels_is_no_colour_picture(kind: str) -> None:
    radiograph = read_radiograph(saved(Image.fromarray(GREY).convert("RGB"), kind))
    assert not radiograph.colour
    assert np.abs(radiograph.rendering.astype(int) - GREY).max() < 12


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_colour_picture_is_noted(kind: str) -> None:
    image = Image.new("RGB", (40, 30), (200, 60, 30))
    radiograph = read_radiograph(saved(image, kind))
    assert radiograph.colour
    assert any("Colour picture" in note for note in radiograph.notes)
    assert abs(int(radiograph.rendering[10, 10]) - 98) < 4  # 0.299 R + 0.587 G + 0.114 B


def test_a_faint_tint_makes_a_colour_picture() -> None:
    """As in a photograph of a film on its lightbox."""
    grey = np.tile(np.linspace(0, 220, 64).astype(np.uint8), (64, 1))
    tinted = np.rint(grey[..., np.newaxis] * np.array([1, 0.95, 0.9])).astype(np.uint8)
    assert read_radiograph(saved(Image.fromarray(tinted), "PNG")).colour


def test_a_small_coloured_marker_makes_no_colour_picture() -> None:
    image = Image.fromarray(np.full((200, 200), 90, np.uint8)).convert("RGB")
    image.paste((255, 0, 0), (0, 0, 15, 15))
    assert not read_radiograph(saved(image, "PNG")).colour


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_printing_colours(kind: str) -> None:
    data = saved(Image.fromarray(GREY).convert("RGB").convert("CMYK"), kind)
    radiograph = read_radiograph(data)
    assert np.abs(radiograph.rendering.astype(int) - GREY).max() < 12
    assert "CMYK" in radiograph.notes[0]
    assert not radiograph.colour


def test_lightness_of_lab() -> None:
    lab = Image.merge("LAB", [Image.fromarray(GREY), *[Image.new("L", (40, 30), 128)] * 2])
    radiograph = read_radiograph(saved(lab, "TIFF"))
    np.testing.assert_array_equal(radiograph.rendering, GREY)
    assert not radiograph.colour


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
def test_truncated_pictures(kind: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    data = saved(Image.fromarray(noise), kind)
    with pytest.raises((TruncatedFileError, NotAnImageError)) as caught:
        read_radiograph(data[: int(len(data) * share)], name="child.png")
    assert caught.value.name == "child.png"
    assert caught.value.reason.endswith(".")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a" + bytes(50), "GIF"),
        (b"%PDF-1.7 ", "PDF"),
        (b"file,score\nBM,1\n", "not an image"),
        (b"BMI,age,name\n1,2,3\n", "not an image"),
        (bytes(5000), "not an image"),
        (b"\x89", "not an image"),
    ],
)
def test_what_is_no_image(content: bytes, words: str) -> None:
    with pytest.raises(NotAnImageError, match=words):
        read_radiograph(content)


def png_of_size(width: int, height: int, *chunks: tuple[bytes, bytes]) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    middle = b"".join(chunk(*pair) for pair in chunks)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + head + middle + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def huge(kind: str) -> bytes:
    if kind == "PNG":
        return png_of_size(30000, 30000)
    small = Image.fromarray(GREY)
    data = bytearray(saved(small, kind, **({"lossless": True} if kind == "WEBP" else {})))
    if kind == "BMP":
        data[18:26] = (30000).to_bytes(4, "little") * 2
    elif kind == "JPEG":
        place = data.index(b"\xff\xc0") + 5
        data[place : place + 4] = (30000).to_bytes(2, "big") * 2
    elif kind == "TIFF":
        for tag in (256, 257):
            place = _entry(data, tag)
            data[place + 2 : place + 4] = (4).to_bytes(2, "little")
            data[place + 8 : place + 12] = (30000).to_bytes(4, "little")
    else:
        # VP8L: fourteen bits each for width - 1 and height - 1
        data[21:25] = (16383 | 16383 << 14).to_bytes(4, "little")
    return bytes(data)


def _entry(data: bytearray, tag: int) -> int:
    start = int.from_bytes(data[4:8], "little") + 2
    while int.from_bytes(data[start : start + 2], "little") != tag:
        start += 12
    return start


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_huge_pictures_are_refused_from_their_header(kind: str) -> None:
    data = huge(kind)
    tracemalloc.start()
    try:
        with pytest.raises(ImageTooLargeError, match="too large"):
            read_radiograph(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 2**20


def test_picture_between_our_limit_and_pillows_is_refused_without_a_warning() -> None:
    with pytest.raises(ImageTooLargeError, match="10100 x 10000"):
        read_radiograph(png_of_size(10100, 10000))


def test_compressed_text_bomb() -> None:
    bomb = b"comment\0\0" + zlib.compress(bytes(64 * 2**20), 9)
    with pytest.raises(ImageTooLargeError, match="unfolds"):
        read_radiograph(png_of_size(10, 10, (b"zTXt", bomb)))


def test_pillows_warnings_stay_inside() -> None:
    # A 95 megapixel header makes Pillow warn; the file then ends too early.
    with pytest.raises(TruncatedFileError):
        read_radiograph(png_of_size(9700, 9800))
