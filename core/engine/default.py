"""Where the model that comes with the program lies."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

BUNDLE_NAME: Final = "deeppneumo-resnet18.bundle"


def default_bundle_path() -> Path:
    """Return the path of the bundled model, installed, from a checkout or in a PyInstaller folder.

    The file need not exist; `read_bundle` says so in one sentence.
    """
    return Path(str(files("resources").joinpath("models", BUNDLE_NAME)))
