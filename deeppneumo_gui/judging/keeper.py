"""Where judgements are kept while their cases come and go."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from core.store.judgement import Judgement


class JudgementKeeper(Protocol):
    """Remembers judgements; neither call may be slow, for both are made in the GUI thread."""

    def get(self, path: Path, frame: int) -> Judgement:
        """Return what was said of a frame of a file, `NO_JUDGEMENT` where nothing is known yet."""
        ...

    def put(self, path: Path, frame: int, judgement: Judgement) -> None:
        """Remember what is said of a frame of a file from now on."""
        ...
