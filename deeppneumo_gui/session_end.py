"""The end of the user's session: the system asks the program to end, and the window closes as if by hand."""

from __future__ import annotations

import signal
import socket
import sys
from types import FrameType
from typing import Final

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtWidgets import QWidget

_REQUESTS: Final = (signal.SIGTERM, *([signal.SIGHUP] if sys.platform != "win32" else []))


class SessionEnd(QObject):
    """Closes the window when a signal asks for it, so that everything is kept and the next start tells of no crash.

    Python runs its own handlers only between two steps of Python, of which a window at rest has none; the byte that
    a signal writes wakes Qt. Windows and macOS tell the window themselves.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._reading, self._writing = socket.socketpair()
        self._reading.setblocking(False)
        self._writing.setblocking(False)
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_woken)
        self._asked = False
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        # `nohup` has a program ignore the end of its terminal.
        self._heard = [request for request in _REQUESTS if signal.getsignal(request) == signal.SIG_DFL]
        for request in self._heard:
            signal.signal(request, self._note)

    def remove(self) -> None:
        """Hear no more; a signal ends the program at once, as before."""
        for request in self._heard:
            signal.signal(request, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        self._notifier.setEnabled(False)
        self._reading.close()
        self._writing.close()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._asked = True
        # Whoever asks again, by whichever signal, does not want to wait for an answer about a lesson that is not saved.
        for request in self._heard:
            signal.signal(request, signal.SIG_DFL)

    @Slot()
    def _on_woken(self) -> None:
        try:
            self._reading.recv(64)
        except BlockingIOError:
            return
        if self._asked:
            self._asked = False
            self._window.close()
