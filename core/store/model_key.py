"""What makes two models one to the store."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Final

from core.engine.card import Card

SCORING_VERSION: Final = 1
"""To be raised when reading, preparing or refusing images changes what becomes of a file; all are then scored anew."""

# What only people read; everything else on a card, known to this version or not, may change a result.
_WORDS: Final = frozenset(
    {
        "schema_version", "name", "version", "date", "architecture", "provenance", "licence", "intended_use",
        "limits", "metrics", "seen_patients",
    }
)  # fmt: skip


def model_key(card: Card) -> str:
    """Return a hash of the graph and of everything on the card that can change a result, hexadecimal."""
    document = json.loads(replace(card, seen_patients=()).to_json())
    settings = {key: value for key, value in document.items() if key not in _WORDS}
    text = json.dumps([SCORING_VERSION, settings], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
