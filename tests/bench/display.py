"""A virtual X display whose pixels can be looked at while programs draw: Xvfb with its frame buffer in a file."""

from __future__ import annotations

import mmap
import os
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 1600, 1000
_POLL = 0.002


class Display:
    """A running display; its ground is white, which no window of ours is."""

    def __init__(self, name: str, buffer: Path) -> None:
        self.name = name
        with buffer.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        # XWDFile.h: 25 big-endian numbers, then a name, then the colours of 12 bytes each.
        header = struct.unpack(">25I", self._map[:100])
        self._offset, self._line = header[0] + 12 * header[19], header[12]

    def pixels(self) -> NDArray[np.uint8]:
        """Return what is on the screen now, shape (H, W, 3), as blue, green, red."""
        raw = np.frombuffer(self._map, np.uint8, HEIGHT * self._line, self._offset)
        return raw.reshape(HEIGHT, self._line)[:, : 4 * WIDTH].reshape(HEIGHT, WIDTH, 4)[..., :3]

    def wait(self, seen: Callable[[NDArray[np.uint8]], bool], process: subprocess.Popen[bytes]) -> float:
        """Return the time at which something is seen; `RuntimeError` when the program ends before, or never."""
        deadline = time.perf_counter() + 180
        while not seen(self.pixels()):
            if process.poll() is not None or time.perf_counter() > deadline:
                raise RuntimeError("the program did not show what was waited for")
            time.sleep(_POLL)
        return time.perf_counter()

    def press(self, key: str, window: str) -> None:
        """Give the keyboard to a window, found by its title, and press a key."""
        subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", window, "windowfocus", "--sync", "key", key],
            env={**os.environ, "DISPLAY": self.name},
            check=True,
            capture_output=True,
        )


@contextmanager
def virtual_display() -> Iterator[Display]:
    """Start a display and end it."""
    for tool in ("Xvfb", "xdotool"):
        if shutil.which(tool) is None:
            raise RuntimeError(f"{tool} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        reading, writing = os.pipe()
        screen = ["-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-wr"]
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), *screen, "-nolisten", "tcp", "-fbdir", folder],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        try:
            with os.fdopen(reading) as announced:
                number = announced.readline().strip()
            yield Display(f":{number}", Path(folder) / "Xvfb_screen0")
        finally:
            server.terminate()
            server.wait()
