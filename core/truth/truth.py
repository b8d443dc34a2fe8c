"""What a radiograph is known to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from core.store.judgement import Kind

TruthLabel = Literal["normal", "pneumonia"]
Source = Literal["folder", "file name", "table", "teacher"]

LABELS: Final = ("normal", "pneumonia", "bacterial", "viral")
"""What one word can say of label and kind; `core.metrics` and `core.dataset` use the same words."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The label that others gave a radiograph, which readers and models are held against.

    Attributes
    ----------
    label : {"normal", "pneumonia"}
    kind : {"bacterial", "viral"} or None
        Of a pneumonia, where it is known.
    source : {"folder", "file name", "table", "teacher"}
        Where it was read; a teacher may also say it in a lesson.
    """

    label: TruthLabel
    kind: Kind | None
    source: Source

    def __post_init__(self) -> None:
        if self.label not in ("normal", "pneumonia"):
            raise ValueError(f"unknown label {self.label!r}")
        if self.kind not in (None, "bacterial", "viral"):
            raise ValueError(f"unknown kind {self.kind!r}")
        if self.kind is not None and self.label != "pneumonia":
            raise ValueError("only a pneumonia has a kind")

    @property
    def word(self) -> str:
        """Label and kind in one of `LABELS`."""
        return self.kind or self.label

    @classmethod
    def from_word(cls, word: str, source: Source) -> Truth:
        """Make one from one of `LABELS`; `ValueError` for another word."""
        if word == "bacterial":
            return cls("pneumonia", "bacterial", source)
        if word == "viral":
            return cls("pneumonia", "viral", source)
        if word == "normal":
            return cls("normal", None, source)
        if word == "pneumonia":
            return cls("pneumonia", None, source)
        raise ValueError(f"unknown label {word!r}")
