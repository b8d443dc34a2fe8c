"""The model card that ships beside the bundled model. Free of Qt."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from core.engine.card import Card
from deeppneumo_gui.assets import asset

NAME: Final = "MODEL_CARD.md"


def shipped_card(card: Card) -> Path | None:
    """Return the full card of a model, or None where only the bundle's own card tells of it.

    The full card names the network by its SHA-256, so that it is never shown of another model, wherever that was
    opened from, and never of a bundle that is newer than the card.
    """
    path = asset(NAME)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    return path if card.content_hash and card.content_hash in text else None
