"""What a DICOM file says about its image: spacing, projection, body part, age. Never who it shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.reading.dicom_attributes import Attributes
from core.reading.radiograph import PixelSpacing, SpacingKind

BURNT_IN: Final = "Text is burnt into the image; it may name the patient."
"""Noted where the file says so."""

_AGE: Final = re.compile(r"(\d{1,3})([DWMY])")
_YEARS: Final = {"D": 1 / 365.25, "W": 7 / 365.25, "M": 1 / 12, "Y": 1.0}
_PROJECTION_MODALITIES: Final = frozenset({"CR", "DX", "DR", "RF", "XA", "RG"})


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts for a `Radiograph`, and the notes that go with them."""

    spacing: PixelSpacing | None
    projection: str | None
    body_part: str | None
    age_years: float | None
    notes: tuple[str, ...]


def read_facts(attributes: Attributes) -> Facts:
    """Collect what is known of the image, leaving out everything that could name the patient."""
    spacing, notes = _spacing(attributes)
    if attributes.code("LossyImageCompression") == "01":
        notes.append("The image was compressed with some loss of detail.")
    if attributes.code("PresentationIntentType") == "FOR PROCESSING":
        notes.append("Raw detector image, not processed for reading; its contrast may look unusual.")
    if attributes.code("BurnedInAnnotation") == "YES":
        notes.append(BURNT_IN)
    return Facts(
        spacing=spacing,
        projection=attributes.code("ViewPosition"),
        body_part=attributes.code("BodyPartExamined"),
        age_years=_age(attributes),
        notes=tuple(notes),
    )


def _age(attributes: Attributes) -> float | None:
    match = _AGE.fullmatch(attributes.code("PatientAge") or "")
    return None if match is None else int(match[1]) * _YEARS[match[2]]


def _spacing(attributes: Attributes) -> tuple[PixelSpacing | None, list[str]]:
    """Pixel spacing by DICOM PS3.3 10.7.1.3.

    Where Pixel Spacing repeats Imager Pixel Spacing, nothing was corrected for magnification.
    """
    detector = _pair(attributes, "ImagerPixelSpacing") or _pair(attributes, "NominalScannedPixelSpacing")
    patient = _pair(attributes, "PixelSpacing")
    if patient is not None and (detector is None or patient != detector):
        notes = []
        calibrated = attributes.get("PixelSpacingCalibrationType") is not None
        projected = attributes.code("Modality") in _PROJECTION_MODALITIES
        if projected and detector is None and not calibrated:
            notes.append("The file does not say whether its pixel spacing was corrected for magnification.")
        return PixelSpacing(*patient, SpacingKind.PATIENT), notes
    if detector is not None:
        note = "Spacing measured at detector; lengths in the patient are somewhat smaller."
        return PixelSpacing(*detector, SpacingKind.DETECTOR), [note]
    return None, []


def _pair(attributes: Attributes, keyword: str) -> tuple[float, float] | None:
    numbers = attributes.numbers(keyword)
    if len(numbers) != 2 or min(numbers) <= 0.0:
        return None
    return numbers[0], numbers[1]
