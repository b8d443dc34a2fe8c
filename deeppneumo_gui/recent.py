"""What was opened lately, as a menu. Folders around it are remembered but never shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from deeppneumo_gui.identities import Identities
from deeppneumo_gui.settings import LAST_FOLDER, RECENT, Settings

LENGTH: Final = 10
_MOST_FILES: Final = 200
"""A longer opening is not remembered; it would make the settings file heavy."""

Opening = tuple[Path, ...]
"""Files and folders that were opened together."""


class RecentOpenings:
    """The last openings, newest first, kept in the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.openings = _parse(settings.read(RECENT))

    def add(self, paths: list[Path]) -> None:
        """Put an opening first."""
        opening = tuple(path.absolute() for path in paths)
        if not 0 < len(opening) <= _MOST_FILES:
            return
        self.openings = [opening, *(other for other in self.openings if other != opening)][:LENGTH]
        self._save()

    def clear(self) -> None:
        """Forget everything."""
        self.openings = []
        self._settings.write(LAST_FOLDER, "")
        self._save()

    def forget(self, folder: Path | None) -> None:
        """Forget all openings with something in a folder, or with None everything."""
        if folder is None:
            self.clear()
            return
        self.openings = [
            opening
            for opening in self.openings
            if not any(path == folder or folder in path.parents for path in opening)
        ]
        last = Path(self._settings.read(LAST_FOLDER) or ".")
        if last == folder or folder in last.parents:
            self._settings.write(LAST_FOLDER, "")
        self._save()

    @property
    def folder(self) -> str:
        """The folder last opened from; at first the one where the system keeps pictures."""
        last = self._settings.read(LAST_FOLDER)
        places = QStandardPaths.StandardLocation
        known = (
            QStandardPaths.writableLocation(place)
            for place in (places.PicturesLocation, places.DocumentsLocation, places.HomeLocation)
        )
        return next((folder for folder in (last, *known) if folder and Path(folder).is_dir()), "")

    def remember_folder(self, folder: Path) -> None:
        """Start from here when the reader is asked next."""
        self._settings.write(LAST_FOLDER, str(folder.absolute()))

    def _save(self) -> None:
        self._settings.write(RECENT, json.dumps([[str(path) for path in paths] for paths in self.openings]))


class RecentMenu(QObject):
    """The submenu, filled whenever it is about to be shown."""

    chosen = Signal(object)
    """`list[Path]` to open again."""

    def __init__(self, recent: RecentOpenings, identities: Identities, parent: QWidget) -> None:
        super().__init__(parent)
        self._recent = recent
        self._identities = identities
        self._missing: set[Path] = set()
        self.menu = QMenu("Open &recent", parent)
        self.menu.aboutToShow.connect(self.fill)
        identities.changed.connect(self.fill)
        self.fill()

    def mark_missing(self, paths: list[Path]) -> None:
        """Say from now on that these are no longer there."""
        self._missing.update(paths)
        self.fill()

    @Slot()
    def fill(self) -> None:
        """List the openings by name."""
        self.menu.clear()
        for number, opening in enumerate(self._recent.openings, 1):
            action = self.menu.addAction(self._words(number, opening))
            action.setData(number - 1)
            action.triggered.connect(self._on_triggered)
        if not self._recent.openings:
            self.menu.addAction("Nothing opened yet").setEnabled(False)
            return
        self.menu.addSeparator()
        self.menu.addAction("&Clear recent").triggered.connect(self._on_cleared)

    def _words(self, number: int, opening: Opening) -> str:
        name = f"Opening {number}" if self._identities.hidden else opening[0].name or "Disk"
        # An ampersand in a name is no key to press.
        words = f"&{number % 10}  {name.replace('&', '&&')}"
        if len(opening) > 1:
            words += f" and {len(opening) - 1} more"
        return f"{words} (missing)" if self._missing.issuperset(opening) else words

    @Slot()
    def _on_triggered(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        opening = self._recent.openings[action.data()]
        self._missing.difference_update(opening)
        self.chosen.emit(list(opening))

    @Slot()
    def _on_cleared(self) -> None:
        self._recent.clear()
        self._missing.clear()
        self.fill()


def _parse(text: str) -> list[Opening]:
    """Return the openings in a remembered text, none where it is damaged."""
    try:
        found = json.loads(text)
        return [tuple(Path(path) for path in paths) for paths in found if paths][:LENGTH]
    except (ValueError, TypeError):
        return []
