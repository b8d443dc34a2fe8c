"""What only Linux needs beside the program: entry for the menu, types of files, icons."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from deeppneumo_gui.assets import asset
from resources.installer.icons import write_hicolor

ENTRY_NAME: Final = "deeppneumo"
SCRIPT: Final = "add-to-menu.sh"


def add_desktop_files(folder: Path) -> None:
    """Put into the program's folder what `add-to-menu.sh` copies to where a desktop looks for it."""
    for kind in ("applications", "mime"):
        shutil.copytree(asset("linux", kind), folder / "share" / kind, dirs_exist_ok=True)
    write_hicolor(folder / "share" / "icons", ENTRY_NAME)
    shutil.copy(asset("linux", SCRIPT), folder)
