"""A DICOM file up to its pixel data: the data set, and how the pixels are laid out."""

from __future__ import annotations

import io
import logging
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from core.errors import ImageTooLargeError, NoPixelsError
from core.reading.limits import MAX_FRAME_BYTES, MAX_INFLATED_BYTES, MAX_PIXELS
from core.reading.rationed import RationedFile
from core.reading.refusal import INCOMPLETE, Refusal, refuse_damaged, refuse_too_large
from core.reading.transfer_syntaxes import DEFLATED, check_transfer_syntax

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

UNDEFINED_LENGTH: Final = 0xFFFFFFFF

_DIRECTORY: Final = "1.2.840.10008.1.3.10"
# Only these are read; names, identifiers and dates never leave the file.
_KEYWORDS: Final = (
    "TransferSyntaxUID", "MediaStorageSOPClassUID", "SOPClassUID", "Modality", "PresentationIntentType",
    "PatientAge", "BodyPartExamined", "ViewPosition", "BurnedInAnnotation",
    "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelSpacing", "PixelSpacingCalibrationType",
    "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames", "Rows",
    "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
    "PixelPaddingValue", "PixelPaddingRangeLimit", "LossyImageCompression",
    "RescaleIntercept", "RescaleSlope", "ModalityLUTSequence",
    "WindowCenter", "WindowWidth", "VOILUTFunction", "VOILUTSequence", "PresentationLUTShape",
    "RedPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData", "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
    "ExtendedOffsetTable", "ExtendedOffsetTableLengths",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """How the pixels of one frame are stored.

    Attributes
    ----------
    kind : str
        "integer", or "float" for Float and Double Float Pixel Data.
    """

    rows: int
    columns: int
    samples: int
    frames: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    planar: bool
    photometric: str
    kind: str = "integer"


@dataclass(frozen=True, slots=True)
class PixelElement:
    """Where the pixel data lie in `file`: value offset, length, and encoding."""

    file: BinaryIO
    offset: int
    length: int
    vr: str
    little_endian: bool
    transfer_syntax: str

    @property
    def encapsulated(self) -> bool:
        """True for compressed pixel data, whatever the transfer syntax claims."""
        return self.length == UNDEFINED_LENGTH


def read_header(file: BinaryIO) -> tuple[Dataset, PixelElement, PixelLayout]:
    """Read a data set up to its pixel data.

    Parameters
    ----------
    file : binary file
        At its start; stays open and is used again to read the frame.

    Raises
    ------
    Refusal
        For objects without an image, unknown transfer syntaxes, and sizes beyond the limits.
    """
    import pydicom

    _silence_pydicom()
    file = _with_preamble(file)
    rationed = RationedFile(file)
    transfer_syntax = _stated_transfer_syntax(rationed)
    if transfer_syntax == DEFLATED:
        file = _inflated(file)
        rationed = RationedFile(file)
    rationed.seek(0)
    dataset = pydicom.dcmread(rationed, force=True, stop_before_pixels=True, specific_tags=list(_KEYWORDS))
    _, little_endian = dataset.original_encoding
    element = _pixel_element(file, little_endian is not False, transfer_syntax)
    if element is None:
        raise Refusal(NoPixelsError, _describe_object(dataset))
    check_transfer_syntax(element.transfer_syntax)
    return dataset, element, _layout(dataset, element)


def integer(dataset: Dataset, keyword: str, default: int | None = None) -> int:
    """Read a whole number that the image cannot do without."""
    value = dataset.get(keyword)
    if value is None or value == "":
        if default is None:
            refuse_damaged("The file does not say how large its image is.")
        return default
    return int(value)


def _silence_pydicom() -> None:
    from pydicom import config

    # Its messages may quote values of the file, and a careless writer's values are no reason to refuse.
    logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
    config.settings.reading_validation_mode = config.IGNORE


def _with_preamble(file: BinaryIO) -> BinaryIO:
    head = file.read(132)
    if head[:4] == b"DICM" and head[128:] != b"DICM":
        file.seek(0)
        return io.BytesIO(bytes(128) + file.read())
    return file


def _stated_transfer_syntax(file: RationedFile) -> str:
    """Read the transfer syntax from the file meta information; empty where there is none."""
    from pydicom.filereader import read_dataset

    file.seek(128)
    if file.read(4) != b"DICM":
        file.seek(0)
    meta = read_dataset(
        cast("BinaryIO", file),
        is_implicit_VR=False,
        is_little_endian=True,
        stop_when=lambda tag, vr, length: tag >> 16 != 2,
    )
    return str(meta.get("TransferSyntaxUID") or "")


def _inflated(file: BinaryIO) -> BinaryIO:
    """Unfold a deflated data set, standing behind its meta information, within the limit."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = inflater.decompress(file.read(), MAX_INFLATED_BYTES + 1)
    if len(plain) > MAX_INFLATED_BYTES:
        raise Refusal(ImageTooLargeError, "The file unfolds to more than the program is willing to open.")
    if not inflater.eof:
        refuse_damaged("The file ends too early; it is incomplete.")
    return io.BytesIO(plain)


def _pixel_element(file: BinaryIO, little_endian: bool, transfer_syntax: str) -> PixelElement | None:
    """Read the header of the element on which `dcmread` stopped; None if that is no pixel data."""
    order = "<" if little_endian else ">"
    head = file.read(8)
    if len(head) < 8:
        return None
    group, element = struct.unpack(f"{order}HH", head[:4])
    if group != 0x7FE0 or element not in (0x0008, 0x0009, 0x0010):
        return None
    # Not what the meta information claims: some writers mix the two encodings. No even length reads
    # like one of these letters, so the two cannot be confused.
    if head[4:6] not in (b"OB", b"OW", b"OF", b"OD", b"UN"):
        vr, (length,) = "OW", struct.unpack(f"{order}I", head[4:])
    else:
        vr = head[4:6].decode("ascii")
        tail = file.read(4)
        if len(tail) < 4:
            refuse_damaged(INCOMPLETE)
        (length,) = struct.unpack(f"{order}I", tail)
    vr = {0x0008: "OF", 0x0009: "OD"}.get(element, vr)
    return PixelElement(file, file.tell(), length, vr, little_endian, transfer_syntax)


def _layout(dataset: Dataset, element: PixelElement) -> PixelLayout:
    rows, columns = integer(dataset, "Rows"), integer(dataset, "Columns")
    samples = integer(dataset, "SamplesPerPixel", 1)
    floating = {"OF": 32, "OD": 64}.get(element.vr)
    allocated = floating or integer(dataset, "BitsAllocated", 16)
    if rows <= 0 or columns <= 0 or samples not in (1, 3) or allocated not in (1, 8, 16, 32, 64):
        refuse_damaged("The file describes an image that cannot be.")
    if rows * columns > MAX_PIXELS or rows * columns * samples * allocated > MAX_FRAME_BYTES * 8:
        refuse_too_large(columns, rows)
    stored = integer(dataset, "BitsStored", allocated)
    if not 0 < stored <= allocated:
        stored = allocated
    high = integer(dataset, "HighBit", stored - 1)
    return PixelLayout(
        rows=rows,
        columns=columns,
        samples=samples,
        frames=max(1, integer(dataset, "NumberOfFrames", 1)),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high if stored - 1 <= high < allocated else stored - 1,
        signed=integer(dataset, "PixelRepresentation", 0) == 1,
        planar=integer(dataset, "PlanarConfiguration", 0) == 1,
        photometric=str(dataset.get("PhotometricInterpretation") or "MONOCHROME2").strip().upper(),
        kind="float" if floating else "integer",
    )


def _describe_object(dataset: Dataset) -> str:
    meta = getattr(dataset, "file_meta", None)
    if meta is not None and str(meta.get("MediaStorageSOPClassUID", "")) == _DIRECTORY:
        return "This is the index of a DICOM disc (DICOMDIR), not an image."
    objects = {
        "SR": "a report",
        "KO": "a list of key images",
        "PR": "a presentation state, a way to show another image",
        "DOC": "a document",
        "RTSTRUCT": "a set of contours",
        "RTPLAN": "a treatment plan",
    }
    what = objects.get(str(dataset.get("Modality") or ""))
    if what is not None:
        return f"This DICOM file holds {what}; it has no image of its own."
    return "This DICOM file holds no image."
