"""Write `resources/formats`, the files that the self-test reads: ``python -m tests.packaging.make_formats``.

They are kept, not made by the self-test, because the packaged program carries no encoders.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core.files import atomic_write
from deeppneumo_gui.assets import asset
from deeppneumo_gui.selftest.formats import reference_picture
from tests.core.reading import dicom_writer as dicom

_DICOM = {
    "implicit": dicom.IMPLICIT,
    "explicit": dicom.EXPLICIT,
    "big-endian": dicom.BIG_ENDIAN,
    "deflated": dicom.DEFLATED,
    "rle": dicom.RLE,
    "jpeg-baseline": dicom.JPEG_BASELINE,
    "jpeg-extended": dicom.JPEG_EXTENDED,
    "jpeg-lossless": dicom.JPEG_LOSSLESS,
    "jpeg-lossless-sv1": dicom.JPEG_LOSSLESS_FIRST_ORDER,
    "jpeg-ls": dicom.JPEG_LS,
    "jpeg-ls-near": dicom.JPEG_LS_NEAR,
    "jpeg-2000": dicom.JPEG_2000,
    "jpeg-2000-lossless": dicom.JPEG_2000_LOSSLESS,
    "htj2k-lossless": dicom.HTJ2K_LOSSLESS,
    "htj2k-lossless-rpcl": "1.2.840.10008.1.2.4.202",
    "htj2k": "1.2.840.10008.1.2.4.203",
}


def format_files() -> dict[str, bytes]:
    """Return every file by its name."""
    grey = reference_picture()
    deep = grey.astype(np.uint16) * 257
    files = {
        "jpeg.jpg": _picture(Image.fromarray(grey), "JPEG", quality=95),
        "png-8.png": _picture(Image.fromarray(grey), "PNG"),
        "png-16.png": _picture(Image.fromarray(deep), "PNG"),
        "tiff-8.tif": _picture(Image.fromarray(grey), "TIFF", compression="tiff_lzw"),
        "tiff-16.tif": _picture(Image.fromarray(deep), "TIFF"),
        "bmp.bmp": _picture(Image.fromarray(grey), "BMP"),
        "webp.webp": _picture(Image.fromarray(grey), "WEBP", lossless=True),
    }
    return files | {f"dicom-{name}.dcm": _dicom(syntax) for name, syntax in _DICOM.items()}


def _picture(image: Image.Image, kind: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _dicom(syntax: str) -> bytes:
    grey = reference_picture()
    if syntax == dicom.JPEG_BASELINE:
        return dicom.dicom_bytes(grey, syntax=syntax)
    # 12 bits, as most detectors have, shown by a window over all of them.
    deep = grey.astype(np.uint16) * 16
    window = {
        "WindowCenter": 2040,
        "WindowWidth": 4080,
        "VOILUTFunction": "LINEAR_EXACT",
        "BitsAllocated": 16,
    }
    frames: Any = deep
    if syntax.startswith(dicom.HTJ2K_LOSSLESS[:-1]):
        frames = [dicom.encode(deep, dicom.HTJ2K_LOSSLESS, dicom.build(deep, bits_stored=12))]
    return dicom.dicom_bytes(frames, syntax=syntax, bits_stored=12, shape=deep.shape, **window)


def main() -> None:
    folder = Path(asset("formats"))
    folder.mkdir(exist_ok=True)
    for name, content in format_files().items():
        with atomic_write(folder / name) as stream:
            stream.write(content)


if __name__ == "__main__":
    main()
