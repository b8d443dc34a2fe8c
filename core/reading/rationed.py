"""A file that may be read only so many times."""

from __future__ import annotations

import io
from typing import BinaryIO, Final

from core.reading.refusal import refuse_damaged

MAX_READS: Final = 200_000
"""Reads for the header of one DICOM file. A plain one takes a few hundred, a cine loop some ten thousand;
a hostile file of millions of empty items would keep the parser busy for minutes."""


class RationedFile(io.RawIOBase):
    """Passes reading on to another binary file, and refuses the file once the ration is used up.

    Parameters
    ----------
    file : binary file
        Stays open when this one is closed.
    """

    def __init__(self, file: BinaryIO, reads: int = MAX_READS) -> None:
        self._file = file
        self._left = reads

    def read(self, size: int | None = -1) -> bytes:  # noqa: D102 - as in the base class
        self._left -= 1
        if self._left < 0:
            refuse_damaged("The file is made of too many pieces to be a sound one.")
        return self._file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:  # noqa: D102
        return self._file.seek(offset, whence)

    def tell(self) -> int:  # noqa: D102
        return self._file.tell()

    def readable(self) -> bool:  # noqa: D102
        return True

    def seekable(self) -> bool:  # noqa: D102
        return True
