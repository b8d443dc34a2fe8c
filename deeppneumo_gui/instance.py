"""One window for each user and screen: a second start hands its paths to the first.

The first paint waits for this module, so what it needs later is imported later.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDeadlineTimer, QDir, QLockFile, QObject, QThread, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_MS: Final = 30_000
"""So long a second start waits for the first to listen, which may only just be opening its window."""
_ANSWER_MS: Final = 5_000
"""So long it waits for an answer of one that listens; then that one hangs."""
_PAUSE_MS: Final = 25
_LARGEST: Final = 4 * 2**20
"""Bytes of one message: more paths than a command line can hold."""
_TAKEN: Final = b"taken\n"
_ACTIVATION: Final = "XDG_ACTIVATION_TOKEN"
"""With it a Wayland desktop lets the first window come to the front on behalf of the second start."""


class Role(Enum):
    """What this process is among those of the user."""

    FIRST = "first"
    SECOND = "second"
    ALONE = "alone"
    """It cannot be found out, so the window opens as if there were no other."""


def user_instance_folder() -> Path:
    """Return the folder in which the windows of this user find each other, by the custom of the system."""
    if sys.platform.startswith("linux") and not os.environ.get("XDG_RUNTIME_DIR"):
        # Below the folder for all, but not deeper: in a folder of somebody else's this one could be exchanged.
        return Path(QDir.tempPath()) / f"deeppneumo-{os.getuid()}"
    from platformdirs import user_runtime_path

    return user_runtime_path("DeepPneumo", appauthor=False)


class Instance(QObject):
    """Finds out whether a window is open already, and talks to it or listens for later ones.

    A lock that ends with its process decides who is first; the socket beside it may be a dead one's.

    Parameters
    ----------
    folder : Path
        Private to the user; made when it is missing.
    """

    requested = Signal(object)
    """`list[Path]`, possibly empty, that a later start was given."""

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server: QLocalServer | None = None
        stem = f"window-{_screen()}"
        self._lock = QLockFile(str(folder / f"{stem}.lock"))
        self._lock.setStaleLockTime(0)
        self._address = _address(folder / f"{stem}.socket")
        self.role = self._find_role(folder)

    def _find_role(self, folder: Path) -> Role:
        try:
            _make_private(folder)
        except OSError:
            return Role.ALONE
        if self._lock.tryLock(0):
            return Role.FIRST
        held = self._lock.error() == QLockFile.LockError.LockFailedError
        return Role.SECOND if held else Role.ALONE

    def hand_over(self, paths: Sequence[str | os.PathLike[str]], patience_ms: int = _PATIENCE_MS) -> bool:
        """Give paths to the first window and bring it to the front.

        Returns
        -------
        bool
            False when it does not answer in time; then another window is better than none.
        """
        import json

        try:
            from PySide6.QtNetwork import QLocalSocket
        except ImportError:
            return False
        _allow_other_to_front()
        # Relative to here: the first window may have been started from anywhere.
        message = {
            "paths": [str(Path(path).absolute()) for path in paths],
            "token": os.environ.get(_ACTIVATION, ""),
        }
        deadline = QDeadlineTimer(patience_ms)
        while not deadline.hasExpired():
            socket = QLocalSocket()
            socket.connectToServer(self._address)
            if socket.waitForConnected(_ANSWER_MS):
                answer = QDeadlineTimer(min(_ANSWER_MS, patience_ms))
                socket.write(json.dumps(message).encode("ascii") + b"\n")
                while not socket.canReadLine() and socket.waitForReadyRead(_left(answer)):
                    pass
                return socket.readLine().data() == _TAKEN
            QThread.msleep(_PAUSE_MS)
        return False

    @Slot()
    def listen(self) -> None:
        """Hear of later starts from now on; call it once the window is there, for it loads a library."""
        if self.role is not Role.FIRST or self._server is not None:
            return
        import logging

        log = logging.getLogger(__name__)
        try:
            from PySide6.QtNetwork import QLocalServer
        except ImportError:
            log.warning("Windows cannot hand over to each other: a system library is missing.")
            return
        # Left behind by a process that ended without warning: the lock tells that no one listens there.
        QLocalServer.removeServer(self._address)
        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._on_connected)
        if server.listen(self._address):
            self._server = server
        else:
            log.warning("Windows cannot hand over to each other: no socket.")

    def close(self) -> None:
        """Let the next start be the first."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self.role is Role.FIRST:
            self._lock.unlock()

    @Slot()
    def _on_connected(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(self._on_ready)
            socket.disconnected.connect(socket.deleteLater)
            self._receive(socket)

    @Slot()
    def _on_ready(self) -> None:
        from PySide6.QtNetwork import QLocalSocket

        socket = self.sender()
        assert isinstance(socket, QLocalSocket)
        self._receive(socket)

    def _receive(self, socket: QLocalSocket) -> None:
        import json

        if not socket.canReadLine():
            if socket.bytesAvailable() > _LARGEST:
                socket.abort()
            return
        try:
            message = json.loads(bytes(socket.readLine().data()))
            paths = [Path(str(path)) for path in message["paths"]]
            token = str(message["token"])
        except (ValueError, KeyError, TypeError):
            socket.abort()
            return
        socket.write(_TAKEN)
        socket.flush()
        if token:
            os.environ[_ACTIVATION] = token
        self.requested.emit(paths)


def _screen() -> str:
    """Return a short name of the screen: a window on another one is of no use to whoever sits here."""
    screen = "\n".join(os.environ.get(name, "") for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return f"{zlib.crc32(screen.encode('utf-8', 'surrogateescape')):08x}"


def _address(path: Path) -> str:
    """Return what Qt calls the server: a path, on Windows the name of a pipe, which all users share."""
    if sys.platform == "win32":
        return f"DeepPneumo-{zlib.crc32(str(path.parent).encode()):08x}-{path.stem}"
    return str(path)


def _make_private(folder: Path) -> None:
    """Make the folder, or raise `OSError` where somebody else could have put something into it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if sys.platform != "win32" and folder.stat().st_uid != os.getuid():
        raise PermissionError
    if not os.access(folder, os.W_OK):
        raise PermissionError


def _left(deadline: QDeadlineTimer) -> int:
    return max(1, deadline.remainingTime())


def _allow_other_to_front() -> None:
    """Pass on the right to come to the front, which Windows gives only to what was started last."""
    if sys.platform == "win32":
        import ctypes

        anyone = -1
        ctypes.windll.user32.AllowSetForegroundWindow(anyone)
