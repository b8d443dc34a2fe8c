"""Opens the window. Imports Qt only once it is clear that there is a screen."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deeppneumo_gui.display_check import find_obstacle

if TYPE_CHECKING:
    from core.store.store import Store
    from deeppneumo_gui.application import Application
    from deeppneumo_gui.instance import Instance
    from deeppneumo_gui.window import MainWindow

EXIT_NO_DISPLAY: Final = 2
_COLLECT: Final = (50_000, 20, 100)
"""New objects until Python looks for garbage among them, and how often among older ones after that."""
_LISTEN_AFTER_MS: Final = 300
"""Loading what listens to later starts would delay the first paint; a later start waits for longer than this."""


def run(paths: Sequence[str | os.PathLike[str]], *, new_window: bool = False) -> int:
    """Open the window on files and folders and return when it closes.

    Parameters
    ----------
    paths : sequence of path
        Files and folders, possibly none.
    new_window : bool
        Open a window of its own even where one is open already; else that one gets the paths.

    Returns
    -------
    int
        Exit status: 0, or 2 without a display, after one sentence on stderr.
    """
    obstacle = find_obstacle()
    if obstacle is not None:
        sys.stderr.write(f"{obstacle}\n")
        return EXIT_NO_DISPLAY
    app = create_plain_application()
    from deeppneumo_gui.instance import Instance, Role, user_instance_folder

    if new_window:
        return _leave(_run_window(app, paths, None))
    instance = Instance(user_instance_folder(), app)
    if instance.role is Role.SECOND and instance.hand_over(paths):
        return 0
    try:
        status = _run_window(app, paths, instance)
    finally:
        instance.close()
    return _leave(status)


def _leave(status: int) -> int:
    from deeppneumo_gui.ending import leave

    return leave(status)


def _run_window(app: Application, paths: Sequence[str | os.PathLike[str]], instance: Instance | None) -> int:
    """Show the window until it is closed, and hear meanwhile of what later starts were given."""
    from PySide6.QtCore import QTimer

    from deeppneumo_gui.first_paint import show_empty_window

    empty = show_empty_window(app, user_settings_file())
    if not empty.isVisible():
        return 0  # closed again at once
    # From here on, what is imported no longer delays the first paint.
    from deeppneumo_gui.crash.log import user_log_folder
    from deeppneumo_gui.crash.notice import tell_of_crash
    from deeppneumo_gui.crash.watch import watch_over
    from deeppneumo_gui.icons import app_icon
    from deeppneumo_gui.session_end import SessionEnd

    app.setWindowIcon(app_icon())
    # Before the watch: what asks the program to end while the parts are made must not be taken for a crash.
    session_end = SessionEnd(empty)
    try:
        with watch_over(user_log_folder()) as report:
            window = create_window(user_settings_file(), user_store_file(), empty)
            if report is not None:
                tell_of_crash(window, report)
            window.start(Path(path) for path in paths)
            if instance is not None:
                instance.requested.connect(app.files_requested)
                QTimer.singleShot(_LISTEN_AFTER_MS, instance, instance.listen)
            return app.exec()
    finally:
        session_end.remove()


def run_offscreen(paths: Sequence[str | os.PathLike[str]], screenshot: str | os.PathLike[str]) -> int:
    """Open the window without a screen, wait for its first image's result, save a picture of it.

    Parameters
    ----------
    paths : sequence of path
        Files and folders; at least one image must be found in them.
    screenshot : path
        PNG to write.

    Returns
    -------
    int
        Exit status: 0, or 1 when nothing could be shown or written.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from deeppneumo_gui.screenshots import offscreen_window, save, show_first_result

    with offscreen_window() as window:
        shown = show_first_result(window, [Path(path) for path in paths])
        return 0 if shown and save(window, Path(screenshot)) else 1


def create_application() -> Application:
    """Return the application in its style."""
    from deeppneumo_gui.icons import app_icon
    from deeppneumo_gui.theme import DARK, apply_theme

    app = create_plain_application()
    app.setWindowIcon(app_icon())
    apply_theme(app, DARK)
    return app


def create_plain_application() -> Application:
    """Return the application with its name and its style and nothing else."""
    from deeppneumo_gui.application import Application

    app = Application.instance()
    if not isinstance(app, Application):
        app = Application(sys.argv[:1])
        app.setStyle("Fusion")
        # Ten thousand results are ten thousand times ten objects, and none of them is garbage: looking through them
        # as often as Python does by itself takes a third of the time in which a scored folder opens.
        gc.set_threshold(*_COLLECT)
    app.setOrganizationName("DeepPneumo")
    app.setApplicationName("DeepPneumo")
    app.setDesktopFileName("deeppneumo")
    return app


def user_settings_file() -> Path:
    """Return where the user's settings lie, by the custom of the system."""
    from platformdirs import user_config_path

    return user_config_path("DeepPneumo", appauthor=False) / "settings.ini"


def user_store_file() -> Path:
    """Return where results and judgements lie, by the custom of the system."""
    from platformdirs import user_data_path

    return user_data_path("DeepPneumo", appauthor=False) / "reviews.sqlite"


def create_window(
    settings_file: Path, store_file: Path | None = None, window: MainWindow | None = None
) -> MainWindow:
    """Return the main window with the model that ships; without a store file it remembers nothing.

    Parts go into `window` where it is there already.
    """
    from PySide6.QtCore import QSettings

    from deeppneumo_gui.preferences.values import read_preferences
    from deeppneumo_gui.services import core_services, window_threads
    from deeppneumo_gui.settings import Settings
    from deeppneumo_gui.window import MainWindow

    def settings() -> Settings:
        return Settings(QSettings(str(settings_file), QSettings.Format.IniFormat))

    def threads() -> int:
        # Asked by the worker: a store is not shared between threads, only its file is.
        return read_preferences(settings()).threads or window_threads()

    def opener(on_trouble: Callable[[str | None], None]) -> Store:
        from core.store.store import Store

        assert store_file is not None
        return Store(store_file, on_trouble=on_trouble)

    # Beside the store, where it is kept what a crash must not take along.
    drafts = None if store_file is None else store_file.parent / "lessons"
    window = window or MainWindow()
    window.fill(core_services(threads=threads), settings(), None if store_file is None else opener, drafts)
    return window
