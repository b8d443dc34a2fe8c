"""The ways to store DICOM pixels that the program reads (DICOM PS3.6 annex A)."""

from __future__ import annotations

from typing import Final

from core.errors import UnsupportedTransferSyntaxError
from core.reading.refusal import Refusal

DEFLATED: Final = "1.2.840.10008.1.2.1.99"
RLE: Final = "1.2.840.10008.1.2.5"
_NATIVE: Final = frozenset(
    {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", DEFLATED}
)  # fmt: skip
_ENCAPSULATED: Final = frozenset(
    {
        RLE,
        "1.2.840.10008.1.2.4.50",  # JPEG baseline
        "1.2.840.10008.1.2.4.51",  # JPEG extended, 12 bit
        "1.2.840.10008.1.2.4.57",  # JPEG lossless, any predictor
        "1.2.840.10008.1.2.4.70",  # JPEG lossless, first-order prediction
        "1.2.840.10008.1.2.4.80",  # JPEG-LS lossless
        "1.2.840.10008.1.2.4.81",  # JPEG-LS near-lossless
        "1.2.840.10008.1.2.4.90",  # JPEG 2000 lossless
        "1.2.840.10008.1.2.4.91",  # JPEG 2000
        "1.2.840.10008.1.2.4.201",  # high-throughput JPEG 2000 lossless
        "1.2.840.10008.1.2.4.202",
        "1.2.840.10008.1.2.4.203",  # high-throughput JPEG 2000
    }
)
_VIDEO: Final = "1.2.840.10008.1.2.4.10"  # MPEG-2, MPEG-4 and HEVC are .100 to .108


def check_transfer_syntax(syntax: str) -> None:
    """Let known transfer syntaxes pass, and files that state none.

    Raises
    ------
    Refusal
        For videos and for what no decoder here understands.
    """
    if not syntax or syntax in _NATIVE or syntax in _ENCAPSULATED:
        return
    reason = "The image is compressed in a way (transfer syntax) that the program cannot decode."
    if syntax.startswith(_VIDEO):
        reason = "The file holds a video, which the program cannot decode."
    raise Refusal(UnsupportedTransferSyntaxError, reason)
