"""Where judgements are kept while their cases come and go."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from core.store.judgement import NO_JUDGEMENT, Judgement


class JudgementKeeper(Protocol):
    """Remembers judgements; neither call may be slow, for both are made in the GUI thread."""

    def get(self, path: Path, frame: int) -> Judgement:
        """Return what was said of a frame of a file, `NO_JUDGEMENT` where nothing is known yet."""
        ...

    def put(self, path: Path, frame: int, judgement: Judgement) -> None:
        """Remember what is said of a frame of a file from now on."""
        ...


class MemoryKeeper:
    """Remembers until the program ends."""

    def __init__(self) -> None:
        self._known: dict[tuple[Path, int], Judgement] = {}

    def get(self, path: Path, frame: int) -> Judgement:
        """Return what was said last."""
        return self._known.get((path.absolute(), frame), NO_JUDGEMENT) if self._known else NO_JUDGEMENT

    def put(self, path: Path, frame: int, judgement: Judgement) -> None:
        """Remember it; nothing said is not remembered."""
        if judgement.is_empty:
            self._known.pop((path.absolute(), frame), None)
        else:
            self._known[path.absolute(), frame] = judgement
