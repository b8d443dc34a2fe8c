"""Catches what nothing else caught, in every thread, and lets the program go on."""

from __future__ import annotations

import logging
import sys
import threading
from collections import Counter
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from deeppneumo_gui.crash.details import describe
from deeppneumo_gui.crash.dialog import CrashDialog

_log = logging.getLogger(__name__)
_MOST_TIMES: Final = 20
"""An error in a paint event comes with every repaint; beyond this it is no longer logged."""


class CrashGuard(QObject):
    """Shows one dialog for errors that reach the interpreter, and none again for an error already told.

    PySide hands what escapes a slot, an event handler or `QThread.run` to `sys.excepthook`, in the thread where
    it happened.
    """

    error_caught = Signal(str)
    """Details, already free of names; received in the GUI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.dialog: CrashDialog | None = None
        self._lock = threading.Lock()
        self._seen: Counter[str] = Counter()
        self._told: set[str] = set()
        self._previous = (sys.excepthook, threading.excepthook)
        self.error_caught.connect(self._on_error_caught)
        # The same bound methods for good: `remove` must recognise them.
        self._hooks = (self._on_exception, self._on_thread_exception)
        sys.excepthook, threading.excepthook = self._hooks

    def remove(self) -> None:
        """Give the hooks back and close the dialog."""
        if sys.excepthook is self._hooks[0]:
            sys.excepthook = self._previous[0]
        if threading.excepthook is self._hooks[1]:
            threading.excepthook = self._previous[1]
        if self.dialog is not None:
            self.dialog.close()

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._previous[0](kind, error, trace)
            QApplication.quit()
            return
        self._catch(error)

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
            self._catch(arguments.exc_value)

    def _catch(self, error: BaseException) -> None:
        details = describe(error)
        with self._lock:
            self._seen[details] += 1
            if self._seen[details] > _MOST_TIMES:
                return
        _log.error("%s", details, extra={"details": True})
        self.error_caught.emit(details)

    @Slot(str)
    def _on_error_caught(self, details: str) -> None:
        if self.dialog is not None:
            self.dialog.add(details)
        elif details not in self._told:
            self.dialog = CrashDialog(_window())
            self.dialog.destroyed.connect(self._on_destroyed)
            self.dialog.add(details)
            self.dialog.show()
        self._told.add(details)

    @Slot()
    def _on_destroyed(self) -> None:
        self.dialog = None


def _window() -> QWidget | None:
    """Return the window to show the dialog above; while another program is in front, none is active."""
    windows = (window for window in QApplication.topLevelWidgets() if isinstance(window, QMainWindow))
    return QApplication.activeWindow() or next((window for window in windows if window.isVisible()), None)
