"""What a reader says of a radiograph."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

ReaderCall = Literal["normal", "pneumonia", "unsure"]
Kind = Literal["bacterial", "viral"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A reader's word on one radiograph; belongs to its content, whatever model looked at it too.

    Attributes
    ----------
    call : {"normal", "pneumonia", "unsure"} or None
        None while the reader has not decided.
    kind : {"bacterial", "viral"} or None
        Only beside the call ``"pneumonia"``.
    key_image : bool
        Whether it is marked to be found again.
    note : str
        Free text, empty for none.
    tags : tuple of str
        Different words, in the order given.
    reviewed_at : datetime or None
        When the reader called it last, with its time zone; None before.
    """

    call: ReaderCall | None = None
    kind: Kind | None = None
    key_image: bool = False
    note: str = ""
    tags: tuple[str, ...] = ()
    reviewed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.call not in (None, "normal", "pneumonia", "unsure"):
            raise ValueError(f"unknown call {self.call!r}")
        if self.kind not in (None, "bacterial", "viral"):
            raise ValueError(f"unknown kind {self.kind!r}")
        if self.kind is not None and self.call != "pneumonia":
            raise ValueError("only a pneumonia has a kind")
        if self.reviewed_at is not None and self.reviewed_at.tzinfo is None:
            raise ValueError("the time of a review needs its time zone")

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing at all, so that nothing need be kept."""
        return self == NO_JUDGEMENT


NO_JUDGEMENT: Final = Judgement()
"""Of a radiograph that nobody has judged."""
