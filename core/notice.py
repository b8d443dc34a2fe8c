"""The sentence that stands on every screen and every export."""

from typing import Final

NOTICE: Final = "Education and research only - not for diagnosis"
