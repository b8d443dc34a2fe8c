"""What people type or paste, as screens, slides and pages can show it."""

from __future__ import annotations

import re
from typing import Final

_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters, halves of pairs, what Unicode calls no characters, and marks that turn the direction of
# the text beside them: slides cannot hold the first three, and the last make a text show as what it is not.
_UNSHOWN: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


def plain_text(text: str) -> str:
    """Return a text whose lines end in one way, without what cannot be shown; tabs stay."""
    return _UNSHOWN.sub("", _LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    """Return a text in one line, without what cannot be shown."""
    return re.sub("[\n\t]", " ", plain_text(text))
