"""Whether a window can be shown at all; asked before Qt is, for Qt aborts the process when it cannot."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from core.command_name import COMMAND

NO_DISPLAY: Final = (
    f"DeepPneumo needs a screen to open its window; on a machine without one use `{COMMAND} predict`."
)
_SCREENLESS: Final = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs")


def find_obstacle(environment: Mapping[str, str] | None = None) -> str | None:
    """Return one sentence why no window can be shown, None where one can.

    Parameters
    ----------
    environment : mapping, optional
        Taken instead of the process's own environment variables.
    """
    environment = os.environ if environment is None else environment
    if not sys.platform.startswith("linux"):
        return None
    platform = environment.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if platform not in _SCREENLESS and not (_reaches_wayland(environment) or _reaches_x11(environment)):
        return NO_DISPLAY
    missing = _missing_library(platform)
    return None if missing is None else f"DeepPneumo cannot open its window: {missing}"


def _reaches_wayland(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY")
    if not name:
        return False
    import socket

    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(Path(environment.get("XDG_RUNTIME_DIR", "/")) / name))
        except OSError:
            return False
    return True


def _reaches_x11(environment: Mapping[str, str]) -> bool:
    name = environment.get("DISPLAY")
    if not name:
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        # Without it Qt cannot reach the server either; `_missing_library` names it.
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(name.encode(), None)
    failed = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not failed


def _missing_library(platform: str) -> str | None:
    """Return the loader's complaint about a system library that Qt needs, None where all are there."""
    try:
        from PySide6 import QtWidgets  # noqa: F401
    except ImportError as error:
        return f"{error}."
    if platform not in ("", "xcb"):
        return None
    package = importlib.util.find_spec("PySide6")
    if package is None or package.origin is None:
        return None
    plugin = Path(package.origin).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if platform == "" and os.environ.get("WAYLAND_DISPLAY"):
        return None
    if plugin.is_file():
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            # A packaged program's loader puts a complaint of its own around the one that names the library.
            return f"a system library is missing ({str(error.__cause__ or error).split(':')[0]})."
    return None
