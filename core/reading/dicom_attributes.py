"""Looking up attributes that may be missing, malformed, or folded into functional groups."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_MACROS: Final = ("FrameVOILUTSequence", "PixelValueTransformationSequence", "PixelMeasuresSequence")
_CODE: Final = re.compile(r"[A-Z0-9_ ]{1,16}")  # the value representation CS


class Attributes:
    """Attributes of one frame: its own functional groups first, then the shared ones, then the data set.

    Parameters
    ----------
    dataset : Dataset
        The data set of the file.
    frame : int
        Number of the frame, from 0.
    """

    def __init__(self, dataset: Dataset, frame: int) -> None:
        self._places: list[Dataset] = []
        for keyword, index in (
            ("PerFrameFunctionalGroupsSequence", frame),
            ("SharedFunctionalGroupsSequence", 0),
        ):
            group = _item(dataset, keyword, index)
            if group is not None:
                found = (_item(group, macro, 0) for macro in _MACROS)
                self._places.extend(macro for macro in found if macro is not None)
        self._places.append(dataset)

    def get(self, keyword: str) -> Any:
        """Value of an attribute; None where it is missing, empty or unreadable."""
        for place in self._places:
            try:
                value = place.get(keyword)
            except Exception:  # noqa: S112 - pydicom raises what the malformed value happens to trip over
                continue
            if value is not None and value != "":
                return value
        return None

    def item(self, keyword: str) -> Dataset | None:
        """First item of a sequence, if there is one."""
        for place in self._places:
            item = _item(place, keyword, 0)
            if item is not None:
                return item
        return None

    def numbers(self, keyword: str) -> tuple[float, ...]:
        """Finite values of a numeric attribute; empty where any of them is no number."""
        value = self.get(keyword)
        if value is None:
            return ()
        try:
            single = isinstance(value, str | bytes | int | float) or not hasattr(value, "__iter__")
            numbers = tuple(float(part) for part in ([value] if single else value))
        except (TypeError, ValueError, OverflowError):
            return ()
        return numbers if all(math.isfinite(number) for number in numbers) else ()

    def number(self, keyword: str) -> float | None:
        """First value of a numeric attribute."""
        numbers = self.numbers(keyword)
        return numbers[0] if numbers else None

    def code(self, keyword: str) -> str | None:
        """Code string in capitals; None for what is none, so that free text cannot slip through."""
        value = self.get(keyword)
        text = "" if value is None else str(value).strip(" \0").upper()
        return text if _CODE.fullmatch(text) else None


def _item(dataset: Dataset, keyword: str, index: int) -> Dataset | None:
    try:
        sequence = dataset.get(keyword)
        return sequence[index] if sequence is not None and index < len(sequence) else None
    except Exception:  # a damaged sequence is as good as none
        return None
