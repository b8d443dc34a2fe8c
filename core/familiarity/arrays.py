"""Named float32 arrays as the bytes of an `.npz` file, read without trusting a single number in it."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.errors import BundleError

_DAMAGED: Final = "The statistics by which the model tells what it knows are damaged."

# Version 1.0 of the format as numpy writes it (numpy.lib.format); its own reader evaluates the text of the header.
_HEADER: Final = re.compile(
    rb"\x93NUMPY\x01\x00(?P<length>..)"
    rb"\{'descr': '<f4', 'fortran_order': False, 'shape': \((?P<shape>[0-9]{0,6}(?:, ?[0-9]{0,6}){0,2})\), \} *\n",
    re.DOTALL,
)


def pack(arrays: Mapping[str, NDArray[np.float32]]) -> bytes:
    """Return an uncompressed ``.npz``, as `numpy.load` reads it; equal arrays give equal bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", allowZip64=False) as archive:
        for name, values in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy")  # dated 1980
            content = io.BytesIO()
            npy.write_array(content, np.asarray(values, "<f4"), version=(1, 0), allow_pickle=False)
            archive.writestr(member, content.getvalue(), zipfile.ZIP_STORED)
    return stream.getvalue()


def unpack(content: bytes, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Read what `pack` gave.

    `numpy.load` would make room for whatever shape a header claims; here the content must be there first.

    Parameters
    ----------
    content : bytes
        At most as large as a caller can bear to hold twice.
    names : sequence of str
        The arrays that must be there, and no others.

    Raises
    ------
    BundleError
        When anything is missing, too much or not float32.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sorted(member.filename for member in members) != sorted(f"{name}.npy" for name in names):
                raise BundleError(_DAMAGED)
            if any(member.compress_type or member.file_size > len(content) for member in members):
                raise BundleError(_DAMAGED)
            return {name: _array(archive.read(f"{name}.npy")) for name in names}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, IndexError, RuntimeError):
        raise BundleError(_DAMAGED) from None


def _array(content: bytes) -> NDArray[np.float32]:
    header = _HEADER.match(content)
    if header is None:
        raise BundleError(_DAMAGED)
    shape = tuple(int(length) for length in header["shape"].split(b",") if length.strip())
    values = content[header.end() :]
    if int.from_bytes(header["length"], "little") + 10 != header.end() or math.prod(shape) * 4 != len(values):
        raise BundleError(_DAMAGED)
    return np.frombuffer(values, "<f4").astype(np.float32).reshape(shape)
