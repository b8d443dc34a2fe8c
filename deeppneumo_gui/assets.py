"""Files that ship in `resources`."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def asset(*parts: str) -> Path:
    """Return the path of a shipped file, installed, from a checkout or in a packaged program."""
    return Path(str(files("resources").joinpath(*parts)))


def samples_folder() -> Path | None:
    """Return the folder of synthetic samples, None where none were installed."""
    folder = asset("samples")
    return folder if folder.is_dir() and any(folder.iterdir()) else None
