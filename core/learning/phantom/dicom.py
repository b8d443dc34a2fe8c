"""A phantom as a DICOM file: DX or CR, 12 bit, plainly marked as synthetic."""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from core.learning.phantom.finding import Phantom
from core.learning.phantom.marks import SYNTHETIC

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_MAGNIFICATION = 1.10


class Compression(StrEnum):
    """Transfer syntax of the pixel data, by its UID."""

    NONE = "1.2.840.10008.1.2.1"
    RLE = "1.2.840.10008.1.2.5"
    JPEG_LS = "1.2.840.10008.1.2.4.80"
    JPEG_2000 = "1.2.840.10008.1.2.4.90"


@dataclass(frozen=True, slots=True)
class DicomForm:
    """How a phantom is stored.

    Attributes
    ----------
    modality : str
        ``DX`` (Digital X-Ray Image Storage, for presentation) or ``CR``.
    inverted : bool
        True for MONOCHROME1 (low values are bright).
    """

    modality: str
    inverted: bool
    compression: Compression


def encode_dicom(image: NDArray[np.uint16], phantom: Phantom, number: int, form: DicomForm) -> bytes:
    """Return an image as the bytes of a DICOM file; the same arguments give the same bytes.

    Parameters
    ----------
    image : ndarray of uint16, shape (H, W)
        Grey values over 0..65535, dense is bright; kept to 12 bits.
    phantom : Phantom
        Where age, spacing and seed come from. What it shows is not written.
    number : int
        Number of the made-up patient.
    """
    from pydicom.dataset import FileMetaDataset
    from pydicom.filewriter import dcmwrite
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    # The usable range of a detector ends before the 12 bits do; the window leads back to 0..255.
    stored = np.round(image.astype(np.float64) / 65535 * 3600 + 200).astype(np.uint16)
    if form.inverted:
        stored = 4095 - stored
    dataset = _describe(phantom, number, form)
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=[SYNTHETIC, str(number), str(phantom.seed), "image"])
    dataset.WindowCenter = "2095.5" if form.inverted else "2000.5"
    dataset.WindowWidth = "3601"
    dataset.Rows, dataset.Columns = (int(n) for n in stored.shape)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = generate_uid(entropy_srcs=["DeepPneumo", SYNTHETIC])
    meta.ImplementationVersionName = "DEEPPNEUMO"
    dataset.file_meta = meta
    _add_pixels(dataset, stored, form.compression)
    stream = io.BytesIO()
    dcmwrite(stream, dataset, enforce_file_format=True)
    return stream.getvalue()


def _add_pixels(dataset: Dataset, stored: NDArray[np.uint16], compression: Compression) -> None:
    """Put the pixels into a data set in the transfer syntax wanted."""
    import imagecodecs
    from pydicom.encaps import encapsulate
    from pydicom.uid import UID

    dataset.PixelData = stored.astype("<u2").tobytes()
    dataset["PixelData"].VR = "OW"
    if compression is Compression.RLE:
        dataset.compress(compression.value, encoding_plugin="pydicom", generate_instance_uid=False)
    elif compression is not Compression.NONE:
        if compression is Compression.JPEG_LS:
            coded = imagecodecs.jpegls_encode(stored)
        else:
            coded = imagecodecs.jpeg2k_encode(
                stored, codecformat="J2K", reversible=True, bitspersample=12, numthreads=1
            )
        dataset.PixelData = encapsulate([bytes(coded)])
        dataset["PixelData"].is_undefined_length = True
        dataset["PixelData"].VR = "OB"
        dataset.file_meta.TransferSyntaxUID = UID(compression.value)


def _describe(phantom: Phantom, number: int, form: DicomForm) -> Dataset:
    """Return patient, study, series and image attributes without pixels."""
    from pydicom.dataset import Dataset
    from pydicom.uid import (
        ComputedRadiographyImageStorage,
        DigitalXRayImageStorageForPresentation,
        generate_uid,
    )

    digital = form.modality == "DX"
    dataset = Dataset()
    dataset.SOPClassUID = (
        DigitalXRayImageStorageForPresentation if digital else ComputedRadiographyImageStorage
    )
    for level in ("Study", "Series"):
        uid = generate_uid(entropy_srcs=[SYNTHETIC, str(number), str(phantom.seed), level])
        setattr(dataset, f"{level}InstanceUID", uid)
    dataset.PatientName = f"{SYNTHETIC}^PHANTOM {number:02d}"
    dataset.PatientID = f"{SYNTHETIC}-{number:02d}"
    dataset.PatientAge = f"{int(phantom.age_years):03d}Y"
    dataset.PatientComments = "Synthetic phantom, no patient"
    dataset.ImageComments = "Synthetic phantom, computed, no patient. Education and research only."
    for keyword in ("PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "AccessionNumber"):
        setattr(dataset, keyword, "")
    dataset.ReferringPhysicianName = ""
    dataset.StudyID, dataset.SeriesNumber, dataset.InstanceNumber = str(number), "1", "1"
    dataset.Modality = form.modality
    dataset.Manufacturer = "DeepPneumo (synthetic)"
    dataset.StudyDescription = "SYNTHETIC chest phantom"
    dataset.BodyPartExamined, dataset.ViewPosition = "CHEST", "AP"
    dataset.PatientOrientation = ["L", "F"]
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.DerivationDescription = "Computed from a mathematical model"
    dataset.BurnedInAnnotation = "NO"
    dataset.SamplesPerPixel, dataset.PixelRepresentation = 1, 0
    dataset.PhotometricInterpretation = "MONOCHROME1" if form.inverted else "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 12, 11
    spacing = phantom.pixel_spacing_mm
    dataset.PixelSpacing = [f"{spacing:.4f}"] * 2
    dataset.PixelSpacingCalibrationType = "GEOMETRY"
    dataset.ImagerPixelSpacing = [f"{spacing * _MAGNIFICATION:.4f}"] * 2
    dataset.EstimatedRadiographicMagnificationFactor = f"{_MAGNIFICATION:.2f}"
    if digital:
        dataset.PresentationIntentType = "FOR PRESENTATION"
        dataset.PresentationLUTShape = "INVERSE" if form.inverted else "IDENTITY"
        dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "US"
        dataset.PixelIntensityRelationship = "LOG"
        dataset.PixelIntensityRelationshipSign = 1 if form.inverted else -1
        dataset.ImageLaterality = "U"
        dataset.LossyImageCompression = "00"
    return dataset
