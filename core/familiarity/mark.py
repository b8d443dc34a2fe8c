"""What a card says of the model's familiarity statistics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from core.engine.values import as_integer, as_number, as_object, as_text, get, require

_HASH: Final = re.compile(r"([0-9a-f]{64})?")  # empty until `write_bundle` fills it in


@dataclass(frozen=True, slots=True)
class FamiliarityMark:
    """What a card says of the statistics by which the model tells what it knows.

    Attributes
    ----------
    images : int
        Training images that they were taken from.
    accepted : float
        Share of the validation images that they accept, in [0, 1].
    content_hash : str
        SHA-256 of the bundle's member with the statistics, hexadecimal; `write_bundle` fills it in.
    """

    images: int
    accepted: float
    content_hash: str = ""

    def __post_init__(self) -> None:
        is_hash = _HASH.fullmatch(self.content_hash) is not None
        require(is_hash, "the hash of its familiarity statistics is not a SHA-256")
        makes_sense = self.images > 0 and 0.0 <= self.accepted <= 1.0
        require(makes_sense, "its figures on familiarity make no sense")

    @classmethod
    def from_json(cls, value: object) -> FamiliarityMark | None:
        """Read what `dataclasses.asdict` gave to a card; null stands for none.

        Raises
        ------
        BundleError
            When a value is missing or makes no sense.
        TypeError
            When it is no JSON object.
        """
        if value is None:
            return None
        values = as_object(value)
        return cls(
            content_hash=get(values, "content_hash", as_text),
            images=get(values, "images", as_integer),
            accepted=get(values, "accepted", as_number),
        )
