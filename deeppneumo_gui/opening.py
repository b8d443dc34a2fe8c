"""Every way in which files come into the window."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMainWindow, QWidget

from deeppneumo_gui.actions import ActionId, Actions
from deeppneumo_gui.application import Application
from deeppneumo_gui.assets import samples_folder
from deeppneumo_gui.clipboard import PastedImages, local_paths
from deeppneumo_gui.recent import RecentMenu, RecentOpenings
from deeppneumo_gui.session import ViewerSession
from deeppneumo_gui.settings import Settings

# Content decides, not the extension: DICOM files often have none, so "All files" comes first.
_FILTERS: Final = (
    "All files (*);;Images (*.jpg *.jpeg *.jpe *.png *.tif *.tiff *.bmp *.webp);;DICOM (*.dcm *.dicom *.ima);;"
    "Lessons (*.deeplesson)"
)
NOTHING_FOUND: Final = "No radiographs were found in what was opened."
_LESSON: Final = ".deeplesson"
MISSING: Final = "What was opened then is no longer there."
NOTHING_PASTED: Final = "There is no file and no image on the clipboard."


def ask_files(parent: QWidget, start: str) -> list[Path]:
    """Ask for files, first in the folder `start`; empty when the reader thinks better of it."""
    names, _ = QFileDialog.getOpenFileNames(parent, "Open radiographs", start, _FILTERS)
    return [Path(name) for name in names]


def ask_folder(parent: QWidget, start: str) -> list[Path]:
    """Ask for a folder, first in the folder `start`; empty when the reader thinks better of it."""
    name = QFileDialog.getExistingDirectory(parent, "Open a folder of radiographs", start)
    return [Path(name)] if name else []


class OpeningController(QObject):
    """Dialogs, drops, the clipboard, recent openings and requests of the system lead to one session."""

    dragging = Signal(bool)
    """Whether files are held over the window."""
    said = Signal(str)
    """A sentence for the reader."""
    lesson_given = Signal(Path)
    """The file of a lesson is to be opened."""

    def __init__(
        self, window: QMainWindow, session: ViewerSession, actions: Actions, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._pasted = PastedImages()
        self._recent = RecentOpenings(settings)
        self.recent_menu = RecentMenu(self._recent, session.identities, window)
        self.recent_menu.chosen.connect(self.open_again)
        for name, slot in {
            ActionId.OPEN_FILES: self._on_open_files,
            ActionId.OPEN_FOLDER: self._on_open_folder,
            ActionId.OPEN_SAMPLES: self._on_open_samples,
            ActionId.PASTE: self._on_paste,
        }.items():
            actions[name].triggered.connect(slot)
        actions[ActionId.OPEN_SAMPLES].setEnabled(samples_folder() is not None)
        session.nothing_found.connect(self._on_nothing_found)
        session.paths_missing.connect(self._on_paths_missing)
        app = QGuiApplication.instance()
        if isinstance(app, Application):
            app.files_requested.connect(self._on_files_requested)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def open(self, paths: list[Path]) -> None:
        """Open files and folders, and remember that they were; a lesson's file goes to those who know lessons."""
        rest = self._split(paths)
        if rest:
            self._recent.add(rest)
            self._session.open_paths(rest)

    def remember(self, path: Path) -> None:
        """Remember a file as one that was opened."""
        self._recent.add([path])

    @property
    def folder(self) -> str:
        """Where to start when the reader is asked for a file."""
        return self._recent.folder

    @property
    def openings(self) -> list[tuple[Path, ...]]:
        """What was opened lately."""
        return list(self._recent.openings)

    def forget(self, folder: Path | None) -> None:
        """Forget that anything in a folder was opened, or with None that anything was."""
        self._recent.forget(folder)
        self.recent_menu.fill()

    def shutdown(self) -> None:
        """Remove pasted images from the disk."""
        self._pasted.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Welcome files and folders anywhere in the window."""
        match event.type():
            case QEvent.Type.Show:
                # A text field or a number would take a drop for itself, as text.
                for child in self._window.findChildren(QWidget):
                    child.setAcceptDrops(False)
            case QEvent.Type.DragEnter | QEvent.Type.Drop:
                return self._welcome(event)
            case QEvent.Type.DragLeave:
                self.dragging.emit(False)
        return super().eventFilter(watched, event)

    def _welcome(self, event: QEvent) -> bool:
        assert isinstance(event, QDropEvent)
        paths = local_paths(event.mimeData())
        dropped = event.type() == QEvent.Type.Drop
        self.dragging.emit(bool(paths) and not dropped)
        if paths:
            event.acceptProposedAction()
        if dropped:
            self.open(paths)
        return bool(paths)

    @Slot()
    def _on_open_files(self) -> None:
        paths = ask_files(self._window, self._recent.folder)
        if paths:
            self._recent.remember_folder(paths[0].parent)
        self.open(paths)

    @Slot()
    def _on_open_folder(self) -> None:
        paths = ask_folder(self._window, self._recent.folder)
        if paths:
            self._recent.remember_folder(paths[0])
        self.open(paths)

    @Slot()
    def _on_open_samples(self) -> None:
        folder = samples_folder()
        if folder is not None:
            self._session.open_paths([folder])

    @Slot()
    def _on_paste(self) -> None:
        data = QGuiApplication.clipboard().mimeData()
        paths = local_paths(data)
        if paths:
            self.open(paths)
            return
        pasted = self._pasted.save(data)
        if pasted is None:
            self.said.emit(NOTHING_PASTED)
        else:
            self._session.open_paths([pasted])

    @Slot(object)
    def open_again(self, paths: list[Path]) -> None:
        """Open what was opened earlier; what is no longer there is only told of."""
        rest = self._split(paths)
        if rest:
            self._recent.add(rest)
            self._session.open_paths(rest, skip_missing=True)

    def _split(self, paths: list[Path]) -> list[Path]:
        """Pass a lesson's file on, of several the last, and return the rest."""
        lessons = [path for path in paths if path.suffix.lower() == _LESSON]
        if lessons:
            self.remember(lessons[-1])
            self.lesson_given.emit(lessons[-1])
        return [path for path in paths if path.suffix.lower() != _LESSON]

    @Slot(object)
    def _on_files_requested(self, paths: list[Path]) -> None:
        self._window.setWindowState(self._window.windowState() & ~Qt.WindowState.WindowMinimized)
        self._window.activateWindow()
        self.open(paths)

    @Slot()
    def _on_nothing_found(self) -> None:
        self.said.emit(NOTHING_FOUND)

    @Slot(object)
    def _on_paths_missing(self, paths: list[Path]) -> None:
        self.recent_menu.mark_missing(paths)
        # No name: identities may be hidden while the sentence is still on screen.
        several = f"{len(paths):,} of these files are no longer there."
        self.said.emit(several if len(paths) > 1 else MISSING)
