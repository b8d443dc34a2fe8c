"""Files that ship in `resources`."""

from __future__ import annotations

from pathlib import Path

import resources


def asset(*parts: str) -> Path:
    """Return the path of a shipped file, installed, from a checkout or in a packaged program."""
    # importlib.resources would do the same after loading modules that the first paint would have to wait for.
    return Path(resources.__file__).parent.joinpath(*parts)


def samples_folder() -> Path | None:
    """Return the folder of synthetic samples, None where none were installed."""
    folder = asset("samples")
    return folder if folder.is_dir() and any(folder.iterdir()) else None
