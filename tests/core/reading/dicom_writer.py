"""DICOM files made on the spot: an image, a transfer syntax, and any further attributes."""

from __future__ import annotations

import io
import warnings
from typing import Any

import imagecodecs
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders.base import EncodeRunner
from pydicom.pixels.encoders.native import _encode_frame  # the reference run-length encoder
from pydicom.uid import UID

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
RLE = "1.2.840.10008.1.2.5"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"
JPEG_EXTENDED = "1.2.840.10008.1.2.4.51"
JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57"
JPEG_LOSSLESS_FIRST_ORDER = "1.2.840.10008.1.2.4.70"
JPEG_LS = "1.2.840.10008.1.2.4.80"
JPEG_LS_NEAR = "1.2.840.10008.1.2.4.81"
JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90"
JPEG_2000 = "1.2.840.10008.1.2.4.91"
HTJ2K_LOSSLESS = "1.2.840.10008.1.2.4.201"

NATIVE = (IMPLICIT, EXPLICIT, BIG_ENDIAN, DEFLATED)
LOSSLESS = (
    *NATIVE, RLE, JPEG_LOSSLESS, JPEG_LOSSLESS_FIRST_ORDER, JPEG_LS, JPEG_2000_LOSSLESS, HTJ2K_LOSSLESS
)  # fmt: skip
LOSSY = (JPEG_BASELINE, JPEG_EXTENDED, JPEG_LS_NEAR, JPEG_2000)
EVERY = (*LOSSLESS, *LOSSY)

CR_IMAGE = "1.2.840.10008.5.1.4.1.1.1"


def dicom_bytes(
    frames: NDArray[Any] | list[bytes],
    *,
    syntax: str = EXPLICIT,
    bits_stored: int | None = None,
    shape: tuple[int, ...] | None = None,
    preamble: bool = True,
    **attributes: Any,
) -> bytes:
    """Write one image, (H, W) or (H, W, 3), or a list of ready-made fragments of the given shape."""
    dataset = build(frames, syntax=syntax, bits_stored=bits_stored, shape=shape, **attributes)
    return to_bytes(dataset, syntax, preamble=preamble)


def build(
    frames: NDArray[Any] | list[bytes],
    *,
    syntax: str = EXPLICIT,
    bits_stored: int | None = None,
    shape: tuple[int, ...] | None = None,
    **attributes: Any,
) -> Dataset:
    ready = isinstance(frames, list)
    size = shape if shape is not None else np.asarray(frames).shape
    allocated = 8 * (attributes.get("BitsAllocated", 16) // 8 if ready else np.asarray(frames).dtype.itemsize)
    dataset = Dataset()
    dataset.SOPClassUID = CR_IMAGE
    dataset.SOPInstanceUID = "1.2.3.4"
    dataset.Modality = "CR"
    dataset.Rows, dataset.Columns = size[:2]
    dataset.SamplesPerPixel = 3 if len(size) == 3 else 1
    dataset.PhotometricInterpretation = "RGB" if len(size) == 3 else "MONOCHROME2"
    if len(size) == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = allocated
    dataset.BitsStored = bits_stored or allocated
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = 0
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    if ready:
        dataset.PixelData = encapsulate(frames)
    elif syntax in NATIVE:
        array = np.asarray(frames)
        dataset.PixelData = array.astype(
            array.dtype.newbyteorder(">" if syntax == BIG_ENDIAN else "<")
        ).tobytes()
    else:
        dataset.PixelData = encapsulate([encode(np.asarray(frames), syntax, dataset)])
    dataset["PixelData"].VR = "OB" if allocated <= 8 or syntax not in NATIVE else "OW"
    if syntax not in NATIVE:
        dataset["PixelData"].is_undefined_length = True
    return dataset


def to_bytes(dataset: Dataset, syntax: str = EXPLICIT, *, preamble: bool = True) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if preamble:
            dataset.file_meta = FileMetaDataset()
            dataset.file_meta.TransferSyntaxUID = UID(syntax)
            dataset.file_meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", CR_IMAGE)
            dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
            pydicom.dcmwrite(buffer, dataset, enforce_file_format=True)
        else:
            pydicom.dcmwrite(
                buffer, dataset, implicit_vr=syntax == IMPLICIT, little_endian=syntax != BIG_ENDIAN
            )
    return buffer.getvalue()


def encode(array: NDArray[Any], syntax: str, dataset: Dataset) -> bytes:
    bits = int(dataset.BitsStored)
    signed = dataset.PixelRepresentation == 1
    if syntax == RLE:
        return rle(array)
    if syntax == JPEG_BASELINE:
        return imagecodecs.jpeg8_encode(array, level=100, subsampling="444")
    if syntax == JPEG_EXTENDED:
        return imagecodecs.jpeg8_encode(array, level=100, bitspersample=min(bits, 12) if bits > 8 else 8)
    if syntax in (JPEG_LOSSLESS, JPEG_LOSSLESS_FIRST_ORDER):
        predictor = 1 if syntax == JPEG_LOSSLESS_FIRST_ORDER else 6
        return imagecodecs.jpeg8_encode(array, lossless=True, predictor=predictor, bitspersample=bits)
    if syntax in (JPEG_LS, JPEG_LS_NEAR):
        return imagecodecs.jpegls_encode(array, level=0 if syntax == JPEG_LS else 2)
    if syntax == HTJ2K_LOSSLESS:
        return imagecodecs.htj2k_encode(array)
    values = array.view(f"i{array.dtype.itemsize}") if signed else array
    lossless = syntax == JPEG_2000_LOSSLESS
    return imagecodecs.jpeg2k_encode(
        values, level=0 if lossless else 60, codecformat="j2k", reversible=lossless, bitspersample=bits
    )


def rle(array: NDArray[Any]) -> bytes:
    """DICOM run-length encoding by pydicom."""
    runner = EncodeRunner(UID(RLE))
    options = {
        "rows": array.shape[0], "columns": array.shape[1], "samples_per_pixel": 3 if array.ndim == 3 else 1,
        "bits_allocated": array.dtype.itemsize * 8, "bits_stored": array.dtype.itemsize * 8,
        "pixel_representation": 0, "number_of_frames": 1, "photometric_interpretation": "MONOCHROME2",
        "planar_configuration": 0,
    }  # fmt: skip
    runner.set_options(**options)
    return _encode_frame(array.astype(array.dtype.newbyteorder("<")).tobytes(), runner)


def lut_item(first: int, entries: list[int], bits: int = 16, first_vr: str = "US") -> Dataset:
    """One item of a Modality LUT or VOI LUT sequence."""
    item = Dataset()
    item.add_new("LUTDescriptor", first_vr, [len(entries) % 65536, first, bits])
    item.add_new("LUTData", "US", entries)
    return item
