"""Where the model that comes with the program lies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import resources

BUNDLE_NAME: Final = "deeppneumo-resnet18.bundle"


def default_bundle_path() -> Path:
    """Return the path of the bundled model, installed, from a checkout or in a PyInstaller folder.

    The file need not exist; `read_bundle` says so in one sentence.
    """
    # importlib.resources would do the same after loading modules for 2 ms, of which scoring one file needs none.
    return Path(resources.__file__).with_name("models") / BUNDLE_NAME
