"""A folder of phantoms in the layout and with the file names of Kaggle's `chest_xray`."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.files import atomic_write
from core.learning.phantom.finding import Finding, Phantom
from core.learning.phantom.phantom import make_phantom

COMMENT: Final = b"SYNTHETIC phantom - no patient"
_SHARES: Final = {Finding.NORMAL: 0.34, Finding.BACTERIAL: 0.36, Finding.VIRAL: 0.30}
_PARTS: Final = (("train", 0.75), ("test", 0.25))


def encode_jpeg(grey: NDArray[np.uint8], quality: int = 90) -> bytes:
    """Return an 8-bit grey image (H, W) as a JPEG that says it is synthetic."""
    stream = io.BytesIO()
    Image.fromarray(grey).save(stream, "JPEG", quality=quality, comment=COMMENT)
    return stream.getvalue()


def to_grey8(phantom: Phantom) -> NDArray[np.uint8]:
    """Return a phantom's image as uint8 (H, W)."""
    return np.round(phantom.image.astype(np.float32) / np.float32(257)).astype(np.uint8)


def write_dataset(
    folder: str | os.PathLike[str], count: int, seed: int, *, size: int = 128, quality: int = 90
) -> list[Path]:
    """Write phantoms as ``{train,test}/{NORMAL,PNEUMONIA}/`` with the original's file names.

    A patient (``IM-0001``, ``person1_bacteria``, ``person2_virus``) has one to three images, exposures of
    the same child and disease, and lies in one part only. Each part holds every class.

    Parameters
    ----------
    folder : path
        Made if need be. Files of the same name are replaced.
    count : int
        Number of images, at least 12.
    seed : int
        Not negative; the same seed writes the same files.
    size : int
        Width of the images in pixels.
    quality : int
        JPEG quality, the same for every class.

    Returns
    -------
    list of Path
        The files written, in a fixed order.

    Raises
    ------
    ValueError
        If `count` is below 12.
    """
    if count < 12:
        raise ValueError(f"count must be at least 12, got {count}")
    rng = np.random.default_rng(np.random.SeedSequence([seed, 1]))
    written: list[Path] = []
    number = 0
    for part, finding, images in _plan(count):
        left = images
        while left > 0:
            number += 1
            take = min(int(rng.choice([1, 2, 3], p=[0.6, 0.25, 0.15])), left)
            child = int(rng.integers(2**31))
            for image in range(1, take + 1):
                path = Path(folder) / part / _name(finding, number, image)
                path.parent.mkdir(parents=True, exist_ok=True)
                phantom = make_phantom(child, finding, size=size, view=image - 1)
                with atomic_write(path) as stream:
                    stream.write(encode_jpeg(to_grey8(phantom), quality))
                written.append(path)
            left -= take
    return written


def _plan(count: int) -> list[tuple[str, Finding, int]]:
    """Return how many images of each finding go to each part; together `count`."""
    in_test = max(round(count * _PARTS[1][1]), 3)
    plan = []
    for part, total in ((_PARTS[0][0], count - in_test), (_PARTS[1][0], in_test)):
        bacterial = max(round(total * _SHARES[Finding.BACTERIAL]), 1)
        viral = max(round(total * _SHARES[Finding.VIRAL]), 1)
        plan.append((part, Finding.NORMAL, total - bacterial - viral))
        plan.append((part, Finding.BACTERIAL, bacterial))
        plan.append((part, Finding.VIRAL, viral))
    return plan


def _name(finding: Finding, patient: int, image: int) -> str:
    """Return class folder and file name as in the original set."""
    if finding is Finding.NORMAL:
        return f"NORMAL/IM-{patient:04d}-{image:04d}.jpeg"
    kind = "bacteria" if finding is Finding.BACTERIAL else "virus"
    # The original numbers a patient's images on across all patients; what counts is that names differ.
    return f"PNEUMONIA/person{patient}_{kind}_{patient * 3 + image - 3}.jpeg"
