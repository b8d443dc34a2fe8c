"""How much the program is willing to open, in one place.

A chest radiograph has 2 to 15 megapixels. The limits stand far above that and far below what
would fill a small laptop's memory; they are held against the header, before a pixel is decoded.
"""

from typing import Final

MAX_PIXELS: Final = 100_000_000
"""Rows times columns of one image (100 megapixels; a 30,000 x 30,000 file has 900)."""

MAX_FRAME_BYTES: Final = 400_000_000
"""Rows times columns times samples times bytes of one DICOM frame. Only the frame asked for is read."""

MAX_FILE_BYTES: Final = 2 * 1024**3
"""Size of a file on disk; a long DICOM cine loop may be large, and only one frame of it is read."""

MAX_PICTURE_BYTES: Final = 1024**3
"""Size of a file that is no DICOM; at 100 megapixels, eight bytes for each pixel."""

MAX_INFLATED_BYTES: Final = 256 * 1024**2
"""What a deflated DICOM data set may unfold to."""

MAX_COMPRESSED_FRAME_BYTES: Final = MAX_FRAME_BYTES
"""Compressed bytes of one DICOM frame; a compressed image is not larger than the bare one."""

MAX_PAGES: Final = 4096
"""Pages of a TIFF that are counted."""
