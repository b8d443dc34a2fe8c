import json
from pathlib import Path

import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.uid import ComputedRadiographyImageStorage, DigitalXRayImageStorageForPresentation

import resources
from core.learning.phantom import burn_label
from core.reading import read_radiograph
from training.make_samples import PLAN, write_samples

SHIPPED = Path(resources.__file__).parent / "samples"
SCALE = 0.12


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return write_samples(tmp_path_factory.mktemp("samples"), scale=SCALE)


def truth(folder):
    return json.loads((folder / "samples.json").read_text())


def shown(path):
    """Return what the program shows, in 0..1, dense bright."""
    return read_radiograph(path).rendering / 255


def test_writing_again_gives_the_same_bytes(samples, tmp_path):
    plan = PLAN[:5]
    again = write_samples(tmp_path, plan=plan, scale=SCALE)
    for path in again[:-1]:
        assert path.read_bytes() == (samples[0].parent / path.name).read_bytes()


@pytest.mark.parametrize("folder", ["small", "shipped"])
def test_the_truth_covers_exactly_the_files(samples, folder):
    where = samples[0].parent if folder == "small" else SHIPPED
    record = truth(where)
    assert "synthetic" in record["statement"]
    assert record["licence"]
    files = {path.name for path in where.iterdir() if path.name.startswith("synthetic-")}
    assert {entry["file"] for entry in record["samples"]} == files
    assert len(files) == len(record["samples"]) == len(PLAN)
    for entry, sample in zip(record["samples"], PLAN, strict=True):
        assert entry["synthetic"] is True
        assert (entry["seed"], entry["finding"], entry["pattern"]) == (
            sample.seed,
            sample.finding,
            sample.pattern,
        )
        assert (entry["box"] is None) == (entry["finding"] == "normal")
        assert entry["label"] == ("normal" if entry["finding"] == "normal" else "pneumonia")


def test_names_do_not_betray_the_label(samples):
    for path in samples[:-1]:
        assert not any(word in path.name for word in ("normal", "bacter", "vir", "pneum", "lobar"))
    per_format = {
        suffix: {s.finding for s in PLAN if s.suffix == suffix} for suffix in (".jpg", ".png", ".dcm")
    }
    assert all("normal" in findings and len(findings) > 1 for findings in per_format.values())


def test_the_samples_are_a_dozen_of_all_kinds_and_small():
    findings = [sample.finding for sample in PLAN]
    assert {finding: findings.count(finding) for finding in findings} == dict.fromkeys(set(findings), 4)
    assert {sample.suffix for sample in PLAN} == {".jpg", ".png", ".dcm"}
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) < 8.5e6
    assert all(900 <= sample.width <= 1500 for sample in PLAN)


def test_synthetic_is_burnt_into_every_shipped_image():
    for entry in truth(SHIPPED)["samples"]:
        grey = shown(SHIPPED / entry["file"])
        assert grey.shape == (entry["height"], entry["width"])
        stencil = burn_label(np.full(grey.shape, 0.5, np.float32))
        letters, rim = stencil > 0.97, stencil < 0.03
        assert letters.sum() > 300
        assert grey[letters].mean() > 0.95
        assert grey[letters].mean() - grey[rim].mean() > 0.7


def test_metadata_say_synthetic(samples):
    for path in samples[:-1]:
        if path.suffix == ".jpg":
            with Image.open(path) as image:
                assert b"SYNTHETIC" in image.info["comment"]
        elif path.suffix == ".png":
            with Image.open(path) as image:
                assert "SYNTHETIC" in image.info["Title"]
                assert np.asarray(image).dtype == np.uint16
                assert np.asarray(image).max() > 255
        else:
            dataset = pydicom.dcmread(path)
            assert str(dataset.PatientName).startswith("SYNTHETIC")
            assert dataset.PatientID.startswith("SYNTHETIC")


def test_dicom_files_are_proper_chest_radiographs(samples):
    files = [pydicom.dcmread(path) for path in samples if path.suffix == ".dcm"]
    classes = {
        "DX": DigitalXRayImageStorageForPresentation,
        "CR": ComputedRadiographyImageStorage,
    }
    for dataset in files:
        assert dataset.SOPClassUID == classes[dataset.Modality]
        assert dataset.file_meta.MediaStorageSOPInstanceUID == dataset.SOPInstanceUID
        assert (dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit) == (16, 12, 11)
        assert dataset.ViewPosition == "AP"
        assert dataset.BodyPartExamined == "CHEST"
        assert 0 < dataset.PixelSpacing[0] < dataset.ImagerPixelSpacing[0] < 3
        assert dataset.PatientBirthDate == ""
        assert dataset.PatientAge[-1] == "Y"
    assert {dataset.Modality for dataset in files} == {"DX", "CR"}
    assert {dataset.PhotometricInterpretation for dataset in files} == {"MONOCHROME1", "MONOCHROME2"}
    syntaxes = {dataset.file_meta.TransferSyntaxUID.name for dataset in files}
    assert len(syntaxes) == 4
    assert len({dataset.SOPInstanceUID for dataset in files}) == len(files)


def test_dicom_rendering_has_the_background_dark(samples):
    """MONOCHROME1 files are inverted in the file and right side up once read."""
    for path in samples:
        if path.suffix == ".dcm":
            grey = shown(path)
            middle = grey[grey.shape[0] // 2 :, grey.shape[1] * 2 // 5 : grey.shape[1] * 3 // 5]
            assert np.median(middle) > 0.6
