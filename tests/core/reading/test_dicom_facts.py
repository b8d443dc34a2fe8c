"""What a DICOM file says of its image, and what must not leave it."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from core.errors import ReadError
from core.reading import PixelSpacing, Radiograph, SpacingKind, read_radiograph
from tests.core.reading import dicom_writer as dw

IMAGE = np.arange(256, dtype=np.uint8).reshape(16, 16)


def read(**attributes: Any) -> Radiograph:
    return read_radiograph(dw.dicom_bytes(IMAGE, **attributes))


def test_detector_spacing_is_labelled() -> None:
    radiograph = read(ImagerPixelSpacing=[0.15, 0.14])
    assert radiograph.spacing == PixelSpacing(0.15, 0.14, SpacingKind.DETECTOR)
    assert any("measured at detector" in note for note in radiograph.notes)


def test_patient_spacing_that_differs_from_the_detector_is_corrected() -> None:
    radiograph = read(ImagerPixelSpacing=[0.15, 0.15], PixelSpacing=[0.13, 0.13])
    assert radiograph.spacing == PixelSpacing(0.13, 0.13, SpacingKind.PATIENT)
    assert not any("detector" in note for note in radiograph.notes)


def test_patient_spacing_that_repeats_the_detector_is_not_corrected() -> None:
    radiograph = read(ImagerPixelSpacing=[0.15, 0.15], PixelSpacing=[0.15, 0.15])
    assert radiograph.spacing == PixelSpacing(0.15, 0.15, SpacingKind.DETECTOR)


def test_lone_patient_spacing_of_a_projection_is_doubted() -> None:
    radiograph = read(PixelSpacing=[0.2, 0.2])
    assert radiograph.spacing == PixelSpacing(0.2, 0.2, SpacingKind.PATIENT)
    assert any("magnification" in note for note in radiograph.notes)
    assert not any("magnification" in note for note in read(PixelSpacing=[0.2, 0.2], Modality="CT").notes)


@pytest.mark.parametrize("spacing", [[0, 0], [-0.2, 0.2], [0.2], None])
def test_impossible_spacing_is_no_spacing(spacing: Any) -> None:
    assert read(PixelSpacing=spacing).spacing is None


def test_projection_and_body_part() -> None:
    radiograph = read(ViewPosition="AP", BodyPartExamined="CHEST")
    assert (radiograph.projection, radiograph.body_part) == ("AP", "CHEST")
    assert (read().projection, read().body_part) == (None, None)


def test_free_text_in_a_code_is_not_passed_on() -> None:
    assert read(BodyPartExamined="Chest of Jane Q. Public, born 2019").body_part is None


@pytest.mark.parametrize(
    ("text", "years"),
    [("004Y", 4.0), ("018M", 1.5), ("026W", 0.498), ("010D", 0.0274), ("4 years", None), ("", None)],
)
def test_age(text: str, years: float | None) -> None:
    age = read(PatientAge=text).age_years
    assert age == (None if years is None else pytest.approx(years, abs=1e-3))


def test_further_notes() -> None:
    notes = " ".join(
        read(
            LossyImageCompression="01", PresentationIntentType="FOR PROCESSING", BurnedInAnnotation="YES"
        ).notes
    )
    assert "loss" in notes
    assert "Raw detector image" in notes
    assert "burnt into the image" in notes


def test_names_and_identifiers_stay_in_the_file() -> None:
    radiograph = read(
        PatientName="Secret^Patient", PatientID="ID-4711", StudyDate="20200102", PatientAge="003Y"
    )
    text = repr([getattr(radiograph, field.name) for field in dataclasses.fields(radiograph)])
    assert "Secret" not in text
    assert "4711" not in text
    assert "20200102" not in text


def test_names_stay_out_of_errors(caplog: pytest.LogCaptureFixture) -> None:
    header = dw.build(IMAGE, PatientName="Secret^Patient", PatientID="ID-4711", Rows=15)
    header.PixelData = b"\0" * 16
    with caplog.at_level("DEBUG"), pytest.raises(ReadError) as caught:
        read_radiograph(dw.to_bytes(header), name="case.dcm")
    assert "Secret" not in str(caught.value)
    assert "4711" not in str(caught.value)
    assert "Secret" not in caplog.text


def test_malformed_values_do_not_keep_an_image_from_being_read() -> None:
    data = dw.dicom_bytes(
        IMAGE, PatientAge="004Y", PixelSpacing=["0.1", "0.2"], WindowCenter="128", WindowWidth="256"
    )
    broken = data.replace(b"0.1\\0.2 ", b"a.b\\x,y ").replace(b"128 ", b"1,28")
    assert broken != data
    radiograph = read_radiograph(broken)
    assert radiograph.spacing is None
    np.testing.assert_array_equal(radiograph.rendering, IMAGE)
