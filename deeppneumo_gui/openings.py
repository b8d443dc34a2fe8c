"""What was opened in this session, files and folders together as they came; free of Qt."""

from __future__ import annotations

from pathlib import Path


class Openings:
    """Remembers every opening until the program ends."""

    def __init__(self) -> None:
        self._openings: list[list[Path]] = []

    def add(self, opening: list[Path]) -> None:
        """Remember an opening."""
        self._openings.append([path.absolute() for path in opening])

    def holds(self, paths: list[Path]) -> bool:
        """Whether these files and folders were opened together."""
        return [path.absolute() for path in paths] in self._openings

    def root_of(self, path: Path) -> Path:
        """Return the outermost opened folder that a file came from, or the folder that it lies in."""
        parents = path.absolute().parents
        opened = {folder for opening in self._openings for folder in opening}
        return next((parent for parent in reversed(parents) if parent in opened), parents[0])
