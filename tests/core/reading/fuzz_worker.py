"""Reads mutated files in a process of its own; run as ``python -m ... SEED COUNT LIMIT_BYTES``.

Prints the number of each file before it is read, so that a crash tells which one it was, and a
summary as JSON at the end.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image
from pydicom.dataset import Dataset

from core.errors import ReadError
from core.reading import Radiograph, read_radiograph, render
from tests.core.reading import dicom_writer as dw
from tests.helpers.memory import peak_memory


def synthetic() -> np.ndarray:
    """A bright disc on a slope, 96 x 80 with values up to 4095."""
    rows, columns = np.mgrid[:96, :80]
    disc = (rows - 48) ** 2 + (columns - 30) ** 2 < 600
    noise = np.random.default_rng(0).integers(0, 60, (96, 80))
    return (rows * 20 + columns * 10 + disc * 1000 + noise).astype(np.uint16)


def originals() -> dict[str, bytes]:
    words = synthetic()
    grey = (words >> 4).astype(np.uint8)
    picture, colour = Image.fromarray(grey), Image.fromarray(grey).convert("RGB")
    clear = picture.copy()
    clear.putalpha(Image.fromarray(255 - grey))
    made: list[tuple[str, Image.Image, str, dict[str, object]]] = [
        ("jpeg", picture, "JPEG", {}),
        ("jpeg progressive", colour, "JPEG", {"progressive": True}),
        ("jpeg cmyk", colour.convert("CMYK"), "JPEG", {}),
        ("png", picture, "PNG", {}),
        ("png 16", Image.fromarray(words), "PNG", {}),
        ("png palette", picture.convert("P"), "PNG", {"transparency": 3}),
        ("png alpha", clear, "PNG", {}),
        ("tiff", picture, "TIFF", {}),
        ("tiff 16 lzw", Image.fromarray(words), "TIFF", {"compression": "tiff_lzw"}),
        ("tiff deflate", colour, "TIFF", {"compression": "tiff_adobe_deflate"}),
        ("tiff jpeg", colour, "TIFF", {"compression": "jpeg"}),
        ("tiff fax", picture.convert("1"), "TIFF", {"compression": "group4"}),
        ("tiff pages", picture, "TIFF", {"save_all": True, "append_images": [picture, colour]}),
        ("bmp", picture, "BMP", {}),
        ("webp", colour, "WEBP", {}),
        ("webp lossless", clear, "WEBP", {"lossless": True}),
    ]
    files = {}
    for name, image, kind, options in made:
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)
        files[name] = buffer.getvalue()
    for syntax in dw.EVERY:
        shallow = syntax == dw.JPEG_BASELINE
        image = grey if shallow else words
        files[f"dicom {syntax}"] = dw.dicom_bytes(
            image, syntax=syntax, bits_stored=8 if shallow else 12, WindowCenter=2000, WindowWidth=4000
        )
    rgb = np.asarray(colour)
    for syntax in (dw.EXPLICIT, dw.RLE, dw.JPEG_BASELINE, dw.JPEG_2000_LOSSLESS):
        files[f"dicom colour {syntax}"] = dw.dicom_bytes(rgb, syntax=syntax)
    files["dicom bare"] = dw.dicom_bytes(words, syntax=dw.IMPLICIT, bits_stored=12, preamble=False)
    shared = Dataset()
    voi = Dataset()
    voi.WindowCenter, voi.WindowWidth = 5, 10
    shared.FrameVOILUTSequence = [voi]
    files["dicom tables"] = dw.dicom_bytes(
        grey, PhotometricInterpretation="MONOCHROME1", PixelPaddingValue=3,
        ModalityLUTSequence=[dw.lut_item(0, list(range(256)))], VOILUTSequence=[dw.lut_item(0, list(range(256)), 8)],
        SharedFunctionalGroupsSequence=[shared],
    )  # fmt: skip
    return files


def mutate(data: bytes, random: np.random.Generator) -> bytes:
    """Truncate, flip bytes (headers more often), overwrite a run, or move a piece."""
    damaged = bytearray(data)
    reach = min(len(damaged), 1500) if random.random() < 0.5 else len(damaged)
    choice = random.integers(10)
    if choice < 3:
        return bytes(damaged[: random.integers(1, len(damaged))])
    if choice < 8:
        for _ in range(random.choice([1, 1, 1, 2, 4, 16])):
            damaged[random.integers(reach)] = random.choice(
                [0, 1, 0x7F, 0x80, 0xFE, 0xFF, *random.integers(0, 256, 6)]
            )
        return bytes(damaged)
    start, length = int(random.integers(reach)), int(random.integers(1, 12))
    if choice == 8:
        damaged[start : start + length] = bytes([random.choice([0, 0xFF])]) * length
    else:
        del damaged[start : start + length]
    return bytes(damaged)


def mutations(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    files = sorted(originals().items())
    random = np.random.default_rng(seed)
    for index in range(count):
        name, data = files[index % len(files)]
        yield name, mutate(data, random)


def main(seed: int, count: int, limit: int) -> None:
    warnings.simplefilter("error")
    prepared = list(mutations(seed, count))
    held = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + limit, held + limit))
    outcomes: dict[str, int] = {}
    slowest, slowest_name = 0.0, ""
    for index, (name, data) in enumerate(prepared):
        report(f"{index} {name}")
        start = time.perf_counter()
        try:
            radiograph = read_radiograph(data)
            check(radiograph)
            outcome = "read"
        except ReadError as error:
            outcome = type(error).__name__ if error.reason.endswith(".") else f"no sentence: {error.reason}"
        taken = time.perf_counter() - start
        if taken > slowest:
            slowest, slowest_name = taken, f"{index} {name}"
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    summary = {"outcomes": outcomes, "slowest": slowest, "which": slowest_name, "peak": peak_memory()}
    report(json.dumps(summary))


def report(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def check(radiograph: Radiograph) -> None:
    assert radiograph.pixels.dtype in (np.uint8, np.uint16)
    assert radiograph.rendering.dtype == np.uint8
    assert radiograph.pixels.shape == radiograph.rendering.shape
    assert radiograph.pixels.ndim == 2
    assert radiograph.window.width > 0
    render(radiograph, radiograph.window)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
