"""Lookup tables inside DICOM files (PS3.3 C.11.1.1 and C.11.2.1.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from core.reading.refusal import refuse_damaged

if TYPE_CHECKING:
    from pydicom.dataset import Dataset


@dataclass(frozen=True, slots=True, eq=False)
class LookupTable:
    """Entries for the values `first`, `first + 1`, ...; values outside take the nearest entry.

    Attributes
    ----------
    bits : int
        Depth of the entries, 1 to 16.
    """

    first: int
    entries: NDArray[np.uint16]
    bits: int

    def apply(self, values: NDArray[np.float64]) -> NDArray[np.uint16]:
        """Entry for each value, rounded to a whole number first."""
        index = np.clip(np.rint(values) - self.first, 0, len(self.entries) - 1)
        chosen: NDArray[np.uint16] = self.entries[index.astype(np.intp)]
        return chosen


def read_lut(item: Dataset, domain: tuple[float, float], little_endian: bool) -> LookupTable:
    """Read the table in an item of a Modality LUT or VOI LUT sequence.

    Parameters
    ----------
    item : Dataset
        Holds LUT Descriptor and LUT Data.
    domain : tuple of two floats
        Lowest and highest value that the table's input can have; they decide the sign of the first value
        mapped where the file leaves it open.
    little_endian : bool
        Byte order of the file.

    Raises
    ------
    Refusal
        When the table is shorter than it says.
    """
    descriptor = _words(item.get("LUTDescriptor"), little_endian)
    data = item.get("LUTData")
    if len(descriptor) != 3 or data is None:
        refuse_damaged("A grey-scale table in the file is damaged.")
    count = int(descriptor[0]) or 65536
    first = int(descriptor[1])
    if first >= 32768 and _is_signed(item, first, domain):
        first -= 65536
    words = _words(data, little_endian)
    if len(words) < count <= 2 * len(words):
        # Two 8-bit entries share a word, the first in the lower byte.
        words = words.astype("<u2").view(np.uint8).astype(np.uint16)
    if len(words) < count:
        refuse_damaged("A grey-scale table in the file is damaged.")
    entries = words[:count]
    # Some writers state fewer bits than their entries have.
    bits = max(min(int(descriptor[2]), 16), int(entries.max()).bit_length(), 1)
    return LookupTable(first, entries, bits)


def _is_signed(item: Dataset, first: int, domain: tuple[float, float]) -> bool:
    """Say whether the first value mapped, too large for a signed number, stands for a negative one.

    The value representation alone cannot tell: writers put US there for either, and where the file has none, as
    in Implicit VR, pydicom goes by the stored pixels, not by what the modality step makes of them.
    """
    lowest, highest = domain
    signs = (item["LUTDescriptor"].VR == "SS", lowest < 0.0, first > highest)
    return sum(signs) >= 2


def _words(value: Any, little_endian: bool) -> NDArray[np.uint16]:
    if value is None:
        return np.empty(0, dtype=np.uint16)
    if isinstance(value, bytes):
        order = "<" if little_endian else ">"
        return np.frombuffer(value[: len(value) // 2 * 2], dtype=f"{order}u2").astype(np.uint16)
    numbers = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    return np.array([int(number) & 0xFFFF for number in numbers], dtype=np.uint16)
