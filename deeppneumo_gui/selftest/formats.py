"""One small file of every format and transfer syntax, all of which hold the same picture."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from deeppneumo_gui.selftest.check import CheckFailedError

FORMATS: Final = (
    "bmp.bmp",
    "dicom-big-endian.dcm",
    "dicom-deflated.dcm",
    "dicom-explicit.dcm",
    "dicom-htj2k-lossless-rpcl.dcm",
    "dicom-htj2k-lossless.dcm",
    "dicom-htj2k.dcm",
    "dicom-implicit.dcm",
    "dicom-jpeg-2000-lossless.dcm",
    "dicom-jpeg-2000.dcm",
    "dicom-jpeg-baseline.dcm",
    "dicom-jpeg-extended.dcm",
    "dicom-jpeg-lossless-sv1.dcm",
    "dicom-jpeg-lossless.dcm",
    "dicom-jpeg-ls-near.dcm",
    "dicom-jpeg-ls.dcm",
    "dicom-rle.dcm",
    "jpeg.jpg",
    "png-16.png",
    "png-8.png",
    "tiff-16.tif",
    "tiff-8.tif",
    "webp.webp",
)
"""Names of the files. What is not in the folder is missed, and not only what is."""

HEIGHT: Final = 48
WIDTH: Final = 64

TOLERANCE: Final = 1.0
"""Mean difference in grey values; lossy compression stays below 0.3."""


def reference_picture() -> NDArray[np.uint8]:
    """Return the picture in every file: smooth, from 0 to 255, and different in each of its corners.

    Returns
    -------
    ndarray of uint8, shape (48, 64)
    """
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    wave = np.sin(columns / 11.0 + 0.4) + 0.6 * np.cos(rows / 9.0) + columns / WIDTH + 0.5 * rows / HEIGHT
    scaled: NDArray[np.uint8] = np.rint((wave - wave.min()) / np.ptp(wave) * 255.0).astype(np.uint8)
    return scaled


def check_format(path: Path) -> str:
    """Read one file and hold its rendering against the picture.

    Returns
    -------
    str
        What was found.

    Raises
    ------
    ReadError
        When the file cannot be read.
    CheckFailedError
        When another picture came out.
    """
    from core.reading import read_radiograph

    rendering = read_radiograph(path).rendering
    if rendering.shape != (HEIGHT, WIDTH):
        height, width = rendering.shape
        raise CheckFailedError(
            f"{path.name} was read as {width} x {height} pixels instead of {WIDTH} x {HEIGHT}."
        )
    difference = float(np.abs(rendering.astype(np.float64) - reference_picture()).mean())
    if difference > TOLERANCE:
        raise CheckFailedError(
            f"{path.name} differs from its picture by {difference:.1f} grey values on average."
        )
    return f"{WIDTH} x {HEIGHT}, mean difference {difference:.2f}"
