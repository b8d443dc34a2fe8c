"""Write the synthetic samples that come with the program: ``python -m training.make_samples``."""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, PngImagePlugin

from core.files import atomic_write
from core.learning.phantom import Finding, Pattern, Phantom, burn_label, encode_jpeg, make_phantom
from core.learning.phantom.dicom import Compression, DicomForm, encode_dicom

SAMPLES: Final = Path(__file__).resolve().parent.parent / "resources" / "samples"
STATEMENT: Final = (
    "These radiographs are synthetic. They were computed from a mathematical model of a child's chest; "
    "no patient was imaged and none is depicted. Education and research only - not for diagnosis."
)
LICENCE: Final = "MIT, like the program"


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: the phantom and how its file is written (suffix, and the form of a DICOM file)."""

    seed: int
    pattern: Pattern
    width: int
    suffix: str
    form: DicomForm | None = None

    @property
    def finding(self) -> Finding:
        """Class that the pattern belongs to."""
        if self.pattern is Pattern.NONE:
            return Finding.NORMAL
        return Finding.VIRAL if self.pattern is Pattern.INTERSTITIAL else Finding.BACTERIAL


# The formats take turns, so that neither order nor file type gives the finding away.
PLAN: Final = (
    Sample(4102, Pattern.LOBAR, 1320, ".jpg"),
    Sample(4117, Pattern.NONE, 1000, ".dcm", DicomForm("DX", False, Compression.JPEG_2000)),
    Sample(4123, Pattern.INTERSTITIAL, 1024, ".png"),
    Sample(4131, Pattern.NONE, 1400, ".jpg"),
    Sample(4146, Pattern.INTERSTITIAL, 900, ".dcm", DicomForm("CR", True, Compression.RLE)),
    Sample(4158, Pattern.ROUND, 1200, ".jpg"),
    Sample(4160, Pattern.SEGMENTAL, 1040, ".dcm", DicomForm("CR", True, Compression.JPEG_LS)),
    Sample(4174, Pattern.NONE, 1024, ".png"),
    Sample(4188, Pattern.INTERSTITIAL, 1500, ".jpg"),
    Sample(4195, Pattern.PATCHY, 900, ".dcm", DicomForm("DX", False, Compression.NONE)),
    Sample(4203, Pattern.NONE, 1240, ".jpg"),
    Sample(4211, Pattern.INTERSTITIAL, 1100, ".jpg"),
)


def _encode_png(image: NDArray[np.uint16]) -> bytes:
    """Return a 16-bit PNG that says it is synthetic; 12 bits carry all there is above the noise."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Title", "SYNTHETIC chest phantom")
    notes.add_text("Description", STATEMENT)
    stream = io.BytesIO()
    Image.fromarray(image & np.uint16(0xFFF0)).save(stream, "PNG", pnginfo=notes, optimize=True)
    return stream.getvalue()


def encode(sample: Sample, phantom: Phantom, number: int) -> bytes:
    """Return the bytes of a sample's file, with the word SYNTHETIC burnt into the image."""
    grey = burn_label(phantom.image.astype(np.float32) / np.float32(65535))
    if sample.suffix == ".jpg":
        return encode_jpeg(np.round(grey * 255).astype(np.uint8), quality=92)
    image = np.round(grey * 65535).astype(np.uint16)
    if sample.form is None:
        return _encode_png(image)
    return encode_dicom(image, phantom, number, sample.form)


def _box(phantom: Phantom) -> list[int] | None:
    """Return left, top, right, bottom (pixels, ends excluded) of the disease; None without."""
    rows, columns = np.nonzero(phantom.lesion_mask)
    if rows.size == 0:
        return None
    return [int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1]


def write_samples(folder: Path, *, plan: Sequence[Sample] = PLAN, scale: float = 1.0) -> list[Path]:
    """Write the samples and `samples.json`, which holds the truth about each.

    Parameters
    ----------
    folder : Path
        Made if need be. Files of the same name are replaced.
    scale : float
        Factor on the samples' widths; below 1 for a quick look.

    Returns
    -------
    list of Path
        The images, then `samples.json`. Running again writes the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, Any]] = []
    written: list[Path] = []
    for number, sample in enumerate(plan, start=1):
        width = max(round(sample.width * scale), 64)
        phantom = make_phantom(sample.seed, sample.finding, size=width, pattern=sample.pattern)
        path = folder / f"synthetic-{number:02d}{sample.suffix}"
        with atomic_write(path) as stream:
            stream.write(encode(sample, phantom, number))
        written.append(path)
        entries.append(
            {
                "file": path.name,
                "finding": phantom.finding.value,
                "label": "normal" if phantom.finding is Finding.NORMAL else "pneumonia",
                "pattern": phantom.pattern.value,
                "effusion": phantom.effusion,
                "box": _box(phantom),
                "age_years": phantom.age_years,
                "projection": "AP",
                "pixel_spacing_mm": phantom.pixel_spacing_mm,
                "width": int(phantom.image.shape[1]),
                "height": int(phantom.image.shape[0]),
                "seed": phantom.seed,
                "synthetic": True,
            }
        )
    truth = {
        "statement": STATEMENT,
        "licence": LICENCE,
        "made_by": "training/make_samples.py",
        "samples": entries,
    }
    with atomic_write(folder / "samples.json") as stream:
        stream.write((json.dumps(truth, indent=2) + "\n").encode())
    return [*written, folder / "samples.json"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the samples into `resources/samples` or the folder given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SAMPLES, help="folder (default: resources/samples)")
    given = parser.parse_args(arguments)
    paths = write_samples(given.out)
    size = sum(path.stat().st_size for path in paths) / 1e6
    print(f"{len(paths) - 1} samples, {size:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
