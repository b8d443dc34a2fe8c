"""The radiographs themselves are never written over. Looks at the disk, so not for the GUI thread."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from core.errors import DeepPneumoError

AN_INPUT: Final = "That is one of the opened radiographs; choose another name."
AMONG_INPUTS: Final = "The overlays would lie among the radiographs; choose another folder."


def check_file(target: Path, inputs: Collection[Path]) -> None:
    """Raise `DeepPneumoError` where a file to be written is one of those that were opened."""
    if target.exists() and target.resolve() in {path.resolve() for path in inputs}:
        raise DeepPneumoError(AN_INPUT)


def check_folder(target: Path, inputs: Collection[Path]) -> None:
    """Raise `DeepPneumoError` where files to be written would lie beside those that were opened."""
    if target.resolve() in {folder.resolve() for folder in {path.parent for path in inputs}}:
        raise DeepPneumoError(AMONG_INPUTS)
